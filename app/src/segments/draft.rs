//! An audience that somebody is changing, beside the one that is saved.

use std::collections::HashSet;

use domain::ruleset::Condition;
use domain::segments::{Audience, AudienceView, ChangeAudience, KeyList};
use domain::{Change, diff};
use leptos::prelude::*;
use serde_json::Value;

use super::words;
use crate::flag::targeting::grouped;

/// What a segment contains. Of long lists it has the beginning, which is not edited.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Edited {
    pub(super) by: Option<String>,
    pub(super) included: Vec<String>,
    pub(super) excluded: Vec<String>,
    pub(super) when: Option<Condition>,
}

impl Edited {
    pub(super) fn of(view: &AudienceView) -> Self {
        Self {
            by: view.by.clone(),
            included: view.included.clone(),
            excluded: view.excluded.clone(),
            // Conditions can be added to groups alone.
            when: view.when.clone().map(grouped),
        }
    }

    pub(super) const fn list(&self, list: KeyList) -> &Vec<String> {
        match list {
            KeyList::Included => &self.included,
            KeyList::Excluded => &self.excluded,
        }
    }

    pub(super) const fn list_mut(&mut self, list: KeyList) -> &mut Vec<String> {
        match list {
            KeyList::Included => &mut self.included,
            KeyList::Excluded => &mut self.excluded,
        }
    }

    /// The command that makes this of what is saved. What stays is not sent.
    pub(super) fn command(&self, saved: &Self, version: i64, comment: Option<String>) -> ChangeAudience {
        ChangeAudience {
            by: (self.by != saved.by).then(|| self.by.clone()),
            included: (self.included != saved.included).then(|| self.included.clone()),
            excluded: (self.excluded != saved.excluded).then(|| self.excluded.clone()),
            when: (self.when != saved.when).then(|| self.when.clone()),
            version: Some(version),
            comment,
        }
    }

    /// The same changes, made to what somebody else has saved meanwhile.
    pub(super) fn onto(&self, saved: &Self, theirs: &Self) -> Self {
        Self {
            by: if self.by == saved.by { theirs.by.clone() } else { self.by.clone() },
            included: merged(&saved.included, &self.included, &theirs.included),
            excluded: merged(&saved.excluded, &self.excluded, &theirs.excluded),
            when: if self.when == saved.when { theirs.when.clone() } else { self.when.clone() },
        }
    }

    /// What is different from another one. The order of keys means nothing.
    pub(super) fn changes(&self, before: &Self) -> Vec<Change> {
        let rest = |edited: &Self| {
            let Self { by, when, .. } = edited.clone();
            serde_json::to_value(Audience { by, when, ..Audience::default() }).unwrap_or_default()
        };
        let mut changes = diff(&rest(before), &rest(self));
        for (name, list) in [("included", KeyList::Included), ("excluded", KeyList::Excluded)] {
            let (old, new) = (before.list(list), self.list(list));
            let path = |key: &String| format!("{name}[{key}]");
            let value = |key: &String| Some(Value::from(key.as_str()));
            let gone = missing(old, new).map(|key| Change { path: path(key), old: value(key), new: None });
            let come = missing(new, old).map(|key| Change { path: path(key), old: None, new: value(key) });
            changes.extend(gone.chain(come));
        }
        changes
    }
}

/// The keys of a list that are not in another one.
fn missing<'k>(of: &'k [String], from: &[String]) -> impl Iterator<Item = &'k String> + use<'k> {
    let known: HashSet<String> = from.iter().cloned().collect();
    of.iter().filter(move |key| !known.contains(*key))
}

/// A list of somebody else, with what was done to the one that was there before.
fn merged(before: &[String], mine: &[String], theirs: &[String]) -> Vec<String> {
    let gone: HashSet<&String> = missing(before, mine).collect();
    let mut all: Vec<_> = theirs.iter().filter(|key| !gone.contains(key)).cloned().collect();
    let come: Vec<_> = missing(mine, before).cloned().collect();
    let new: Vec<_> = missing(&come, &all).cloned().collect();
    all.extend(new);
    all
}

/// An audience that somebody is changing, beside the one that is saved.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draft {
    pub(super) saved: RwSignal<Edited>,
    pub(super) now: RwSignal<Edited>,
    /// The version that is saved.
    pub(super) version: RwSignal<i64>,
    /// How many keys of each list are not here.
    hidden: RwSignal<(u64, u64)>,
}

