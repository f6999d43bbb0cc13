//! Saving what somebody has changed, and taking it back.

use std::sync::Arc;

use domain::environments::EnvironmentView;
use domain::flags::ConfigurationView;
use domain::orgs::ProjectRef;
use domain::{FlagKey, Millis};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api::{Meanwhile, load_meanwhile, undo_save};
use super::draft::{Draft, Edited};
use crate::error::UiError;
use crate::flag::api::save_configuration;
use crate::flags::switching::State;
use crate::ui::toast::{Toasts, toasts};

/// A configuration that is changed, and how that goes.
#[derive(Clone)]
pub(super) struct Saves {
    pub(super) of: ProjectRef,
    pub(super) key: FlagKey,
    pub(super) environment: EnvironmentView,
    pub(super) draft: Draft,
    pub(super) state: State,
    pub(super) updated_at: RwSignal<Millis>,
    /// The version that was last told from elsewhere than the switch.
    pub(super) told: StoredValue<i64>,
    pub(super) pending: RwSignal<bool>,
    /// Why it is changed, as it is typed.
    pub(super) reason: RwSignal<String>,
    pub(super) error: RwSignal<Option<UiError>>,
    /// What others made of it since, where that has to be looked at.
    pub(super) conflict: RwSignal<Option<Meanwhile>>,
}

impl Saves {
    /// Saves the draft.
    pub(super) fn run(&self, comment: Option<String>) {
        let enabled = self.state.enabled.get_untracked();
        self.send(self.draft.now.get_untracked(), enabled, comment);
    }

    /// Saves this, which is the draft.
    pub(super) fn send(&self, edited: Edited, enabled: bool, comment: Option<String>) {
        if self.pending.get_untracked() {
            return;
        }
        self.pending.set(true);
        self.error.set(None);
        let (saves, toasts) = (self.clone(), toasts());
        spawn_local(async move {
            let saved = saves.attempt(&edited, enabled, comment, toasts).await;
            saves.pending.try_set(false);
            if let Err(refused) = saved {
                toasts.refused(&refused);
                saves.error.try_set(Some(refused));
            }
        });
    }

    async fn attempt(
        &self,
        edited: &Edited,
        enabled: bool,
        comment: Option<String>,
        toasts: Toasts,
    ) -> Result<(), UiError> {
        let Some(version) = self.draft.version.try_get_untracked() else { return Ok(()) };
        let saved = match self.ask(edited, (enabled, version), comment.clone()).await {
            Err(UiError::Rejected(domain::Error::Conflict { current: Some(_), .. })) => {
                let found = self.meanwhile(version).await?;
                let is_untouched =
                    self.draft.saved.try_get_untracked() == Some(Edited::of(&found.configuration));
                if !is_untouched {
                    self.conflict.try_set(Some(found));
                    return Ok(());
                }
                // It was switched and nothing else: that is nothing to be asked about, and stays.
                let ConfigurationView { enabled, version, .. } = found.configuration;
                self.ask(edited, (enabled, version), comment).await?
            }
            answer => answer?,
        };
        let before = saved.version - 1;
        let is_new = before >= version;
        self.take(&saved);
        // What was typed meanwhile is a change of what is saved now.
        match self.draft.now.try_get_untracked() {
            Some(now) if now != *edited => self.draft.rebase(&saved, now),
            _ => self.draft.settle(&saved),
        }
        let text = format!("{} is saved in {}", self.key, self.environment.key);
        toasts.done(text, is_new.then(|| self.undo((before, saved.version), toasts)));
        Ok(())
    }

    async fn ask(
        &self,
        edited: &Edited,
        (enabled, version): (bool, i64),
        comment: Option<String>,
    ) -> Result<ConfigurationView, UiError> {
        let command = edited.command(enabled, version, comment);
        let written = serde_json::to_string(&command);
        let configuration = written.map_err(|error| UiError::Transport(error.to_string()))?;
        let ProjectRef { organization, project } = self.of.clone();
        let (key, environment) = (self.key.clone(), self.environment.key.clone());
        save_configuration(organization, project, key, environment, configuration).await
    }

    async fn meanwhile(&self, seen: i64) -> Result<Meanwhile, UiError> {
        let ProjectRef { organization, project } = self.of.clone();
        load_meanwhile(organization, project, self.key.clone(), self.environment.key.clone(), seen).await
    }

    /// Shows what is there now, beside the draft.
    pub(super) fn take(&self, view: &ConfigurationView) {
        self.told.try_set_value(view.version);
        self.state.enabled.try_set(view.enabled);
        self.state.version.try_set(view.version);
        self.updated_at.try_set(view.updated_at);
    }

    /// Takes over what was saved elsewhere.
    pub(super) fn arrive(&self, view: &ConfigurationView) {
        self.take(view);
        self.draft.arrive(view);
    }

    /// What takes a save back: to one version, unless another one than its own is there by then.
    fn undo(&self, (to, version): (i64, i64), toasts: Toasts) -> Arc<dyn Fn() + Send + Sync> {
        let saves = self.clone();
        let (of, key, environment) = (self.of.clone(), self.key.clone(), self.environment.key.clone());
        undoing(of, key, environment, (to, version), toasts, move |view| saves.arrive(view))
    }
}

/// What takes a version back, and says so; `arrived` is told what is there then.
pub(super) fn undoing(
    of: ProjectRef,
    key: FlagKey,
    environment: domain::EnvironmentKey,
    (to, version): (i64, i64),
    toasts: Toasts,
    arrived: impl Fn(&ConfigurationView) + Send + Sync + 'static,
) -> Arc<dyn Fn() + Send + Sync> {
    let arrived = Arc::new(arrived);
    Arc::new(move || {
        let (of, key, environment, arrived) =
            (of.clone(), key.clone(), environment.clone(), Arc::clone(&arrived));
        spawn_local(async move {
            let text = format!("{key} is as it was before in {environment}");
            let undone = undo_save(of.organization, of.project, key, environment, to, version).await;
            match undone {
                Ok(view) => {
                    arrived(&view);
                    toasts.done(text, None);
                }
                Err(error) => toasts.refused(&error),
            }
        });
    })
}
