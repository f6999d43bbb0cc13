//! Prints the tables from what was measured: criterion's folder, and the files of counts.
//!
//! `tables CRITERION_HOME COUNTS…`. Of each function the round with the least median counts: what else runs on the
//! machine can only add to it.

use std::{collections::BTreeMap, env, fs, path::Path};

use peers::{COMPILE, COMPRESSION, ENGINE, EXTRAS, HASH, MEMORY, ROLLOUT, TOGGLEBIT, VENDORS, rows::*};
use serde_json::Value;

/// Group and name.
type Key = (String, String);

struct Measured {
    /// The median of each round in nanoseconds.
    rounds: BTreeMap<Key, Vec<f64>>,
    /// Allocations and their bytes.
    counts: BTreeMap<Key, (f64, f64)>,
    /// The functions in the order in which they were counted.
    order: Vec<Key>,
}

fn key(group: &str, name: &str) -> Key {
    (group.to_owned(), name.to_owned())
}

fn json(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every round of every function below a folder.
fn collect(folder: &Path, rounds: &mut BTreeMap<Key, Vec<f64>>) {
    for entry in fs::read_dir(folder).expect("criterion's folder") {
        let path = entry.expect("a readable folder").path();
        let is_round = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("round-"));
        if is_round {
            let names = json(&path.join("benchmark.json"));
            let name = |field: &str| names[field].as_str().expect("a name").to_owned();
            let median = json(&path.join("estimates.json"))["median"]["point_estimate"].as_f64();
            let of_function = rounds.entry((name("group_id"), name("function_id"))).or_default();
            of_function.push(median.expect("a median"));
        } else if path.is_dir() {
            collect(&path, rounds);
        }
    }
}

impl Measured {
    fn read(criterion: &str, counts: &[String]) -> Self {
        let mut measured = Self { rounds: BTreeMap::new(), counts: BTreeMap::new(), order: vec![] };
        collect(Path::new(criterion), &mut measured.rounds);
        for path in counts {
            for line in fs::read_to_string(path).expect("counts").lines() {
                let fields: Vec<_> = line.split('\t').collect();
                let [group, name, count, bytes] = fields[..] else { panic!("{path}: {line}") };
                let number = |text: &str| text.parse::<f64>().expect("a number");
                measured.counts.insert(key(group, name), (number(count), number(bytes)));
                measured.order.push(key(group, name));
            }
        }
        measured
    }

    fn nanoseconds(&self, group: &str, name: &str) -> Option<f64> {
        self.rounds.get(&key(group, name))?.iter().copied().min_by(f64::total_cmp)
    }

    fn time(&self, group: &str, name: &str) -> String {
        self.nanoseconds(group, name).map_or_else(empty, number)
    }

    /// A time, and how many times another one it is.
    fn beside(&self, (group, name): (&str, &str), other: Option<f64>) -> String {
        match (self.nanoseconds(group, name), other) {
            (Some(time), Some(other)) => format!("{} ({}×)", number(time), ratio(time / other)),
            (time, _) => time.map_or_else(empty, number),
        }
    }

    fn allocations(&self, group: &str, name: &str) -> String {
        match self.counts.get(&key(group, name)) {
            None => empty(),
            Some((count, _)) if *count == 0.0 => "0".to_owned(),
            Some((count, bytes)) => format!("{} ({} B)", number(count.round()), number(bytes.round())),
        }
    }

    fn memory(&self, name: &str) -> (f64, f64) {
        self.counts[&key(MEMORY, name)]
    }
}

fn empty() -> String {
    "–".to_owned()
}

