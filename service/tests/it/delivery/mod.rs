//! How values reach applications.

mod keys;
mod snapshots;
mod usage;
mod warm;

use domain::environments::EnvironmentView;
use serde_json::{Value, json};
use testkit::{Kit, Workspace};

use crate::{environment, org_id};

/// Stores a document as the environment's next revision, behind the application's back; none removes the flag.
async fn publish(
    kit: &Kit,
    workspace: &Workspace,
    environment_key: &str,
    flag: &str,
    document: Option<&str>,
) {
    let EnvironmentView { id, revision, .. } = environment(kit, workspace, environment_key).await;
    let (org, id) = (kit.database.id(org_id(kit, workspace).await), kit.database.id(id));
    let next = revision + 1;
    let document = document.map_or("NULL".to_owned(), |text| format!("'{}'", text.replace('\'', "''")));
    for sql in [
        format!("UPDATE environment SET revision = {next} WHERE id = {id}"),
        format!(
            "INSERT INTO environment_revision (org_id, environment_id, revision, at, audit_seq)
                VALUES ({org}, {id}, {next}, 0, 1)"
        ),
        format!(
            "INSERT INTO environment_document (org_id, environment_id, kind, key, revision, format, semantics, document)
                VALUES ({org}, {id}, 'flag', '{flag}', {next}, 1, 1, {document})"
        ),
    ] {
        kit.database.execute(&sql).await;
    }
}

/// A document that serves its first variation, which has the value 1.
fn document(flag: &str, variations: &[&str]) -> Value {
    let of = |(place, key): (usize, &&str)| json!({"key": key, "value": place + 1});
    let values: Vec<_> = variations.iter().enumerate().map(of).collect();
    json!({
        "format": 1, "semantics": 1, "key": flag, "version": 7, "kind": "advanced", "value_type": "number",
        "variations": values, "enabled": true, "off_variation": variations.last(),
        "fallthrough": {"variation": variations[0]}
    })
}
