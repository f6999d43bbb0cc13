use domain::Error as Refusal;
use domain::access::Action;
use domain::flags::{CreateFlag, FirstRollout, FlagAt, StartFlag, StartOf, StartedFlag};
use domain::orgs::ProjectRef;

use super::{Flags, configured};
use crate::error::{Error, Result};
use crate::scope::ProjectScope;
use crate::{Actor, orgs, scope};

impl Flags<'_> {
    /// Creates a flag, and switches it on in one environment if that is wanted. Whether that may be is looked at before, so
    /// that there is no flag where it may not; what happens in between is told, because the flag is there then.
    ///
    /// # Errors
    /// When the actor may not create it or not serve it there, the command is against the rules, or the key is taken.
    pub async fn start(&self, actor: &Actor, of: &ProjectRef, command: StartFlag) -> Result<StartedFlag> {
        let StartFlag { flag, first } = command;
        let project = scope::project(self.0.reader(), actor, of).await?;
        // Before anything else, so that whoever may not create flags is told no more than that.
        self.0.grant(actor, Action::CreateFlag, project.org.place()).await?;
        let flag = match flag {
            StartOf::New(flag) => flag.complete(of.clone())?,
            StartOf::Template(key, flag) => self.0.templates().flag_of(actor, of, &key, *flag).await?,
        };
        let Some(first) = first else {
            return Ok(StartedFlag { flag: self.create(actor, flag).await?, problem: None });
        };
        flag.check()?;
        self.expect_can_begin(actor, &project, &flag, &first).await?;
        let flag = self.create(actor, flag).await?;
        let at =
            FlagAt { project: of.clone(), key: flag.key.clone(), environment: first.environment.clone() };
        let problem = match self.change(actor, at, first.change()).await {
            Ok(_) => None,
            Err(Error::Refused(refusal)) => Some(refusal),
            Err(error) => return Err(error),
        };
        Ok(StartedFlag { flag: self.show(actor, of, &flag.key).await?, problem })
    }

    /// Refuses a rollout that could not begin once the flag is there.
    async fn expect_can_begin(
        &self,
        actor: &Actor,
        project: &ProjectScope,
        flag: &CreateFlag,
        first: &FirstRollout,
    ) -> Result<()> {
        first.check(flag)?;
        let action = match first.share {
            Some(_) => Action::ConfigureFlag,
            None => Action::EnableFlag,
        };
        let db = self.0.reader();
        let environment = match configured::environment_row(db, project, &first.environment).await {
            Err(Error::Refused(Refusal::NotFound { what })) => {
                return Err(Refusal::invalid("first.environment", format!("there is no {what}")).into());
            }
            found => found?,
        };
        let whose = (project.org.id, actor.person().map(|person| person.id), project.org.role);
        let may = orgs::may_at(db, whose, action, &environment).await;
        if let Err(Error::Refused(Refusal::Forbidden { .. })) = &may {
            self.0.record_denial(actor, action, project.org.place()).await;
        }
        may?;
        let is_said = first.comment.as_deref().is_some_and(|comment| !comment.trim().is_empty());
        match environment.protected && actor.person().is_some() && !is_said {
            true => {
                let message = "is needed in a protected environment: say why";
                Err(Refusal::invalid("first.comment", message).into())
            }
            false => Ok(()),
        }
    }
}
