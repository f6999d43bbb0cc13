//! The report's head, and its tables of what is said in a line each.

/// On what it was measured.
pub(crate) fn machine() {
    let cpus = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        cpus.lines().find(|line| line.starts_with("model name")).and_then(|line| line.split(": ").nth(1));
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    println!(
        "{cores} cores, {}. Load average before: {}.",
        model.unwrap_or("processor unknown"),
        load_average()
    );
}

/// The load averages of one, five and fifteen minutes.
pub(crate) fn load_average() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

/// A table of two columns.
pub(crate) fn table(title: &str, rows: &[(String, String)]) {
    println!("\n### {title}\n\nLoad average after: {}.\n\n| | |\n|---|--:|", load_average());
    for (name, value) in rows {
        println!("| {name} | {value} |");
    }
}
