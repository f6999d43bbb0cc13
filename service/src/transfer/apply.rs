//! Makes a project what a document says.

use std::collections::HashMap;

use domain::flags::Configuration;
use domain::transfer::{EnvironmentPart, FlagPart, ProjectDocument, SegmentPart, TemplatePart};
use domain::{
    EnvironmentId, Error as Refusal, FieldError, FlagId, FlagKey, ProjectId, SegmentId, SegmentKey,
    TemplateId, TemplateKey, UserId,
};
use engine::Subject;
use entity::{environment, flag, flag_tag, project, segment, template};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;

use super::rows::Rows;
use crate::change::{ChangeTx, ChangingEnvironment};
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::flags::check::{Changed, Fault, faults};
use crate::flags::store::{self, Stored, write_json};
use crate::segments::store::{self as segments, Stored as StoredSegment};

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
        self.rename(tx).await?;
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

    async fn rename(&self, tx: &ChangeTx) -> Result<()> {
        let name = &self.after.project.name;
        if *name == self.before.project.name {
            return Ok(());
        }
        let mut row = self.rows.project.clone().into_active_model();
        row.name = Set(name.clone());
        row.name_lower = Set(name.to_lowercase());
        project::Entity::update(row).exec(tx.db()).await?;
        Ok(())
    }

    async fn environments(
        &self,
        tx: &ChangeTx,
        there: Vec<ChangingEnvironment>,
        done: &mut Done,
    ) -> Result<Vec<ChangingEnvironment>> {
        let mut created = Vec::new();
        for (position, part) in (0_i64..).zip(&self.after.environments) {
            let Some(found) = there.iter().find(|it| it.row.key == part.key.as_str()) else {
                let row = new_environment(tx, self.project, part, position);
                environment::Entity::insert(row.clone().into_active_model())
                    .exec_without_returning(tx.db())
                    .await?;
                let event = Event::environment_created(Resource::new("environment", row.id, &part.key));
                done.events.push(event.in_environment(row.id).documents(None, Some(write_json(part)?)));
                created.push(row.id);
                continue;
            };
            let row = &found.row;
            let before = EnvironmentPart {
                key: part.key.clone(),
                name: row.name.clone(),
                color: row.color.clone(),
                protected: row.protected,
            };
            if before == *part && row.position == position {
                continue;
            }
            let mut active = row.clone().into_active_model();
            active.name = Set(part.name.clone());
            active.color = Set(part.color.clone());
            active.protected = Set(part.protected);
            active.position = Set(position);
            // Its revision is not written.
            active.revision = sea_orm::ActiveValue::NotSet;
            environment::Entity::update(active).exec(tx.db()).await?;
            let resource = Resource::new("environment", row.id, &part.key);
            let documents = (Some(write_json(&before)?), Some(write_json(part)?));
            if before.protected != part.protected {
                let event = Event::environment_protected(resource).in_environment(row.id);
                done.events.push(event.documents(documents.0, documents.1));
            } else if before != *part {
                let event = Event::environment_updated(resource).in_environment(row.id);
                done.events.push(event.documents(documents.0, documents.1));
            }
        }
        let mut all = there;
        if !created.is_empty() {
            let new = tx.environments(self.project).await?.into_iter();
            all.extend(new.filter(|environment| created.contains(&environment.row.id)));
        }
        Ok(all)
    }

    async fn segments(
        &self,
        tx: &mut ChangeTx,
        environments: &[ChangingEnvironment],
        done: &mut Done,
    ) -> Result<()> {
        let ended = store::last_versions(tx, self.project, segments::KIND).await?;
        for (key, part) in &self.after.segments {
            if self.before.segments.get(key) == Some(part) {
                continue;
            }
            let row = match self.rows.segments.get(key.as_str()) {
                Some(row) => self.update_segment(tx, row, part, done).await?,
                None => {
                    let version = ended.get(key.as_str()).map_or(1, |last| last + 1);
                    let row = new_segment(tx, self.project, key, part, version);
                    segment::Entity::insert(row.clone().into_active_model())
                        .exec_without_returning(tx.db())
                        .await?;
                    let event = Event::segment_created(Resource::new("segment", row.id, key));
                    let about = json!({"name": part.name, "description": part.description});
                    done.events.push(event.documents(None, Some(about.to_string())));
                    row
                }
            };
            for environment in environments {
                self.audience(tx, environment, &row, part, done).await?;
            }
        }
        Ok(())
    }

    async fn update_segment(
        &self,
        tx: &ChangeTx,
        row: &segment::Model,
        part: &SegmentPart,
        done: &mut Done,
    ) -> Result<segment::Model> {
        if (&row.name, &row.description) == (&part.name, &part.description) {
            return Ok(row.clone());
        }
        let after = segment::Model {
            name: part.name.clone(),
            name_lower: part.name.to_lowercase(),
            description: part.description.clone(),
            version: row.version + 1,
            updated_at: tx.now(),
            ..row.clone()
        };
        segments::update_segment(tx, &after).await?;
        let about =
            |row: &segment::Model| json!({"name": row.name, "description": row.description}).to_string();
        let event = Event::segment_updated(Resource::new("segment", row.id, &row.key));
        done.events.push(event.documents(Some(about(row)), Some(about(&after))));
        Ok(after)
    }

    /// Makes a segment contain in an environment what it is to.
    async fn audience(
        &self,
        tx: &mut ChangeTx,
        environment: &ChangingEnvironment,
        row: &segment::Model,
        part: &SegmentPart,
        done: &mut Done,
    ) -> Result<()> {
        let audience = in_environment(&part.environments, &environment.row.key).cloned().unwrap_or_default();
        let Some(found) = self.rows.audiences.get(&(row.id, environment.row.id)) else {
            let stored =
                StoredSegment { segment: row.clone(), audience, version: row.version, updated_at: tx.now() };
            segments::insert(tx, environment, &stored).await?;
            done.segment(environment, &stored)?;
            return Ok(());
        };
        let before = segments::read(row, found)?;
        if before.audience == audience {
            return Ok(());
        }
        let after = before.next(tx, audience);
        segments::save(tx, environment, &after).await?;
        done.segment(environment, &after)?;
        let event = Event::segment_configured(Resource::new("segment", row.id, &row.key));
        let documents = (Some(before.audit_document()?), Some(after.audit_document()?));
        done.events.push(event.in_environment(environment.row.id).documents(documents.0, documents.1));
        Ok(())
    }

    async fn flags(
        &self,
        tx: &mut ChangeTx,
        environments: &[ChangingEnvironment],
        done: &mut Done,
    ) -> Result<()> {
        let ended = store::last_versions(tx, self.project, "flag").await?;
        let mut created = Vec::new();
        for (key, part) in &self.after.flags {
            match (self.before.flags.get(key), self.rows.flags.get(key.as_str())) {
                (Some(before), Some(_)) if before == part => {}
                (Some(before), Some(row)) => {
                    self.update_flag(tx, environments, (row, before), part, done).await?;
                }
                _ => {
                    let version = ended.get(key.as_str()).map_or(1, |last| last + 1);
                    created.push((self.new_flag(tx, key, part, version)?, part));
                }
            }
        }
        self.create_flags(tx, environments, &created, done).await
    }

    fn owner(&self, part: &FlagPart) -> Option<UserId> {
        let owner = part.owner.as_ref()?;
        self.members.get(&owner.to_lowercase()).map(|(id, _)| *id)
    }

    fn new_flag(&self, tx: &ChangeTx, key: &FlagKey, part: &FlagPart, version: i64) -> Result<flag::Model> {
        Ok(flag::Model {
            id: tx.new_id::<FlagId>(),
            org_id: tx.org_id(),
            project_id: self.project,
            key: key.to_string(),
            key_lower: key.as_str().to_lowercase(),
            name: part.name.clone(),
            name_lower: part.name.to_lowercase(),
            description: part.description.clone(),
            description_lower: part.description.to_lowercase(),
            kind: part.kind.as_str().to_owned(),
            value_type: part.value_type.as_str().to_owned(),
            client_side: part.client_side,
            variations: write_json(&part.variations)?,
            owner_id: self.owner(part),
            expires_at: part.expires_at,
            archived_at: part.archived.then(|| tx.now()),
            version,
            created_at: tx.now(),
            updated_at: tx.now(),
            temporary: part.temporary,
        })
    }

    async fn create_flags(
        &self,
        tx: &mut ChangeTx,
        environments: &[ChangingEnvironment],
        created: &[(flag::Model, &FlagPart)],
        done: &mut Done,
    ) -> Result<()> {
        let at = |key: &str| -> Vec<_> {
            created.iter().map(|(row, part)| stored_in(row, part, key, row.version)).collect()
        };
        let Some(first) = environments.first() else { return Ok(()) };
        store::insert_flags(tx, &at(&first.row.key)).await?;
        for (row, part) in created {
            store::insert_tags(tx, row, part.tags.clone()).await?;
            let event = Event::flag_created(Resource::new("flag", row.id, &row.key));
            done.events.push(event.documents(None, Some(write_json(part)?)));
        }
        for environment in environments {
            let (archived, active): (Vec<_>, Vec<_>) =
                at(&environment.row.key).into_iter().partition(|stored| stored.flag.archived_at.is_some());
            store::insert_many(tx, environment, &active).await?;
            store::insert_rows(tx, environment, &archived).await?;
            for stored in &active {
                done.flag(environment, stored)?;
            }
        }
        Ok(())
    }

    async fn update_flag(
        &self,
        tx: &mut ChangeTx,
        environments: &[ChangingEnvironment],
        (row, before): (&flag::Model, &FlagPart),
        part: &FlagPart,
        done: &mut Done,
    ) -> Result<()> {
        let resource = || Resource::new("flag", row.id, &row.key);
        let archived_at = match (row.archived_at, part.archived) {
            (Some(at), true) => Some(at),
            (None, true) => Some(tx.now()),
            (_, false) => None,
        };
        let is_same = without_environments(before) == without_environments(part);
        let mut after = row.clone();
        if !is_same {
            after = flag::Model {
                created_at: row.created_at,
                id: row.id,
                archived_at,
                ..self.new_flag(tx, &crate::scope::stored(&row.key)?, part, row.version + 1)?
            };
            store::update_flag(tx, &after).await?;
            if before.tags != part.tags {
                flag_tag::Entity::delete_many()
                    .filter(flag_tag::Column::OrgId.eq(tx.org_id()))
                    .filter(flag_tag::Column::FlagId.eq(row.id))
                    .exec(tx.db())
                    .await?;
                store::insert_tags(tx, &after, part.tags.clone()).await?;
            }
            let event = match (before.archived, part.archived) {
                (false, true) => Event::flag_archived(resource()),
                (true, false) => Event::flag_restored(resource()),
                _ => Event::flag_updated(resource()),
            };
            let documents = (without_environments(before), without_environments(part));
            done.events
                .push(event.documents(Some(write_json(&documents.0)?), Some(write_json(&documents.1)?)));
        }
        let is_served_otherwise = served(before) != served(part);
        for environment in environments {
            let Some(found) = self.rows.configurations.get(&(row.id, environment.row.id)) else {
                let stored = stored_in(&after, part, &environment.row.key, 1);
                match part.archived {
                    true => store::insert_rows(tx, environment, std::slice::from_ref(&stored)).await?,
                    false => {
                        store::insert(tx, environment, &stored).await?;
                        done.flag(environment, &stored)?;
                    }
                }
                continue;
            };
            let old = store::read(row, found)?;
            let new = stored_in(&after, part, &environment.row.key, old.version + 1);
            let is_configured = old.configuration != new.configuration;
            match (before.archived, part.archived) {
                (false, true) => {
                    store::withdraw(tx, environment, &after);
                    done.changed
                        .entry(environment.row.id)
                        .or_default()
                        .push(Changed::Flag(row.key.clone(), None));
                    if is_configured {
                        store::save_row(tx, environment, &new).await?;
                    }
                }
                (true, true) if is_configured => store::save_row(tx, environment, &new).await?,
                (true, true) => {}
                (true, false) | (false, false) if is_configured || is_served_otherwise || before.archived => {
                    store::save(tx, environment, &new).await?;
                    done.flag(environment, &new)?;
                }
                _ => {}
            }
            if is_configured {
                let event = Event::flag_configured(resource()).in_environment(environment.row.id);
                done.events.push(event.documents(Some(old.document()?), Some(new.document()?)));
            }
        }
        Ok(())
    }

    async fn templates(&self, tx: &ChangeTx, done: &mut Done) -> Result<()> {
        for (key, part) in &self.after.templates {
            if self.before.templates.get(key) == Some(part) {
                continue;
            }
            let body = write_json(&part.shape)?;
            let Some(row) = self.rows.templates.get(key.as_str()) else {
                let row = new_template(tx, self.project, key, part, body);
                template::Entity::insert(row.clone().into_active_model())
                    .exec_without_returning(tx.db())
                    .await?;
                let event = Event::template_created(Resource::new("template", row.id, key));
                done.events.push(event.documents(None, Some(row.body)));
                continue;
            };
            let after = template::Model {
                name: part.name.clone(),
                description: part.description.clone(),
                body,
                version: row.version + 1,
                updated_at: tx.now(),
                ..row.clone()
            };
            template::Entity::update(after.clone().into_active_model().reset_all()).exec(tx.db()).await?;
            let event = Event::template_updated(Resource::new("template", row.id, key));
            done.events.push(event.documents(Some(row.body.clone()), Some(after.body)));
        }
        Ok(())
    }
}

