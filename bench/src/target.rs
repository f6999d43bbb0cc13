//! A server with a question for it.

use std::io::Result;
use std::process::Command;

use crate::constant;
use crate::cores::{self, Core};
use crate::folder::Folder;
use crate::http_client::Answer;
use crate::paced::{self, Latencies};
use crate::process::{Process, free_address};
use crate::question::Question;
use crate::turn::{CONNECTIONS, PACED_TURN, TURN, Turn};
use crate::wrk;

/// What is measured: who is asked what.
pub(crate) struct Target<'a> {
    pub(crate) name: String,
    pub(crate) process: &'a Process,
    pub(crate) question: Question,
}

impl Target<'_> {
    /// Asks for one turn, as fast as it is answered.
    pub(crate) fn measure(&self) -> Result<Turn> {
        let before = self.process.cpu_seconds()?;
        let requests = wrk::run(&self.question, CONNECTIONS, TURN)?;
        let cpu_seconds = self.process.cpu_seconds()? - before;
        Ok(Turn { requests, seconds: TURN.as_secs_f64(), cpu_seconds })
    }

    /// Asks for one turn so many times a second.
    pub(crate) fn pace(&self, rate: f64) -> Result<Latencies> {
        paced::run(&self.question, CONNECTIONS, rate, PACED_TURN)
    }
}

/// A bare route that sends what another server has answered, in a process of its own. It is sent the same requests, key
/// and all.
pub(crate) struct Constant {
    process: Process,
    question: Question,
    size: usize,
    _folder: Folder,
}

impl Constant {
    pub(crate) async fn start(question: &Question, answer: &Answer) -> Result<Self> {
        let (folder, address) = (Folder::new()?, free_address()?);
        let file = folder.path().join("answer");
        std::fs::write(&file, constant::text(answer))?;
        let question = question.at(address);
        let mut command = Command::new(std::env::current_exe()?);
        command.args([constant::ARGUMENT, &address.to_string(), question.route()]).arg(&file);
        let mut process = cores::on(Core::Server, || Process::start(&mut command))?;
        process.ready(&question.url()).await?;
        Ok(Self { process, question, size: answer.body.len(), _folder: folder })
    }

    pub(crate) fn target(&self) -> Target<'_> {
        Target {
            name: format!("constant, {} bytes", self.size),
            process: &self.process,
            question: self.question.clone(),
        }
    }
}
