//! What others change in the flags while their page is open.

use domain::EnvironmentKey;
use domain::audit::News;
use domain::flags::{FlagTable, FlagView};
use domain::place::PlaceView;
use leptos::prelude::*;

use super::address::Asked;
use super::api::load_flags;
use crate::error::UiError;
use crate::ui::fresh;

/// What is shown, so that it can become what is there now: rows that stay keep the focus, and whether they are chosen.
#[derive(Clone)]
pub(super) struct Latest {
    pub(super) rows: RwSignal<Vec<FlagView>>,
    pub(super) total: RwSignal<u64>,
    pub(super) environment: EnvironmentKey,
    pub(super) tags: RwSignal<Vec<String>>,
    pub(super) again: RwSignal<u32>,
}

impl Latest {
    /// Asks for the rows whenever something happens to a flag.
    pub(super) fn follow(self, place: &PlaceView, asked: Memo<Result<Asked, UiError>>) {
        let of = place.of();
        fresh::when(shows(place), move || {
            let (of, asked, latest) = (of.clone(), asked.get_untracked(), self.clone());
            Box::pin(async move {
                let Ok(Asked { filter, cursor }) = asked else { return };
                // What cannot be had leaves the rows as they are.
                if let Ok(table) = load_flags(of.organization, of.project, filter, cursor).await {
                    latest.take(table);
                }
            })
        });
    }

    /// Unless the page shows something else by now.
    fn take(self, table: FlagTable) {
        let Self { rows, total, environment, tags, again } = self;
        if table.environment != environment {
            return;
        }
        if table.list.flags.is_empty() {
            // Another page says that there is nothing.
            again.try_update(|again| *again = again.wrapping_add(1));
            return;
        }
        if rows.try_set(table.list.flags).is_none() {
            total.try_set(table.list.total);
            if tags.try_with_untracked(|known| *known != table.tags) == Some(true) {
                tags.try_set(table.tags);
            }
        }
    }
}

/// Asks for everything again whenever something happens to a flag: where there are no rows yet.
pub(super) fn again(place: &PlaceView, again: RwSignal<u32>) {
    fresh::when(shows(place), move || {
        again.try_update(|again| *again = again.wrapping_add(1));
        Box::pin(std::future::ready(()))
    });
}

/// Whether a page of the project's flags shows what something happened to.
fn shows(place: &PlaceView) -> impl Fn(&News) -> bool + Send + Sync + 'static + use<> {
    let project = place.project.key.to_string();
    move |news| news.kind == "flag" && news.project.as_ref() == Some(&project)
}
