//! What pages and server functions need of the request. On the server only.

use axum::http::header::{ACCEPT, CONTENT_SECURITY_POLICY, COOKIE, HOST, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use service::{Actor, Services};

use crate::entrance::Entrance;
use crate::error::UiError;
use crate::flash::Flash;
use crate::ui::sidebar;
use crate::ui::theme::Theme;

/// The application and whoever asks.
pub(crate) fn request() -> Result<(Services, Actor), UiError> {
    let services = use_context::<Services>().ok_or_else(|| UiError::Transport("no services".to_owned()))?;
    let actor = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Actor>().cloned());
    Ok((services, actor.unwrap_or(Actor::anonymous())))
}

/// What a refused request sees, with the status that says it. Whoever is not signed in is sent to do that.
pub(crate) fn reject(error: service::Error) -> UiError {
    let error = error.expose();
    match error {
        domain::Error::Unauthenticated => {
            leptos_axum::redirect("/sign-in");
            match use_context::<Parts>() {
                Some(parts) if parts.method == Method::GET => set_status(302),
                _ if is_form() => {}
                _ => set_status(401),
            }
        }
        // A form that was sent without script is sent back to its page; a status here would break that.
        _ if is_form() => {}
        _ => set_status(error.status()),
    }
    UiError::Rejected(error)
}

/// Whether the request is a form that was sent without script.
fn is_form() -> bool {
    use_context::<Parts>().is_some_and(|parts| {
        let accepts = parts.headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
        parts.method == Method::POST && accepts.is_some_and(|accept| accept.contains("text/html"))
    })
}

/// Sets the answer's status, where there is an answer: routes are listed without one.
pub(crate) fn set_status(status: u16) {
    if let (Some(response), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(status)) {
        response.set_status(status);
    }
}

/// Allows the page its own scripts, styles, images and fonts, and nothing else. As a header, because a `meta` tag cannot
/// forbid framing.
pub(crate) fn protect(options: &LeptosOptions) {
    let (Some(nonce), Some(response)) = (leptos::nonce::use_nonce(), use_context::<ResponseOptions>()) else {
        return;
    };
    // `cargo leptos watch` tells the page of changes on a port of its own.
    let reload = match std::env::var_os("LEPTOS_WATCH") {
        Some(_) => format!(" ws://{}:{}", options.site_addr.ip(), options.reload_port),
        None => String::new(),
    };
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
         font-src 'self'; connect-src 'self'{reload}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
}

/// The ways in that the instance has, and who came in already.
pub(crate) fn entrance() -> Entrance {
    let known: Entrance = use_context().unwrap_or_default();
    let signed_in = request().ok().and_then(|(_, actor)| actor.person().map(|person| person.email.clone()));
    Entrance { signed_in, ..known }
}

/// The cookie that carries a [`Flash`] from a form's answer to the page that it leads to.
pub const FLASH: &str = "togglebit-flash";

/// What the form before this page has to say. Its cookie is taken away, so that it is said once.
pub(crate) fn take_flash() -> Flash {
    // What is too long for a cookie comes with the page that is the form's answer itself.
    if let Some(flash) = use_context::<Flash>() {
        return flash;
    }
    let found = cookie(FLASH);
    let Some(found) = found else { return Flash::default() };
    if let (Some(response), Ok(removal)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::try_from(format!("{FLASH}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")),
    ) {
        response.append_header(SET_COOKIE, removal);
    }
    let json = percent_encoding::percent_decode_str(&found).decode_utf8_lossy();
    serde_json::from_str(&json).unwrap_or_default()
}

/// Where applications reach the instance: where its operator says. Unless that is an address of its own machine, as it is where
/// nothing was said; then where the person reached it.
pub(crate) fn address_of(public_url: &str) -> String {
    let (scheme, host) = public_url.split_once("://").unwrap_or(("http", public_url));
    let is_local = ["0.0.0.0", "[::]", "127.0.0.1", "[::1]", "localhost"]
        .iter()
        .any(|own| host.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with(':')));
    let reached = use_context::<Parts>().and_then(|parts| {
        let header = parts.headers.get(HOST).and_then(|host| host.to_str().ok().map(str::to_owned));
        header.or_else(|| parts.uri.authority().map(ToString::to_string))
    });
    let is_plain = |host: &String| {
        !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".:-[]".contains(&byte))
    };
    match reached.filter(is_plain) {
        Some(reached) if is_local => format!("{scheme}://{reached}"),
        _ => public_url.to_owned(),
    }
}

/// The theme that the person chose.
pub(crate) fn theme() -> Theme {
    cookie("theme").as_deref().and_then(Theme::from_name).unwrap_or_default()
}

/// Whether the person wants the sidebar narrow: the value of the document's attribute.
pub(crate) fn sidebar() -> Option<&'static str> {
    cookie(sidebar::COOKIE).is_some_and(|chosen| chosen == sidebar::NARROW).then_some(sidebar::NARROW)
}

/// The value of a cookie.
fn cookie(name: &str) -> Option<String> {
    let parts = use_context::<Parts>()?;
    let cookies = parts.headers.get(COOKIE)?.to_str().ok()?;
    let mut cookies = cookies.split(';').filter_map(|cookie| cookie.trim().split_once('='));
    cookies.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
}
