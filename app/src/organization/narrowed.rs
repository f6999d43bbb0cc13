//! Where a member may do less than elsewhere.

use domain::access::Role;
use domain::orgs::{MemberView, NarrowedRole, PlaceRef};
use leptos::prelude::*;

use super::Forms;

/// What is narrowed for a member, and what narrows it where the reader may.
pub(super) fn of(member: &MemberView, places: &[PlaceRef], forms: &Forms, may: bool) -> AnyView {
    let may = may && !member.is_you && member.role != Role::Owner;
    let rows = member.narrowed.iter().map(|narrowed| row(member, narrowed, forms, may)).collect_view();
    let add = (may && member.role != Role::Member).then(|| add(member, places, forms));
    let everywhere = member.narrowed.is_empty().then(|| {
        view! { <span class="text-sm text-muted">"Same everywhere"</span> }
    });
    view! { <div class="grid min-w-0 gap-1">{rows} {everywhere} {add}</div> }.into_any()
}

fn row(member: &MemberView, narrowed: &NarrowedRole, forms: &Forms, may: bool) -> AnyView {
    let place = narrowed.place.to_string();
    let lift = may.then(|| {
        view! {
            <form method="post" action=forms.action("members/narrow")>
                {forms.back()}
                <input type="hidden" name="user" value=member.person.id.to_string() />
                <button class="link cursor-pointer" name="place" value=place.clone()>
                    "Remove limit"<span class="sr-only">" of " {member.person.name.clone()} " in " {place.clone()}</span>
                </button>
            </form>
        }
    });
    view! {
        <div class="flex flex-wrap items-center gap-x-2 text-sm text-muted">
            <span class="[overflow-wrap:anywhere]">
                "at most " {narrowed.role.as_str()} " in " <code class="font-mono">{place.clone()}</code>
            </span>
            {lift}
        </div>
    }
    .into_any()
}

fn add(member: &MemberView, places: &[PlaceRef], forms: &Forms) -> AnyView {
    let name = member.person.name.clone();
    let place = |place: &PlaceRef| {
        let whole = if place.environment.is_none() { ", all of it" } else { "" };
        view! { <option value=place.to_string()>{format!("{place}{whole}")}</option> }
    };
    let roles = Role::ALL.into_iter().filter(|role| *role < member.role);
    let role = |role: Role| view! { <option value=role.as_str()>{role.as_str()}</option> };
    view! {
        <details class="text-sm">
            <summary class="w-fit cursor-pointer text-accent">
                "Limit…"<span class="sr-only">" the role of " {name.clone()} " in a project or environment"</span>
            </summary>
            <form method="post" action=forms.action("members/narrow") class="mt-2 flex max-w-full flex-wrap gap-2">
                {forms.back()}
                <input type="hidden" name="user" value=member.person.id.to_string() />
                <select name="place" class="input h-8 w-auto max-w-full min-w-0 px-2" aria-label=format!("Where {name} may do less")>
                    {places.iter().map(place).collect_view()}
                </select>
                <select name="role" class="input h-8 w-auto px-2" aria-label=format!("Role of {name} there")>
                    {roles.map(role).collect_view()}
                </select>
                <button class="button">"Limit"<span class="sr-only">" the role of " {name}</span></button>
            </form>
        </details>
    }
    .into_any()
}
