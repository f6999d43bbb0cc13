//! Togglebit beside others. Facts are from their documentation, licence files and issue trackers; what could not be found
//! there is not said.

use leptos::prelude::*;

use super::Part;

const PRODUCTS: [&str; 6] = ["Togglebit", "LaunchDarkly", "Unleash", "Flagsmith", "GrowthBook", "Flipt"];

/// What is compared, and what holds for each product in their order.
const ROWS: [(&str, [&str; 6]); 8] = [
    (
        "You run it yourself",
        [
            "Yes",
            "No: a service. Its Relay Proxy runs at your side",
            "Yes, or their service",
            "Yes, or their service",
            "Yes, or their service",
            "Yes",
        ],
    ),
    (
        "Licence of the server",
        [
            "MIT, whole",
            "Proprietary",
            "AGPL-3.0; more in paid editions",
            "BSD-3-Clause; more in a paid edition",
            "MIT; its enterprise folder has its own",
            "v2 Fair Core License, v1 GPL-3.0",
        ],
    ),
    (
        "OpenFeature's remote protocol (OFREP)",
        [
            "Yes: 0.3.0, with hints of changes",
            "Not listed; has providers of its own",
            "Not listed; has providers of its own",
            "Being built (their issue 8434); has providers",
            "Not listed; has providers of its own",
            "Yes",
        ],
    ),
    (
        "What it needs beside itself",
        ["Nothing", "Nothing to run", "PostgreSQL", "PostgreSQL", "MongoDB", "Nothing"],
    ),
    (
        "SQLite",
        [
            "Yes, by default",
            "Does not apply",
            "PostgreSQL instead",
            "PostgreSQL instead",
            "MongoDB instead",
            "v1 by default; v2 keeps flags in Git",
        ],
    ),
    (
        "Made as",
        [
            "One program, and a folder of page files",
            "A service",
            "A Node.js server",
            "A Python server and a web app",
            "A Node.js server and a web app",
            "One program",
        ],
    ),
    (
        "Audit log",
        [
            "Always on, hash-chained, exportable",
            "Yes",
            "Yes: an event log",
            "Yes",
            "On the Enterprise plan",
            "Git's history in v2",
        ],
    ),
    (
        "Statistics for experiments",
        [
            "No",
            "Yes",
            "Impression data for other tools",
            "Yes, in beta",
            "Yes, its strength",
            "Evaluation counts",
        ],
    ),
];

/// Where others are ahead.
const WEAKER: [(&str, &str); 4] = [
    (
        "Experiments",
        "Togglebit splits people and counts evaluations; it measures no outcome. GrowthBook and LaunchDarkly do.",
    ),
    (
        "SDKs",
        "There is none of ours that evaluates inside your process: OpenFeature's providers ask over HTTP. The others have many.",
    ),
    (
        "Enterprise paperwork",
        "Google, GitHub and OpenID Connect sign people in. There is no SAML, no SCIM and no approval of changes by a second person.",
    ),
    (
        "Age",
        "The others have run for years at many companies, and have integrations and support that you can buy. Togglebit is young.",
    ),
];

const ABOUT: &str = "As of 2026-11, from public documentation; \u{201C}listed\u{201D} is in OpenFeature's own list. Products change: where \
                     it matters to you, look there.";

#[component]
pub(super) fn Comparison() -> impl IntoView {
    let heads = PRODUCTS.map(|name| {
        let colour = if is_ours(name) { "text-accent" } else { "" };
        view! { <th scope="col" class=format!("min-w-32 px-3 py-3 font-semibold {colour}")>{name}</th> }
    });
    let rows = ROWS.map(|(about, cells)| {
        let cells = PRODUCTS.into_iter().zip(cells).map(|(name, text)| {
            let weight = if is_ours(name) { "font-medium" } else { "text-muted" };
            view! { <td class=format!("border-t border-line px-3 py-3 align-top {weight}")>{text}</td> }
        });
        view! {
            <tr>
                <th scope="row" class="sticky left-0 min-w-32 border-t border-line bg-surface px-3 py-3 text-left align-top font-medium sm:min-w-40">
                    {about}
                </th>
                {cells.collect_view()}
            </tr>
        }
    });
    let weaker = WEAKER.map(|(name, text)| {
        view! {
            <div>
                <dt class="font-semibold">{name}</dt>
                <dd class="mt-1 text-muted">{text}</dd>
            </div>
        }
    });
    view! {
        <Part id="comparison" title="Beside the others" about=ABOUT>
            <div class="overflow-x-auto rounded-lg border border-line bg-surface" tabindex="0" role="region" aria-label="Comparison">
                <table class="w-full min-w-[58rem] border-separate border-spacing-0 text-left text-sm">
                    <thead>
                        <tr>
                            <th scope="col" class="sticky left-0 bg-surface px-3 py-3"><span class="sr-only">"What"</span></th>
                            {heads.into_iter().collect_view()}
                        </tr>
                    </thead>
                    <tbody>{rows.into_iter().collect_view()}</tbody>
                </table>
            </div>
            <h3 class="mt-12 text-lg font-semibold">"Where Togglebit is weaker"</h3>
            <dl class="mt-4 grid gap-6 md:grid-cols-2">{weaker.into_iter().collect_view()}</dl>
            <p class="mt-8 max-w-2xl text-muted">
                "Coming from elsewhere: Togglebit imports what LaunchDarkly's clients are sent, which is values and not rules, and answers in that format. A rollout may use the hash of LaunchDarkly, Unleash, GrowthBook, Flagsmith or flagd, so that people keep their variation when its flag moves over."
            </p>
        </Part>
    }
}

fn is_ours(product: &str) -> bool {
    PRODUCTS.first() == Some(&product)
}
