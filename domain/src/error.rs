//! What can go wrong in ways that a caller may know about.

use serde::{Deserialize, Serialize};

/// A refusal. Closed, serializable, and safe to show: causes are logged, never told.
// With a tag inside, what reads it would be 6 kB of the browser's program after compression.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Error {
    /// The input does not follow the rules.
    #[error("{}", summary(details))]
    Invalid {
        /// What is wrong, and where.
        details: Vec<FieldError>,
    },
    /// Nobody is signed in, or the key is not valid.
    #[error("sign in first")]
    Unauthenticated,
    /// The actor may not do this.
    #[error("{reason}")]
    Forbidden {
        /// Which right is missing.
        reason: String,
    },
    /// It does not exist, or the actor may not know that it does.
    #[error("{what} not found")]
    NotFound {
        /// What was looked for.
        what: String,
    },
    /// It is there already, or somebody else changed it in the meantime.
    #[error("{message}")]
    Conflict {
        /// What clashes.
        message: String,
        /// The version that the author saw.
        seen: Option<i64>,
        /// The version that is there now.
        current: Option<i64>,
    },
    /// The input is larger than what is read.
    #[error("larger than the limit of {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The e-mail address and the password are not those of an account. Which of them is wrong is not told.
    #[error("the e-mail address or the password is wrong")]
    BadCredentials,
    /// Too often; it may be tried again later.
    #[error("too many attempts: try again in {retry_after} s")]
    TooMany {
        /// After how many seconds.
        retry_after: u32,
    },
    /// What it takes cannot be reached right now.
    #[error("{reason}")]
    Unavailable {
        /// What.
        reason: String,
    },
    /// Something on our side failed; the log has the cause under this id.
    #[error("internal error {id}")]
    Internal {
        /// The id in the log.
        id: String,
    },
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// The path of the field, such as `rules[0].serve`; empty for the whole input.
    pub path: String,
    /// What is wrong with it.
    pub message: String,
}

impl FieldError {
    /// The same, named from outside of what it is in, which stands at a path.
    #[must_use]
    pub fn below(self, path: &str) -> Self {
        let path = match (path, self.path.as_str()) {
            (path, "") => path.to_owned(),
            ("", inside) => inside.to_owned(),
            (path, inside) if inside.starts_with('[') => format!("{path}{inside}"),
            (path, inside) => format!("{path}.{inside}"),
        };
        Self { path, ..self }
    }
}

impl Error {
    /// The same, with what is wrong named from outside of what it is in, which stands at a path.
    #[must_use]
    pub fn below(self, path: &str) -> Self {
        match self {
            Self::Invalid { details } => {
                Self::Invalid { details: details.into_iter().map(|detail| detail.below(path)).collect() }
            }
            other => other,
        }
    }

    /// A refusal of one field.
    pub fn invalid(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid { details: vec![FieldError { path: path.into(), message: message.into() }] }
    }

    /// Refuses what has these faults; what has none is let through.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the faults, unless there are none.
    pub fn refuse(faults: Vec<FieldError>) -> Result<(), Self> {
        match faults.is_empty() {
            true => Ok(()),
            false => Err(Self::Invalid { details: faults }),
        }
    }

    /// Something that was not found.
    pub fn not_found(what: impl Into<String>) -> Self {
        Self::NotFound { what: what.into() }
    }

    /// Something that clashes with what is there.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::Conflict { message: message.into(), seen: None, current: None }
    }

    /// The name of the error on the wire.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "invalid",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden { .. } => "forbidden",
            Self::NotFound { .. } => "not_found",
            Self::Conflict { .. } => "conflict",
            Self::TooLarge { .. } => "too_large",
            Self::BadCredentials => "bad_credentials",
            Self::TooMany { .. } => "too_many",
            Self::Unavailable { .. } => "unavailable",
            Self::Internal { .. } => "internal",
        }
    }

    /// The HTTP status that says it.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Invalid { .. } => 400,
            Self::Unauthenticated | Self::BadCredentials => 401,
            Self::Forbidden { .. } => 403,
            Self::NotFound { .. } => 404,
            Self::Conflict { .. } => 409,
            Self::TooLarge { .. } => 413,
            Self::TooMany { .. } => 429,
            Self::Unavailable { .. } => 503,
            Self::Internal { .. } => 500,
        }
    }
}

fn summary(details: &[FieldError]) -> String {
    let line = |detail: &FieldError| match detail.path.as_str() {
        "" => detail.message.clone(),
        path => format!("{path}: {}", detail.message),
    };
    details.iter().map(line).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_named_from_outside() {
        for (outside, inside, path) in [
            ("flags.menu", "name", "flags.menu.name"),
            ("flags.menu", "", "flags.menu"),
            ("", "name", "name"),
            ("rules", "[0].serve", "rules[0].serve"),
            ("", "", ""),
        ] {
            let Error::Invalid { details } = Error::invalid(inside, "is wrong").below(outside) else {
                panic!("it is another error");
            };
            assert_eq!(details, [FieldError { path: path.to_owned(), message: "is wrong".to_owned() }]);
        }
        assert_eq!(Error::not_found("flag").below("flags"), Error::not_found("flag"));
    }
}
