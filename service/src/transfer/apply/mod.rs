//! Makes a project what a document says.

mod environments;
mod flags;
mod segments;
mod templates;

use std::collections::{BTreeMap, HashMap};

use domain::transfer::ProjectDocument;
use domain::{EnvironmentId, EnvironmentKey, Error as Refusal, FieldError, ProjectId, UserId};
use engine::Subject;

use super::rows::Rows;
use crate::change::ChangeTx;
use crate::error::Result;
use crate::event::Event;
use crate::flags::check::{Changed, Fault, faults};

/// What a project was, and what it is to be.
pub(super) struct Apply {
    pub(super) project: ProjectId,
    pub(super) rows: Rows,
    pub(super) before: ProjectDocument,
    pub(super) after: ProjectDocument,
    /// By their address in lower case.
    pub(super) members: HashMap<String, (UserId, String)>,
}

/// What was done, and what is to be looked at in the end.
#[derive(Default)]
struct Done {
    events: Vec<Event>,
    /// The documents that changed, by environment.
    changed: HashMap<EnvironmentId, Vec<Changed>>,
}

impl Apply {
    /// Does it, and returns what the audit log says of it.
    pub(super) async fn run(self, tx: &mut ChangeTx) -> Result<Vec<Event>> {
        let mut done = Done::default();
        // What was protected before the import is, whatever it says.
        let there = tx.environments(self.project).await?;
        self.rename(tx, &mut done).await?;
        let environments = self.environments(tx, there, &mut done).await?;
        self.segments(tx, &environments, &mut done).await?;
        self.flags(tx, &environments, &mut done).await?;
        self.templates(tx, &mut done).await?;
        for environment in &environments {
            if let Some(changed) = done.changed.remove(&environment.row.id) {
                let found = faults(tx, environment, changed).await?;
                Refusal::refuse(found.iter().map(|fault| detail(fault, &environment.row.key)).collect())?;
            }
        }
        Ok(done.events)
    }
}

/// What is said of an environment, by its key.
fn in_environment<'t, T>(all: &'t BTreeMap<EnvironmentKey, T>, key: &str) -> Option<&'t T> {
    all.iter().find(|(of, _)| of.as_str() == key).map(|(_, it)| it)
}

/// What is wrong, named as the document has it.
fn detail(fault: &Fault, environment: &str) -> FieldError {
    let things = match fault.subject {
        Subject::Flag => "flags",
        Subject::Segment => "segments",
    };
    fault.detail.clone().below(&format!("{things}.{}.environments.{environment}", fault.key))
}
