use std::collections::HashMap;

use domain::access::Action;
use domain::orgs::ProjectRef;
use domain::transfer::{ImportOptions, ImportPlan, Outcome, ProjectDocument, ThingKind, plan};
use domain::{OrgId, UserId};
use entity::{member, user_account};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::Transfer;
use super::apply::Apply;
use super::rows::Rows;
use crate::actor::Grant;
use crate::change::ChangeTx;
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::flags::store::write_json;
use crate::scope::ProjectScope;
use crate::{Actor, Services, scope, templates};

/// An import of a document, by somebody who may.
pub struct ProjectImport<'s> {
    services: &'s Services,
    grant: Grant,
    project: ProjectScope,
    options: ImportOptions,
}

impl<'s> Transfer<'s> {
    /// Begins to import a document into a project, before it is read: it may be large, and is not for everybody to send.
    ///
    /// # Errors
    /// When the actor may not, or the options are against the rules.
    pub async fn import(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        options: ImportOptions,
    ) -> Result<ProjectImport<'s>> {
        domain::validate(&options)?;
        let project = scope::project(self.0.reader(), actor, project).await?;
        let grant = self.0.grant(actor, Action::ImportProject, project.org.place()).await?;
        Ok(ProjectImport { services: self.0, grant, project, options })
    }
}

impl ProjectImport<'_> {
    /// Imports the document: environments, segments, flags and templates that are not there are created, those that are
    /// there become what it says. Nothing is deleted.
    ///
    /// # Errors
    /// When the actor may not, or the document is against the rules.
    pub async fn apply(self, document: ProjectDocument) -> Result<ImportPlan> {
        let Self { services, grant, project, options } = self;
        document.check()?;
        for (key, template) in &document.templates {
            let found = templates::store::check_compiles(&template.shape).await;
            found.map_err(|error| error.below(&format!("templates.{key}")))?;
        }
        services
            .change(grant, move |tx| {
                Box::pin(async move {
                    tx.project(project.id).await?;
                    let rows = Rows::read(tx.db(), tx.org_id(), project.id).await?;
                    let before = rows.document()?;
                    let named = named(&document);
                    let members = members(tx, tx.org_id()).await?;
                    let mut document = document;
                    let notes = resolve_owners(&mut document, &before, &members);
                    let after = before.merge(document, options.mode)?;
                    let things = plan(&before, &after, |kind, key| {
                        kind == ThingKind::Project || named.get(&kind).is_some_and(|keys| keys.contains(key))
                    });
                    let is_changed = things.iter().any(|thing| thing.outcome != Outcome::Unchanged);
                    let events = Apply { project: project.id, rows, before, after, members }.run(tx).await?;
                    for event in events {
                        tx.also(tx.org_id(), event.comment(options.comment.clone()));
                    }
                    let event = if is_changed && !options.dry_run {
                        let summary = serde_json::json!({"mode": options.mode, "things": count(&things)});
                        Event::project_imported(Resource::new("project", project.id, &project.key))
                            .documents(None, Some(write_json(&summary)?))
                            .comment(options.comment)
                    } else {
                        tx.abandon();
                        Event::nothing()
                    };
                    Ok((ImportPlan { dry_run: options.dry_run, things, notes }, event))
                })
            })
            .await
    }
}

/// The keys that a document has.
fn named(document: &ProjectDocument) -> HashMap<ThingKind, std::collections::HashSet<String>> {
    HashMap::from([
        (ThingKind::Environment, document.environments.iter().map(|part| part.key.to_string()).collect()),
        (ThingKind::Segment, document.segments.keys().map(ToString::to_string).collect()),
        (ThingKind::Flag, document.flags.keys().map(ToString::to_string).collect()),
        (ThingKind::Template, document.templates.keys().map(ToString::to_string).collect()),
    ])
}

/// How many things became what.
fn count(things: &[domain::transfer::PlannedThing]) -> serde_json::Value {
    let of = |outcome| things.iter().filter(|thing| thing.outcome == outcome).count();
    serde_json::json!({"created": of(Outcome::Created), "changed": of(Outcome::Changed)})
}

/// The organization's members by their address in lower case, with the address as it is.
async fn members(tx: &ChangeTx, org_id: OrgId) -> Result<HashMap<String, (UserId, String)>> {
    let ids = Query::select()
        .column(member::Column::UserId)
        .from(member::Entity)
        .and_where(member::Column::OrgId.eq(org_id))
        .to_owned();
    let rows =
        user_account::Entity::find().filter(user_account::Column::Id.in_subquery(ids)).all(tx.db()).await?;
    Ok(rows.into_iter().map(|row| (row.email_lower, (row.id, row.email))).collect())
}

/// Finds out who looks after flags. Whoever is no member does not: then whoever did before goes on to.
fn resolve_owners(
    document: &mut ProjectDocument,
    before: &ProjectDocument,
    members: &HashMap<String, (UserId, String)>,
) -> Vec<String> {
    let mut notes = Vec::new();
    for (key, flag) in &mut document.flags {
        let Some(owner) = &flag.owner else { continue };
        match members.get(&owner.to_lowercase()) {
            Some((_, email)) => flag.owner = Some(email.clone()),
            None => {
                notes.push(format!("flags.{key}.owner: no member has this address"));
                flag.owner = before.flags.get(key).and_then(|flag| flag.owner.clone());
            }
        }
    }
    notes
}
