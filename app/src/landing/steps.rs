//! How it works: three steps, each with a drawing.

use leptos::prelude::*;

use super::Part;

#[component]
pub(super) fn Steps() -> impl IntoView {
    view! {
        <Part id="how-it-works" title="How it works">
            <ol class="grid gap-10 md:grid-cols-3 md:gap-8">
                <Step
                    number=1
                    title="Name what may change"
                    text="A flag has a key, a type and named variations. In dev, staging and prod it does what each of them needs; production can be protected."
                >
                    {environments()}
                </Step>
                <Step
                    number=2
                    title="Ask for it"
                    text="One GET, or any of OpenFeature's SDKs, with who is asking. The answer comes from memory, with the reason and the rule that decided."
                >
                    {question()}
                </Step>
                <Step
                    number=3
                    title="Open it step by step"
                    text="To a segment, to 10 %, to everybody. One switch takes it back, in each application in well under a second, and the audit log says who did."
                >
                    {stairs()}
                </Step>
            </ol>
        </Part>
    }
}

#[component]
fn Step(number: u8, title: &'static str, text: &'static str, children: Children) -> impl IntoView {
    view! {
        <li>
            <svg class="h-36 w-full rounded-lg border border-line bg-surface" viewBox="0 0 320 144" aria-hidden="true">
                {children()}
            </svg>
            <h3 class="mt-4 text-lg font-semibold">
                <span class="mr-2 font-mono text-muted">{number}</span>
                {title}
            </h3>
            <p class="mt-1 text-muted">{text}</p>
        </li>
    }
}

/// The switches of three environments, of which production's is off.
fn environments() -> AnyView {
    let row = |y: u32, colour: &'static str, on: bool| {
        let (track, knob) = if on { ("fill-on", 228) } else { ("fill-edge", 212) };
        view! {
            <circle class=colour cx="92" cy=(y + 10).to_string() r="5"></circle>
            <rect class="fill-line" x="106" y=(y + 6).to_string() width="60" height="8" rx="4"></rect>
            <rect class=track x="200" y=y.to_string() width="40" height="20" rx="10"></rect>
            <circle class="fill-surface" cx=knob.to_string() cy=(y + 10).to_string() r="7"></circle>
        }
    };
    view! { {row(26, "fill-sky", true)} {row(62, "fill-amber", true)} {row(98, "fill-rose", false)} }
        .into_any()
}

/// An application, a question, and its answer.
fn question() -> AnyView {
    view! {
        <rect class="fill-sunken stroke-line" x="28" y="40" width="88" height="64" rx="8"></rect>
        <rect class="fill-line" x="42" y="56" width="44" height="6" rx="3"></rect>
        <rect class="fill-line" x="42" y="69" width="60" height="6" rx="3"></rect>
        <rect class="fill-line" x="42" y="82" width="34" height="6" rx="3"></rect>
        <path class="fill-none stroke-edge" stroke-width="1.5" d="M124 60h68m-7-6 7 6-7 6"></path>
        <path class="fill-none stroke-accent" stroke-width="1.5" d="M196 84h-68m7-6-7 6 7 6"></path>
        <rect class="fill-accent" x="204" y="56" width="88" height="32" rx="16"></rect>
        <circle class="fill-on-accent" cx="276" cy="72" r="11"></circle>
    }
    .into_any()
}

/// Shares that grow from left to right.
fn stairs() -> AnyView {
    let heights = [10_u32, 18, 30, 48, 72, 96];
    let bars = (0_u32..).zip(heights).map(|(place, height)| {
        view! {
            <rect
                class="fill-accent"
                x=(58 + place * 36).to_string()
                y=(120 - height).to_string()
                width="24"
                height=height.to_string()
                rx="3"
            ></rect>
        }
    });
    view! {
        {bars.collect_view()}
        <path class="fill-none stroke-edge" stroke-width="1" d="M48 120.5h224"></path>
    }
    .into_any()
}
