//! What the address of the playground says. It is read by itself: the router decodes a query twice, which changes texts with
//! a percent sign, and contexts may hold any text.

use std::collections::BTreeMap;

use domain::history::Moment;
use domain::orgs::ProjectRef;
use domain::{EnvironmentKey, FieldError, FlagKey, InvalidKey};

use super::answer::Part;
use super::context;
use super::encoding::{decode, encode};
use crate::ui::time::parse_utc;

/// What is typed into the form, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) environment: String,
    pub(super) flag: String,
    /// Whether the context is what stands in `json`, and not what the rows say.
    pub(super) is_json: bool,
    pub(super) user: String,
    /// Names and values of attributes.
    pub(super) rows: Vec<(String, String)>,
    pub(super) json: String,
    pub(super) at: String,
    pub(super) revision: String,
    /// What the keys of flags have in them, where all are looked at.
    pub(super) search: String,
    /// The page of all flags, from 2; none for the first one.
    pub(super) page: Option<u32>,
}

/// What is asked of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) flag: Option<FlagKey>,
    /// A JSON object; none where nothing is said of whoever asks.
    pub(super) context: Option<String>,
    pub(super) moment: Moment,
    pub(super) part: Part,
}

/// The playground with a flag filled in, at a revision of the environment; now without one.
pub(crate) fn address_of(
    of: &ProjectRef,
    environment: &EnvironmentKey,
    flag: &FlagKey,
    revision: Option<i64>,
) -> String {
    let asked = Asked {
        environment: environment.to_string(),
        flag: flag.to_string(),
        revision: revision.map(|revision| revision.to_string()).unwrap_or_default(),
        ..Asked::default()
    };
    format!("{}{}", crate::place::address(of, "playground", None), asked.query())
}

/// The most rows that an address may have. Later ones are passed over.
const MOST: usize = 100;

