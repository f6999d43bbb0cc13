//! Prints the tables from what was measured: criterion's folder, and the files of counts.
//!
//! `tables CRITERION_HOME COUNTS…`. Of each function the fastest sample of all rounds counts: whatever else runs on the
//! machine can only add to a time.

use std::{collections::BTreeMap, env, fs, path::Path};

use peers::{COMPILE, COMPRESSION, ENGINE, EXTRAS, HASH, MEMORY, ROLLOUT, TOGGLEBIT, VENDORS, rows::*};
use serde_json::Value;

/// What one round measured of a function, in nanoseconds.
struct Round {
    median: f64,
    fastest: f64,
}

/// Group and name.
type Key = (String, String);

struct Measured {
    rounds: BTreeMap<Key, Vec<Round>>,
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
fn collect(folder: &Path, rounds: &mut BTreeMap<Key, Vec<Round>>) {
    for entry in fs::read_dir(folder).expect("criterion's folder") {
        let path = entry.expect("a readable folder").path();
        let is_round = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("round-"));
        if is_round {
            let names = json(&path.join("benchmark.json"));
            let name = |field: &str| names[field].as_str().expect("a name").to_owned();
            let median = json(&path.join("estimates.json"))["median"]["point_estimate"].as_f64();
            let sample = json(&path.join("sample.json"));
            let numbers =
                |field: &str| sample[field].as_array().expect("numbers").iter().filter_map(Value::as_f64);
            let each = numbers("times").zip(numbers("iters")).map(|(time, evaluations)| time / evaluations);
            let fastest = each.min_by(f64::total_cmp).expect("samples");
            let of_function = rounds.entry((name("group_id"), name("function_id"))).or_default();
            of_function.push(Round { median: median.expect("a median"), fastest });
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
        self.rounds.get(&key(group, name))?.iter().map(|round| round.fastest).min_by(f64::total_cmp)
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
    [first, TOGGLEBIT].into_iter().chain(VENDORS).collect()
}

fn evaluations(measured: &Measured) {
    println!("\n### Nanoseconds per evaluation, and how many times Togglebit's that is");
    head(&columns("row"));
    for row in ALL {
        let ours = measured.nanoseconds(row, TOGGLEBIT);
        let peers = VENDORS.map(|vendor| measured.beside((row, vendor), ours));
        let mut cells = vec![row.to_owned(), measured.time(row, TOGGLEBIT)];
        cells.extend(peers);
        line(&cells);
    }
    println!("\n### Allocations per evaluation, and their bytes");
    head(&columns("row"));
    for row in ALL {
        let mut cells = vec![row.to_owned(), measured.allocations(row, TOGGLEBIT)];
        cells.extend(VENDORS.map(|vendor| measured.allocations(row, vendor)));
        line(&cells);
    }
}

fn rollouts(measured: &Measured) {
    println!(
        "\n### Rollouts: the engine with an algorithm, its hash alone, and the peer that has it, in nanoseconds"
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
    println!("\n### Compiling");
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
    println!("\n### Other ways");
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

/// Whether another round confirms the fastest sample, and how far the typical one is from it.
fn spread(measured: &Measured) {
    let above_fastest = |pick: fn(&Round) -> f64, place: fn(usize) -> usize| {
        let mut all = vec![];
        for rounds in measured.rounds.values() {
            let mut picked: Vec<_> = rounds.iter().map(pick).collect();
            picked.sort_by(f64::total_cmp);
            let least = rounds.iter().map(|round| round.fastest).fold(f64::INFINITY, f64::min);
            all.push(100.0 * (picked[place(picked.len())] / least - 1.0));
        }
        all.sort_by(f64::total_cmp);
        all
    };
    let second = above_fastest(|round| round.fastest, |rounds| 1.min(rounds - 1));
    let typical = above_fastest(|round| round.median, |rounds| rounds / 2);
    println!(
        "\nThe fastest sample of another round is within {:.0} % for nine functions of ten, {:.0} % for all. The median \
         of all\nsamples is typically {:.0} % above the fastest.",
        second[second.len() * 9 / 10],
        second[second.len() - 1],
        typical[typical.len() / 2]
    );
}

fn main() {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [criterion, counts @ ..] = arguments.as_slice() else {
        panic!("usage: tables CRITERION_HOME COUNTS…");
    };
    let measured = Measured::read(criterion, counts);
    evaluations(&measured);
    rollouts(&measured);
    compiling(&measured);
    others(&measured);
    spread(&measured);
}
