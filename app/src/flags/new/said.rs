//! What is wrong with the form, and the fields that say it.

use domain::{Error, FieldError};
use leptos::prelude::*;

use crate::error::UiError;
use crate::flash::{Flash, sentence};
use crate::told::{faults, plain};

/// What is wrong: what the page sees itself, and the server's word.
#[derive(Clone, Copy)]
pub(super) struct Said {
    /// While it is typed.
    typed: RwSignal<Vec<FieldError>>,
    /// Once it was sent.
    refused: RwSignal<Option<UiError>>,
}

impl Said {
    pub(super) fn new(error: Option<Error>) -> Self {
        Self { typed: RwSignal::default(), refused: RwSignal::new(error.map(UiError::Rejected)) }
    }

    /// Takes over what the page sees, now that somebody has changed a field: what was said of that one is old.
    pub(super) fn look(self, faults: Vec<FieldError>, changed: Option<&str>) {
        self.typed.set(faults);
        let is_of_it = |detail: &FieldError| {
            let path = detail.path.as_str();
            changed == Some(path)
                || path == "variations" && changed.is_some_and(|name| name.starts_with("variation"))
        };
        if self.details(|details| details.iter().any(is_of_it)) {
            self.refused.update(|refused| {
                if let Some(UiError::Rejected(Error::Invalid { details })) = refused {
                    details.retain(|detail| !is_of_it(detail));
                }
            });
        }
    }

    pub(super) fn refuse(self, error: UiError) {
        self.refused.set(Some(error));
    }

    pub(super) fn clear(self) {
        self.refused.set(None);
    }

    /// What is wrong with a field.
    pub(super) fn wrong(self, name: &str) -> Option<String> {
        let of = |details: &[FieldError]| {
            details.iter().find(|detail| detail.path == name).map(|detail| plain(&detail.message))
        };
        of(&self.typed.read()).or_else(|| self.details(of))
    }

    /// What is wrong with the form as a whole, or with what has no field.
    pub(super) fn elsewhere(self) -> Option<String> {
        match self.refused.read().as_ref()? {
            UiError::Rejected(Error::Invalid { details }) => {
                let others = details.iter().filter(|detail| !is_shown(&detail.path));
                Some(faults(others)).filter(|text| !text.is_empty())
            }
            error => Some(sentence(&error.to_string())),
        }
    }

    fn details<T: Default>(self, read: impl FnOnce(&[FieldError]) -> T) -> T {
        match &*self.refused.read() {
            Some(UiError::Rejected(Error::Invalid { details })) => read(details),
            _ => T::default(),
        }
    }
}

/// Whether there is a field, or a place, that says what is wrong.
fn is_shown(path: &str) -> bool {
    super::super::filled::NAMES.contains(&path) || path.starts_with("variation")
}

/// A field with its label, and below it what to know about it or what is wrong with it.
#[component]
pub(super) fn Entry(
    said: Said,
    flash: Flash,
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    #[prop(default = "text")] kind: &'static str,
    /// What stands in it unless something else was typed.
    #[prop(default = "")]
    value: &'static str,
    #[prop(default = "")] placeholder: &'static str,
    #[prop(default = "input mt-1")] class: &'static str,
    /// Whether it is where one begins, in a dialog.
    #[prop(default = false)]
    is_first: bool,
) -> impl IntoView {
    let id = format!("new-flag-{name}");
    let hint_id = format!("{id}-hint");
    let typed = flash.typed(name);
    let value = if typed.is_empty() { value.to_owned() } else { typed };
    view! {
        <div class="min-w-0">
            <label class="block text-sm font-medium" for=id.clone()>{label}</label>
            <input
                id=id
                class=class
                name=name
                type=kind
                value=value
                placeholder=placeholder
                autocomplete="off"
                autofocus=is_first
                aria-invalid=move || said.wrong(name).is_some().then_some("true")
                aria-describedby=hint_id.clone()
            />
            <Hint said name hint id=hint_id />
        </div>
    }
    .into_any()
}

/// What is wrong with a field, or what to know about it.
#[component]
pub(super) fn Hint(
    said: Said,
    #[prop(into)] name: Signal<String>,
    #[prop(into)] hint: Signal<String>,
    id: String,
) -> impl IntoView {
    let wrong = Memo::new(move |_| said.wrong(&name.read()));
    let class = move || if wrong.read().is_some() { "text-danger" } else { "text-muted" };
    view! {
        <p id=id aria-live="polite" class=move || format!("mt-1 text-sm empty:hidden [overflow-wrap:anywhere] {}", class())>
            {move || wrong.get().unwrap_or_else(|| hint.get())}
        </p>
    }
    .into_any()
}
