//! A member's role, which is changed where it stands: at once with script, by a button without.

use std::sync::Arc;

use domain::access::{Role, may_manage};
use domain::orgs::MemberView;
use domain::{OrgSlug, UserId};
use leptos::ev::Event;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api::change_role;
use super::{Forms, article};
use crate::ui::toast::Toasts;

/// The role to choose, or why it stays.
pub(super) fn role_select(
    member: &MemberView,
    role: RwSignal<Role>,
    // How many own the organization.
    owners: RwSignal<usize>,
    forms: &Forms,
    refusal: Option<String>,
    toasts: Toasts,
) -> AnyView {
    let (name, has) = (member.person.name.clone(), member.role);
    let change = Change {
        organization: forms.organization.clone(),
        user: member.person.id,
        name: name.clone(),
        shown: role,
        owners,
        toasts,
    };
    let changed = move |event: Event| {
        let Some(to) = Role::from_name(&event_target_value(&event)) else { return };
        let from = role.get_untracked();
        // Somebody who goes through the choices by the keyboard makes no owner on the way.
        let question = format!("Make {} an owner? Owners may do everything, and remove you.", change.name);
        if to == Role::Owner && !window().confirm_with_message(&question).unwrap_or(false) {
            return event_target::<web_sys::HtmlSelectElement>(&event).set_value(from.as_str());
        }
        ask(change.clone(), from, to, true);
    };
    let is_fixed = refusal.is_some();
    // What somebody has is shown even where it cannot be given.
    let may = |role: &Role| *role == has || may_manage(forms.role, *role).is_ok();
    let options = Role::ALL.into_iter().filter(may).map(|role| {
        view! { <option value=role.as_str() selected=role == has>{role.as_str()}</option> }
    });
    let options = options.collect_view();
    // As text, because to browsers with script it is text. Whose it is the row's header says.
    let button = (!is_fixed).then(|| {
        view! { <noscript inner_html="<button class=\"button\">Change</button>"></noscript> }
    });
    view! {
        <form method="post" action=forms.action("members/role") class="flex gap-2">
            {forms.back()}
            <input type="hidden" name="user" value=member.person.id.to_string() />
            <select
                name="role"
                class="input h-8 w-32 px-2"
                aria-label=format!("Role of {name}")
                title=move || refusal.clone().unwrap_or_else(|| role.get().about().to_owned())
                disabled=is_fixed
                prop:value=move || role.get().as_str()
                on:change=changed
            >
                {options}
            </select>
            {button}
        </form>
    }
    .into_any()
}

/// Whose role it is. Plain values, because a toast outlives the row that made it.
#[derive(Clone)]
struct Change {
    organization: OrgSlug,
    user: UserId,
    name: String,
    /// The role that the row shows.
    shown: RwSignal<Role>,
    owners: RwSignal<usize>,
    toasts: Toasts,
}

/// Shows the new role at once, and the old one again where it is refused. The row stays where it is, so that whoever works
/// through the list by the keyboard does too.
fn ask(change: Change, from: Role, to: Role, offer_undo: bool) {
    change.shown.try_set(to);
    spawn_local(async move {
        let Change { organization, user, name, shown, owners, toasts } = change.clone();
        match change_role(organization, user, to).await {
            Ok(()) => {
                owners.try_update(|owners| {
                    *owners = match (from, to) {
                        (Role::Owner, _) => owners.saturating_sub(1),
                        (_, Role::Owner) => owners.saturating_add(1),
                        _ => *owners,
                    };
                });
                let undo: Arc<dyn Fn() + Send + Sync> =
                    Arc::new(move || ask(change.clone(), to, from, false));
                let text = format!("{name} is {} {} now", article(to), to.as_str());
                toasts.done(text, offer_undo.then_some(undo));
            }
            Err(error) => {
                shown.try_set(from);
                toasts.refused(&error);
            }
        }
    });
}