impl Asked {
    /// Reads a query, without its question mark.
    pub(super) fn read(query: &str) -> Self {
        let mut asked = Self::default();
        let mut rows = BTreeMap::<usize, (String, String)>::new();
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            let value = decode(value);
            match name {
                "env" => asked.environment = value,
                "flag" => asked.flag = value.trim().to_owned(),
                "as" => asked.is_json = value == "json",
                "user" => asked.user = value.trim().to_owned(),
                // Forms end lines as telegraphs did.
                "json" => asked.json = value.replace("\r\n", "\n").trim().to_owned(),
                "at" => asked.at = value.trim().to_owned(),
                "revision" => asked.revision = value.trim().to_owned(),
                "q" => asked.search = value.trim().to_owned(),
                "page" => asked.page = value.parse().ok().filter(|page| *page > 1),
                _ => {
                    let Some((kind, place)) = name.split_at_checked(1) else { continue };
                    let Some(place) = place.parse().ok().filter(|place| *place < MOST) else { continue };
                    match kind {
                        "n" => rows.entry(place).or_default().0 = value.trim().to_owned(),
                        "v" => rows.entry(place).or_default().1 = value.trim().to_owned(),
                        _ => {}
                    }
                }
            }
        }
        let is_filled = |(name, value): &(String, String)| !name.is_empty() || !value.is_empty();
        asked.rows = rows.into_values().filter(is_filled).collect();
        asked
    }

    /// The query, with its question mark.
    pub(super) fn query(&self) -> String {
        let parts = self.fields().into_iter().map(|(name, value)| format!("{name}={}", encode(&value)));
        format!("?{}", parts.collect::<Vec<_>>().join("&"))
    }

    /// The query, and the answer's place in the page: a phone shows the form first.
    pub(super) fn answer(&self) -> String {
        format!("{}#answer", self.query())
    }

    /// Whether another time is looked at than now.
    pub(super) fn is_past(&self) -> bool {
        !self.at.is_empty() || !self.revision.is_empty()
    }

    /// The names and values of the query. What is empty is not in it.
    pub(super) fn fields(&self) -> Vec<(String, String)> {
        let mut fields = Vec::new();
        let mut say = |name: &str, value: &str| {
            if !value.is_empty() {
                fields.push((name.to_owned(), value.to_owned()));
            }
        };
        say("env", &self.environment);
        say("flag", &self.flag);
        say("as", if self.is_json { "json" } else { "" });
        say("user", &self.user);
        for (place, (name, value)) in self.rows.iter().enumerate() {
            say(&format!("n{place}"), name);
            say(&format!("v{place}"), value);
        }
        say("json", &self.json);
        say("at", &self.at);
        say("revision", &self.revision);
        say("q", &self.search);
        say("page", &self.page.map(|page| page.to_string()).unwrap_or_default());
        fields
    }

    /// The same on another page.
    pub(super) fn on_page(&self, page: u32) -> Self {
        Self { page: Some(page).filter(|page| *page > 1), ..self.clone() }
    }

    /// The same for one flag, or for all.
    pub(super) fn of_flag(&self, flag: &str) -> Self {
        Self { flag: flag.to_owned(), ..self.clone() }
    }

    /// The same without the context that is not looked at, where it can be made of the other one.
    pub(super) fn tidied(self) -> Self {
        match (context::check(&self.json).is_ok(), self.is_json) {
            (true, true) => Self { user: String::new(), rows: Vec::new(), ..self },
            (true, false) => Self { json: String::new(), ..self },
            (false, _) => self,
        }
    }

    /// The environment that is named, if that is a key.
    pub(super) fn environment(&self) -> Result<Option<EnvironmentKey>, InvalidKey> {
        Some(self.environment.as_str()).filter(|key| !key.is_empty()).map(str::parse).transpose()
    }

    /// What is asked, or what is wrong with the fields.
    pub(super) fn question(&self) -> Result<Question, Vec<FieldError>> {
        let mut faults = Vec::new();
        let mut wrong = |path: &str, message: String| {
            faults.push(FieldError { path: path.to_owned(), message });
        };
        let said = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let flag = said(&self.flag)
            .and_then(|key| key.parse().map_err(|error: InvalidKey| wrong("flag", error.to_string())).ok());
        let at = said(&self.at).and_then(|text| {
            let at = parse_utc(&text);
            if at.is_none() {
                wrong("at", "A time in UTC, such as 2026-01-31 09:05.".to_owned());
            }
            at
        });
        let revision = said(&self.revision).and_then(|text| {
            let revision = text.parse().ok().filter(|revision: &i64| *revision >= 0);
            if revision.is_none() {
                wrong("revision", "A whole number, from 0.".to_owned());
            }
            revision
        });
        if at.is_some() && revision.is_some() {
            wrong("revision", "Either a time or a revision, not both.".to_owned());
        }
        let context = match self.is_json {
            true => context::check(&self.json).map(|()| said(&self.json)),
            false => context::of_rows(&self.user, &self.rows)
                .map(|context| (!context.is_empty()).then(|| serde_json::Value::Object(context).to_string())),
        };
        let context = context.map_err(|fault| faults.push(fault)).ok().flatten();
        // Of one flag no others are looked for.
        let part = match flag {
            Some(_) => Part::default(),
            None => Part { search: said(&self.search), page: self.page },
        };
        match faults.is_empty() {
            true => Ok(Question { flag, context, moment: Moment { revision, at }, part }),
            false => Err(faults),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::Millis;

    use super::*;

    fn asked() -> Asked {
        Asked {
            environment: "dev".into(),
            flag: "menu@v2".into(),
            is_json: false,
            user: "user 1".into(),
            rows: vec![("plan".into(), "50% & more + ü".into()), ("empty".into(), String::new())],
            json: "{\n  \"a\": \"%41\"\n}".into(),
            at: "2026-01-31 09:05".into(),
            revision: String::new(),
            search: "me nu".into(),
            page: Some(3),
        }
    }

    #[test]
    fn an_address_holds_what_was_typed() {
        let asked = asked();
        let query = asked.query();
        assert_eq!(Asked::read(query.trim_start_matches('?')), asked, "{query}");
        assert_eq!(Asked::default().query(), "?");
    }

    #[test]
    fn what_cannot_be_made_anew_is_kept() {
        let tidied = asked().tidied();
        assert_eq!((tidied.json.as_str(), tidied.rows.len()), ("", 2));
        let tidied = Asked { is_json: true, ..asked() }.tidied();
        assert_eq!((tidied.user.as_str(), tidied.rows.len(), tidied.json.is_empty()), ("", 0, false));
        let bad = Asked { json: "{".into(), ..asked() };
        assert_eq!(bad.clone().tidied(), bad);
    }

    #[test]
    fn forms_without_script_are_read() {
        let asked = Asked::read(
            "env=dev&as=form&user=+u1+&n0=&v0=&n3=plan&v3=a+b&n7x=no&v999=no&json=%7B%0D%0A%7D&%",
        );
        assert_eq!(asked.user, "u1");
        assert_eq!(asked.rows, [("plan".to_owned(), "a b".to_owned())]);
        assert_eq!(asked.json, "{\n}");
        for (query, page) in [("page=1", None), ("page=2", Some(2)), ("page=-1", None), ("page=x", None)] {
            assert_eq!(Asked::read(query).page, page, "{query}");
        }
        assert!(!asked.is_json);
    }

    #[test]
    fn a_question_is_asked_or_the_fields_say_what_is_wrong() {
        let question = asked().question().unwrap();
        assert_eq!(
            question.context.as_deref(),
            Some(r#"{"empty":"","plan":"50% & more + ü","userId":"user 1"}"#)
        );
        assert_eq!(question.moment.at, Some(Millis(1_769_850_300_000)));
        assert_eq!(Asked::default().question().unwrap().context, None);
        let json = Asked { is_json: true, json: "[1]".into(), ..asked() };
        let both = Asked { revision: "3".into(), ..asked() };
        let cases = [
            (json, "context"),
            (both, "revision"),
            (Asked { at: "yesterday".into(), ..asked() }, "at"),
            (Asked { revision: "-1".into(), at: String::new(), ..asked() }, "revision"),
            (Asked { flag: "no such/key".into(), ..asked() }, "flag"),
        ];
        for (asked, path) in cases {
            let faults = asked.question().unwrap_err();
            assert_eq!(faults.iter().map(|fault| fault.path.as_str()).collect::<Vec<_>>(), [path]);
        }
    }
}
