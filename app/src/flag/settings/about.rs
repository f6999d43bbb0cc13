//! The words about a flag, who looks after it, and how long it is meant to live.

use domain::access::Action;
use domain::audit::AuditPerson;
use domain::flags::FlagView;
use domain::place::PlaceView;
use leptos::prelude::*;

use super::Forms;
use crate::flag::UPDATE;
use crate::flag::framed::said;
use crate::flags::words::kind;
use crate::flash::{Flash, Message};
use crate::ui::escaped;
use crate::ui::field::Field;
use crate::ui::frame::Section;
use crate::ui::guarded::Guarded;
use crate::ui::tag_input::TagInput;
use crate::ui::time::date;

const FIELDS: &[&str] = &["name", "description", "tags", "owner", "expires_at"];

#[component]
pub(super) fn About(
    place: PlaceView,
    flag: FlagView,
    people: Vec<AuditPerson>,
    forms: Forms,
) -> impl IntoView {
    let own = said().of(UPDATE);
    let refusal = forms.archived.clone().or_else(|| place.refusal(Action::UpdateFlag));
    let disabled = refusal.is_some();
    let typed = Typed::of(&own, &flag);
    let clash = clash(&own, &flag);
    let owners = owners(&flag, people, &typed.owner);
    let (is_temporary, description) = (typed.temporary, escaped(&typed.description));
    let (wrong_description, wrong_owner) = (own.wrong("description"), own.wrong("owner"));
    let type_of = kind(flag.kind, flag.value_type);
    let wrong =
        |text: Option<String>| text.map(|text| view! { <p class="mt-1 text-sm text-danger">{text}</p> });
    let label = "block text-sm font-medium";
    view! {
        <div id="about" class="scroll-mt-20 [&>section]:border-t-0 [&>section]:pt-0">
            <Section title="About it" about="For people. What applications are served stays as it is.">
                <Message flash=said() form=UPDATE fields=FIELDS />
                {clash}
                <Guarded action=forms.action("update") refusal>
                    <input type="hidden" name="version" value=flag.version.to_string() />
                    <Field flash=own.clone() name="name" label="Name" autocomplete="off" value=typed.name />
                    <div>
                        <label class=label for="flag-description">"Description"</label>
                        // Written as the server does: what is put between the tags would not be escaped.
                        <textarea
                            id="flag-description"
                            name="description"
                            rows="3"
                            maxlength="2000"
                            class="mt-1 block w-full rounded-md border border-edge bg-surface px-3 py-2"
                            inner_html=description
                        ></textarea>
                        {wrong(wrong_description)}
                    </div>
                    <Tags tags=typed.tags wrong=own.wrong("tags") disabled />
                    <div>
                        <label class=label for="flag-owner">"Owner"</label>
                        <select id="flag-owner" name="owner" class="input mt-1">{owners}</select>
                        {wrong(wrong_owner)}
                    </div>
                    <div class="group/life grid gap-3">
                        <label class="flex items-start gap-2">
                            <input class="box mt-0.5" type="checkbox" name="temporary" value="true" checked=is_temporary />
                            <span>
                                "It is temporary"
                                <span class="block text-sm text-muted">"It is marked once its date has passed, and served all the same."</span>
                            </span>
                        </label>
                        <div class="hidden pl-6 group-has-[[name=temporary]:checked]/life:block">
                            <Field flash=own name="expires_at" label="To be gone by" kind="date" required=false value=typed.expires_at />
                        </div>
                    </div>
                    <p class="text-sm text-muted">
                        "Its type is " <span class="font-medium text-ink">{type_of}</span> ", and its key "
                        <code class="font-mono [overflow-wrap:anywhere]">{flag.key.to_string()}</code>
                        ". Neither changes: applications know them. A copy can have another key."
                    </p>
                    <button class="button button-primary justify-self-start">"Save changes"</button>
                </Guarded>
            </Section>
        </div>
    }
    .into_any()
}

/// What stands in the fields: what was typed where it was refused, else what is there.
struct Typed {
    name: String,
    description: String,
    tags: Vec<String>,
    owner: String,
    temporary: bool,
    expires_at: String,
}