/// Three digits or all before the point, with spaces between thousands.
fn number(number: f64) -> String {
    if number < 10.0 && number.fract() != 0.0 {
        return format!("{number:.1}");
    }
    let digits = format!("{number:.0}");
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

fn ratio(ratio: f64) -> String {
    if ratio < 10.0 { format!("{ratio:.1}") } else { number(ratio.round()) }
}

fn head(cells: &[&str]) {
    println!("\n| {} |", cells.join(" | "));
    println!("|---|{}", "--:|".repeat(cells.len() - 1));
}

fn line(cells: &[String]) {
    println!("| {} |", cells.join(" | "));
}

/// The columns of the tables that have one for each vendor.
fn columns(first: &'static str) -> Vec<&'static str> {
    [first, TOGGLEBIT].into_iter().chain(VENDORS.map(|(name, _)| name)).collect()
}

fn evaluations(measured: &Measured) {
    println!("\nNanoseconds per evaluation, and how many times Togglebit's that is");
    head(&columns("row"));
    for row in ALL {
        let ours = measured.nanoseconds(row, TOGGLEBIT);
        let peers = VENDORS.map(|(vendor, _)| measured.beside((row, vendor), ours));
        let mut cells = vec![row.to_owned(), measured.time(row, TOGGLEBIT)];
        cells.extend(peers);
        line(&cells);
    }
    println!("\nAllocations per evaluation, and their bytes");
    head(&columns("row"));
    for row in ALL {
        let mut cells = vec![row.to_owned(), measured.allocations(row, TOGGLEBIT)];
        cells.extend(VENDORS.map(|(vendor, _)| measured.allocations(row, vendor)));
        line(&cells);
    }
}

fn rollouts(measured: &Measured) {
    println!(
        "\nRollouts, in nanoseconds: the engine with an algorithm, its hash alone, the peer that it comes from"
    );
    head(&["algorithm", "engine", "hash", "engine / hash", "one compression", "peer", "peer / engine"]);
    for (algorithm, _) in ROLLOUTS {
        let group = format!("{ROLLOUT}: {algorithm}");
        let growthbook = format!("{EXTRAS}: GrowthBook");
        let (peer, peer_key) = match algorithm {
            "launchdarkly" => ("LaunchDarkly", (PERCENTAGE, "LaunchDarkly")),
            "unleash" => ("Unleash", (PERCENTAGE, "Unleash")),
            "growthbook_v1" => ("GrowthBook", (PERCENTAGE, "GrowthBook")),
            "growthbook_v2" => ("GrowthBook", (growthbook.as_str(), PERCENTAGE_2)),
            "flagsmith_split" => ("Flagsmith", (PERCENTAGE, "Flagsmith")),
            _ => ("Eppo*", (PERCENTAGE, "Eppo")),
        };
        let engine = measured.nanoseconds(&group, ENGINE);
        let peer_time = measured.nanoseconds(peer_key.0, peer_key.1);
        let quotient = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => format!("{:.2}", a / b),
            _ => empty(),
        };
        line(&[
            algorithm.to_owned(),
            measured.time(&group, ENGINE),
            measured.time(&group, HASH),
            quotient(engine, measured.nanoseconds(&group, HASH)),
            measured.time(&group, COMPRESSION),
            format!("{peer} {}", peer_time.map_or_else(empty, number)),
            quotient(peer_time, engine),
        ]);
    }
    println!("\n\\* Not the same algorithm: MD5 of another text, and another way to a bucket.");
}

fn compiling(measured: &Measured) {
    let milliseconds =
        |name| measured.nanoseconds(COMPILE, name).map_or_else(empty, |time| format!("{:.1} ms", time / 1e6));
    let megabytes = |bytes: f64| format!("{:.1} MB", bytes / 1e6);
    let ((flags, bytes), (ids, id_bytes)) = (measured.memory("flags"), measured.memory("ids"));
    let (written, written_ids) = (measured.memory("flags' documents").1, measured.memory("ids' document").1);
    println!("\nCompiling");
    head(&["what", "time", "memory held", "of each", "JSON"]);
    let row = |what: String, name, held: [String; 3]| {
        let [bytes, each, written] = held;
        line(&[what, milliseconds(name), bytes, each, written]);
    };
    let each = |bytes: f64, count: f64| format!("{} B", number((bytes / count).round()));
    row(
        format!("{} flags", number(flags)),
        "flags",
        [megabytes(bytes), each(bytes, flags), megabytes(written)],
    );
    row("one of them changed".to_owned(), "one flag", [empty(), empty(), empty()]);
    row(
        format!("a segment of {} ids", number(ids)),
        "ids",
        [megabytes(id_bytes), each(id_bytes, ids), megabytes(written_ids)],
    );
}

fn others(measured: &Measured) {
    println!("\nOther ways");
    head(&["way", "ns", "allocations"]);
    for (group, name) in &measured.order {
        if let Some(vendor) = group.strip_prefix(EXTRAS) {
            let vendor = vendor.trim_start_matches(": ");
            line(&[
                format!("{vendor}, {name}"),
                measured.time(group, name),
                measured.allocations(group, name),
            ]);
        }
    }
}

/// How far the rounds of one function lie apart.
fn spread(measured: &Measured) {
    let spread = |rounds: &Vec<f64>| {
        let least = rounds.iter().copied().fold(f64::INFINITY, f64::min);
        100.0 * (rounds.iter().copied().fold(0.0, f64::max) / least - 1.0)
    };
    let mut spreads: Vec<_> = measured.rounds.values().map(spread).collect();
    spreads.sort_by(f64::total_cmp);
    let at =
        |part: usize| spreads.get((spreads.len() * part / 100).saturating_sub(1)).copied().unwrap_or(0.0);
    println!(
        "\nThe slowest round is above the fastest by {:.0} % (median function), {:.0} % (nine of ten are below).",
        at(50),
        at(90)
    );
}

fn main() {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [criterion, counts @ ..] = arguments.as_slice() else {
        panic!("usage: tables CRITERION_HOME COUNTS…");
    };
    let measured = Measured::read(criterion, counts);
    for (vendor, version) in VENDORS {
        println!("- {vendor}: {version}");
    }
    evaluations(&measured);
    rollouts(&measured);
    compiling(&measured);
    others(&measured);
    spread(&measured);
}
