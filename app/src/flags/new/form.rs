//! The form, which the page and the dialog share. Without script it is sent as it is; with script it is sent from here, and
//! says what is wrong while it is filled in.

use domain::EnvironmentKey;
use domain::flags::{StartedFlag, suggest_key};
use domain::place::PlaceView;
use domain::templates::TemplateView;
use leptos::ev::{Event, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos_router::hooks::use_navigate;
use leptos_router::params::ParamsMap;
use web_sys::{Element, FormData, HtmlFormElement, HtmlInputElement};

use super::kinds::{FirstRule, Kinds, Share};
use super::rollout::FirstRolloutFields;
use super::said::{Entry, Hint, Said};
use super::template::Templates;
use super::variations::{Rows, Values};
use crate::error::UiError;
use crate::flags::api::create_flag;
use crate::flags::filled::{Filled, NAMES, key_of, value_of};
use crate::flash::Flash;
use crate::place::address;
use crate::ui::by_id;
use crate::ui::toast::toasts;

/// What the address asks for.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    pub(super) environment: Option<EnvironmentKey>,
    pub(super) template: Option<String>,
}

impl Asked {
    pub(super) fn read(query: &ParamsMap) -> Self {
        let text = |name| query.get_str(name).map(str::trim).filter(|text| !text.is_empty());
        Self {
            environment: text("env").and_then(|key| key.parse().ok()),
            template: text("template").map(str::to_owned),
        }
    }
}

#[component]
pub(super) fn NewFlagForm(
    place: PlaceView,
    templates: Vec<TemplateView>,
    asked: Asked,
    flash: Flash,
    /// The way back.
    cancel: AnyView,
    #[prop(default = false)] in_dialog: bool,
) -> impl IntoView {
    let form = NodeRef::<html::Form>::new();
    let said = Said::new(flash.error.clone());
    let rows = Rows::new(&flash);
    let pending = RwSignal::new(false);
    let of = place.of();
    let action = address(&of, "flags/new", None);
    let look = move |event: Event| {
        let Some(filled) = form.get_untracked().and_then(|form| filled(&form, rows)) else { return };
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let changed = target.and_then(|target| target.get_attribute("name"));
        match changed.as_deref() {
            Some("kind") => {
                choose_values();
                leave_share();
            }
            Some("template") => leave_share(),
            _ => {}
        }
        said.look(filled.faults(false), changed.as_deref());
    };
    let navigate = use_navigate();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(form) = form.get_untracked().filter(|_| !pending.get_untracked()) else { return };
        let Some(filled) = filled(&form, rows) else { return };
        said.clear();
        if let Err(error) = filled.read() {
            said.refuse(UiError::Rejected(error));
            return show_first_wrong(form);
        }
        pending.set(true);
        let (of, navigate, toasts) = (of.clone(), navigate.clone(), toasts());
        spawn_local(async move {
            let fields = filled.fields();
            let answer = create_flag(of.organization.clone(), of.project.clone(), fields).await;
            pending.try_set(false);
            match answer {
                Ok(StartedFlag { flag, problem }) => {
                    let on = flag.environments.iter().find(|(_, here)| here.enabled).map(|(key, _)| key);
                    let text = match on {
                        Some(environment) => format!("{} is created, and on in {environment}", flag.key),
                        None => format!("{} is created, and off everywhere", flag.key),
                    };
                    toasts.done(text, None);
                    if let Some(problem) = problem {
                        toasts.failed(format!("it is not on yet: {problem}"));
                    }
                    navigate(&address(&of, &format!("flags/{}", flag.key), on), Default::default());
                }
                Err(UiError::Rejected(domain::Error::Unauthenticated)) => crate::ui::leave_for_sign_in(),
                Err(error) => {
                    said.refuse(error);
                    show_first_wrong(form);
                }
            }
        });
    };
    let elsewhere = move || {
        said.elsewhere().map(|text| {
            view! { <p class="mb-4 rounded-md border border-danger px-3 py-2 text-danger [overflow-wrap:anywhere]">{text}</p> }
        })
    };
    // A dialog is lower than the form: what sends it stays in sight.
    let footer = match in_dialog {
        true => {
            "sticky -bottom-5 z-10 -mx-5 -mb-5 flex flex-wrap justify-end gap-2 border-t border-line bg-surface px-5 py-3"
        }
        false => "flex flex-wrap gap-2",
    };
    // A dialog ends with what it is there for, as all dialogs do.
    let (before, after) = if in_dialog { (Some(cancel), None) } else { (None, Some(cancel)) };
    // What a template says is not asked for.
    let own = "grid min-w-0 gap-6 group-has-[.template:checked]:hidden";
    view! {
        <form node_ref=form method="post" action=action class="group mt-4 grid min-w-0 gap-6 [&_:is(input,select)]:scroll-mb-24" novalidate=true on:input=look on:submit=submit>
            <div role="alert" class="empty:hidden -mb-4">{elsewhere}</div>
            <Names said flash=flash.clone() in_dialog />
            <Templates said manage=address(&place.of(), "templates", None) templates chosen=flash_or(&flash, "template", asked.template.clone()) />
            <div class=own>
                <Kinds said chosen=flash.typed("kind") />
                <Share said flash=flash.clone() />
                <FirstRule said flash=flash.clone() />
                <Values said flash=flash.clone() rows />
            </div>
            <FirstRolloutFields said flash=flash.clone() place asked=asked.environment />
            <Entry said flash=flash.clone() name="tags" label="Tags" hint="With commas between them." />
            <Marks said flash />
            <div class=footer>
                {before}
                <button class="button button-primary min-w-32 justify-center" aria-disabled=move || pending.get().then_some("true")>
                    {move || if pending.get() { "Creating…" } else { "Create the flag" }}
                </button>
                {after}
            </div>
        </form>
    }
    .into_any()
}

