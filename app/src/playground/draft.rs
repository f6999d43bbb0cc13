//! What is being typed: the form and the JSON of one context, of which either can be turned into the other.

use leptos::prelude::*;

use super::address::Asked;
use super::context;

/// Rows that are empty, to be typed into.
const SPARE: usize = 1;
/// How many rows there are at least.
const FEWEST: usize = 3;

/// A row of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) id: usize,
    pub(super) name: String,
    pub(super) value: String,
}

/// What is typed, field by field.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draft {
    pub(super) is_json: RwSignal<bool>,
    pub(super) user: RwSignal<String>,
    pub(super) rows: RwSignal<Vec<Row>>,
    pub(super) json: RwSignal<String>,
    pub(super) flag: RwSignal<String>,
    pub(super) at: RwSignal<String>,
    pub(super) revision: RwSignal<String>,
    /// Which of the two was typed into since one was made of the other: the JSON, where it is true.
    typed_json: StoredValue<Option<bool>>,
}

impl Draft {
    pub(super) fn of(asked: &Asked) -> Self {
        Self {
            is_json: RwSignal::new(asked.is_json),
            user: RwSignal::new(asked.user.clone()),
            rows: RwSignal::new(rows(&asked.rows)),
            json: RwSignal::new(asked.json.clone()),
            flag: RwSignal::new(asked.flag.clone()),
            at: RwSignal::new(asked.at.clone()),
            revision: RwSignal::new(asked.revision.clone()),
            // Without script either may be filled in, and is shown as the other too.
            typed_json: StoredValue::new(Some(asked.is_json)),
        }
    }

    /// Shows what an address says.
    pub(super) fn take(self, asked: &Asked) {
        let Asked { environment: _, flag, is_json, user, rows, json, at, revision, search: _, page: _ } =
            asked.clone();
        self.is_json.set(is_json);
        self.user.set(user);
        self.rows.set(self::rows(&rows));
        self.json.set(json);
        self.flag.set(flag);
        self.at.set(at);
        self.revision.set(revision);
        self.typed_json.set_value(Some(is_json));
    }

    /// What the address will say; what is not typed here stays as it is.
    pub(super) fn asked(self, before: &Asked) -> Asked {
        let trimmed = |signal: RwSignal<String>| signal.get_untracked().trim().to_owned();
        let rows = self.rows.read_untracked();
        let rows = rows.iter().map(|row| (row.name.trim().to_owned(), row.value.trim().to_owned()));
        Asked {
            flag: trimmed(self.flag),
            is_json: self.is_json.get_untracked(),
            user: trimmed(self.user),
            rows: rows.filter(|(name, value)| !name.is_empty() || !value.is_empty()).collect(),
            json: trimmed(self.json),
            at: trimmed(self.at),
            revision: trimmed(self.revision),
            ..before.clone()
        }
    }

    /// Notes that something was typed into the one that is shown.
    pub(super) fn typed(self) {
        self.typed_json.set_value(Some(self.is_json.get_untracked()));
    }

    pub(super) fn change_row(self, id: usize, change: impl FnOnce(&mut Row)) {
        self.typed();
        self.rows.update(|rows| {
            if let Some(row) = rows.iter_mut().find(|row| row.id == id) {
                change(row);
            }
        });
    }

    /// Adds a row, and says which.
    pub(super) fn add_row(self) -> usize {
        let id = self.rows.read_untracked().iter().map(|row| row.id + 1).max().unwrap_or_default();
        self.rows.update(|rows| rows.push(Row { id, name: String::new(), value: String::new() }));
        id
    }

    pub(super) fn remove_row(self, id: usize) {
        self.typed();
        self.rows.update(|rows| rows.retain(|row| row.id != id));
    }

    /// Shows the other of the two. It says the same, where what was typed can be said so; else it says what it said before,
    /// and nothing is lost.
    pub(super) fn switch(self, to_json: bool) {
        self.is_json.set(to_json);
        if self.typed_json.get_value() != Some(!to_json) {
            return;
        }
        let asked = self.asked(&Asked::default());
        let turned = match to_json {
            true => context::of_rows(&asked.user, &asked.rows).map(|context| {
                // How somebody laid it out stays.
                if context::of_json(&asked.json).as_ref() != Ok(&context) {
                    self.json.set(context::pretty(&context));
                }
            }),
            false => context::of_json(&asked.json).map(|context| {
                let (user, rows) = context::rows_of(&context);
                self.user.set(user);
                self.rows.set(self::rows(&rows));
            }),
        };
        if turned.is_ok() {
            self.typed_json.set_value(None);
        }
    }
}

fn rows(filled: &[(String, String)]) -> Vec<Row> {
    let count = (filled.len() + SPARE).max(FEWEST);
    let all = filled.iter().cloned().chain(std::iter::repeat_with(Default::default));
    all.take(count).enumerate().map(|(id, (name, value))| Row { id, name, value }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(asked: &Asked) -> (Owner, Draft) {
        let owner = Owner::new();
        owner.set();
        (owner, Draft::of(asked))
    }

    #[test]
    fn form_and_json_are_turned_into_each_other() {
        let asked = Asked { user: "u".into(), rows: vec![("age".into(), "40".into())], ..Asked::default() };
        let (_owner, draft) = draft(&asked);
        draft.switch(true);
        assert_eq!(draft.json.get_untracked(), "{\n  \"age\": 40,\n  \"userId\": \"u\"\n}");
        draft.json.set(r#"{"plan": "pro"}"#.into());
        draft.typed();
        draft.switch(false);
        let asked = draft.asked(&Asked::default());
        assert_eq!((asked.user.as_str(), asked.rows), ("", vec![("plan".to_owned(), "pro".to_owned())]));
        draft.switch(true);
        assert_eq!(draft.json.get_untracked(), r#"{"plan": "pro"}"#, "the layout stays");
    }

    #[test]
    fn what_cannot_be_turned_is_not_lost() {
        let asked = Asked { is_json: true, user: "u".into(), json: "{bad".into(), ..Asked::default() };
        let (_owner, draft) = draft(&asked);
        draft.switch(false);
        assert_eq!(draft.user.get_untracked(), "u");
        draft.switch(true);
        assert_eq!(draft.json.get_untracked(), "{bad");
    }
}
