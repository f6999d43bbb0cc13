use domain::flags::{Configuration, Difference, Served};
use domain::history::{PastState, VersionReview};
use domain::orgs::ProjectRef;
use domain::{Change, EnvironmentKey, Error as Refusal, FlagKey};
use engine::ruleset::Flag;
use serde_json::Value;

use super::versions::documents_of;
use super::{History, Subject, changes, read};
use crate::Actor;
use crate::error::Result;

impl History<'_> {
    /// A version of a flag, and what is different in it from another one. Unless one is named, that is what going back to
    /// it would change.
    ///
    /// # Errors
    /// When the actor may not see the environment, there never was such a version, or the database fails.
    pub async fn review(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        key: FlagKey,
        environment: &EnvironmentKey,
        (number, from): (i64, Option<i64>),
    ) -> Result<VersionReview> {
        let subject = Subject::Flag(key);
        let (version, document) = self.version(actor, project, &subject, environment, number).await?;
        let place = self.look(actor, project, environment).await?;
        let other = match from {
            Some(from) => {
                let whose = (place.org_id, place.environment.id);
                let found = read::find(self.0.reader(), whose, subject.name(), from).await?;
                let (_, other) = found.ok_or_else(|| Refusal::not_found(format!("version {from}")))?;
                Some(other)
            }
            None => match self.revisions(documents_of(&place, &subject), 1).await?.pop() {
                Some(revision) => self.document(&place, &subject, revision).await?,
                None => None,
            },
        };
        let (changes, more_changes) = match &other {
            None => (Vec::new(), 0),
            Some(other) => match (from, configuration(other), configuration(&document)) {
                // Going back leaves alone what a flag is everywhere.
                (None, Some(now), Some(then)) => (between(&now, &then), 0),
                _ => changes::between(other, &document),
            },
        };
        let did = configuration(&document).map(|it| PastState {
            enabled: it.enabled,
            off_variation: it.off_variation.clone(),
            served: Served::of(&it),
        });
        let from = other.as_ref().and_then(|other| other.get("version")?.as_i64());
        Ok(VersionReview { version, document, did, from, changes, more_changes })
    }
}

fn configuration(document: &Value) -> Option<Configuration> {
    serde_json::from_value::<Flag>(document.clone()).ok().map(Configuration::of)
}

fn between(old: &Configuration, new: &Configuration) -> Vec<Change> {
    let change = |Difference { path, from, to }: Difference| Change { path, old: from, new: to };
    Difference::between(old, new).into_iter().map(change).collect()
}
