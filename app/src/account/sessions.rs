//! Where one is signed in.

use domain::Millis;
use domain::accounts::SessionView;
use leptos::prelude::*;

use crate::flash::{Flash, Message};
use crate::ui::frame::Section;
use crate::ui::icon::Icon;
use crate::ui::time::{ago, exact};

const SESSIONS: &str = "/account/sessions";

#[component]
pub(super) fn Sessions(sessions: Vec<SessionView>, now: Millis, flash: Flash) -> impl IntoView {
    let others = sessions.iter().filter(|session| !session.is_current).count();
    let all = (others > 0).then(|| {
        view! {
            <form method="post" action="/account/sessions/end-others" class="mt-3">
                <button class="button">"End all others"</button>
            </form>
        }
    });
    let rows = sessions.into_iter().map(|session| row(session, now)).collect_view();
    view! {
        <Section id="sessions" title="Sessions" about="Where you are signed in. End what you do not know, and change your password.">
            <ul class="-mt-2 divide-y divide-line">{rows}</ul>
            {all} <Message flash=flash.clone() form=SESSIONS fields=&[] />
        </Section>
    }
    .into_any()
}

fn row(session: SessionView, now: Millis) -> AnyView {
    let SessionView { id, device, address, signed_in_at, last_used_at, is_current } = session;
    let is_phone = ["Android", "iPhone", "iPad", "iOS"].iter().any(|name| device.contains(name));
    let icon = if is_phone { icondata_lu::LuSmartphone } else { icondata_lu::LuMonitor };
    let end = match is_current {
        true => view! { <span class="badge max-sm:ml-6.5">"This one"</span> }.into_any(),
        false => view! {
            <form method="post" action="/account/sessions/end">
                <button class="button" name="session" value=id.to_string()>
                    "End"<span class="sr-only">" the session of " {device.clone()}</span>
                </button>
            </form>
        }
        .into_any(),
    };
    let address = address.map(|address| view! { <span class="font-mono text-xs">{address}</span> " · " });
    view! {
        <li class="flex flex-wrap items-center justify-between gap-2 py-2">
            <span class="flex min-w-0 items-center gap-2.5">
                <Icon of=icon />
                <span class="min-w-0 [overflow-wrap:anywhere]">
                    {device}
                    <span class="block text-sm text-muted">
                        {address} "signed in " <time title=exact(signed_in_at)>{ago(now, signed_in_at)}</time>
                        " · last used " <time title=exact(last_used_at)>{ago(now, last_used_at)}</time>
                    </span>
                </span>
            </span>
            {end}
        </li>
    }
    .into_any()
}
