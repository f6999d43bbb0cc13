//! A whole project, as its tables have it, and as a document.

use std::collections::{BTreeMap, HashMap};

use domain::segments::Audience;
use domain::transfer::{
    EnvironmentPart, FORMAT, FlagPart, ProjectDocument, ProjectPart, SegmentPart, TemplatePart,
};
use domain::{EnvironmentId, FlagId, OrgId, ProjectId, SegmentId, UserId};
use entity::{
    environment, flag, flag_configuration, flag_tag, project, segment, segment_configuration, template,
    user_account,
};
use sea_orm::sea_query::{Expr, Func, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::error::{Error, Result};
use crate::flags::store as flags;
use crate::scope::stored;
use crate::templates;

/// The most bytes that what a project says may have together, to be brought into memory as a whole: 32 MiB.
pub(super) const LIMIT: usize = 32 * 1024 * 1024;

/// All rows of a project that its document tells of.
pub(super) struct Rows {
    pub(super) project: project::Model,
    /// In their order.
    pub(super) environments: Vec<environment::Model>,
    pub(super) flags: BTreeMap<String, flag::Model>,
    pub(super) configurations: HashMap<(FlagId, EnvironmentId), flag_configuration::Model>,
    pub(super) tags: HashMap<FlagId, Vec<String>>,
    /// The addresses of those who look after flags.
    pub(super) owners: HashMap<UserId, String>,
    pub(super) segments: BTreeMap<String, segment::Model>,
    pub(super) audiences: HashMap<(SegmentId, EnvironmentId), segment_configuration::Model>,
    pub(super) templates: BTreeMap<String, template::Model>,
}

impl Rows {
    /// Reads a project, unless it is too large for that.
    pub(super) async fn read(db: &impl ConnectionTrait, org_id: OrgId, id: ProjectId) -> Result<Self> {
        let project =
            project::Entity::find_by_id(id).filter(project::Column::OrgId.eq(org_id)).one(db).await?;
        let project = project.ok_or(Error::Invariant("a project that was found is gone"))?;
        let environments = environment::Entity::find()
            .filter(environment::Column::OrgId.eq(org_id))
            .filter(environment::Column::ProjectId.eq(id))
            .order_by_asc(environment::Column::Position)
            .order_by_asc(environment::Column::Id)
            .all(db)
            .await?;
        let ids: Vec<_> = environments.iter().map(|row| row.id).collect();
        expect_small(db, org_id, id, &ids).await?;
        let flags = flag::Entity::find()
            .filter(flag::Column::OrgId.eq(org_id))
            .filter(flag::Column::ProjectId.eq(id))
            .all(db)
            .await?;
        let configurations = flag_configuration::Entity::find()
            .filter(flag_configuration::Column::OrgId.eq(org_id))
            .filter(flag_configuration::Column::EnvironmentId.is_in(ids.iter().copied()))
            .all(db)
            .await?;
        let of_project = Query::select()
            .column(flag::Column::Id)
            .from(flag::Entity)
            .and_where(flag::Column::ProjectId.eq(id))
            .to_owned();
        let tagged = flag_tag::Entity::find()
            .filter(flag_tag::Column::OrgId.eq(org_id))
            .filter(flag_tag::Column::FlagId.in_subquery(of_project))
            .order_by_asc(flag_tag::Column::Tag)
            .all(db)
            .await?;
        let owning = Query::select()
            .column(flag::Column::OwnerId)
            .from(flag::Entity)
            .and_where(flag::Column::ProjectId.eq(id))
            .and_where(flag::Column::OwnerId.is_not_null())
            .to_owned();
        let owners =
            user_account::Entity::find().filter(user_account::Column::Id.in_subquery(owning)).all(db).await?;
        let segments = segment::Entity::find()
            .filter(segment::Column::OrgId.eq(org_id))
            .filter(segment::Column::ProjectId.eq(id))
            .all(db)
            .await?;
        let audiences = segment_configuration::Entity::find()
            .filter(segment_configuration::Column::OrgId.eq(org_id))
            .filter(segment_configuration::Column::EnvironmentId.is_in(ids))
            .all(db)
            .await?;
        let templates = templates::store::of_project(org_id, id).all(db).await?;
        let mut tags: HashMap<FlagId, Vec<String>> = HashMap::new();
        for row in tagged {
            tags.entry(row.flag_id).or_default().push(row.tag);
        }
        Ok(Self {
            project,
            environments,
            flags: flags.into_iter().map(|row| (row.key.clone(), row)).collect(),
            configurations: configurations
                .into_iter()
                .map(|row| ((row.flag_id, row.environment_id), row))
                .collect(),
            tags,
            owners: owners.into_iter().map(|row| (row.id, row.email)).collect(),
            segments: segments.into_iter().map(|row| (row.key.clone(), row)).collect(),
            audiences: audiences.into_iter().map(|row| ((row.segment_id, row.environment_id), row)).collect(),
            templates: templates.into_iter().map(|row| (row.key.clone(), row)).collect(),
        })
    }

    /// The document.
    pub(super) fn document(&self) -> Result<ProjectDocument> {
        let environment = |row: &environment::Model| {
            Ok(EnvironmentPart {
                key: stored(&row.key)?,
                name: row.name.clone(),
                color: row.color.clone(),
                protected: Some(row.protected),
            })
        };
        Ok(ProjectDocument {
            format: FORMAT,
            project: ProjectPart { name: self.project.name.clone() },
            environments: self.environments.iter().map(environment).collect::<Result<_>>()?,
            segments: self
                .segments
                .values()
                .map(|row| Ok((stored(&row.key)?, self.segment(row)?)))
                .collect::<Result<_>>()?,
            flags: self
                .flags
                .values()
                .map(|row| Ok((stored(&row.key)?, self.flag(row)?)))
                .collect::<Result<_>>()?,
            templates: self
                .templates
                .values()
                .map(|row| Ok((stored(&row.key)?, template(row)?)))
                .collect::<Result<_>>()?,
        })
    }

    fn flag(&self, row: &flag::Model) -> Result<FlagPart> {
        let mut environments = BTreeMap::new();
        for environment in &self.environments {
            // One that was created between two reads has none yet.
            let Some(found) = self.configurations.get(&(row.id, environment.id)) else { continue };
            environments.insert(stored(&environment.key)?, flags::read(row, found)?.configuration);
        }
        Ok(FlagPart {
            name: row.name.clone(),
            description: row.description.clone(),
            kind: flags::kind(&row.kind)?,
            value_type: flags::value_type(&row.value_type)?,
            client_side: row.client_side,
            variations: flags::read_json(&row.variations, || format!("the variations of `{}`", row.key))?,
            tags: self.tags.get(&row.id).cloned().unwrap_or_default(),
            owner: row.owner_id.and_then(|id| self.owners.get(&id).cloned()),
            temporary: row.temporary,
            expires_at: row.expires_at,
            archived: row.archived_at.is_some(),
            environments,
        })
    }

    fn segment(&self, row: &segment::Model) -> Result<SegmentPart> {
        let mut environments = BTreeMap::new();
        for environment in &self.environments {
            let Some(found) = self.audiences.get(&(row.id, environment.id)) else { continue };
            let audience: Audience = flags::read_json(&found.body, || format!("the segment `{}`", row.key))?;
            environments.insert(stored(&environment.key)?, audience);
        }
        Ok(SegmentPart { name: row.name.clone(), description: row.description.clone(), environments })
    }
}

fn template(row: &template::Model) -> Result<TemplatePart> {
    let shape = templates::store::shape(row)?;
    Ok(TemplatePart { name: row.name.clone(), description: row.description.clone(), shape })
}

/// Refuses to bring into memory what is too much for that.
async fn expect_small(
    db: &impl ConnectionTrait,
    org_id: OrgId,
    project: ProjectId,
    environments: &[EnvironmentId],
) -> Result<()> {
    use {flag_configuration as does, segment_configuration as contains};
    let flags = flag::Entity::find()
        .select_only()
        .expr(bytes(&[flag::Column::Variations, flag::Column::Description]))
        .filter(flag::Column::OrgId.eq(org_id))
        .filter(flag::Column::ProjectId.eq(project));
    let configurations = does::Entity::find()
        .select_only()
        .expr(bytes(&[does::Column::Body]))
        .filter(does::Column::OrgId.eq(org_id))
        .filter(does::Column::EnvironmentId.is_in(environments.iter().copied()));
    let audiences = contains::Entity::find()
        .select_only()
        .expr(bytes(&[contains::Column::Body]))
        .filter(contains::Column::OrgId.eq(org_id))
        .filter(contains::Column::EnvironmentId.is_in(environments.iter().copied()));
    let templates = template::Entity::find()
        .select_only()
        .expr(bytes(&[template::Column::Body, template::Column::Description]))
        .filter(template::Column::OrgId.eq(org_id))
        .filter(template::Column::ProjectId.eq(project));
    let mut together = 0_i64;
    for sum in [
        flags.into_tuple::<Option<i64>>().one(db).await?,
        configurations.into_tuple::<Option<i64>>().one(db).await?,
        audiences.into_tuple::<Option<i64>>().one(db).await?,
        templates.into_tuple::<Option<i64>>().one(db).await?,
    ] {
        together = together.saturating_add(sum.flatten().unwrap_or_default());
    }
    match usize::try_from(together).unwrap_or_default() <= LIMIT {
        true => Ok(()),
        false => Err(domain::Error::TooLarge { limit: LIMIT as u64 }.into()),
    }
}

/// How many bytes some texts of all rows have together.
fn bytes<C: ColumnTrait>(columns: &[C]) -> Expr {
    let of = |column: &C| Expr::from(Func::cust("octet_length").arg(Expr::col(*column)));
    let together = columns.iter().map(of).reduce(ExprTrait::add).unwrap_or_else(|| Expr::val(0));
    Expr::from(Func::sum(together)).cast_as("BIGINT")
}
