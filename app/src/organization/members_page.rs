//! The people of an organization, seen from one of its projects.

use domain::access::Action;
use leptos::prelude::*;
use leptos_meta::Title;

use super::Forms;
use super::api::load_members;
use super::members::People;
use crate::flash::flash;
use crate::place::{known, project};
use crate::ui::fresh;
use crate::ui::icon::Icon;
use crate::ui::loaded::Loaded;
use crate::ui::refused::Refused;
use crate::ui::waiting::{Waiting, awaited};

#[component]
pub(crate) fn MembersPage() -> impl IntoView {
    let (known, flash, project) = (known(), flash(), project());
    let organization = Memo::new(move |_| project.get().map(|of| of.organization));
    // Blocking: the answer waits for it, so that it has the right status.
    let members = Loaded::blocking(
        move || organization.get(),
        |organization| async move { load_members(organization?).await },
    );
    fresh::keep(members, |news| matches!(news.kind.as_str(), "member" | "invitation"));
    view! {
        <Title text="Members" />
        <Transition fallback=Waiting>
            {awaited(move || {
                let flash = flash.clone();
                Suspend::new(async move {
                    let (place, members) = (known.await, members.await);
                    match place.and_then(|place| Ok((place, members?))) {
                        Ok((place, all)) => {
                            let forms = Forms::new(&place.organization, Some(place.project.key), flash);
                            let may_invite = forms.refusal(Action::ManageMembers).is_none();
                            let about = format!(
                                "Everybody here belongs to {} as a whole, and so to all of its projects.",
                                place.organization.name,
                            );
                            view! {
                                <main class="page">
                                    <div class="flex flex-wrap items-center justify-between gap-3">
                                        <h1 class="text-xl font-semibold tracking-tight">"Members"</h1>
                                        {may_invite.then(|| view! {
                                            <a class="button" href="#invite">
                                                <Icon of=icondata_lu::LuUserPlus />
                                                "Invite"
                                            </a>
                                        })}
                                    </div>
                                    <p class="mt-1 mb-4 max-w-2xl text-muted [overflow-wrap:anywhere]">{about}</p>
                                    <People all forms />
                                </main>
                            }
                                .into_any()
                        }
                        Err(error) => view! { <Refused error /> }.into_any(),
                    }
                })
            })}
        </Transition>
    }
    .into_any()
}
