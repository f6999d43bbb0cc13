//! Environments in the database, and what the audit log says of them.

use domain::projects::NewEnvironment;
use domain::{EnvironmentId, EnvironmentKey, ProjectId};
use entity::environment;
use serde_json::json;

use crate::change::ChangeTx;
use crate::event::{Event, Resource};

/// A new environment's row.
pub(crate) fn row(
    tx: &ChangeTx,
    project: ProjectId,
    new: &NewEnvironment,
    position: i64,
) -> environment::Model {
    let NewEnvironment { key, name, color, protected } = new;
    environment::Model {
        id: tx.new_id::<EnvironmentId>(),
        org_id: tx.org_id(),
        project_id: project,
        key: key.to_string(),
        name: name.clone(),
        color: color.as_str().to_owned(),
        position,
        protected: *protected,
        revision: 0,
        created_at: tx.now(),
    }
}

/// An environment was created.
pub(crate) fn created(row: &environment::Model, copy_from: Option<&EnvironmentKey>) -> Event {
    let document = json!({
        "name": row.name, "color": row.color, "protected": row.protected, "copy_from": copy_from,
    });
    Event::environment_created(Resource::new("environment", row.id, &row.key))
        .in_environment(row.id)
        .documents(None, Some(document.to_string()))
}

/// What happened to an environment, where something did: protection is an entry of its own.
pub(crate) fn events(before: &environment::Model, after: &environment::Model) -> Vec<Event> {
    let mut events = Vec::new();
    let resource = || Resource::new("environment", before.id, &before.key);
    if (&before.name, &before.color) != (&after.name, &after.color) {
        let looks =
            |row: &environment::Model| Some(json!({ "name": row.name, "color": row.color }).to_string());
        events.push(Event::environment_updated(resource()).documents(looks(before), looks(after)));
    }
    if before.protected != after.protected {
        let protected = |row: &environment::Model| Some(row.protected.to_string());
        events.push(Event::environment_protected(resource()).documents(protected(before), protected(after)));
    }
    events.into_iter().map(|event| event.in_environment(before.id)).collect()
}

/// A project's environments were put into another order.
pub(crate) fn reordered(project: Resource, before: &[&str], after: &[&str]) -> Event {
    let order = |keys: &[&str]| Some(json!({ "order": keys }).to_string());
    Event::environments_reordered(project).documents(order(before), order(after))
}
