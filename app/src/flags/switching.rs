//! Switching a flag in the browser: shown at once, settled by the server's answer, undone from a toast.

use std::sync::Arc;

use domain::flags::FlagRow;
use domain::orgs::ProjectRef;
use domain::{EnvironmentKey, FlagKey};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api::switch_flag;
use crate::ui::toast::toasts;

/// Which switch. Plain values, because a toast outlives the row that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) project: ProjectRef,
    pub(crate) environment: EnvironmentKey,
    pub(crate) key: FlagKey,
}

/// What a row shows of its flag's state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct State {
    pub(crate) enabled: RwSignal<bool>,
    pub(crate) version: RwSignal<i64>,
    /// Whether the server is being asked.
    pub(crate) pending: RwSignal<bool>,
}

impl State {
    pub(crate) fn new(enabled: bool, version: i64) -> Self {
        let pending = RwSignal::new(false);
        Self { enabled: RwSignal::new(enabled), version: RwSignal::new(version), pending }
    }

    /// The state that the switch shows: while the server is asked, the one that it is asked for.
    pub(crate) fn shown(self) -> bool {
        self.enabled.get() != self.pending.get()
    }

    /// Takes over what the server says, unless the row is gone.
    fn settle(self, row: Option<&FlagRow>) {
        if let Some(row) = row {
            self.enabled.try_set(row.enabled);
            self.version.try_set(row.version);
        }
        self.pending.try_set(false);
    }
}

/// Switches to the other state, for a reason where one is needed, and offers to undo that where the person may.
pub(crate) fn run(place: Place, state: State, comment: Option<String>, offer_undo: bool) {
    let (enabled, version) = (!state.enabled.get_untracked(), state.version.get_untracked());
    ask(place, state, (enabled, version), comment, offer_undo);
}

fn ask(
    place: Place,
    state: State,
    (enabled, version): (bool, i64),
    comment: Option<String>,
    offer_undo: bool,
) {
    let toasts = toasts();
    state.pending.try_set(true);
    spawn_local(async move {
        let Place { project: ProjectRef { organization, project }, environment, key } = place.clone();
        let answer =
            switch_flag(organization, project, environment, key, enabled, Some(version), comment).await;
        state.settle(answer.as_ref().ok());
        match answer {
            Ok(row) => {
                let word = if row.enabled { "on" } else { "off" };
                let text = format!("{} is {word} in {}", place.key, place.environment);
                let undo: Arc<dyn Fn() + Send + Sync> =
                    Arc::new(move || ask(place.clone(), state, (!row.enabled, row.version), None, false));
                toasts.done(text, offer_undo.then_some(undo));
            }
            Err(error) => toasts.refused(&error),
        }
    });
}
