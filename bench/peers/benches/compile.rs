//! Measures what compiling costs. What is compiled is dropped outside the timed part.

use std::time::Duration;

use criterion::{BatchSize::PerIteration, Criterion};
use peers::{COMPILE, mix, togglebit};

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(500))
        .sample_size(10)
        .nresamples(2000)
        .without_plots()
        .configure_from_args();
    let (flags, segments, list) = (mix::flags(), mix::segments(), [mix::long_list()]);
    let compiled = togglebit::compile(&flags, &segments);
    let (key, document) = &flags[flags.len() - 2];
    let mut group = criterion.benchmark_group(COMPILE);
    group.bench_function("flags", |bencher| {
        bencher.iter_batched(|| (), |()| togglebit::compile(&flags, &segments), PerIteration);
    });
    group.bench_function("one flag", |bencher| {
        let change = || [(key.as_str(), document.as_str())];
        bencher.iter_batched(change, |change| compiled.with_changes(2, change), PerIteration);
    });
    group.bench_function("ids", |bencher| {
        bencher.iter_batched(|| (), |()| togglebit::compile(&[], &list), PerIteration);
    });
    group.finish();
    criterion.final_summary();
}
