//! A member in the table.

use domain::Millis;
use domain::access::{Action, Role, may_manage};
use domain::orgs::{MemberView, PlaceRef};
use leptos::prelude::*;

use super::role::role_select;
use super::{Forms, narrowed};
use crate::flash::sentence;
use crate::ui::avatar::Avatar;
use crate::ui::menu::Menu;
use crate::ui::time::{ago, date, exact};
use crate::ui::toast::Toasts;

/// What the rows share.
pub(super) struct Around<'a> {
    pub(super) forms: &'a Forms,
    pub(super) places: StoredValue<Vec<PlaceRef>>,
    pub(super) now: Millis,
    /// How many own the organization.
    pub(super) owners: RwSignal<usize>,
    pub(super) toasts: Toasts,
}

pub(super) fn row(
    member: MemberView,
    seen: Option<Millis>,
    // Whether somebody else is looked for.
    is_hidden: Signal<bool>,
    around: &Around<'_>,
) -> AnyView {
    let Around { forms, places, now, owners, toasts } = *around;
    let refusal = forms.refusal(Action::ManageMembers).or_else(|| may_manage(forms.role, member.role).err());
    let fixed = match member.is_you {
        true => Some("Nobody changes their own role here: ask another admin or owner.".to_owned()),
        false => refusal.clone().map(|reason| sentence(&reason)),
    };
    let role = RwSignal::new(member.role);
    let select = role_select(&member, role, owners, forms, fixed, toasts);
    let may = refusal.is_none();
    let narrowed = {
        let (member, forms) = (member.clone(), forms.clone());
        move || {
            let role = role.get();
            let mut member = MemberView { role, ..member.clone() };
            if role == Role::Owner {
                member.narrowed.clear();
            }
            places.with_value(|places| narrowed::of(&member, places, &forms, may))
        }
    };
    let actions = match (member.is_you, refusal) {
        (true, _) => {
            let forms = forms.clone();
            let leave = move || {
                match role.get() == Role::Owner && owners.get() == 1 {
                true => {
                    view! { <span class="block max-w-32 text-sm text-muted md:max-w-none">"The only owner cannot leave."</span> }
                        .into_any()
                }
                false => leave(&forms),
            }
            };
            leave.into_any()
        }
        (false, Some(_)) => ().into_any(),
        (false, None) => remove(&member, forms),
    };
    let MemberView { person, joined_at, is_you, .. } = member;
    let (email, address) = (person.email.clone(), person.email);
    let you = is_you.then(|| view! { <span class="badge">"you"</span> });
    let seen = match seen {
        Some(at) => view! { <time title=exact(at)>{ago(now, at)}</time> }.into_any(),
        None => view! { "not signed in" }.into_any(),
    };
    let word = "mr-1 text-muted md:hidden";
    view! {
        <tr
            data-member=email
            hidden=move || is_hidden.get()
            class="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1.5 border-t border-line px-4 py-3 first:border-t-0 md:table-row md:px-0 md:[&>*]:border-t md:[&>*]:border-line md:[&>*]:py-2 md:[&>*]:pr-4"
        >
            <th scope="row" class="col-start-1 row-start-1 min-w-0 text-left font-normal md:pl-4">
                <span class="flex min-w-0 items-center gap-2.5 md:min-w-52">
                    <Avatar name=person.name.clone() is_you />
                    <span class="min-w-0">
                        <span class="flex flex-wrap items-center gap-x-2 font-medium [overflow-wrap:anywhere]">{person.name} {you}</span>
                        <span class="block text-sm text-muted [overflow-wrap:anywhere]">{address}</span>
                    </span>
                </span>
            </th>
            <td class="col-start-1">{select}</td>
            <td class="col-span-2 col-start-1 min-w-0">{narrowed}</td>
            <td class="col-start-1 text-sm whitespace-nowrap md:hidden xl:table-cell">
                <span class=word>"Since"</span>
                <time title=exact(joined_at)>{date(joined_at)}</time>
            </td>
            <td class="col-start-1 text-sm whitespace-nowrap">
                <span class=word>"Last seen"</span>
                {seen}
            </td>
            <td class="col-start-2 row-start-1 justify-self-end text-right">{actions}</td>
        </tr>
    }
    .into_any()
}

/// Removing asks again, in a menu that opens without script, too.
fn remove(member: &MemberView, forms: &Forms) -> AnyView {
    let (id, name) = (member.person.id.to_string(), member.person.name.clone());
    let (action, back) = (forms.action("members/remove"), forms.back());
    let (shown, whose) = (name.clone(), name.clone());
    view! {
        <Menu
            name=format!("Remove {name}…")
            class="button text-muted"
            panel="top-full right-0 mt-1 w-64 text-left"
            button=|| view! { "Remove…" }
        >
            <form method="post" action=action class="grid gap-3 p-2">
                {back}
                <p class="text-sm [overflow-wrap:anywhere]">
                    {shown} " loses access at once. What they did stays in the audit log."
                </p>
                <button class="button button-danger justify-self-start" name="user" value=id>
                    "Remove"<span class="sr-only">" " {whose}</span>
                </button>
            </form>
        </Menu>
    }
    .into_any()
}

fn leave(forms: &Forms) -> AnyView {
    let (action, back) = (forms.action("leave"), forms.back());
    view! {
        <Menu
            name="Leave the organization…"
            class="button text-muted"
            panel="top-full right-0 mt-1 w-64 text-left"
            button=|| view! { "Leave…" }
        >
            <form method="post" action=action class="grid gap-3 p-2">
                {back} <p class="text-sm">"You lose access at once, and come back by an invitation only."</p>
                <button class="button button-danger justify-self-start">"Leave the organization"</button>
            </form>
        </Menu>
    }
    .into_any()
}
