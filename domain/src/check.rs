//! From bytes to a command that follows its own rules, or to errors that name the fields.

mod objects;

use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::Value;
use serde_path_to_error::{Path, Segment};
use validator::{Validate, ValidationError, ValidationErrors, ValidationErrorsKind};

use crate::{Error, FieldError, Result};
use objects::Objects;

/// Reads a command from JSON and checks it.
///
/// # Errors
/// [`Error::Invalid`] with the path of each field that is unknown, missing, of another type or against the rules.
pub fn parse<T: DeserializeOwned + Validate>(json: &[u8]) -> Result<T> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let command: T = read(&mut deserializer)?;
    deserializer.end().map_err(|error| Error::invalid("", error.to_string()))?;
    validate(&command)?;
    Ok(command)
}

/// Reads a value from any format, and refuses fields that it does not have.
///
/// # Errors
/// [`Error::Invalid`] with the path of the first field that is missing or of another type, or of each that is unknown.
pub fn read<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T> {
    let mut unknown = Vec::new();
    let mut note = |path: serde_ignored::Path<'_>| {
        unknown.push(FieldError { path: path.to_string(), message: "there is no such field".to_owned() });
    };
    let value =
        serde_path_to_error::deserialize(serde_ignored::Deserializer::new(Objects(deserializer), &mut note))
            .map_err(|error| Error::invalid(field_path(error.path()), error.into_inner().to_string()))?;
    Error::refuse(unknown)?;
    Ok(value)
}

/// The path of the innermost field that is known; what is wrong between fields is wrong with the one around it.
fn field_path(path: &Path) -> String {
    let mut text = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => text.push_str(&format!("[{index}]")),
            Segment::Map { key: name } | Segment::Enum { variant: name } => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(name);
            }
            Segment::Unknown => break,
        }
    }
    text
}

/// Checks a command against its own rules.
///
/// # Errors
/// [`Error::Invalid`] with the path of each field that is against the rules.
pub fn validate(command: &impl Validate) -> Result<()> {
    let Err(errors) = command.validate() else { return Ok(()) };
    let mut details = Vec::new();
    collect(&errors, "", &mut details);
    details.sort_by(|a, b| a.path.cmp(&b.path));
    Err(Error::Invalid { details })
}

fn collect(errors: &ValidationErrors, prefix: &str, details: &mut Vec<FieldError>) {
    for (field, kind) in errors.errors() {
        let path = match (prefix, field.as_ref()) {
            (prefix, "__all__") => prefix.to_owned(),
            ("", field) => field.to_owned(),
            (prefix, field) => format!("{prefix}.{field}"),
        };
        match kind {
            ValidationErrorsKind::Struct(inner) => collect(inner, &path, details),
            ValidationErrorsKind::List(items) => {
                for (place, inner) in items {
                    collect(inner, &format!("{path}[{place}]"), details);
                }
            }
            ValidationErrorsKind::Field(failures) => {
                details.extend(failures.iter().map(|failure| FieldError {
                    path: path.clone(),
                    message: failure.message.as_deref().unwrap_or(failure.code.as_ref()).to_owned(),
                }));
            }
        }
    }
}

/// Reads a whole number that somebody typed, or that stands in an address.
///
/// # Errors
/// [`Error::Invalid`] for the field where it is none, or too large.
pub fn number<T: FromStr>(field: &str, text: &str) -> Result<T> {
    text.parse().map_err(|_| Error::invalid(field, "is no whole number"))
}

/// Reads a field that was sent, whatever it says: `null` is something else than nothing.
pub(crate) fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Reads a map, each key of which is there once. Of a key that is there twice JSON's readers would take the last.
///
/// # Errors
/// When a key or a value cannot be read, or a key is there again.
pub fn unique_map<'de, K, V, D>(deserializer: D) -> std::result::Result<BTreeMap<K, V>, D::Error>
where
    K: Deserialize<'de> + Ord + Display,
    V: Deserialize<'de>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_map(UniqueMap(PhantomData))
}

struct UniqueMap<K, V>(PhantomData<(K, V)>);

impl<'de, K, V> Visitor<'de> for UniqueMap<K, V>
where
    K: Deserialize<'de> + Ord + Display,
    V: Deserialize<'de>,
{
    type Value = BTreeMap<K, V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> std::result::Result<Self::Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some(key) = entries.next_key::<K>()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom(format!("the key `{key}` is there twice")));
            }
            let value = entries.next_value()?;
            map.insert(key, value);
        }
        Ok(map)
    }
}

/// PostgreSQL stores no NUL in text, so nothing takes one.
pub(crate) fn no_nul(text: &str) -> std::result::Result<(), ValidationError> {
    match text.contains('\0') {
        false => Ok(()),
        true => Err(ValidationError::new("nul").with_message("contains a NUL character".into())),
    }
}

/// The same for each of some texts.
pub(crate) fn no_nuls(texts: &[String]) -> std::result::Result<(), ValidationError> {
    texts.iter().try_for_each(|text| no_nul(text))
}

/// The most characters of an e-mail address (RFC 5321, 4.5.3.1.3, less its brackets).
const EMAIL_LENGTH: usize = 254;

/// An address that mail may be sent to: a local part and a domain. What else an address must be, only a mail to it shows.
pub(crate) fn is_email(text: &str) -> std::result::Result<(), ValidationError> {
    let is_address = |(local, domain): (&str, &str)| {
        !local.is_empty()
            && local.len() <= 64
            && !domain.is_empty()
            && !domain.starts_with(['.', '-'])
            && !domain.ends_with(['.', '-'])
            && domain.chars().all(|letter| letter.is_alphanumeric() || letter == '-' || letter == '.')
    };
    let is_clean =
        |letter: char| !letter.is_whitespace() && !letter.is_control() && !"@<>,;\"".contains(letter);
    let is_email = text.len() <= EMAIL_LENGTH
        && text
            .rsplit_once('@')
            .is_some_and(|(local, domain)| is_address((local, domain)) && local.chars().all(is_clean));
    match is_email {
        true => Ok(()),
        false => Err(ValidationError::new("email").with_message("is no e-mail address".into())),
    }
}

/// Whether a text in it, or a name, has a NUL, which PostgreSQL stores in no text.
pub fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(values) => values.iter().any(holds_nul),
        Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || holds_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