/// What was typed, or else what the address asks for.
fn flash_or(flash: &Flash, name: &str, asked: Option<String>) -> String {
    let typed = flash.typed(name);
    if flash.fields.is_empty() { asked.unwrap_or_default() } else { typed }
}

/// What it is called.
#[component]
fn Names(said: Said, flash: Flash, in_dialog: bool) -> impl IntoView {
    let typed = flash.typed("key");
    let is_own = RwSignal::new(!typed.is_empty());
    let key = RwSignal::new(typed.clone());
    let named = move |event: Event| {
        if !is_own.get_untracked() {
            let name = event_target_value(&event);
            key.set(suggest_key(&name).map(|key| key.to_string()).unwrap_or_default());
        }
    };
    let keyed = move |event| {
        let text = event_target_value(&event);
        is_own.set(!text.is_empty());
        key.set(text);
    };
    view! {
        <div class="grid gap-4 sm:grid-cols-2">
            <div class="min-w-0" on:input=named>
                <Entry said flash=flash.clone() name="name" label="Name" hint="For people, such as “New checkout”." is_first=in_dialog />
            </div>
            <div class="min-w-0">
                <label class="block text-sm font-medium" for="new-flag-key">"Key"</label>
                <input
                    id="new-flag-key"
                    name="key"
                    class="input mt-1 font-mono"
                    maxlength="200"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder="made from the name"
                    prop:value=move || key.get()
                    value=typed
                    aria-invalid=move || said.wrong("key").is_some().then_some("true")
                    aria-describedby="new-flag-key-hint"
                    on:input=keyed
                />
                <Hint said name="key" hint="For code. It never changes." id="new-flag-key-hint".to_owned() />
            </div>
        </div>
        <Entry said flash name="description" label="Description" hint="What it is for, and when it can go." />
    }
}

/// Who may see it, and for how long it stays.
#[component]
fn Marks(said: Said, flash: Flash) -> impl IntoView {
    let mark = |name: &'static str, title: &'static str, about: &'static str| {
        let is_checked = !flash.typed(name).is_empty();
        view! {
            <label class="flex items-start gap-2">
                <input class="box mt-0.5" type="checkbox" name=name value="true" checked=is_checked />
                <span>{title}<span class="block text-sm text-muted">{about}</span></span>
            </label>
        }
    };
    view! {
        <div class="grid gap-3">
            <div class="group-has-[.template:checked]:hidden">
                {mark("client_side", "Browsers may see it", "Keys for browsers are public: their users can read its value.")}
            </div>
            {mark("temporary", "It is temporary", "It is marked once its date has passed, and served all the same.")}
            <div class="hidden pl-6 group-has-[[name=temporary]:checked]:block">
                <Entry said flash=flash.clone() name="expires_at" label="To be gone by" kind="date" hint="" />
            </div>
        </div>
    }
    .into_any()
}

/// What is filled in now. In the browser only.
fn filled(form: &HtmlFormElement, rows: Rows) -> Option<Filled> {
    let sent = FormData::new_with_form(form).ok()?;
    let places = rows.places();
    let of_rows = places.iter().flat_map(|place| [key_of(*place), value_of(*place)]);
    let names = NAMES.into_iter().map(str::to_owned).chain(of_rows);
    Some(Filled::of(names.filter_map(|name| {
        let value = sent.get(&name).as_string()?;
        Some((name, value))
    })))
}

/// A flag that serves one of several values has others than on and off, unless somebody chooses them.
fn choose_values() {
    let input = |id| by_id::<HtmlInputElement>(id);
    let is_several = input("new-flag-kind-advanced").is_some_and(|input| input.checked());
    let is_boolean = input("new-flag-value-boolean").is_some_and(|input| input.checked());
    if let Some(text) = input("new-flag-value-string").filter(|_| is_several && is_boolean) {
        text.set_checked(true);
    }
}

/// What cannot begin with a share begins nowhere, unless somebody chooses that.
fn leave_share() {
    let input = |id| by_id::<HtmlInputElement>(id);
    // It is not drawn where it is no choice.
    let is_gone = |input: &HtmlInputElement| input.checked() && input.offset_parent().is_none();
    if let Some(off) = input("new-flag-start-off")
        .filter(|_| input("new-flag-start-share").is_some_and(|share| is_gone(&share)))
    {
        off.set_checked(true);
    }
}

/// Puts the focus where something is to be mended, once it is drawn. In the browser only.
fn show_first_wrong(form: HtmlFormElement) {
    request_animation_frame(move || {
        let wrong = form.query_selector("[aria-invalid=true]").ok().flatten();
        let shown = wrong.or_else(|| form.query_selector("[role=alert]").ok().flatten());
        let Some(shown) = shown.and_then(|shown| shown.dyn_into::<web_sys::HtmlElement>().ok()) else {
            return;
        };
        let _ = shown.focus();
        shown.scroll_into_view();
    });
}