/// How many keys of each list are not in a view of them.
fn hidden(view: &AudienceView) -> (u64, u64) {
    let hidden = |count: u64, list: &[String]| count.saturating_sub(list.len() as u64);
    (hidden(view.included_count, &view.included), hidden(view.excluded_count, &view.excluded))
}

impl Draft {
    pub(super) fn new(view: &AudienceView) -> Self {
        let edited = Edited::of(view);
        Self {
            saved: RwSignal::new(edited.clone()),
            now: RwSignal::new(edited),
            version: RwSignal::new(view.version),
            hidden: RwSignal::new(hidden(view)),
        }
    }

    /// How many keys of a list are not here.
    pub(super) fn hidden(self, list: KeyList) -> u64 {
        let (included, excluded) = self.hidden.get();
        match list {
            KeyList::Included => included,
            KeyList::Excluded => excluded,
        }
    }

    /// Whether both lists are here whole.
    pub(super) fn is_whole(self) -> bool {
        self.hidden.get_untracked() == (0, 0)
    }

    /// How many keys a list of it has.
    pub(super) fn count(self, edited: &Edited, list: KeyList) -> u64 {
        self.hidden(list).saturating_add(edited.list(list).len() as u64)
    }

    pub(super) fn edit(self, change: impl FnOnce(&mut Edited)) {
        self.now.update(change);
    }

    /// Goes back to what is saved.
    pub(super) fn discard(self) {
        self.now.set(self.saved.get_untracked());
    }

    /// Takes over what is saved now of what was sent. What was changed since then stays changed.
    pub(super) fn keep(self, sent: &Edited, view: &AudienceView) {
        let saved = Edited::of(view);
        let Some(now) = self.now.try_get_untracked() else { return };
        self.version.try_set(view.version);
        self.hidden.try_set(hidden(view));
        self.now.try_set(now.onto(sent, &saved));
        self.saved.try_set(saved);
    }

    /// Takes over what somebody else has saved.
    pub(super) fn settle(self, view: &AudienceView) {
        let edited = Edited::of(view);
        self.version.try_set(view.version);
        self.hidden.try_set(hidden(view));
        self.saved.try_set(edited.clone());
        self.now.try_set(edited);
    }

    /// Goes on with what somebody else has saved meanwhile, and the changes that were made here.
    pub(super) fn rebase(self, view: &AudienceView) {
        let theirs = Edited::of(view);
        let mine = self.now.read_untracked().onto(&self.saved.read_untracked(), &theirs);
        self.version.set(view.version);
        self.hidden.set(hidden(view));
        self.saved.set(theirs);
        self.now.set(mine);
    }

    /// Who is inside, in a sentence.
    pub(super) fn said(self, edited: &Edited) -> String {
        let counts = (self.count(edited, KeyList::Included), self.count(edited, KeyList::Excluded));
        words::audience(edited.by.as_deref(), counts, edited.when.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn edited(included: &[&str], by: Option<&str>, when: Option<Value>) -> Edited {
        Edited {
            by: by.map(str::to_owned),
            included: included.iter().map(ToString::to_string).collect(),
            excluded: Vec::new(),
            when: when.map(|when| serde_json::from_value(when).unwrap()),
        }
    }

    #[test]
    fn only_what_changes_is_sent() {
        let (saved, now) = (edited(&["a"], None, None), edited(&["a", "b"], None, None));
        let command = serde_json::to_value(now.command(&saved, 3, None)).unwrap();
        assert_eq!(command, json!({"included": ["a", "b"], "version": 3, "comment": null}));
        let (saved, now) = (edited(&[], Some("company"), Some(json!({"all": []}))), edited(&[], None, None));
        let command = serde_json::to_value(now.command(&saved, 3, None)).unwrap();
        assert_eq!(command, json!({"by": null, "when": null, "version": 3, "comment": null}));
    }

    #[test]
    fn changes_name_each_key() {
        let paths = |changes: Vec<Change>| changes.into_iter().map(|change| change.path).collect::<Vec<_>>();
        let (before, after) = (edited(&["a", "b"], None, None), edited(&["c", "b"], Some("company"), None));
        assert_eq!(paths(after.changes(&before)), ["by", "included[a]", "included[c]"]);
        assert!(edited(&["b", "a"], None, None).changes(&before).is_empty());
    }

    #[test]
    fn changes_are_made_to_what_others_saved() {
        let saved = edited(&["a", "b"], None, None);
        let mine = edited(&["b", "c"], None, None);
        let theirs = edited(&["a", "b", "c", "d"], Some("company"), None);
        assert_eq!(mine.onto(&saved, &theirs), edited(&["b", "c", "d"], Some("company"), None));
    }
}
