//! What a form sent, and how it is answered.

use std::collections::BTreeMap;
use std::str::FromStr;

use app::flash::Flash;
use app::server::FLASH;
use axum::extract::{FromRequest, Request};
use axum::http::header::SET_COOKIE;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::Error;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use validator::Validate;

use super::Forms;

/// The largest form in bytes.
const LIMIT: usize = 64 * 1024;

/// The most bytes of a cookie's value. What does not fit is left out.
const COOKIE_LIMIT: usize = 3_500;

/// The most bytes of a page's address to go on to.
const NEXT_LIMIT: usize = 1_000;

/// Fields that are never sent back.
const SECRET: [&str; 5] = ["password", "current", "new", "token", "invitation"];

/// The fields of a form.
pub(crate) struct Sent(Vec<(String, String)>);

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = StatusCode;

    async fn from_request(request: Request, _: &S) -> Result<Self, StatusCode> {
        Self::up_to(request, LIMIT).await
    }
}

impl Sent {
    /// The fields of a form that may have so many bytes.
    pub(crate) async fn up_to(request: Request, limit: usize) -> Result<Self, StatusCode> {
        let bytes = axum::body::to_bytes(request.into_body(), limit).await;
        let bytes = bytes.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
        Ok(Self(form_urlencoded::parse(&bytes).into_owned().collect()))
    }

    /// As if these fields had been sent.
    pub(crate) fn of(fields: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(fields.into_iter().collect())
    }

    /// All fields.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Takes a field out; none where it is empty.
    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        let place = self.0.iter().position(|(field, _)| field == name)?;
        let (_, value) = self.0.swap_remove(place);
        Some(value).filter(|value| !value.is_empty())
    }

    /// What a field says, without the spaces around it; none where that is nothing. It stays, to be shown again.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(field, _)| field == name)?;
        Some(value.trim()).filter(|value| !value.is_empty())
    }

    /// The number that a field says; none where it says nothing.
    pub(crate) fn number<T: FromStr>(&self, name: &str) -> domain::Result<Option<T>> {
        self.text(name).map(|text| domain::number(name, text)).transpose()
    }

    /// Why it is done, for the audit log.
    pub(crate) fn comment(&self) -> Option<String> {
        self.text("comment").map(str::to_owned)
    }

    /// What each field of this name says, as boxes that are ticked do.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.trim())
    }

    /// The command that the fields are, by its own rules. Spaces around what was typed are nobody's intention, but for
    /// passwords.
    pub(crate) fn command<T: DeserializeOwned + Validate>(&self) -> domain::Result<T> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        for (name, value) in &self.0 {
            let value = if SECRET.contains(&name.as_str()) { value } else { value.trim() };
            form.append_pair(name, value);
        }
        let form = form.finish();
        let command: T =
            domain::read(serde_urlencoded::Deserializer::new(form_urlencoded::parse(form.as_bytes())))?;
        domain::validate(&command)?;
        Ok(command)
    }

    /// What was typed, to be shown again.
    fn shown(self) -> BTreeMap<String, String> {
        self.0.into_iter().filter(|(name, _)| !SECRET.contains(&name.as_str())).collect()
    }
}

/// How a form is answered: with the page that it leads to, which says once what happened.
pub(crate) struct Answer {
    to: String,
    flash: Flash,
}

impl Answer {
    /// It was done.
    pub(crate) fn done(to: impl Into<String>, form: &str, notice: &str) -> Self {
        let flash = Flash { form: form.to_owned(), notice: Some(notice.to_owned()), ..Flash::default() };
        Self { to: to.into(), flash }
    }

    /// It was looked at, and is still to be done with what was typed.
    pub(crate) fn looked(to: impl Into<String>, form: &str, notice: &str, sent: Sent) -> Self {
        let answer = Self::done(to, form, notice);
        Self { flash: Flash { fields: sent.shown(), ..answer.flash }, ..answer }
    }

    /// It was refused.
    pub(crate) fn refused(to: impl Into<String>, form: &str, sent: Sent, error: Error) -> Self {
        let flash =
            Flash { form: form.to_owned(), error: Some(error), fields: sent.shown(), ..Flash::default() };
        Self { to: to.into(), flash }
    }

    /// And the page shows this, once.
    pub(crate) fn with_secret(mut self, secret: Option<String>) -> Self {
        self.flash.secret = secret;
        self
    }

    /// The same, where what was typed may be too long for a cookie: then the answer is the page itself. The form has to be
    /// sent to the page's own address.
    pub(crate) async fn respond_in_place(self, forms: &Forms, asked: Parts) -> Response {
        let is_short = encode(&self.flash).len() <= COOKIE_LIMIT;
        match self.flash.error.as_ref().map_or(200, Error::status) {
            // Whoever is not signed in, and whoever may not know of it, is told so by the page.
            status @ (200 | 400 | 409) if !is_short => {
                let mut page = (forms.pages)(asked, self.flash).await;
                if let Ok(status) = StatusCode::from_u16(status) {
                    *page.status_mut() = status;
                }
                page
            }
            _ => self.respond(forms),
        }
    }

    pub(crate) fn respond(self, forms: &Forms) -> Response {
        let Self { to, mut flash } = self;
        // Whoever is not signed in is sent to do that, and nothing else.
        if let Some(Error::Unauthenticated) = flash.error {
            return Redirect::to("/sign-in").into_response();
        }
        let mut value = encode(&flash);
        if value.len() > COOKIE_LIMIT {
            flash.fields.clear();
            flash.error = flash.error.map(shortened);
            value = encode(&flash);
        }
        let secure = if forms.secure { "; Secure" } else { "" };
        let cookie = format!("{FLASH}={value}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax{secure}");
        let mut response = Redirect::to(&to).into_response();
        if let Ok(cookie) = HeaderValue::try_from(cookie) {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response
    }
}

fn encode(flash: &Flash) -> String {
    encoded(&serde_json::to_string(flash).unwrap_or_default())
}

/// A text as it stands in an address or a cookie.
pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// An error whose words do not fit into a cookie: the fields that are wrong are still named.
fn shortened(error: Error) -> Error {
    match error {
        Error::Invalid { mut details } => {
            details.truncate(5);
            for detail in &mut details {
                detail.path = detail.path.chars().take(50).collect();
                detail.message = detail.message.chars().take(100).collect();
            }
            Error::Invalid { details }
        }
        error => Error::conflict(error.to_string().chars().take(300).collect::<String>()),
    }
}

/// A page of ours to go to; none for an address elsewhere.
pub(crate) fn own_page(next: Option<String>) -> String {
    // Browsers pass over control characters, and take a backslash for a slash.
    let is_odd = |letter: char| letter == '\\' || letter.is_control();
    let is_own = |next: &String| {
        next.starts_with('/') && !next.starts_with("//") && !next.contains(is_odd) && next.len() <= NEXT_LIMIT
    };
    next.filter(is_own).unwrap_or_else(|| "/".to_owned())
}

#[cfg(test)]
mod tests {
    use super::own_page;

    #[test]
    fn only_our_own_pages_are_gone_to() {
        assert_eq!(own_page(Some("/invitation?token=a".into())), "/invitation?token=a");
        for elsewhere in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "",
            "evil",
            "/a\r\nb",
            "/\t/evil.example",
        ] {
            assert_eq!(own_page(Some(elsewhere.into())), "/", "{elsewhere}");
        }
        assert_eq!(own_page(None), "/");
    }
}
