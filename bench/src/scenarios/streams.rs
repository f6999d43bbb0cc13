//! Five thousand open streams that are told of a change, server and client on the same two cores.

use std::io::{Error, Result};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::flags;
use crate::follower::{self, Told};
use crate::numbers::{ms, p50_p99_max};
use crate::question::Question;
use crate::report;
use crate::togglebit::{Kind, Togglebit, context};

const STREAMS: usize = 5000;
const FLAGS: usize = 50;
const CHANGES: usize = 9;

/// Streams that are opened and ended again before memory is looked at, so that what is made once is there.
const WARM: usize = 50;

/// How many streams are asked for at a time: fewer than a server lets wait to be accepted.
const AT_ONCE: usize = 200;

/// How long is waited for the last stream to be told.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long the server is left alone before its memory is looked at.
const REST: Duration = Duration::from_secs(3);

pub(super) async fn run() -> Result<()> {
    rlimit::increase_nofile_limit(u64::MAX)?;
    for kind in [Kind::Server, Kind::Browser] {
        told(kind).await?;
    }
    Ok(())
}

async fn told(kind: Kind) -> Result<()> {
    let togglebit = Arc::new(Togglebit::start(None).await?);
    togglebit.fill("streams", &["prod".to_owned()], FLAGS).await?;
    let key = togglebit.key("streams", "prod", kind).await?;
    let question = match kind {
        Kind::Server => togglebit.question("/stream", &key),
        Kind::Browser => togglebit.question(&format!("/stream?{}", context()), &key),
    };
    let warm = Following::open(&question, WARM).await?;
    drop(warm);
    tokio::time::sleep(REST).await;

    let before = togglebit.process.memory_kib()?;
    let (began, cpu) = (Instant::now(), togglebit.process.cpu_seconds()?);
    let mut following = Following::open(&question, STREAMS).await?;
    let opened = began.elapsed();
    let opening_cpu = togglebit.process.cpu_seconds()? - cpu;
    tokio::time::sleep(REST).await;
    let open = togglebit.process.memory_kib()?;

    let (mut from_sending, mut from_answer, mut each) = (Vec::new(), Vec::new(), Vec::new());
    let cpu = togglebit.process.cpu_seconds()?;
    for number in 0..CHANGES {
        let Change { sent, answered, revision } = change(&togglebit, number % 2 == 1).await?;
        let times = following.all_told(revision).await?;
        let last = times.iter().max().copied().unwrap_or(answered);
        from_sending.push(last - sent);
        from_answer.push(last.saturating_duration_since(answered));
        each.extend(times.iter().map(|time| *time - sent));
    }
    let cpu = togglebit.process.cpu_seconds()? - cpu;
    tokio::time::sleep(REST).await;
    let after = togglebit.process.memory_kib()?;
    let per_stream = |kib: f64| format!("{:.1} KiB", (kib - before) / STREAMS as f64);
    report::table(
        &format!("{STREAMS} streams with a {} key, {FLAGS} flags, {CHANGES} changes", kind.as_str()),
        &[
            ("opening all, each with its first event".to_owned(), format!("{:.0} ms", ms(opened))),
            (
                "server CPU per stream opened".to_owned(),
                format!("{:.0} µs", opening_cpu * 1e6 / STREAMS as f64),
            ),
            (
                "from sending the change to the last client, of the changes".to_owned(),
                quantiles(&from_sending),
            ),
            (
                "from the change's answer to the last client, of the changes".to_owned(),
                quantiles(&from_answer),
            ),
            ("from sending the change to each client".to_owned(), quantiles(&each)),
            (
                "server CPU per change and stream".to_owned(),
                format!("{:.1} µs", cpu * 1e6 / (CHANGES * STREAMS) as f64),
            ),
            ("memory before".to_owned(), format!("{:.1} MiB", before / 1024.0)),
            ("memory per open stream".to_owned(), per_stream(open)),
            ("memory per open stream after the changes".to_owned(), per_stream(after)),
        ],
    );
    Ok(())
}

/// Streams that were asked for.
type Opening = tokio::task::JoinSet<Result<TcpStream>>;

struct Change {
    sent: Instant,
    answered: Instant,
    revision: u64,
}

/// Switches a flag from a thread of its own, so that the answer is not seen late because streams are read first.
async fn change(togglebit: &Arc<Togglebit>, on: bool) -> Result<Change> {
    let togglebit = Arc::clone(togglebit);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let thread = tokio::task::spawn_blocking(move || {
        runtime.block_on(async {
            let sent = Instant::now();
            let revision = togglebit.switch("streams", "prod", &flags::key(0), on).await?;
            Ok(Change { sent, answered: Instant::now(), revision })
        })
    });
    thread.await.map_err(Error::other)?
}

/// Streams that are followed until this is dropped.
struct Following {
    followers: tokio::task::JoinSet<Result<()>>,
    told: mpsc::UnboundedReceiver<Told>,
    count: usize,
}

impl Following {
    /// Opens so many and waits for the first event of each.
    async fn open(question: &Question, count: usize) -> Result<Self> {
        let (tell, told) = mpsc::unbounded_channel();
        let mut following = Self { followers: tokio::task::JoinSet::new(), told, count };
        let mut opening = tokio::task::JoinSet::new();
        for number in 0..count {
            if number >= AT_ONCE {
                following.follow(&mut opening, &tell).await?;
            }
            let question = question.clone();
            opening.spawn(async move { follower::open(&question).await });
        }
        while !opening.is_empty() {
            following.follow(&mut opening, &tell).await?;
        }
        following.all_told(0).await?;
        Ok(following)
    }

    /// Follows the next stream that is open.
    async fn follow(&mut self, opening: &mut Opening, tell: &mpsc::UnboundedSender<Told>) -> Result<()> {
        let Some(stream) = opening.join_next().await else { return Ok(()) };
        self.followers.spawn(follower::follow(stream.map_err(Error::other)??, tell.clone()));
        Ok(())
    }

    /// When each of them was told of `revision` or a later one.
    async fn all_told(&mut self, revision: u64) -> Result<Vec<Instant>> {
        let mut times = Vec::with_capacity(self.count);
        let all = async {
            while times.len() < self.count {
                tokio::select! {
                    told = self.told.recv() => match told {
                        Some(told) if told.revision >= revision => times.push(told.at),
                        Some(_) => {}
                        None => return Err(Error::other("no streams are left")),
                    },
                    ended = self.followers.join_next() => match ended {
                        Some(Ok(Err(error))) => return Err(error),
                        _ => return Err(Error::other("a stream has ended")),
                    },
                }
            }
            Ok(())
        };
        tokio::time::timeout(PATIENCE, all)
            .await
            .map_err(|_| Error::other("not all streams were told"))??;
        Ok(times)
    }
}

fn quantiles(durations: &[Duration]) -> String {
    let [p50, p99, max] = p50_p99_max(durations.iter().copied());
    format!("p50 {p50:.0} ms, p99 {p99:.0}, at most {max:.0}")
}
