//! Where a flag is in its life.

use domain::Millis;
use domain::flags::FlagView;
use leptos::prelude::*;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// For how many days a flag is new.
const NEW_DAYS: i64 = 7;

/// After how many days without an evaluation anywhere a flag looks forgotten.
const QUIET_DAYS: i64 = 30;

/// Where a flag is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Archived,
    /// Its date has passed.
    Overdue,
    New,
    /// Nobody asks for it.
    Quiet,
    Active,
}

impl Mark {
    pub(crate) fn of(flag: &FlagView, now: Millis) -> Self {
        let age = now.0.saturating_sub(flag.created_at.0);
        let last = flag.environments.values().filter_map(|it| it.last_evaluated_at).max();
        let quiet = now.0.saturating_sub(last.unwrap_or(flag.created_at).0);
        match () {
            () if flag.archived_at.is_some() => Self::Archived,
            () if flag.stale => Self::Overdue,
            () if age < NEW_DAYS * DAY_MS => Self::New,
            () if quiet > QUIET_DAYS * DAY_MS => Self::Quiet,
            () => Self::Active,
        }
    }

    const fn words(self) -> Option<(&'static str, &'static str, &'static str)> {
        Some(match self {
            Self::Archived => ("archived", "", "No environment serves it any more"),
            Self::Overdue => ("overdue", "border-rollout text-ink", "It was meant to be gone by now"),
            Self::New => ("new", "border-accent text-accent", "Created within a week"),
            Self::Quiet => ("quiet", "", "Nobody has asked for it for a month"),
            Self::Active => return None,
        })
    }
}

/// The word for it; none for a flag in the middle of its life.
#[component]
pub(crate) fn MarkBadge(mark: Mark) -> impl IntoView {
    mark.words().map(|(word, class, title)| {
        view! { <span class=format!("badge {class}") title=title>{word}</span> }
    })
}
