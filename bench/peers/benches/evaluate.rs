//! Measures every evaluation, and what compiling costs. `scripts/bench-engine` runs it, several times in turn with the
//! other build, and prints the tables.

use std::time::Duration;

use criterion::Criterion;

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(400))
        .sample_size(30)
        .nresamples(1000)
        .without_plots()
        .configure_from_args();
    for (group, functions) in peers::measured() {
        let mut group = criterion.benchmark_group(group);
        for (name, evaluate) in functions {
            group.bench_function(name, |bencher| bencher.iter(&evaluate));
        }
        group.finish();
    }
    #[cfg(feature = "togglebit")]
    compile(&mut criterion);
    criterion.final_summary();
}

/// What is compiled is dropped outside the timed part.
#[cfg(feature = "togglebit")]
fn compile(criterion: &mut Criterion) {
    use criterion::BatchSize::PerIteration;
    use peers::{COMPILE, mix, togglebit};

    let (flags, segments, list) = (mix::flags(), mix::segments(), [mix::long_list()]);
    let compiled = togglebit::compile(&flags, &segments);
    let (key, document) = &flags[flags.len() - 2];
    let mut group = criterion.benchmark_group(COMPILE);
    group.sample_size(10);
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
}
