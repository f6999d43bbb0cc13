//! Who is signed in, and the way out.

use domain::place::PlaceView;
use leptos::prelude::*;

use super::known;
use crate::ui::avatar::Avatar;
use crate::ui::icon::Icon;
use crate::ui::menu::Menu;
use crate::ui::waiting::awaited;

const ITEM: &str =
    "flex h-8 w-full cursor-pointer items-center gap-2 rounded-md px-2 text-left hover:bg-sunken";

#[component]
pub(super) fn PersonMenu() -> impl IntoView {
    let known = known();
    view! {
        <div class="mt-2 min-h-12">
            <Transition>
                {awaited(move || Suspend::new(async move {
                    match known.await {
                        Ok(place) => view! { <Loaded place /> }.into_any(),
                        Err(_) => view! {
                            <a class=ITEM href="/account" title="Your account">
                                <Icon of=icondata_lu::LuCircleUser />
                                <span class="sidebar-label">"Your account"</span>
                            </a>
                        }
                        .into_any(),
                    }
                }))}
            </Transition>
        </div>
    }
}

#[component]
fn Loaded(place: PlaceView) -> impl IntoView {
    let (name, role) = (place.person.name, place.role.as_str());
    let shown = name.clone();
    view! {
        <Menu
            name=format!("{name} ({role})")
            class="flex h-12 w-full min-w-0 items-center gap-2 rounded-md px-2 hover:bg-sunken"
            panel="inset-x-0 bottom-full mb-1 min-w-48"
            button=move || {
                view! {
                    <Avatar name=shown.clone() is_you=true />
                    <span class="sidebar-label min-w-0 text-left leading-tight">
                        <span class="block truncate">{shown.clone()}</span>
                        <span class="block text-xs text-muted">{role}</span>
                    </span>
                }
            }
        >
            <a class=ITEM href="/account">
                <Icon of=icondata_lu::LuCircleUser />
                "Your account"
            </a>
            <form method="post" action="/sign-out">
                <button class=ITEM>
                    <Icon of=icondata_lu::LuLogOut />
                    "Sign out"
                </button>
            </form>
        </Menu>
    }
}
