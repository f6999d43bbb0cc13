//! A configuration that somebody is changing, beside the one that is saved.

use domain::flags::{ConfigurationView, ReplaceConfiguration};
use domain::ruleset::{Override, Prerequisite, Rule, Serve, Window};
use leptos::prelude::*;
use serde_json::Value;

use super::condition_parts::grouped;

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
        Self {
            off_variation: view.off_variation.clone(),
            track_events: view.track_events,
            window: view.window,
            prerequisites: view.prerequisites.clone(),
            overrides: overrides(&view.overrides),
            rules: rules(view.rules.clone()),
            fallthrough: view.fallthrough.clone(),
        }
    }

    /// What a document says, and whether it says that the flag is on.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub(super) fn read(json: &str) -> Result<(Self, bool), String> {
        let read: ReplaceConfiguration = serde_json::from_str(json).map_err(|error| error.to_string())?;
        let edited = Self {
            off_variation: read.off_variation,
            track_events: read.track_events,
            window: read.window,
            prerequisites: read.prerequisites,
            overrides: overrides(&read.overrides),
            rules: rules(read.rules),
            fallthrough: read.fallthrough,
        };
        Ok((edited, read.enabled))
    }

    /// All of it as a document, without what is said of a change alone.
    pub(super) fn document(&self, enabled: bool) -> Value {
        match serde_json::to_value(self.command(enabled, 0, None)) {
            Ok(Value::Object(mut fields)) => {
                fields.remove("comment");
                fields.remove("version");
                Value::Object(fields)
            }
            _ => Value::Null,
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

fn overrides(known: &[Override]) -> Vec<EditedOverride> {
    let edited = |known: &Override| EditedOverride {
        pairs: known.attributes.clone().into_iter().collect(),
        variation: known.variation.clone(),
    };
    known.iter().map(edited).collect()
}

/// Conditions can be added to groups alone.
fn rules(known: Vec<Rule>) -> Vec<Rule> {
    known.into_iter().map(|rule| Rule { when: grouped(rule.when), ..rule }).collect()
}

/// A configuration that somebody is changing, beside the one that is saved.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draft {
    pub(super) saved: RwSignal<Edited>,
    pub(super) now: RwSignal<Edited>,
    /// The version that is saved, as far as it is known here.
    pub(super) version: RwSignal<i64>,
}

impl Draft {
    pub(super) fn new(view: &ConfigurationView) -> Self {
        let edited = Edited::of(view);
        Self {
            saved: RwSignal::new(edited.clone()),
            now: RwSignal::new(edited),
            version: RwSignal::new(view.version),
        }
    }

    pub(super) fn is_changed(self) -> bool {
        *self.saved.read() != *self.now.read()
    }

    pub(super) fn edit(self, change: impl FnOnce(&mut Edited)) {
        self.now.update(change);
    }

    /// Takes over what is saved now; nothing where the page is gone.
    pub(super) fn settle(self, view: &ConfigurationView) {
        self.rebase(view, Edited::of(view));
    }

    /// Takes over what is saved now, with other changes of it.
    pub(super) fn rebase(self, view: &ConfigurationView, changed: Edited) {
        self.saved.try_set(Edited::of(view));
        self.now.try_set(changed);
        self.version.try_set(view.version);
    }

    /// Takes over what somebody saved elsewhere, unless there are changes of what was there before: whoever saves those
    /// is shown both.
    pub(super) fn arrive(self, view: &ConfigurationView) {
        let both = self.saved.try_get_untracked().zip(self.now.try_get_untracked());
        if both.is_some_and(|(saved, now)| saved == now) {
            self.settle(view);
        }
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_document_is_read_as_it_is_written() {
        let written = json!({
            "enabled": true,
            "off_variation": "off",
            "window": {"from": 5},
            "prerequisites": [{"flag": "menu", "variations": ["on"]}],
            "overrides": [{"match": {"userId": ["ada"]}, "variation": "on"}],
            "rules": [{"id": "a", "when": {"attribute": "plan", "op": "exists"}, "serve": {"variation": "on"}}],
            "fallthrough": {"variation": "off"},
        });
        let (edited, enabled) = Edited::read(&written.to_string()).unwrap();
        assert!(enabled);
        let document = edited.document(false);
        assert_eq!((&document["enabled"], document.get("version")), (&json!(false), None));
        assert_eq!(document["rules"][0]["when"]["all"][0]["attribute"], "plan", "it is a group");
        assert_eq!(Edited::read(&document.to_string()).unwrap(), (edited, false));
        assert!(Edited::read(r#"{"enabled": true, "rulez": []}"#).unwrap_err().contains("rulez"));
    }
}
