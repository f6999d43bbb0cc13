//! Targets beside each other: the closed loop for the peak, then the open loop at half of it.

use std::io::Result;

use crate::numbers::{self, Spread};
use crate::paced::Latencies;
use crate::report;
use crate::target::Target;
use crate::turn::{PACED_ROUNDS, ROUNDS, Turn};

/// What was measured of one target, turn by turn.
struct Measured {
    turns: Vec<Turn>,
    latencies: Vec<Latencies>,
}

impl Measured {
    fn rate(&self) -> f64 {
        numbers::median(self.turns.iter().map(|turn| turn.rate()))
    }

    /// The median of the turns' quantiles, in microseconds.
    fn quantile_us(&self, quantile: f64) -> f64 {
        let nanoseconds = |latencies: &Latencies| u32::try_from(latencies.value_at_quantile(quantile));
        numbers::median(self.latencies.iter().map(|each| nanoseconds(each).map_or(f64::INFINITY, f64::from)))
            / 1e3
    }
}

/// Measures all of them in turn, and prints a table, and beneath it each pair as a ratio: (name, of, to).
pub(crate) fn print(title: &str, targets: &[Target<'_>], pairs: &[(&str, usize, usize)]) -> Result<()> {
    let load = report::load_average();
    let measured = measure(targets)?;
    println!("\n### {title}\n\nLoad average before: {load}; after: {}.\n", report::load_average());
    println!("| | requests/s | CPU per request, µs | at half the peak: p50, µs | p99, µs | p99.9, µs |");
    println!("|---|--:|--:|--:|--:|--:|");
    for (target, measured) in targets.iter().zip(&measured) {
        let cpu = numbers::median(measured.turns.iter().map(|turn| turn.cpu_us()));
        let quantiles = [0.5, 0.99, 0.999].map(|quantile| format!("{:.0}", measured.quantile_us(quantile)));
        println!("| {} | {:.0} | {cpu:.2} | {} |", target.name, measured.rate(), quantiles.join(" | "));
    }
    println!("\n| ratio, median of the rounds (least to greatest) | by CPU per request | by requests/s |");
    println!("|---|--:|--:|");
    for (name, of, to) in pairs {
        let (Some(of), Some(to)) = (measured.get(*of), measured.get(*to)) else { continue };
        let turns = || of.turns.iter().zip(&to.turns);
        let cpu = Spread::of(turns().map(|(of, to)| to.cpu_us() / of.cpu_us()));
        let rate = Spread::of(turns().map(|(of, to)| of.rate() / to.rate()));
        println!("| {name} | {cpu} | {rate} |");
    }
    Ok(())
}

fn measure(targets: &[Target<'_>]) -> Result<Vec<Measured>> {
    let mut measured: Vec<_> =
        targets.iter().map(|_| Measured { turns: Vec::new(), latencies: Vec::new() }).collect();
    for _ in 0..ROUNDS {
        for (target, measured) in targets.iter().zip(&mut measured) {
            measured.turns.push(target.measure()?);
        }
    }
    for _ in 0..PACED_ROUNDS {
        for (target, measured) in targets.iter().zip(&mut measured) {
            measured.latencies.push(target.pace(measured.rate() / 2.0)?);
        }
    }
    Ok(measured)
}
