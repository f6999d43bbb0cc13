//! What was: versions and who made them, rolling back to them, past rulesets, and why somebody was served what.

mod changes;
mod explain;
mod kills;
mod read;
mod review;
mod rollback;
mod ruleset;
mod versions;

use domain::environments::EnvironmentView;
use domain::orgs::ProjectRef;
use domain::{EnvironmentKey, FlagKey, OrgId, SegmentKey};

use crate::environments::read as environments;
use crate::error::Result;
use crate::{Actor, Services, scope};

/// What was.
pub struct History<'s>(pub(crate) &'s Services);

/// What has versions: a flag or a segment. Archived and deleted ones have theirs too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The flag with this key.
    Flag(FlagKey),
    /// The segment with this key.
    Segment(SegmentKey),
}

impl Subject {
    /// What its documents are called: kind and key.
    fn name(&self) -> (&'static str, &str) {
        match self {
            Self::Flag(key) => ("flag", key.as_str()),
            Self::Segment(key) => ("segment", key.as_str()),
        }
    }

    fn missing(&self) -> domain::Error {
        let (kind, key) = self.name();
        domain::Error::not_found(format!("{kind} `{key}`"))
    }
}

/// An environment that the actor may look into.
struct Looked {
    org_id: OrgId,
    environment: EnvironmentView,
}

impl History<'_> {
    /// Finds an environment.
    async fn look(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        environment: &EnvironmentKey,
    ) -> Result<Looked> {
        let db = self.0.reader();
        let project = scope::project(db, actor, project).await?;
        let environments = environments::list(db, &project).await?;
        let environment = environments::choose(&environments, Some(environment))?;
        Ok(Looked { org_id: project.org.id, environment })
    }
}
