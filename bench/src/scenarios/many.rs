//! Ten thousand flags in one environment.

use std::io::{Error, Result};
use std::time::{Duration, Instant};

use crate::flags;
use crate::http_client::{Answer, Client};
use crate::numbers::{ms, p50_p99_max};
use crate::question::Question;
use crate::report;
use crate::togglebit::{Kind, Togglebit};

const FLAGS: usize = 10_000;

/// How many changes are made and asked for.
const CHANGES: usize = 40;

pub(super) async fn run() -> Result<()> {
    let client = Client::new();
    let mut togglebit = Togglebit::start(None).await?;
    let empty = togglebit.process.memory_kib()?;
    let began = Instant::now();
    togglebit.fill("many", &["prod".to_owned()], FLAGS).await?;
    let filled = began.elapsed();
    let key = togglebit.key("many", "prod", Kind::Server).await?;

    let changed = flags::key(0);
    let question = togglebit.one(&changed, &key);
    let mut changes = Vec::new();
    for number in 0..CHANGES {
        let on = number % 2 == 1;
        let began = Instant::now();
        togglebit.switch("many", "prod", &changed, on).await?;
        let answer = ask(&client, &question).await?.0.json()?;
        changes.push(began.elapsed());
        if answer["value"] != on {
            return Err(Error::other(format!("the change is not served: {answer}")));
        }
    }
    let mut one = Vec::new();
    for number in 0..1000 {
        one.push(ask(&client, &togglebit.one(&flags::key(number * 7 % FLAGS), &key)).await?.1);
    }
    let mut all = Vec::new();
    for _ in 0..20 {
        all.push(ask(&client, &togglebit.all(&key)).await?.1);
    }
    let mut rows = vec![
        ("importing them over the API".to_owned(), format!("{:.0} ms", ms(filled))),
        ("a change, from sending it to the evaluation that shows it".to_owned(), quantiles(&changes)),
        ("one flag, asked for by one client".to_owned(), quantiles(&one)),
        ("all flags, asked for by one client".to_owned(), quantiles(&all)),
    ];
    for encoding in ["identity", "zstd", "br"] {
        let mut question = togglebit.question("/ruleset", &key);
        question.fields.push(("Accept-Encoding", encoding.to_owned()));
        togglebit.switch("many", "prod", &changed, encoding == "zstd").await?;
        let (first, then) = (ask(&client, &question).await?, ask(&client, &question).await?);
        let size = first.0.body.len();
        rows.push((
            format!("the ruleset as `{encoding}`: bytes; the first time after a change; then"),
            format!("{size}; {:.1} ms; {:.1} ms", ms(first.1), ms(then.1)),
        ));
    }
    let busy = togglebit.process.memory_kib()?;
    let began = togglebit.restart().await?;
    rows.push((
        "a start with them, to the first 200 of `/ready`".to_owned(),
        format!("{:.0} ms", ms(began.elapsed())),
    ));
    ask(&Client::new(), &question).await?;
    let started = togglebit.process.memory_kib()?;
    let mib = [empty, busy, started].map(|kib| format!("{:.1}", kib / 1024.0)).join("; ");
    rows.push(("memory: without flags; after all that; after the start, in MiB".to_owned(), mib));
    report::table(&format!("{FLAGS} flags in one environment"), &rows);
    Ok(())
}

async fn ask(client: &Client, question: &Question) -> Result<(Answer, Duration)> {
    let began = Instant::now();
    let answer = client.get(&question.url(), &question.fields).await?;
    Ok((answer, began.elapsed()))
}

fn quantiles(durations: &[Duration]) -> String {
    let [p50, p99, max] = p50_p99_max(durations.iter().copied());
    format!("p50 {p50:.2} ms, p99 {p99:.2}, at most {max:.2}")
}
