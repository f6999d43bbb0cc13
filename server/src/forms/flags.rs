//! A new flag, and what one does in an environment as JSON.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use domain::flags::{AnyRule, FlagAt, NewFlag, Percentage, ReplaceConfiguration};
use domain::ruleset::{Kind, Operator, Test, ValueType, Variation};
use domain::{Error, Millis};
use serde_json::Value;
use service::Actor;

use super::{Answer, Forms, Sent, project};

/// The form, as the page knows it.
const FORM: &str = "new-flag";

/// So many variations have fields.
const VARIATIONS: usize = 6;

/// Creates a flag, and goes to its page.
pub(crate) async fn create(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path((organization, name)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    let of = project::named(&organization, &name);
    let created = async {
        let command = read(&sent)?.complete(of.clone()?)?;
        forms.services.flags().create(&actor, command).await.map_err(service::Error::expose)
    };
    match created.await {
        Ok(flag) => Redirect::to(&project::page(&of, &format!("flags/{}", flag.key))).into_response(),
        Err(error) => Answer::refused(project::page(&of, "flags/new"), FORM, sent, error).respond(&forms),
    }
}

/// Replaces what a flag does in an environment. On refusal what was typed comes back, however long it is.
pub(crate) async fn configure(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path((organization, name, key)): Path<(String, String, String)>,
    asked: Parts,
    sent: Sent,
) -> Response {
    let of = project::named(&organization, &name);
    let environment = sent.text("environment").unwrap_or_default().to_owned();
    let saved = async {
        let at = FlagAt {
            project: of.clone()?,
            key: key.parse().map_err(|_| Error::not_found("flag"))?,
            environment: environment.parse().map_err(|_| Error::not_found("environment"))?,
        };
        let page = project::page(&of, &format!("flags/{}#json-{}", at.key, at.environment));
        let saved = match replacement(&sent) {
            Ok(command) => forms.services.flags().replace(&actor, at, command).await,
            Err(error) => Err(error.into()),
        };
        Ok::<_, Error>((page, saved.map_err(service::Error::expose)))
    };
    let form = format!("flag/configure/{key}/{environment}");
    match saved.await {
        Ok((page, Ok(view))) => {
            let notice = format!("Saved. It is version {} now.", view.version);
            Answer::done(page, &form, &notice).respond(&forms)
        }
        Ok((page, Err(error))) => {
            Answer::refused(page, &form, sent, error).respond_in_place(&forms, asked).await
        }
        Err(error) => Answer::refused(project::page(&of, "flags"), &form, sent, error).respond(&forms),
    }
}

/// What the JSON says; the version and the reason are fields beside it.
fn replacement(sent: &Sent) -> domain::Result<ReplaceConfiguration> {
    let json = sent.text("configuration").unwrap_or_default();
    let command: ReplaceConfiguration = domain::parse(json.as_bytes())?;
    // Whoever has looked at what is there may write over it, and over nothing that is there after that.
    let seen = sent.text("over").or(sent.text("version"));
    let seen = seen.map(|text| text.parse().map_err(|_| Error::invalid("version", "is no version")));
    let version = seen.transpose()?.or(command.version);
    let comment = sent.text("comment").map(str::to_owned).or(command.comment);
    Ok(ReplaceConfiguration { version, comment, ..command })
}

/// The flag that the fields describe. Only those of its type count: the others are filled in and not seen.
fn read(sent: &Sent) -> domain::Result<NewFlag> {
    let kind = match sent.text("kind") {
        None => Kind::Boolean,
        Some(name) => Kind::from_name(name).ok_or_else(|| Error::invalid("kind", "is no type"))?,
    };
    let value_type = match sent.text("value_type").filter(|_| kind == Kind::Advanced) {
        None => ValueType::Boolean,
        Some(name) => ValueType::from_name(name).ok_or_else(|| Error::invalid("value_type", "is no type"))?,
    };
    let has_share = matches!(kind, Kind::Percentage | Kind::Combined);
    let has_rule = matches!(kind, Kind::Segment | Kind::Combined);
    let key = sent.text("key").map(|key| key.parse().map_err(|_| Error::invalid("key", KEY))).transpose()?;
    let tags = sent.text("tags").unwrap_or_default().split(',').map(str::trim);
    let expires_at = sent.text("expires_at").map(|text| {
        Millis::of_date(text).ok_or_else(|| Error::invalid("expires_at", "is no date, such as 2026-01-31"))
    });
    let temporary = sent.text("temporary").is_some();
    Ok(NewFlag {
        name: sent.text("name").unwrap_or_default().to_owned(),
        key,
        description: sent.text("description").unwrap_or_default().to_owned(),
        kind: Some(kind),
        value_type: Some(value_type),
        variations: (value_type != ValueType::Boolean).then(|| variations(sent, value_type)).transpose()?,
        client_side: sent.text("client_side").is_some(),
        tags: tags.filter(|tag| !tag.is_empty()).map(str::to_owned).collect(),
        owner: None,
        temporary,
        expires_at: expires_at.filter(|_| temporary).transpose()?,
        configuration: None,
        rollout_pct: has_share.then(|| share(sent)).transpose()?,
        rules: has_rule.then(|| rule(sent)).transpose()?.flatten(),
    })
}

const KEY: &str =
    "up to 200 letters, digits, dots, hyphens, underscores and @, beginning with a letter or a digit";

fn share(sent: &Sent) -> domain::Result<Percentage> {
    let text = sent.text("rollout_pct").unwrap_or_default();
    let number = text.parse::<serde_json::Number>().ok().map(Value::Number);
    let share = number.and_then(|number| serde_json::from_value(number).ok());
    share.ok_or_else(|| Error::invalid("rollout_pct", "a number from 0 to 100, with three decimals at most"))
}

/// The test that whoever is served has to pass; none where no attribute is named: it can be said later.
fn rule(sent: &Sent) -> domain::Result<Option<Vec<AnyRule>>> {
    let Some(attribute) = sent.text("attribute") else { return Ok(None) };
    let op = sent.text("op").and_then(Operator::from_name);
    let op = op.ok_or_else(|| Error::invalid("op", "is no operator"))?;
    let values = sent.text("values").unwrap_or_default().split(',').map(str::trim);
    let values = values.filter(|value| !value.is_empty()).map(|value| Value::String(value.to_owned()));
    let test = Test { attribute: Some(attribute.to_owned()), op, values: values.collect() };
    Ok(Some(vec![AnyRule::Test(test)]))
}

fn variations(sent: &Sent, value_type: ValueType) -> domain::Result<Vec<Variation>> {
    let mut found = Vec::new();
    for place in 0..VARIATIONS {
        let Some(key) = sent.text(&format!("variation_key_{place}")) else { continue };
        let name = format!("variation_value_{place}");
        let text = sent.text(&name).unwrap_or_default();
        let value = match value_type {
            ValueType::String => Value::String(text.to_owned()),
            _ => serde_json::from_str(text)
                .map_err(|error| Error::invalid(name, format!("is no JSON: {error}")))?,
        };
        found.push(Variation { key: key.to_owned(), value });
    }
    Ok(found)
}
