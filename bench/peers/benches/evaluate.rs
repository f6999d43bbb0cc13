//! Measures every evaluation. `scripts/bench-engine` runs it, in several rounds and in turn with the other build, and
//! prints the tables.

use std::{env, time::Duration};

use criterion::Criterion;

fn main() {
    let mut criterion = Criterion::default()
        // Short, because the rounds are many, and little of a short one is disturbed.
        .warm_up_time(Duration::from_millis(50))
        .measurement_time(Duration::from_millis(100))
        .sample_size(20)
        .nresamples(2000)
        .without_plots()
        .configure_from_args();
    let mut groups = peers::measured();
    // Each round begins elsewhere, so that what disturbs in a rhythm does not meet the same ones each time.
    let round: usize = env::var("ROUND").ok().and_then(|round| round.parse().ok()).unwrap_or_default();
    let begin = round * 5 % groups.len().max(1);
    groups.rotate_left(begin);
    for (group, functions) in groups {
        let mut group = criterion.benchmark_group(group);
        for (name, evaluate) in functions {
            group.bench_function(name, |bencher| bencher.iter(&evaluate));
        }
        group.finish();
    }
    criterion.final_summary();
}
