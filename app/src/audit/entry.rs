//! One entry: a sentence, and behind it what changed and where it came from.

use domain::audit::{ActorKind, AuditClient, AuditEntry, AuditLine, AuditOrigin, AuditPerson, AuditResource};
use domain::environments::Color;
use domain::orgs::ProjectRef;
use domain::place::PlaceView;
use domain::{EnvironmentKey, Millis, OrgSlug};
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

use super::verdict::ASK;
use super::words::{self, Words};
use crate::place::{address, dot};
use crate::ui::avatar::{Avatar, AvatarIcon};
use crate::ui::diff::Diff;
use crate::ui::icon::Icon;
use crate::ui::query::changed;
use crate::ui::time::{ago, exact};

/// What all entries share.
#[derive(Clone, Debug)]
pub(super) struct Around {
    pub(super) place: PlaceView,
    /// The organization's members.
    pub(super) people: Vec<AuditPerson>,
    /// Whether entries of several projects are listed.
    pub(super) everywhere: bool,
    /// When the entries were asked for.
    pub(super) now: Millis,
}

#[component]
pub(super) fn Entry(line: AuditLine, around: Around) -> impl IntoView {
    let AuditLine { entry, origin } = line;
    let who = words::who(&entry.actor);
    let Words { before, thing, after } = words::what(&entry, &around.people);
    let face = match (entry.actor.kind, &entry.actor.name) {
        (ActorKind::User, Some(name)) => view! { <Avatar name=name.clone() /> }.into_any(),
        (ActorKind::User, None) => view! { <AvatarIcon of=icondata_lu::LuUserX /> }.into_any(),
        (ActorKind::System, _) => view! { <AvatarIcon of=icondata_lu::LuBot /> }.into_any(),
        (ActorKind::Anonymous, _) => view! { <AvatarIcon of=icondata_lu::LuUser /> }.into_any(),
    };
    let is_environment = entry.resource.kind == "environment";
    let own_dot = is_environment.then(|| colored(&entry, &entry.resource.key, &around));
    let thing = (!thing.is_empty()).then(|| {
        view! { <span class="whitespace-nowrap">{own_dot}<span class="font-mono text-sm whitespace-normal">{thing}</span></span> " " }
    });
    // What was done to an environment names it already.
    let environment = entry.environment.clone().filter(|_| !is_environment);
    let environment = environment.map(|key| where_it_was(&entry, key, &around));
    let project = entry.project.clone().filter(|_| around.everywhere);
    let project = project.map(|key| {
        let known = around.place.projects.iter().find(|project| project.key.as_str() == key);
        let name = known.map_or(key, |project| project.name.clone());
        view! { <span class="badge truncate align-bottom">{name}</span> }
    });
    let comment = entry.comment.clone().map(|comment| {
        view! {
            <span class="mt-0.5 block text-sm text-muted">"“" {comment} "”"</span>
        }
    });
    let time = ago(around.now, entry.at);
    let (seq, at) = (entry.seq, exact(entry.at));
    view! {
        <li data-entry=seq.to_string() class="border-t border-line first:border-t-0">
            <details class="group/entry">
                <summary class="grid cursor-pointer list-none grid-cols-[auto_1fr_auto] items-start gap-x-3 px-3 py-2 hover:bg-sunken/50 sm:px-4 [&::-webkit-details-marker]:hidden">
                    {face}
                    <span class="min-w-0 py-1 [overflow-wrap:anywhere]">
                        <span class="font-medium">{who}</span>
                        " "
                        {before}
                        " "
                        {thing}
                        {after}
                        " "
                        {environment}
                        " "
                        {project}
                        {comment}
                    </span>
                    <span class="flex h-7 items-center gap-2 text-xs whitespace-nowrap text-muted">
                        <time title=at>{time}</time>
                        <span class="transition-transform duration-150 group-open/entry:rotate-90">
                            <Icon of=icondata_lu::LuChevronRight />
                        </span>
                    </span>
                </summary>
                <Body entry origin around />
            </details>
        </li>
    }
    .into_any()
}

/// An environment with its colour, where it is one of the project that is looked at.
fn where_it_was(entry: &AuditEntry, key: String, around: &Around) -> impl IntoView + use<> {
    let dot = colored(entry, &key, around);
    view! {
        "in "
        // The dot stays with the name's beginning.
        <span class="whitespace-nowrap">
            {dot}
            <span class="whitespace-normal">{key}</span>
        </span>
    }
}

/// The dot before an environment's key.
fn colored(entry: &AuditEntry, key: &str, around: &Around) -> AnyView {
    let is_here = entry.project.as_deref() == Some(around.place.project.key.as_str());
    let known = around.place.environments.iter().map(|place| &place.environment);
    let mut known = known.filter(|environment| is_here && environment.key.as_str() == key);
    let color = known.next().map_or(Color::Slate, |environment| environment.color);
    view! { <span class=format!("mr-1.5 ml-1 inline-block size-2 rounded-full {}", dot(color)) aria-hidden="true"></span> }
        .into_any()
}

