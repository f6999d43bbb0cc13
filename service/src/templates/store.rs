//! Templates in the database.

use domain::templates::{Shape, TemplateView};
use domain::{Error as Refusal, FieldError, OrgId, ProjectId, TemplateId, TemplateKey};
use engine::CompiledFlag;
use engine::ruleset::{FORMAT, Flag, SEMANTICS};
use entity::template::{Column, Entity, Model};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Select};
use serde_json::{Value, json};

use crate::change::ChangeTx;
use crate::error::Result;
use crate::flags::check::aside;
use crate::flags::store::{read_json, write_json};
use crate::scope::stored;

/// The templates of a project.
pub(crate) fn of_project(org_id: OrgId, project: ProjectId) -> Select<Entity> {
    Entity::find().filter(Column::OrgId.eq(org_id)).filter(Column::ProjectId.eq(project))
}

/// A new template's row.
pub(crate) fn row(
    tx: &ChangeTx,
    project: ProjectId,
    key: &TemplateKey,
    (name, description): (String, String),
    shape: &Shape,
) -> Result<Model> {
    Ok(Model {
        id: tx.new_id::<TemplateId>(),
        org_id: tx.org_id(),
        project_id: project,
        key: key.to_string(),
        name,
        description,
        body: write_json(shape)?,
        created_by: tx.person(),
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
    })
}

/// What a template is, as the audit log keeps it. A shape that cannot be read is the text that it is.
pub(crate) fn definition(row: &Model) -> String {
    let shape = serde_json::from_str(&row.body).unwrap_or_else(|_| Value::from(row.body.as_str()));
    json!({
        "key": row.key, "name": row.name, "description": row.description, "version": row.version, "shape": shape,
    })
    .to_string()
}

pub(super) fn missing(key: &TemplateKey) -> Refusal {
    Refusal::not_found(format!("template `{key}`"))
}

/// Locks a template.
pub(super) async fn lock(tx: &ChangeTx, project: ProjectId, key: &TemplateKey) -> Result<Model> {
    let row = of_project(tx.org_id(), project)
        .filter(Column::Key.eq(key.as_str()))
        .lock_exclusive()
        .one(tx.db())
        .await?;
    Ok(row.ok_or_else(|| missing(key))?)
}

/// The shape that a template has.
pub(crate) fn shape(row: &Model) -> Result<Shape> {
    read_json(&row.body, || format!("the template `{}`", row.key))
}

pub(super) fn view(row: Model) -> Result<TemplateView> {
    Ok(TemplateView {
        key: stored(&row.key)?,
        shape: shape(&row)?,
        name: row.name,
        description: row.description,
        version: row.version,
        created_by: row.created_by,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// Refuses a shape of which evaluation would leave something out wherever it is: a pattern that is none, say.
pub(crate) async fn check_compiles(shape: &Shape) -> Result<()> {
    let Shape { kind, value_type, client_side, variations, tags: _, configuration } = shape.clone();
    let flag = Flag {
        format: FORMAT,
        semantics: SEMANTICS,
        key: "template".to_owned(),
        version: 1,
        flag_version: 1,
        kind,
        value_type,
        client_side,
        track_events: configuration.track_events,
        variations,
        enabled: configuration.enabled,
        off_variation: configuration.off_variation,
        window: configuration.window,
        prerequisites: configuration.prerequisites,
        overrides: configuration.overrides,
        rules: configuration.rules,
        fallthrough: configuration.fallthrough,
    };
    let compiled = aside(move || CompiledFlag::new(&flag.key, &flag)).await?;
    let detail = |message: &str| {
        let (path, message) = message.split_once(": ").unwrap_or(("", message));
        FieldError { path: path.to_owned(), message: message.to_owned() }.below("shape.configuration")
    };
    Ok(Refusal::refuse(compiled.warnings().iter().map(|warning| detail(&warning.message)).collect())?)
}
