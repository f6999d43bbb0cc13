//! A configuration that somebody is changing, beside the one that is saved.

use domain::flags::{ConfigurationView, ReplaceConfiguration};
use domain::ruleset::{Override, Prerequisite, Rule, Serve, Window};
use leptos::prelude::*;

use super::condition::grouped;

/// What a flag does in one environment, but for whether it is on: that is switched, not edited.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Edited {
    pub(super) off_variation: String,
    pub(super) track_events: bool,
    pub(super) window: Option<Window>,
    pub(super) prerequisites: Vec<Prerequisite>,
    pub(super) overrides: Vec<EditedOverride>,
    pub(super) rules: Vec<Rule>,
    pub(super) fallthrough: Serve,
}

/// An override whose attributes are in the order in which they were written, and may be unfinished.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct EditedOverride {
    pub(super) pairs: Vec<(String, Vec<String>)>,
    pub(super) variation: String,
}

impl Edited {
    pub(super) fn of(view: &ConfigurationView) -> Self {
        let edited = |known: &Override| EditedOverride {
            pairs: known.attributes.clone().into_iter().collect(),
            variation: known.variation.clone(),
        };
        Self {
            off_variation: view.off_variation.clone(),
            track_events: view.track_events,
            window: view.window,
            prerequisites: view.prerequisites.clone(),
            overrides: view.overrides.iter().map(edited).collect(),
            // Conditions can be added to groups alone.
            rules: view.rules.iter().cloned().map(|rule| Rule { when: grouped(rule.when), ..rule }).collect(),
            fallthrough: view.fallthrough.clone(),
        }
    }

    /// The command that saves it.
    pub(super) fn command(
        &self,
        enabled: bool,
        version: i64,
        comment: Option<String>,
    ) -> ReplaceConfiguration {
        let finished = |edited: &EditedOverride| Override {
            attributes: edited.pairs.iter().cloned().collect(),
            variation: edited.variation.clone(),
        };
        ReplaceConfiguration {
            enabled,
            off_variation: self.off_variation.clone(),
            track_events: self.track_events,
            window: self.window.filter(|window| window.from.is_some() || window.until.is_some()),
            prerequisites: self.prerequisites.clone(),
            overrides: self.overrides.iter().map(finished).collect(),
            rules: self.rules.clone(),
            fallthrough: self.fallthrough.clone(),
            version: Some(version),
            comment,
        }
    }
}

/// A configuration that somebody is changing, beside the one that is saved.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draft {
    pub(super) saved: RwSignal<Edited>,
    pub(super) now: RwSignal<Edited>,
}

impl Draft {
    pub(super) fn new(view: &ConfigurationView) -> Self {
        let edited = Edited::of(view);
        Self { saved: RwSignal::new(edited.clone()), now: RwSignal::new(edited) }
    }

    pub(super) fn is_changed(self) -> bool {
        *self.saved.read() != *self.now.read()
    }

    pub(super) fn edit(self, change: impl FnOnce(&mut Edited)) {
        self.now.update(change);
    }

    /// Takes over what is saved now.
    pub(super) fn settle(self, view: &ConfigurationView) {
        let edited = Edited::of(view);
        self.saved.set(edited.clone());
        self.now.set(edited);
    }

    /// Goes back to what is saved.
    pub(super) fn discard(self) {
        self.now.set(self.saved.get_untracked());
    }

    /// A rule, by its id.
    pub(super) fn rule(self, id: &str) -> Option<Rule> {
        self.now.read().rules.iter().find(|rule| rule.id == id).cloned()
    }

    pub(super) fn edit_rule(self, id: &str, change: impl FnOnce(&mut Rule)) {
        self.edit(|edited| {
            if let Some(rule) = edited.rules.iter_mut().find(|rule| rule.id == id) {
                change(rule);
            }
        });
    }
}
