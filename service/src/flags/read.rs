use std::collections::HashMap;

use domain::access::{Action, allowed};
use domain::environments::EnvironmentView;
use domain::flags::{FlagRow, FlagsPage, Refusals};
use domain::orgs::ProjectRef;
use domain::{EnvironmentKey, Error as Refusal, FlagId};
use entity::{flag, flag_configuration, flag_tag};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::Flags;
use super::store::{Stored, read_json};
use crate::environments::read as environments;
use crate::error::Result;
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
        let refusal = |action| allowed(project.org.role, action, environment.protected).err();
        Ok(FlagsPage {
            person,
            organization: project.org.view()?,
            project: project.view()?,
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
        for row in tags(db, &flags.iter().map(|flag| flag.id).collect::<Vec<_>>()).await? {
            tagged.entry(row.flag_id).or_default().push(row.tag);
        }
        let mut rows = Vec::with_capacity(flags.len());
        for flag in flags {
            // A flag that was created between the two reads shows up the next time.
            let Some(row) = configurations.remove(&flag.id) else { continue };
            let variations = read_json(&flag.variations, || format!("the variations of `{}`", flag.key))?;
            let configuration = read_json(&row.body, || format!("the configuration of `{}`", flag.key))?;
            let tags = tagged.remove(&flag.id).unwrap_or_default();
            rows.push(
                Stored { flag, variations, configuration, version: row.version }
                    .view(tags, row.updated_at)?,
            );
        }
        Ok(rows)
    }
}

/// The tags of some flags, sorted.
pub(super) async fn tags(db: &impl ConnectionTrait, flags: &[FlagId]) -> Result<Vec<flag_tag::Model>> {
    let query = flag_tag::Entity::find().filter(flag_tag::Column::FlagId.is_in(flags.iter().copied()));
    Ok(query.order_by_asc(flag_tag::Column::Tag).all(db).await?)
}
