use domain::orgs::ProjectRef;
use domain::place::{EnvironmentPlace, PlaceView};

use super::Projects;
use super::read::rows;
use crate::environments::read as environments;
use crate::error::Result;
use crate::orgs::roles_in;
use crate::{Actor, news, scope};

impl Projects<'_> {
    /// A project as somebody sees it who looks around in it: with what is beside it, and what they may do there.
    ///
    /// # Errors
    /// When the actor is nobody with an account or may not see the project, or the database fails.
    pub async fn place(&self, actor: &Actor, of: &ProjectRef) -> Result<PlaceView> {
        let db = self.0.reader();
        let person = actor.account()?.clone();
        let project = scope::project(db, actor, of).await?;
        // First: what happens while the rest is read is told again rather than never.
        let seq = news::head(db, project.org.id).await?;
        let whose = (project.org.id, Some(person.id), project.org.role);
        let roles = roles_in(db, whose, project.id).await?;
        let environments = environments::list(db, &project).await?.into_iter().map(|environment| {
            let role = roles.at(Some(environment.id))?;
            Ok(EnvironmentPlace { environment, role })
        });
        let projects = rows(db, project.org.id).await?.into_iter().map(super::read::view);
        Ok(PlaceView {
            role: roles.at(None)?,
            organizations: self.0.orgs().list(actor).await?,
            organization: project.org.view()?,
            projects: projects.collect::<Result<_>>()?,
            project: project.view()?,
            environments: environments.collect::<Result<_>>()?,
            person,
            seq,
        })
    }
}
