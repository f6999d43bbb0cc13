use std::collections::HashMap;

use domain::access::{Action, refusal};
use domain::environments::EnvironmentView;
use domain::flags::{FlagRow, FlagsPage, Refusals};
use domain::orgs::ProjectRef;
use domain::{EnvironmentKey, Error as Refusal, FlagId, OrgId};
use entity::{flag, flag_configuration, flag_tag};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select};

use super::Flags;
use super::store;
use crate::environments::read as environments;
use crate::error::{Result, causes};
use crate::orgs::role_at;
use crate::scope::ProjectScope;
use crate::{Actor, scope};

impl Flags<'_> {
    /// A project's flags in one environment (the first one unless named), and what the page around them needs.
    ///
    /// # Errors
    /// When the actor may not see the project, the environment does not exist, or the database fails.
    pub async fn page(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        environment: Option<&EnvironmentKey>,
    ) -> Result<FlagsPage> {
        let person = actor.person().ok_or(Refusal::Unauthenticated)?.clone();
        let project = scope::project(self.0.reader(), actor, project).await?;
        let environments = environments::list(self.0.reader(), &project).await?;
        let environment = environments::choose(&environments, environment)?;
        let whose = (project.org.id, Some(person.id), project.org.role);
        let role = role_at(self.0.reader(), whose, project.id, Some(environment.id)).await?;
        let refusal = |action| refusal(project.org.role, role, action, environment.protected);
        Ok(FlagsPage {
            person,
            organization: project.org.view()?,
            project: project.view()?,
            role,
            refusals: Refusals { enable: refusal(Action::EnableFlag), kill: refusal(Action::KillFlag) },
            flags: self.rows(&project, &environment).await?,
            environments,
            environment,
        })
    }

    async fn rows(&self, project: &ProjectScope, environment: &EnvironmentView) -> Result<Vec<FlagRow>> {
        let db = self.0.reader();
        let flags = flag::Entity::find()
            .filter(flag::Column::OrgId.eq(project.org.id))
            .filter(flag::Column::ProjectId.eq(project.id))
            .filter(flag::Column::ArchivedAt.is_null())
            .order_by_asc(flag::Column::Key)
            .all(db)
            .await?;
        let configurations = flag_configuration::Entity::find()
            .filter(flag_configuration::Column::OrgId.eq(project.org.id))
            .filter(flag_configuration::Column::EnvironmentId.eq(environment.id))
            .all(db)
            .await?;
        let mut configurations: HashMap<_, _> =
            configurations.into_iter().map(|row| (row.flag_id, row)).collect();
        let mut tagged: HashMap<FlagId, Vec<String>> = HashMap::new();
        let of_project = Query::select()
            .column(flag::Column::Id)
            .from(flag::Entity)
            .and_where(flag::Column::ProjectId.eq(project.id))
            .to_owned();
        let of_project = flag_tag::Column::FlagId.in_subquery(of_project);
        for row in tags(project.org.id).filter(of_project).all(db).await? {
            tagged.entry(row.flag_id).or_default().push(row.tag);
        }
        let mut rows = Vec::with_capacity(flags.len());
        for flag in flags {
            // A flag that was created between the two reads shows up the next time.
            let Some(row) = configurations.remove(&flag.id) else { continue };
            let tags = tagged.remove(&flag.id).unwrap_or_default();
            rows.push(match store::read(&flag, &row) {
                Ok(stored) => stored.view(tags, row.updated_at)?,
                Err(error) => {
                    tracing::error!(
                        flag.key = flag.key,
                        error.causes = causes(&error),
                        "a flag cannot be shown"
                    );
                    store::broken_view(&flag, row.version, tags, row.updated_at)?
                }
            });
        }
        Ok(rows)
    }
}

/// The tags of one flag, sorted.
pub(crate) async fn tags_of(db: &impl ConnectionTrait, flag: &flag::Model) -> Result<Vec<String>> {
    let query = tags(flag.org_id).filter(flag_tag::Column::FlagId.eq(flag.id));
    Ok(query.all(db).await?.into_iter().map(|row| row.tag).collect())
}

/// An organization's tags, sorted.
fn tags(org_id: OrgId) -> Select<flag_tag::Entity> {
    flag_tag::Entity::find().filter(flag_tag::Column::OrgId.eq(org_id)).order_by_asc(flag_tag::Column::Tag)
}
