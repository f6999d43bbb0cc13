//! The dashboard's pages as they are sent: how soon, and how much.

use std::io::{Error, Result};
use std::time::Duration;

use crate::demo::{Demo, ENVIRONMENT, FLAG, PROJECT, SEGMENT};
use crate::http_client::{Answer, Client, Field, Times};
use crate::numbers::{Spread, median, min_p50_p99, ms};
use crate::question::Question;
use crate::report;
use crate::target::Constant;

/// How many flags the list has, beside the demo's own.
pub(super) const FLAGS: usize = 500;

/// How many times the list and the constant are asked for, in turn, and how many times before that.
const REQUESTS: usize = 200;
const WARMING: usize = 20;

/// How many times each other page is.
const LOOKS: usize = 9;

/// What the first byte of the list and the HTML of each page may take.
const FIRST_BYTE_MS: f64 = 30.0;
const COMPRESSED: usize = 60_000;

/// What the HTML is asked for as.
const ENCODINGS: [&str; 3] = ["identity", "gzip", "br"];

/// The pages of those who are not signed in.
const OPEN: [&str; 6] = [
    "/",
    "/sign-in",
    "/sign-up",
    "/forgot-password",
    "/reset-password?token=unknown",
    "/verify-email?token=unknown",
];

pub(super) async fn run() -> Result<()> {
    let demo = Demo::start(FLAGS).await?;
    let list = format!("{PROJECT}/flags?env={ENVIRONMENT}");
    for encoding in ENCODINGS {
        compare(&demo, &list, encoding).await?;
    }
    sizes(&demo).await
}

/// The list of flags beside a bare route that sends the same bytes.
async fn compare(demo: &Demo, path: &str, encoding: &'static str) -> Result<()> {
    let fields = vec![demo.cookie(), accept(encoding)];
    let question = Question { address: demo.address, path: path.to_owned(), fields };
    let answer = question.ask().await?;
    let constant = Constant::start(&question, &answer).await?;
    let (question, baseline) = (&question, constant.target().question);
    let client = Client::new();
    let (mut pages, mut constants) = (Vec::new(), Vec::new());
    let before = demo.process.cpu_seconds()?;
    for number in 0..WARMING + REQUESTS {
        let page = look(&client, question).await?.1;
        let constant = look(&client, &baseline).await?.1;
        if number >= WARMING {
            pages.push(page);
            constants.push(constant);
        }
    }
    let cpu_ms = (demo.process.cpu_seconds()? - before) * 1e3 / (WARMING + REQUESTS) as f64;

    println!("\n### {FLAGS} flags: the list as `{encoding}`, {} bytes\n", answer.body.len());
    println!("Load average after: {}.\n", report::load_average());
    println!("| | first byte, ms: least | median | p99 | last byte, ms: least | median | p99 |");
    println!("|---|--:|--:|--:|--:|--:|--:|");
    for (name, times) in [("the page", &pages), ("constant", &constants)] {
        let columns = [first as fn(&Times) -> Duration, last].map(|column| {
            let [least, middle, p99] = min_p50_p99(times.iter().map(column));
            format!("{least:.2} | {middle:.2} | {p99:.2}")
        });
        println!("| {name} | {} |", columns.join(" | "));
    }
    let ratio = |column: fn(&Times) -> Duration| {
        let pairs = pages.iter().zip(&constants);
        Spread::of(pairs.map(move |(page, constant)| ms(column(page)) / ms(column(constant))))
    };
    let middle = median(pages.iter().map(|times| ms(first(times))));
    println!(
        "\nPage / constant, median (least to greatest): first byte {}, last byte {}.",
        ratio(first),
        ratio(last)
    );
    println!("Processor time of the server for each: {cpu_ms:.1} ms.");
    println!("The first byte within {FIRST_BYTE_MS:.0} ms: {}.", verdict(middle <= FIRST_BYTE_MS));
    Ok(())
}

/// The HTML of every page.
async fn sizes(demo: &Demo) -> Result<()> {
    println!("\n### The HTML of each page, in bytes\n");
    println!("| page | raw | `gzip` | `br` | first byte, ms | last byte, ms | within {COMPRESSED} |");
    println!("|---|--:|--:|--:|--:|--:|---|");
    let (key, token) = (demo.key().await?, demo.invitation().await?);
    let open = OPEN.map(str::to_owned).into_iter().chain([format!("/invitation?token={token}")]);
    let client = Client::new();
    for (path, is_closed) in open.map(|path| (path, false)).chain(closed(&key).map(|path| (path, true))) {
        let mut bytes = [0; ENCODINGS.len()];
        let mut times = Vec::new();
        for (size, encoding) in bytes.iter_mut().zip(ENCODINGS) {
            let mut fields = vec![accept(encoding)];
            fields.extend(is_closed.then(|| demo.cookie()));
            let question = Question { address: demo.address, path: path.clone(), fields };
            times.clear();
            for _ in 0..LOOKS {
                let (answer, time) = look(&client, &question).await?;
                *size = answer.body.len().max(*size);
                times.push(time);
            }
        }
        let [raw, gzip, br] = bytes;
        let [head, end] = [first as fn(&Times) -> Duration, last]
            .map(|column| median(times.iter().map(|time| ms(column(time)))));
        let is_within = verdict(gzip.max(br) <= COMPRESSED);
        let name = path.replace(&key, "…").replace(&token, "…");
        println!("| `{name}` | {raw} | {gzip} | {br} | {head:.1} | {end:.1} | {is_within} |");
    }
    Ok(())
}

/// The pages of those who are signed in.
fn closed(key: &str) -> impl Iterator<Item = String> {
    let flag = format!("flags/{FLAG}");
    let below = [
        "flags",
        "flags/new",
        &flag,
        &format!("{flag}/insights"),
        &format!("{flag}/code"),
        &format!("{flag}/history"),
        &format!("{flag}/settings"),
        "segments",
        "segments/new",
        &format!("segments/{SEGMENT}"),
        "environments",
        &format!("environments/{ENVIRONMENT}"),
        "keys",
        "keys/new",
        &format!("keys/{key}"),
        "templates",
        "members",
        "settings",
        "usage",
        "audit",
        "playground",
        "quickstart",
    ]
    .map(|page| format!("{PROJECT}/{page}?env={ENVIRONMENT}"));
    let above = ["/welcome", "/account", "/o/demo/settings"].map(str::to_owned);
    above.into_iter().chain(below)
}

/// Asks by a connection that is kept open, and makes sure that a page was answered.
async fn look(client: &Client, question: &Question) -> Result<(Answer, Times)> {
    let (answer, times) = client.timed(&question.url(), &question.fields).await?;
    let kind = answer.headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    match kind.starts_with("text/html") && !answer.body.is_empty() {
        true => Ok((answer, times)),
        false => Err(Error::other(format!("{} is no page, but {kind:?}", question.path))),
    }
}

fn accept(encoding: &str) -> Field {
    ("Accept-Encoding", encoding.to_owned())
}

fn first(times: &Times) -> Duration {
    times.head
}

fn last(times: &Times) -> Duration {
    times.end
}

fn verdict(is_within: bool) -> &'static str {
    if is_within { "yes" } else { "**no**" }
}
