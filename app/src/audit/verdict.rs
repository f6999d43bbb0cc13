//! Whether the log is what was written: asked for by a link, because every entry is read for it.

use domain::OrgSlug;
use domain::audit::Verdict;
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

use super::api::verify_audit;
use crate::ui::icon::Icon;
use crate::ui::loaded::Loaded;
use crate::ui::query::changed;
use crate::ui::time::grouped;
use crate::ui::waiting::awaited;

/// The field of the address that asks for it. It is a link, so that it works without script.
pub(super) const ASK: &str = "verify";

#[component]
pub(super) fn Chain(organization: OrgSlug) -> impl IntoView {
    let (query, location) = (use_query_map(), use_location());
    let asked = Memo::new(move |_| query.read().get_str(ASK).is_some());
    let verdict = Loaded::new(
        move || asked.get(),
        move |asked| {
            let organization = organization.clone();
            async move {
                match asked {
                    true => Some(verify_audit(organization).await),
                    false => None,
                }
            }
        },
    );
    let ask = move || changed(&location.pathname.read(), &query.read(), &[(ASK, Some("1"))]);
    let waiting = || view! { <span class="text-muted">"Checking every entry…"</span> };
    view! {
        <div class="mt-3 flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1 text-sm" role="status">
            <Suspense fallback=waiting>
                {awaited(move || {
                    Suspend::new(async move {
                        match verdict.await {
                            None => view! {
                                <a class="button h-7 px-2 text-sm" href=ask>
                                    <Icon of=icondata_lu::LuShieldQuestion />
                                    "Verify the log"
                                </a>
                                <span class="text-muted">
                                    "Each entry seals the one before it, so that nobody changes the past unnoticed."
                                </span>
                            }
                            .into_any(),
                            Some(Ok(Verdict::Whole(entries))) => view! {
                                <span class="inline-flex items-center gap-1.5 font-medium text-on">
                                    <Icon of=icondata_lu::LuShieldCheck />
                                    "The log is whole"
                                </span>
                                <span class="text-muted">
                                    {format!(
                                        "All {} entries of the organization are what was written, and none is missing.",
                                        grouped(entries.unsigned_abs()),
                                    )}
                                </span>
                            }
                            .into_any(),
                            Some(Ok(Verdict::BrokenAt(entry))) => view! {
                                <span class="inline-flex items-center gap-1.5 font-medium text-danger">
                                    <Icon of=icondata_lu::LuShieldAlert />
                                    "The log is not whole"
                                </span>
                                <span>
                                    {format!(
                                        "Entry {} is not what was written, or is missing. Tell whoever runs the database.",
                                        grouped(entry.unsigned_abs()),
                                    )}
                                </span>
                            }
                            .into_any(),
                            Some(Err(error)) => view! {
                                <span class="text-danger">"The log could not be checked: " {error.to_string()}</span>
                            }
                            .into_any(),
                        }
                    })
                })}
            </Suspense>
        </div>
    }
    .into_any()
}
