//! A start with a hundred environments of a hundred flags each.

use std::io::{Error, Result};
use std::time::Duration;

use crate::flags;
use crate::numbers::{median, ms};
use crate::report;
use crate::togglebit::{Kind, Togglebit};

const PROJECTS: usize = 10;
const ENVIRONMENTS: usize = 10;
const FLAGS: usize = 100;
const STARTS: usize = 7;

pub(super) async fn run() -> Result<()> {
    let mut togglebit = Togglebit::start(None).await?;
    let environments: Vec<_> = (0..ENVIRONMENTS).map(|number| format!("env-{number}")).collect();
    let mut questions = Vec::new();
    for number in 0..PROJECTS {
        let project = format!("project-{number}");
        togglebit.fill(&project, &environments, FLAGS).await?;
        let key = togglebit.key(&project, "env-9", Kind::Server).await?;
        questions.push(togglebit.one(&flags::key(3), &key));
    }

    let mut starts: Vec<[Duration; 2]> = Vec::new();
    for question in questions.iter().cycle().take(STARTS) {
        let began = togglebit.restart().await?;
        let ready = began.elapsed();
        let answer = question.ask().await?.json()?;
        if answer["value"] != true {
            return Err(Error::other(format!("not the right answer: {answer}")));
        }
        starts.push([ready, began.elapsed()]);
    }
    let column = |number: usize| starts.iter().filter_map(move |start| start.get(number)).copied().map(ms);
    let figure = |number| {
        format!("{:.0} ms (at most {:.0})", median(column(number)), column(number).fold(0.0, f64::max))
    };
    report::table(
        &format!("A start with {} environments of {FLAGS} flags", PROJECTS * ENVIRONMENTS),
        &[
            ("from the start of the process to the first 200 of `/ready`".to_owned(), figure(0)),
            ("to the first right evaluation".to_owned(), figure(1)),
            ("memory after it".to_owned(), format!("{:.1} MiB", togglebit.process.memory_kib()? / 1024.0)),
        ],
    );
    Ok(())
}
