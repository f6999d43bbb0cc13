use std::sync::Arc;

use domain::history::{Evaluate, Explained};
use domain::orgs::ProjectRef;
use domain::{Error as Refusal, Millis};
use engine::{Compiled, Context, Explanation};
use serde_json::value::{RawValue, to_raw_value};

use super::History;
use crate::Actor;
use crate::delivery::Snapshot;
use crate::documents::{self, Document};
use crate::error::{Error, Result};
use crate::flags::check::aside;

/// The flags of a revision: those that are served, or compiled for this question.
enum Source {
    Live(Arc<Snapshot>),
    Past(u64, Vec<Document>),
}

impl History<'_> {
    /// Tells what flags serve to a context, and every step that leads to it, with the flags of any moment. A past time is
    /// the time of the evaluation too, unless another one is given.
    ///
    /// # Errors
    /// When the actor may not see the environment, there is no such revision or flag, the context is none, or the database
    /// fails.
    pub async fn explain(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        question: Evaluate,
    ) -> Result<Explained> {
        let Evaluate { environment, flag, context, moment, now } = question;
        moment.check()?;
        let place = self.look(actor, project, &environment).await?;
        let revision = self.revision_at(&place, moment).await?;
        let environment = place.environment;
        let number = u64::try_from(revision).map_err(|_| Error::Invariant("a revision is negative"))?;
        let live = self.0.delivery().snapshot_of(environment.id);
        let source = match live.filter(|live| live.compiled().revision() == number) {
            Some(live) => Source::Live(live),
            None => {
                Source::Past(number, documents::newest(self.0.reader(), environment.id, 0, revision).await?)
            }
        };
        let now = now.or(moment.at).unwrap_or(self.0.now());
        let flags = aside(move || {
            let explain = |compiled: &Compiled| {
                explain(compiled, flag.as_ref().map(domain::FlagKey::as_str), context.as_deref(), now)
            };
            match source {
                Source::Live(live) => explain(live.compiled()),
                Source::Past(revision, documents) => {
                    explain(&Compiled::from_documents(revision, documents.iter().map(Document::change)))
                }
            }
        });
        Ok(Explained { environment: environment.key, revision, now, flags: flags.await?? })
    }
}

fn explain(
    compiled: &Compiled,
    flag: Option<&str>,
    context: Option<&RawValue>,
    now: Millis,
) -> Result<Vec<Box<RawValue>>> {
    let context = match context {
        None => Context::default(),
        Some(json) => Context::from_json(json.get().as_bytes())
            .map_err(|error| Refusal::invalid("context", error.to_string()))?,
    };
    let found = match flag {
        None => compiled.flags().map(|flag| flag.explain(&context, now.0)).collect(),
        Some(key) => {
            let missing = || Refusal::not_found(format!("flag `{key}` at revision {}", compiled.revision()));
            vec![compiled.explain(key, &context, now.0).ok_or_else(missing)?]
        }
    };
    let written = |explanation: &Explanation<'_>| {
        to_raw_value(explanation)
            .map_err(|source| Error::Corrupt { what: "an explanation to be written".into(), source })
    };
    found.iter().map(written).collect()
}
