//! What went wrong: the words and the look that all pages of errors share.

use leptos::prelude::*;

use crate::error::UiError;
use crate::flash::sentence;
use crate::told::plain;

/// What went wrong, as people are told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) status: u16,
    pub(crate) title: &'static str,
    /// What happened.
    happened: String,
    /// What to do about it.
    remedy: String,
    /// What the log has the cause under.
    id: Option<String>,
    /// Whether loading the page again may help.
    again: bool,
    /// What a project has more of, where one of them is missing.
    others: Option<Others>,
}

/// A page of a project with all of one kind, and the words of a link to it.
type Others = (&'static str, &'static str);

/// Another way on than to the flags: an address, and its words.
pub(crate) type WayOn = (String, &'static str);

/// What may be missing in a project: what it is called, what is said of it, and where the others are.
const KINDS: [(&str, &str, Option<Others>); 6] = [
    ("API key", "There is no such API key", Some(("keys", "See all API keys"))),
    ("environment", "There is no such environment", Some(("environments", "See all environments"))),
    ("flag", "There is no such flag", Some(("flags", "See all flags"))),
    ("segment", "There is no such segment", Some(("segments", "See all segments"))),
    ("template", "There is no such template", Some(("templates", "See all templates"))),
    ("version", "There is no such version", None),
];

impl Failure {
    /// An address that leads nowhere.
    pub(crate) fn missing() -> Self {
        let happened = "Nothing is at this address, or nothing that you may see.";
        Self::new(404, "There is no such page", happened)
            .remedy("The address may be mistyped, or what was here has been moved or deleted.")
    }

    /// Something that is not there; where it has a name, that is said.
    fn without(what: &str) -> Self {
        let missing = Self::missing();
        let Some((kind, title, others)) = KINDS.into_iter().find(|(kind, ..)| what.starts_with(*kind)) else {
            return missing;
        };
        let happened = match what == kind {
            true => missing.happened,
            false => format!("There is no {}, or none that you may see.", plain(what)),
        };
        Self { title, happened, others, ..missing }
    }

    /// The way to the others of what is missing, from the address of a page of a project.
    pub(super) fn way_on(&self, path: &str) -> Option<WayOn> {
        let (page, words) = self.others?;
        let parts: Vec<_> = path.splitn(5, '/').collect();
        let ["", "o", organization, project, _] = parts.as_slice() else { return None };
        Some((format!("/o/{organization}/{project}/{page}"), words))
    }

    /// A failure of which there is no more than its text, as error boundaries have it.
    pub(crate) fn of_text(text: &str) -> Self {
        // Errors reach the browser as texts: what kind they were is lost on the way.
        match text.strip_prefix(INTERNAL) {
            Some(id) => Self::internal(id.to_owned()),
            None => Self::new(500, "This part cannot be shown", sentence(text))
                .remedy("The rest of the page still holds. Try again in a moment.")
                .again(),
        }
    }

    /// The same as the answer to a request that cannot be repeated by looking at its address.
    #[cfg(feature = "ssr")]
    pub(crate) fn once(self) -> Self {
        Self { again: false, ..self }
    }

    /// The same with the request's id, where it has none of its own.
    #[cfg(feature = "ssr")]
    pub(crate) fn or_id(self, id: Option<String>) -> Self {
        Self { id: self.id.or(id), ..self }
    }

    fn internal(id: String) -> Self {
        let failure = Self::new(
            500,
            "Something failed on our side",
            "It is not your doing. A change is made whole or not at all, so nothing is half done.",
        );
        let failure =
            failure.remedy("Try again. If it fails again, tell whoever runs this instance the id below.");
        Self { id: Some(id), ..failure.again() }
    }

    fn new(status: u16, title: &'static str, happened: impl Into<String>) -> Self {
        let (happened, remedy) = (happened.into(), String::new());
        Self { status, title, happened, remedy, id: None, again: false, others: None }
    }

    pub(super) fn remedy(self, remedy: impl Into<String>) -> Self {
        Self { remedy: remedy.into(), ..self }
    }

    fn again(self) -> Self {
        Self { again: true, ..self }
    }
}

/// Why a request is refused that another site's page made a browser send.
pub const ANOTHER_SITE: &str = "the request comes from another site";

/// What the text of an internal error begins with.
const INTERNAL: &str = "internal error ";

impl From<&UiError> for Failure {
    fn from(error: &UiError) -> Self {
        match error {
            UiError::Rejected(error) => Self::from(error),
            UiError::Transport(text) => Self::new(500, "Togglebit cannot be reached", sentence(text))
                .remedy("Look at your connection and try again. Applications go on getting their flags.")
                .again(),
        }
    }
}

impl From<&domain::Error> for Failure {
    fn from(error: &domain::Error) -> Self {
        use domain::Error;
        let (status, text) = (error.status(), sentence(&UiError::Rejected(error.clone()).to_string()));
        match error {
            Error::NotFound { what } => Self::without(what),
            Error::Forbidden { reason } if reason == ANOTHER_SITE => {
                Self::new(status, "You may not do this", text)
                    .remedy("Nothing was changed. Open Togglebit itself, and do it there.")
            }
            Error::Forbidden { .. } => Self::new(status, "You may not do this", text)
                .remedy("Go back. If you need it, an admin of your organization can give you the right."),
            Error::Unauthenticated | Error::BadCredentials => {
                Self::new(status, "You are not signed in", text)
                    .remedy("Sign in, and come back to this page.")
            }
            Error::Conflict { .. } => Self::new(status, "Somebody was faster", text)
                .remedy("Load the page again to see what is there now.")
                .again(),
            Error::TooMany { .. } => Self::new(status, "That was too often", text)
                .remedy("Wait, then try again. Others are not held up by it.")
                .again(),
            Error::Unavailable { .. } => Self::new(status, "Togglebit is not whole right now", text)
                .remedy("Applications go on getting their flags. Try again in a moment.")
                .again(),
            Error::Internal { id } => Self::internal(id.clone()),
            Error::Invalid { .. } | Error::TooLarge { .. } => Self::new(status, "This did not work", text)
                .remedy(
                    "What was sent, or the address, is not what this page expects. Go back and change it.",
                ),
        }
    }
}

/// A failure that takes the place of a page.
#[component]
pub(crate) fn FailureNote(
    failure: Failure,
    /// Where one goes on.
    #[prop(default = None)]
    way_on: Option<WayOn>,
) -> impl IntoView {
    let Failure { status, title, happened, remedy, id, again, .. } = failure;
    let (href, words) = way_on.unwrap_or_else(|| ("/".to_owned(), "Go to your flags"));
    view! {
        <div class="mx-auto max-w-lg px-6 py-16 sm:py-24">
            <Broken />
            <p class="mt-6 font-mono text-sm text-muted">{status}</p>
            <h1 class="mt-1 text-2xl font-semibold tracking-tight">{title}</h1>
            <p class="mt-3 [overflow-wrap:anywhere]">{happened}</p>
            <p class="mt-1 text-muted">{remedy}</p>
            {id.map(|id| view! { <Id id /> })}
            <div class="mt-6 flex flex-wrap gap-2">
                {again.then(|| view! { <Again class="button button-primary" /> })}
                <a class="button" href=href rel="external">{words}</a>
            </div>
        </div>
    }
}

/// A failure that takes the place of a part of a page.
#[component]
pub(crate) fn FailedPart(
    failure: Failure,
    /// Where one goes on.
    #[prop(default = None)]
    way_on: Option<WayOn>,
) -> impl IntoView {
    let Failure { title, happened, remedy, id, again, .. } = failure;
    let way_on = way_on.map(|(href, words)| view! { <a class="button mt-3" href=href>{words}</a> });
    view! {
        <div role="alert" class="rounded-md border border-danger px-4 py-3">
            <h2 class="font-medium text-danger">{title}</h2>
            <p class="mt-1 [overflow-wrap:anywhere]">{happened}</p>
            <p class="mt-1 text-sm text-muted">{remedy}</p>
            {id.map(|id| view! { <Id id /> })}
            {again.then(|| view! { <Again class="button mt-3" /> })}
            {way_on}
        </div>
    }
}

/// The page itself, from the server: a link, so that it needs no script.
#[component]
fn Again(class: &'static str) -> impl IntoView {
    view! { <a class=class href="" rel="external">"Try again"</a> }
}

#[component]
fn Id(id: String) -> impl IntoView {
    view! {
        <p class="mt-4 text-sm text-muted">
            "For whoever runs this instance: "
            <code class="rounded bg-sunken px-1.5 py-0.5 font-mono text-ink select-all [overflow-wrap:anywhere]">{id}</code>
        </p>
    }
}

/// A switch that came off its track.
#[component]
fn Broken() -> impl IntoView {
    view! {
        <svg class="h-12 w-24" viewBox="0 0 96 48" aria-hidden="true">
            <rect class="fill-sunken stroke-edge" x="1" y="9" width="58" height="30" rx="15" stroke-dasharray="5 4"></rect>
            <circle class="fill-danger" cx="80" cy="32" r="11"></circle>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_internal_error_shows_its_id_as_text_too() {
        let error = domain::Error::Internal { id: "00ff".to_owned() };
        let failure = Failure::of_text(&UiError::Rejected(error.clone()).to_string());
        assert_eq!(failure, Failure::from(&error));
        assert_eq!(failure.id.as_deref(), Some("00ff"));
    }

    #[test]
    fn what_is_missing_is_named_and_leads_to_the_others() {
        let path = "/o/demo/default/environments/nowhere";
        let failure = Failure::from(&domain::Error::not_found("environment `nowhere`"));
        assert_eq!(failure.title, "There is no such environment");
        assert_eq!(failure.happened, "There is no environment “nowhere”, or none that you may see.");
        let way_on = ("/o/demo/default/environments".to_owned(), "See all environments");
        assert_eq!(failure.way_on(path), Some(way_on));
        assert_eq!(failure.way_on("/o/demo/settings"), None);
        assert_eq!(Failure::from(&domain::Error::not_found("version 3")).way_on(path), None);
        assert_eq!(Failure::from(&domain::Error::not_found("project")), Failure::missing());
    }

    #[test]
    fn every_status_is_the_error_s() {
        for error in [
            domain::Error::not_found("flag"),
            domain::Error::Forbidden { reason: "only owners may".to_owned() },
            domain::Error::Unauthenticated,
            domain::Error::TooMany { retry_after: 3 },
            domain::Error::Unavailable { reason: "no database".to_owned() },
            domain::Error::invalid("env", "is no key"),
        ] {
            assert_eq!(Failure::from(&error).status, error.status(), "{error:?}");
        }
        assert_eq!(Failure::from(&UiError::Transport("gone".to_owned())).happened, "Gone.");
    }
}
