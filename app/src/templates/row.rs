//! A template: what its flags are and do, a flag of it, its name, and its end.

use domain::templates::TemplateView;
use leptos::prelude::*;

use super::CHANGE;
use super::shape::{Badges, Values, served};
use crate::flash::{Flash, Message};
use crate::ui::guarded::Guarded;
use crate::ui::icon::Icon;
use crate::ui::time::{date, exact};

/// What the rows share.
#[derive(Clone)]
pub(super) struct Around {
    /// What the addresses of their forms begin with; none for whoever may not send them.
    pub(super) forms: Option<String>,
    /// Where a flag is made; none for whoever may not.
    pub(super) flag: Option<String>,
    /// Where this part of the list begins.
    pub(super) cursor: Option<String>,
    pub(super) flash: Flash,
}

pub(super) fn row(template: TemplateView, around: &Around) -> AnyView {
    let (shape, serves) = (template.shape.clone(), served(&template.shape));
    let TemplateView { key, name, description, updated_at, .. } = template.clone();
    let make = around.flag.as_ref().map(|flag| {
        view! {
            <a class="button" href=format!("{flag}?template={key}") aria-label=format!("New flag from {name}")>
                <Icon of=icondata_lu::LuPlus />
                "New flag"
            </a>
        }
    });
    let forms = around.forms.as_ref().map(|base| forms(&template, base, around));
    let id = format!("template-{key}");
    view! {
        <li id=id data-template=key.to_string() class="min-w-0 scroll-mt-16 px-4 py-3">
            <div class="flex min-w-0 flex-wrap items-start justify-between gap-x-4 gap-y-2">
                <div class="min-w-0 grow basis-72">
                    <h2 class="inline font-medium [overflow-wrap:anywhere]">{name.clone()}</h2>
                    <code class="ml-2 font-mono text-xs text-muted [overflow-wrap:anywhere]">{key.to_string()}</code>
                    <p class="text-sm text-muted [overflow-wrap:anywhere] empty:hidden">{description}</p>
                    <div class="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1">
                        <Badges shape=shape.clone() />
                        <span class="text-sm">{serves}</span>
                        <span class="text-sm text-muted">
                            "Changed on " <time title=exact(updated_at)>{date(updated_at)}</time>
                        </span>
                    </div>
                </div>
                {make}
            </div>
            <div class="mt-1.5 flex min-w-0 flex-wrap gap-x-4 gap-y-2 text-sm">
                <Values name shape />
                {forms}
            </div>
        </li>
    }
    .into_any()
}

/// What changes it and what ends it. What was refused is open again, with what was typed.
fn forms(template: &TemplateView, base: &str, around: &Around) -> AnyView {
    let own = around.flash.of(CHANGE);
    let key = template.key.to_string();
    let is_back = own.error.is_some() && own.typed("template") == key;
    let deletes = is_back && own.fields.contains_key("confirm");
    let renames = is_back && !deletes;
    let typed = |name: &str, value: &str| if renames { own.typed(name) } else { value.to_owned() };
    let wrong = |name: &str| own.wrong(name).filter(|_| is_back);
    let field = |name: &'static str, label: &'static str, value: String, limit: &'static str| {
        let id = format!("template-{key}-{name}");
        let (about, wrong) = (format!("{id}-wrong"), wrong(name));
        let is_wrong = wrong.is_some();
        let about_of = is_wrong.then(|| about.clone());
        view! {
            <div>
                <label class="block text-sm font-medium" for=id.clone()>{label}</label>
                <input
                    id=id.clone()
                    class="input mt-1"
                    name=name
                    required=name != "description"
                    maxlength=limit
                    autocomplete="off"
                    value=value
                    aria-invalid=is_wrong.then_some("true")
                    aria-describedby=about_of
                />
                <p id=about class="mt-1 text-sm text-danger empty:hidden">{wrong}</p>
            </div>
        }
        .into_any()
    };
    let hidden = || {
        let cursor = around.cursor.clone();
        view! {
            <input type="hidden" name="template" value=key.clone() />
            {cursor.map(|cursor| view! { <input type="hidden" name="cursor" value=cursor /> })}
        }
        .into_any()
    };
    let said = |is_shown: bool| {
        is_shown.then(|| {
            view! { <Message flash=own.clone() form=CHANGE fields=&["name", "description", "confirm"] /> }
        })
    };
    let (renamed, deleted) = (hidden(), hidden());
    let name = field("name", "Name of the template", typed("name", &template.name), "200");
    let description =
        field("description", "Description", typed("description", &template.description), "2000");
    let confirm = field("confirm", "Key of the template", String::new(), "200");
    let (said_of_name, said_of_end) = (said(renames), said(deletes));
    let (whose, ended, shown) = (key.clone(), key.clone(), key.clone());
    let summary = "cursor-pointer py-1 text-accent";
    view! {
        <details class="min-w-0 open:w-full" open=renames>
            <summary class=summary>"Edit"<span class="sr-only">" " {whose}</span></summary>
            <div class="mt-2 mb-1 text-base">
                <Guarded action=format!("{base}/rename") refusal=None>
                    {renamed}
                    {name}
                    {description}
                    <button class="button justify-self-start">"Save the template"</button>
                </Guarded>
                {said_of_name}
            </div>
        </details>
        <details class="min-w-0 open:w-full" open=deletes>
            <summary class=summary>"Delete"<span class="sr-only">" " {ended}</span></summary>
            <div class="mt-2 mb-1 text-base">
                <Guarded action=format!("{base}/delete") refusal=None>
                    {deleted}
                    <p class="text-sm [overflow-wrap:anywhere]">
                        "Flags that were made of it stay as they are. Type " <code class="font-mono">{shown}</code> " to confirm."
                    </p>
                    {confirm}
                    <button class="button button-danger justify-self-start">"Delete the template"</button>
                </Guarded>
                {said_of_end}
            </div>
        </details>
    }
    .into_any()
}
