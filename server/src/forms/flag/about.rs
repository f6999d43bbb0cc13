//! What a flag is in all environments.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use domain::flags::{FlagChanges, UpdateFlag};
use domain::ruleset::{ValueType, Variation};
use domain::{Error, Millis, UserId};
use serde_json::Value;
use service::Actor;

use super::{Flag, Named};
use crate::forms::{Answer, Forms, Sent};

// What the pages know the forms by.
const UPDATE: &str = "flag/update";
const VARIATIONS: &str = "flag/variations";

/// The most variations that a form has fields for: more than a flag can have, so that too many are told of.
const ROWS: usize = 60;

/// Changes the words about a flag, and its lifetime.
pub(crate) async fn update(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    named: Named,
    sent: Sent,
) -> Response {
    let flag = Flag::of(named);
    let updated = async {
        // One in each line: a tag may have commas.
        let tags = sent.text("tags").unwrap_or_default().lines().map(str::trim);
        let temporary = sent.text("temporary").is_some();
        let expires_at = sent.text("expires_at").filter(|_| temporary).map(|text| {
            Millis::of_date(text)
                .ok_or_else(|| Error::invalid("expires_at", "is no date, such as 2026-01-31"))
        });
        let changes = FlagChanges {
            name: Some(sent.text("name").unwrap_or_default().to_owned()),
            // Browsers send lines with two characters between them.
            description: Some(sent.text("description").unwrap_or_default().replace("\r\n", "\n")),
            tags: Some(tags.filter(|tag| !tag.is_empty()).map(str::to_owned).collect()),
            owner: Some(sent.text("owner").map(person).transpose()?),
            temporary: Some(temporary),
            expires_at: Some(expires_at.transpose()?),
            version: sent.number("version")?,
            comment: sent.comment(),
            ..FlagChanges::default()
        };
        change(&forms, &actor, &flag, changes).await
    };
    match updated.await {
        Ok(()) => Answer::done(flag.page("/settings#about"), UPDATE, "The flag is changed."),
        Err(error) => Answer::refused(flag.page("/settings#about"), UPDATE, sent, error),
    }
    .respond(&forms)
}

/// Changes what applications see: the values, and whether browsers do.
pub(crate) async fn change_values(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    named: Named,
    sent: Sent,
) -> Response {
    let flag = Flag::of(named);
    let changed = async {
        let changes = FlagChanges {
            variations: Some(variations(&sent)?),
            client_side: Some(sent.text("client_side").is_some()),
            version: sent.number("version")?,
            comment: sent.comment(),
            ..FlagChanges::default()
        };
        change(&forms, &actor, &flag, changes).await
    };
    let to = flag.page("/settings#values");
    let notice = match sent.text("value_type").and_then(ValueType::from_name) {
        Some(ValueType::Boolean) => "Who may see it is changed in every environment.",
        _ => "The values are changed in every environment.",
    };
    match changed.await {
        Ok(()) => Answer::done(to, VARIATIONS, notice),
        Err(error) => Answer::refused(to, VARIATIONS, sent, error),
    }
    .respond(&forms)
}

async fn change(forms: &Forms, actor: &Actor, flag: &Flag, changes: FlagChanges) -> Result<(), Error> {
    let (project, key) = flag.both()?;
    let command = UpdateFlag { project, key, changes };
    forms.services.flags().update(actor, command).await.map(drop).map_err(service::Error::expose)
}

fn person(id: &str) -> Result<UserId, Error> {
    serde_json::from_value(id.into()).map_err(|_| Error::invalid("owner", "is no member"))
}

/// The values in their rows. A row without a key is none.
fn variations(sent: &Sent) -> Result<Vec<Variation>, Error> {
    let value_type = sent.text("value_type").and_then(ValueType::from_name);
    let value_type = value_type.ok_or_else(|| Error::invalid("value_type", "is no type"))?;
    let mut found = Vec::new();
    for place in 0..ROWS {
        let Some(key) = sent.text(&format!("variation_key_{place}")) else { continue };
        let name = format!("variation_value_{place}");
        let text = sent.text(&name).unwrap_or_default();
        let value = match value_type {
            ValueType::String => Value::String(text.to_owned()),
            _ => serde_json::from_str(text)
                .map_err(|error| Error::invalid(name, format!("the value of “{key}” is no JSON: {error}")))?,
        };
        found.push(Variation { key: key.to_owned(), value });
    }
    Ok(found)
}