impl Typed {
    fn of(own: &Flash, flag: &FlagView) -> Self {
        if !is_back(own) {
            return Self {
                name: flag.name.clone(),
                description: flag.description.clone(),
                tags: flag.tags.clone(),
                owner: flag.owner.as_ref().map(|owner| owner.id.to_string()).unwrap_or_default(),
                temporary: flag.temporary,
                expires_at: flag.expires_at.map(date).unwrap_or_default(),
            };
        }
        let tags = own.typed("tags");
        let tags = tags.lines().map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned);
        Self {
            name: own.typed("name"),
            description: own.typed("description"),
            tags: tags.collect(),
            owner: own.typed("owner"),
            temporary: !own.typed("temporary").is_empty(),
            expires_at: own.typed("expires_at"),
        }
    }
}

/// Whether what was typed came back.
pub(super) fn is_back(own: &Flash) -> bool {
    own.error.is_some() && !own.fields.is_empty()
}

/// What is there now where somebody else was faster: what is typed would be written over it.
fn clash(own: &Flash, flag: &FlagView) -> Option<impl IntoView + use<>> {
    let Some(domain::Error::Conflict { current: Some(_), .. }) = &own.error else { return None };
    let owner = flag.owner.as_ref().map_or("nobody".to_owned(), |owner| owner.name.clone());
    let facts = [
        ("Name", flag.name.clone()),
        ("Description", flag.description.clone()),
        ("Tags", flag.tags.join(" · ")),
        ("Owner", owner),
        ("To be gone by", flag.expires_at.map(date).unwrap_or_default()),
    ];
    let facts = facts.into_iter().map(|(name, now)| {
        let now = if now.is_empty() { "nothing".to_owned() } else { now };
        view! { <li class="[overflow-wrap:anywhere]"><span class="font-medium">{name}</span> ": " {now}</li> }
    });
    Some(view! {
        <div class="mt-3 mb-4 max-w-md rounded-md border border-rollout px-3 py-2 text-sm">
            <p>"What you typed is still below. Saving again writes it over what is there now:"</p>
            <ul class="mt-1 list-disc pl-5">{facts.collect_view()}</ul>
        </div>
    })
}

fn owners(flag: &FlagView, people: Vec<AuditPerson>, chosen: &str) -> impl IntoView + use<> {
    let mut choices = vec![(String::new(), "Nobody".to_owned())];
    choices.extend(people.into_iter().map(|person| (person.id.to_string(), person.name)));
    if let Some(owner) = &flag.owner {
        let id = owner.id.to_string();
        if !choices.iter().any(|(choice, _)| *choice == id) {
            choices.push((id, format!("{} (no member any more)", owner.name)));
        }
    }
    let option = |(id, name): (String, String)| {
        let is_chosen = id == chosen;
        view! { <option value=id selected=is_chosen>{name}</option> }
    };
    choices.into_iter().map(option).collect_view()
}

/// The tags: one in each line, because a tag may have commas; scripts show chips in the place of the lines.
#[component]
fn Tags(tags: Vec<String>, wrong: Option<String>, disabled: bool) -> impl IntoView {
    let written = escaped(&tags.join("\n"));
    let tags = RwSignal::new(tags);
    let set = Callback::new(move |all: Vec<String>| tags.set(all));
    let is_wrong = wrong.is_some();
    let hint = match wrong {
        Some(wrong) => view! { <span class="text-danger">{wrong}</span> }.into_any(),
        None => view! {
            "Words to find it by"
            <span class="[[data-hydrated]_&]:hidden">", one in each line"</span>
            "."
        }
        .into_any(),
    };
    view! {
        <div>
            <label class="block text-sm font-medium" for="flag-tags">"Tags"</label>
            <textarea
                id="flag-tags"
                name="tags"
                rows="3"
                class="mt-1 block w-full rounded-md border border-edge bg-surface px-3 py-2 font-mono text-sm [[data-hydrated]_&]:hidden"
                autocomplete="off"
                spellcheck="false"
                prop:value=move || tags.read().join("\n")
                inner_html=written
                aria-invalid=is_wrong.then_some("true")
                aria-describedby="flag-tags-hint"
            ></textarea>
            <div class="mt-1 hidden [[data-hydrated]_&]:block">
                <TagInput values=tags set label="Tags of the flag" placeholder="Add a tag" disabled />
            </div>
            <p id="flag-tags-hint" class="mt-1 text-sm text-muted">{hint}</p>
        </div>
    }
    .into_any()
}
