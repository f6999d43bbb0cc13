//! What the address of the playground says. It is read by itself: the router decodes a query twice, which changes texts with
//! a percent sign, and contexts may hold any text.

use std::collections::BTreeMap;

use domain::{EnvironmentKey, FieldError, FlagKey, InvalidKey, Millis};

use super::context;
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
}

/// What is asked of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) flag: Option<FlagKey>,
    /// A JSON object; none where nothing is said of whoever asks.
    pub(super) context: Option<String>,
    pub(super) revision: Option<i64>,
    pub(super) at: Option<Millis>,
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

    /// The query, with its question mark. What is empty is not in it.
    pub(super) fn query(&self) -> String {
        let mut parts = Vec::new();
        let mut say = |name: &str, value: &str| {
            if !value.is_empty() {
                parts.push(format!("{name}={}", encode(value)));
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
        format!("?{}", parts.join("&"))
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
        match faults.is_empty() {
            true => Ok(Question { flag, context, revision, at }),
            false => Err(faults),
        }
    }
}

/// Percent-encodes all but what is always plain.
fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// Reads what a form sends: a plus is a space. What is no encoding stays as it is.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, after @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    bytes.push((high << 4) | low);
                    rest = after;
                }
                _ => bytes.push(b'%'),
            },
            _ => bytes.push(*first),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
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
        assert!(!asked.is_json);
    }

    #[test]
    fn a_question_is_asked_or_the_fields_say_what_is_wrong() {
        let question = asked().question().unwrap();
        assert_eq!(
            question.context.as_deref(),
            Some(r#"{"empty":"","plan":"50% & more + ü","userId":"user 1"}"#)
        );
        assert_eq!(question.at, Some(Millis(1_769_850_300_000)));
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
