//! What a flag does in an environment, as JSON.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::request::Parts;
use axum::response::Response;
use domain::Error;
use domain::flags::{FlagAt, ReplaceConfiguration};
use service::Actor;

use super::super::{Answer, Forms, Sent, project};

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
            environment: project::environment(&environment)?,
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
    let seen = sent.number("over")?.or(sent.number("version")?);
    let version = seen.or(command.version);
    let comment = sent.comment().or(command.comment);
    Ok(ReplaceConfiguration { version, comment, ..command })
}
