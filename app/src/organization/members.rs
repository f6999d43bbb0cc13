//! The people of an organization: a table, who is invited, and what roles are for.

use domain::access::{Action, Role};
use domain::orgs::MemberView;
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

use super::Forms;
use super::api::Members;
use super::invitations::Invitations;
use super::row::{Around, row};
use crate::flash::Message;
use crate::ui::frame::Section;
use crate::ui::guarded::Reason;
use crate::ui::listed::NoneMatch;
use crate::ui::query::changed;
use crate::ui::search::{Fields, SearchForm};
use crate::ui::toast::toasts;

/// The form's name, as its handlers know it.
const FORM: &str = "members";

/// How many members there are before they can be searched.
const MANY: usize = 10;

#[component]
pub(super) fn People(all: Members, forms: Forms) -> impl IntoView {
    let Members { now, members, seen, places, invitations, letters } = all;
    let is_narrowed = members.iter().any(|member| member.is_you && !member.narrowed.is_empty());
    let forms = forms.narrowed(is_narrowed);
    let owners = members.iter().filter(|member| member.role == Role::Owner).count();
    let (owners, places) = (RwSignal::new(owners), StoredValue::new(places));
    let note = forms.refusal(Action::ManageMembers);
    let count = members.len();
    let query = use_query_map();
    let text = Memo::new(move |_| query.read().get_str("q").unwrap_or_default().trim().to_lowercase());
    let people: Vec<_> = members
        .iter()
        .map(|MemberView { person, .. }| format!("{}\n{}", person.name, person.email).to_lowercase())
        .collect();
    let is_found = {
        let people = people.clone();
        Memo::new(move |_| people.iter().any(|person| person.contains(&*text.read())))
    };
    let around = Around { forms: &forms, places, now, owners, toasts: toasts() };
    // Who is not looked for stays where they are: with a role that was just given.
    let rows = members.into_iter().zip(people).map(|(member, person)| {
        let seen = seen.get(&member.person.id).copied();
        let is_hidden = Signal::derive(move || !person.contains(&*text.read()));
        row(member, seen, is_hidden, &around)
    });
    let rows = rows.collect_view();
    let location = use_location();
    let nobody = move || {
        let all = move || changed(&location.pathname.read(), &query.read(), &[("q", None)]);
        (!is_found.get()).then(|| view! { <div class="mb-8"><NoneMatch one="member" all=all() /></div> })
    };
    let tab = forms.tab();
    let search = (count > MANY || !text.read_untracked().is_empty()).then(|| {
        view! {
            <div class="mb-3 [&>form]:mt-0">
                <SearchForm fields=Fields::new() label="Members" about="Name or address">{tab}</SearchForm>
            </div>
        }
    });
    let head = "py-2 pr-4 font-medium";
    let table = view! {
        <table
            hidden=move || !is_found.get()
            class="mb-8 block w-full rounded-lg border border-line bg-surface md:table md:border-separate md:border-spacing-0"
        >
            <thead class="hidden text-left text-xs text-muted md:table-header-group">
                <tr>
                    <th scope="col" class=format!("{head} pl-4")>"Person"</th>
                    <th scope="col" class=head>"Role"</th>
                    <th scope="col" class=head>"Limits"</th>
                    <th scope="col" class=format!("{head} md:hidden xl:table-cell")>"Since"</th>
                    <th scope="col" class=head>"Last seen"</th>
                    <th scope="col" class=head><span class="sr-only">"Actions"</span></th>
                </tr>
            </thead>
            <tbody class="block md:table-row-group">{rows}</tbody>
        </table>
    };
    view! {
        <div id="members" class="scroll-mt-16">
            <Reason refusal=note />
            <div class="mb-4 empty:hidden">
                <Message flash=forms.flash.clone() form=FORM fields=&[] />
            </div>
            {search}
            {nobody}
            {table}
            <Invitations invitations now letters forms=forms.clone() />
            <Section
                id="roles"
                title="Roles"
                about="Each may do what those before it may. In a project or an environment a role can be limited."
            >
                <Roles />
            </Section>
        </div>
    }
    .into_any()
}

/// What roles are for, in words.
#[component]
fn Roles() -> impl IntoView {
    let role = |role: Role| {
        view! {
            <div class="grid gap-x-4 py-2 sm:grid-cols-[7rem_minmax(0,1fr)]">
                <dt class="font-medium">{role.as_str()}</dt>
                <dd class="text-muted">{role.about()}</dd>
            </div>
        }
    };
    view! { <dl class="divide-y divide-line">{Role::ALL.map(role).collect_view()}</dl> }
}