/// What is behind the sentence.
#[component]
fn Body(entry: AuditEntry, origin: Option<AuditOrigin>, around: Around) -> impl IntoView {
    let links = links(&entry, &around);
    let AuditEntry { seq, at, actor, action, resource, revision, changes, erased, hash, .. } = entry;
    let erased = erased.then(|| {
        view! { <p class="mb-2 text-sm text-muted">"What it said was erased, as somebody's right. The log stays whole without it."</p> }
    });
    let empty = "It has no values to compare.";
    // That it grows by one is no news.
    let changes: Vec<_> = changes.into_iter().filter(|change| change.path != "version").collect();
    let (request, address, agent) = match origin {
        None => (None, None, None),
        Some(AuditOrigin { request_id, client: None }) => {
            (request_id, Some("Shown to admins and owners".to_owned()), None)
        }
        Some(AuditOrigin { request_id, client: Some(AuditClient { address, user_agent }) }) => {
            (request_id, address, user_agent)
        }
    };
    let facts = [
        ("When", Some(exact(at)), false),
        ("Who", actor.email.or(actor.id), false),
        ("Action", Some(action), true),
        ("Id", Some(format!("{} {}", resource.kind, resource.id)), true),
        ("Revision", revision.map(|revision| revision.to_string()), true),
        ("Request", request, true),
        ("Address", address, false),
        ("Client", agent, false),
        ("Entry", Some(seq.to_string()), true),
        ("Hash", Some(hash), true),
    ];
    let facts = facts.into_iter().filter_map(|(name, value, is_code)| {
        let class = if is_code { "font-mono text-xs leading-5" } else { "text-sm" };
        value.map(|value| {
            view! {
                <div class="flex min-w-0 gap-2">
                    <dt class="w-16 shrink-0 text-sm text-muted">{name}</dt>
                    <dd class=format!("min-w-0 [overflow-wrap:anywhere] {class}")>{value}</dd>
                </div>
            }
        })
    });
    view! {
        <div class="border-t border-line bg-sunken/40 px-3 py-3 sm:pr-4 sm:pl-13">
            {erased}
            <Diff changes empty />
            <dl class="mt-3 grid gap-x-6 gap-y-1 lg:grid-cols-2">{facts.collect_view()}</dl>
            <p class="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-sm">{links}</p>
        </div>
    }
    .into_any()
}

/// Where one goes on from an entry.
fn links(entry: &AuditEntry, around: &Around) -> impl IntoView + use<> {
    let (query, location) = (use_query_map(), use_location());
    let narrowed = move |fields: Vec<(&'static str, Option<String>)>| {
        move || {
            let mut all: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_deref())).collect();
            all.extend([("cursor", None), (ASK, None)]);
            changed(&location.pathname.read(), &query.read(), &all)
        }
    };
    let AuditResource { kind, key, .. } = entry.resource.clone();
    let open = thing(&around.place.organization.slug, entry).map(|href| {
        view! { <a class="link [overflow-wrap:anywhere]" href=href>{format!("Open {key}")}</a> }
    });
    // Members and invitations are called by roles, which are no names.
    let has_name = !matches!(kind.as_str(), "member" | "invitation" | "action" | "user");
    let same = has_name.then(|| {
        let text = format!("All about {key}");
        let href = narrowed(vec![("kind", Some(kind.clone())), ("key", Some(key.clone()))]);
        view! { <a class="link [overflow-wrap:anywhere]" href=href>{text}</a> }
    });
    let actor = match entry.actor.kind {
        ActorKind::User => entry.actor.id.clone(),
        kind => Some(kind.as_str().to_owned()),
    };
    let by = actor.map(|actor| {
        let text = format!("All by {}", words::who(&entry.actor));
        view! { <a class="link [overflow-wrap:anywhere]" href=narrowed(vec![("actor", Some(actor))])>{text}</a> }
    });
    (open, same, by)
}

/// The page about what an entry is about, where there is one.
fn thing(organization: &OrgSlug, entry: &AuditEntry) -> Option<String> {
    let pages = match entry.resource.kind.as_str() {
        "flag" => "flags",
        "segment" => "segments",
        _ => return None,
    };
    if entry.action.ends_with(".deleted") {
        return None;
    }
    let project = entry.project.as_deref()?.parse().ok()?;
    let of = ProjectRef { organization: organization.clone(), project };
    let environment = entry.environment.as_deref().and_then(|key| key.parse::<EnvironmentKey>().ok());
    Some(address(&of, &format!("{pages}/{}", entry.resource.key), environment.as_ref()))
}
