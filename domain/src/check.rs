//! From bytes to a command that follows its own rules, or to errors that name the fields.

use serde::de::DeserializeOwned;
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use crate::{Error, FieldError, Result};

/// Reads a command from JSON and checks it.
///
/// # Errors
/// [`Error::Invalid`] with the path of each field that is unknown, missing, of another type or against the rules.
pub fn parse<T: DeserializeOwned + Validate>(json: &[u8]) -> Result<T> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let command: T = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        Error::invalid(if path == "." { String::new() } else { path }, error.into_inner().to_string())
    })?;
    deserializer.end().map_err(|error| Error::invalid("", error.to_string()))?;
    validate(&command)?;
    Ok(command)
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