impl Done {
    fn flag(&mut self, environment: &ChangingEnvironment, stored: &Stored) -> Result<()> {
        let changed = Changed::Flag(stored.flag.key.clone(), Some(stored.document()?));
        self.changed.entry(environment.row.id).or_default().push(changed);
        Ok(())
    }

    fn segment(&mut self, environment: &ChangingEnvironment, stored: &StoredSegment) -> Result<()> {
        let changed = Changed::Segment(stored.segment.key.clone(), Some(stored.bare_document()?));
        self.changed.entry(environment.row.id).or_default().push(changed);
        Ok(())
    }
}

fn in_environment<'t, T>(
    all: &'t std::collections::BTreeMap<domain::EnvironmentKey, T>,
    key: &str,
) -> Option<&'t T> {
    all.iter().find(|(of, _)| of.as_str() == key).map(|(_, it)| it)
}

/// A flag as it is to be in an environment. Every flag was given a configuration for each.
fn stored_in(row: &flag::Model, part: &FlagPart, environment: &str, version: i64) -> Stored {
    let configuration = in_environment(&part.environments, environment).cloned();
    Stored {
        flag: row.clone(),
        variations: part.variations.clone(),
        configuration: configuration.unwrap_or_else(|| Configuration::fixed("", "")),
        version,
    }
}

