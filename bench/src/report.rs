//! The report: medians, and the ratio turn by turn.

/// One turn of one target.
#[derive(Clone, Copy)]
pub(crate) struct Turn {
    pub(crate) requests: f64,
    pub(crate) seconds: f64,
    pub(crate) cpu_seconds: f64,
}

impl Turn {
    fn rate(self) -> f64 {
        self.requests / self.seconds
    }

    /// Server's processor time for one request, in microseconds.
    fn cpu_us(self) -> f64 {
        self.cpu_seconds * 1e6 / self.requests
    }
}

/// Prints what the turns say, evaluation beside constant.
pub(crate) fn print(turns: &[(Turn, Turn)]) {
    let row = |name: &str, of: fn(Turn) -> f64, better: fn(f64, f64) -> f64| {
        let ours = median(turns.iter().map(|(ours, _)| of(*ours)));
        let base = median(turns.iter().map(|(_, base)| of(*base)));
        let ratio = median(turns.iter().map(|(ours, base)| better(of(*ours), of(*base))));
        println!("  {name:<28} {ours:>10.1} {base:>10.1} {ratio:>8.2}");
    };
    println!("  {:<28} {:>10} {:>10} {:>8}", "median of the turns", "evaluate", "constant", "ratio");
    row("requests a second", Turn::rate, |ours, base| ours / base);
    row("server CPU a request, µs", Turn::cpu_us, |ours, base| base / ours);
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
