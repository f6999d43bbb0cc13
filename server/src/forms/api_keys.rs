//! A project's API keys.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::api_keys::{
    ApiKeyChanges, ApiKeyView, CreateApiKey, KeyKind, RevokeApiKey, RotateApiKey, UpdateApiKey,
};
use domain::{ApiKeyId, EnvironmentKey, Error, InvalidKey, Millis, Network};
use service::Actor;

use super::project::{named, page};
use super::{Answer, Forms, Sent};

// What the pages know the forms by.
const CREATE: &str = "keys/new";
const UPDATE: &str = "keys/update";
const ROTATE: &str = "keys/rotate";
const REVOKE: &str = "keys/revoke";

/// How much longer than its beginning a day lasts, to the last millisecond.
const REST_OF_A_DAY_MS: i64 = 24 * 60 * 60 * 1000 - 1;

pub(crate) async fn create(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path((organization, project)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    let of = named(&organization, &project);
    let environment = environment(&sent);
    let made = async {
        let command = CreateApiKey {
            project: of.clone()?,
            environment: environment.clone()?,
            name: sent.text("name").unwrap_or_default().to_owned(),
            kind: kind(&sent)?,
            expires_at: last_day(&sent)?,
            allowed_networks: networks(&sent)?,
            rate_limit: sent.number("rate_limit")?,
        };
        forms.services.api_keys().create(&actor, command).await.map_err(service::Error::expose)
    };
    match made.await {
        Ok(made) => {
            let notice = format!("The key “{}” is made for {}.", made.key.name, made.key.environment);
            let to = format!("{}?env={}", page(&of, "keys"), made.key.environment);
            Answer::done(to, CREATE, &notice).with_secret(made.raw)
        }
        Err(error) => {
            let query = environment.map(|key| format!("?env={key}")).unwrap_or_default();
            Answer::refused(format!("{}{query}", page(&of, "keys/new")), CREATE, sent, error)
        }
    }
    .respond(&forms)
}

pub(crate) async fn update(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path((organization, project, id)): Path<(String, String, String)>,
    sent: Sent,
) -> Response {
    let of = named(&organization, &project);
    let updated = async {
        let (project, api_key) = (of.clone()?, key(&id)?);
        let found = forms.services.api_keys().find(&actor, &project, api_key).await;
        let changes = changes(&sent, &found.map_err(service::Error::expose)?)?;
        let command = UpdateApiKey { project, api_key, changes };
        forms.services.api_keys().update(&actor, command).await.map_err(service::Error::expose)
    };
    let to = one(&of, &id);
    match updated.await {
        Ok(_) => Answer::done(to, UPDATE, "The key is changed."),
        Err(error) => Answer::refused(to, UPDATE, sent, error),
    }
    .respond(&forms)
}

pub(crate) async fn rotate(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path((organization, project, id)): Path<(String, String, String)>,
    sent: Sent,
) -> Response {
    let of = named(&organization, &project);
    let rotated = async {
        let overlap_s = sent.number("overlap_s")?.ok_or_else(|| Error::invalid("overlap_s", "is needed"))?;
        let command = RotateApiKey { project: of.clone()?, api_key: key(&id)?, overlap_s };
        let made = forms.services.api_keys().rotate(&actor, command).await;
        made.map(|made| (made, overlap_s)).map_err(service::Error::expose)
    };
    match rotated.await {
        Ok((made, overlap_s)) => {
            let old = if overlap_s == 0 { "has ended" } else { "works on for a while" };
            let notice = format!("The key “{}” is rotated: the old one {old}.", made.key.name);
            let to = format!("{}?env={}", page(&of, "keys"), made.key.environment);
            Answer::done(to, ROTATE, &notice).with_secret(made.raw)
        }
        Err(error) => Answer::refused(one(&of, &id), ROTATE, sent, error),
    }
    .respond(&forms)
}

/// Revokes a key whose name or prefix somebody has typed.
pub(crate) async fn revoke(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path((organization, project, id)): Path<(String, String, String)>,
    sent: Sent,
) -> Response {
    let of = named(&organization, &project);
    let revoked = async {
        let (project, api_key) = (of.clone()?, key(&id)?);
        let found = forms.services.api_keys().find(&actor, &project, api_key).await;
        let found = found.map_err(service::Error::expose)?;
        let typed = sent.text("confirm").unwrap_or_default();
        // The prefix as pages show it has dots behind it.
        if typed != found.name.trim() && typed.trim_end_matches('…') != found.prefix {
            let message = format!("type “{}” or “{}”", found.name, found.prefix);
            return Err(Error::invalid("confirm", message));
        }
        let command = RevokeApiKey { project, api_key };
        forms.services.api_keys().revoke(&actor, command).await.map_err(service::Error::expose)
    };
    let to = one(&of, &id);
    match revoked.await {
        Ok(_) => Answer::done(to, REVOKE, "The key is revoked: whoever asks with it is refused."),
        Err(error) => Answer::refused(to, REVOKE, sent, error),
    }
    .respond(&forms)
}

/// The page of a key. What cannot be an id is not put into an address.
fn one(of: &Result<domain::orgs::ProjectRef, Error>, id: &str) -> String {
    match key(id) {
        Ok(id) => page(of, &format!("keys/{id}")),
        Err(_) => page(of, "keys"),
    }
}

fn key(id: &str) -> Result<ApiKeyId, Error> {
    id.parse().map(ApiKeyId).map_err(|_| Error::not_found("API key"))
}

fn environment(sent: &Sent) -> Result<EnvironmentKey, Error> {
    let key = sent.text("environment").unwrap_or_default();
    key.parse().map_err(|error: InvalidKey| Error::invalid("environment", error.to_string()))
}

fn kind(sent: &Sent) -> Result<KeyKind, Error> {
    let kind = sent.text("kind").and_then(KeyKind::from_name);
    kind.ok_or_else(|| Error::invalid("kind", "is “server” or “browser”"))
}

/// The end of the day that is typed.
fn last_day(sent: &Sent) -> Result<Option<Millis>, Error> {
    let day = |text| {
        Millis::of_date(text).ok_or_else(|| Error::invalid("expires_at", "is no day, as in 2026-01-31"))
    };
    let day = sent.text("expires_at").map(day).transpose()?;
    Ok(day.map(|day| day.plus(REST_OF_A_DAY_MS)))
}

fn networks(sent: &Sent) -> Result<Option<Vec<Network>>, Error> {
    let Some(text) = sent.text("allowed_networks") else { return Ok(None) };
    let parts = text.split([',', ' ', '\n']).map(str::trim).filter(|part| !part.is_empty());
    let networks = parts.map(|part| part.parse::<Network>().map_err(|error| error.to_string()));
    networks.collect::<Result<_, _>>().map(Some).map_err(|error| Error::invalid("allowed_networks", error))
}

/// What changes of a key. A day that stays as it was leaves the time that the key ends at, which may be any of that day.
fn changes(sent: &Sent, key: &ApiKeyView) -> Result<ApiKeyChanges, Error> {
    let end = last_day(sent)?;
    let stays = end.map(Millis::day) == key.expires_at.map(Millis::day);
    Ok(ApiKeyChanges {
        name: Some(sent.text("name").unwrap_or_default().to_owned()),
        expires_at: (!stays).then_some(end),
        allowed_networks: Some(networks(sent)?),
        rate_limit: Some(sent.number("rate_limit")?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(name: &str, text: &str) -> Sent {
        Sent::of([(name.to_owned(), text.to_owned())])
    }

    #[test]
    fn a_key_works_through_its_last_day() {
        let end = last_day(&sent("expires_at", "1970-01-02")).unwrap().unwrap();
        assert_eq!(end, Millis(2 * 86_400_000 - 1));
        assert_eq!(last_day(&sent("expires_at", " ")).unwrap(), None);
        assert!(last_day(&sent("expires_at", "tomorrow")).is_err());
    }

    #[test]
    fn networks_have_commas_or_spaces_between_them() {
        let all = networks(&sent("allowed_networks", "10.0.0.0/8,  192.0.2.7 2001:db8::/32,")).unwrap();
        let texts: Vec<_> = all.unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["10.0.0.0/8", "192.0.2.7", "2001:db8::/32"]);
        assert_eq!(networks(&sent("allowed_networks", "")).unwrap(), None);
        assert!(networks(&sent("allowed_networks", "10.0.0.0/8, everywhere")).is_err());
    }
}