/// What a flag is in all environments.
fn without_environments(part: &FlagPart) -> FlagPart {
    FlagPart { environments: std::collections::BTreeMap::new(), ..part.clone() }
}

/// What evaluation heeds of what a flag is in all environments.
fn served(part: &FlagPart) -> impl PartialEq {
    (part.kind, part.client_side, part.variations.clone())
}

fn new_environment(
    tx: &ChangeTx,
    project: ProjectId,
    part: &EnvironmentPart,
    position: i64,
) -> environment::Model {
    environment::Model {
        id: tx.new_id::<EnvironmentId>(),
        org_id: tx.org_id(),
        project_id: project,
        key: part.key.to_string(),
        name: part.name.clone(),
        color: part.color.clone(),
        position,
        protected: part.protected,
        revision: 0,
        created_at: tx.now(),
    }
}

fn new_segment(
    tx: &ChangeTx,
    project: ProjectId,
    key: &SegmentKey,
    part: &SegmentPart,
    version: i64,
) -> segment::Model {
    segment::Model {
        id: tx.new_id::<SegmentId>(),
        org_id: tx.org_id(),
        project_id: project,
        key: key.to_string(),
        key_lower: key.as_str().to_lowercase(),
        name: part.name.clone(),
        name_lower: part.name.to_lowercase(),
        description: part.description.clone(),
        version,
        created_at: tx.now(),
        updated_at: tx.now(),
    }
}

fn new_template(
    tx: &ChangeTx,
    project: ProjectId,
    key: &TemplateKey,
    part: &TemplatePart,
    body: String,
) -> template::Model {
    template::Model {
        id: tx.new_id::<TemplateId>(),
        org_id: tx.org_id(),
        project_id: project,
        key: key.to_string(),
        name: part.name.clone(),
        description: part.description.clone(),
        body,
        created_by: tx.person(),
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
    }
}

/// What is wrong, named as the document has it.
fn detail(fault: &Fault, environment: &str) -> FieldError {
    let things = match fault.subject {
        Subject::Flag => "flags",
        Subject::Segment => "segments",
    };
    let FieldError { path, message } = fault.detail.clone();
    let dot = if path.is_empty() { "" } else { "." };
    FieldError { path: format!("{things}.{}.environments.{environment}{dot}{path}", fault.key), message }
}
