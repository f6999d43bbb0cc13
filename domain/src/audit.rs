//! The audit log: what is asked of it, and what it tells.

mod news;
mod table;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use crate::check::no_nul;
use crate::diff::Change;
use crate::{EnvironmentId, Millis, ProjectId, UserId};

pub use news::{News, Rights};
pub use table::{AuditClient, AuditLine, AuditOrigin, AuditPerson, AuditTable, Verdict};

/// Which entries are asked for: those that everything here holds for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, Validate)]
#[serde(default)]
pub struct AuditFilter {
    /// What the key or the name of what it happened to contains, or the comment, or the name or the address of whoever did
    /// it: in whatever case.
    #[validate(length(max = 200, message = "at most 200 characters"), custom(function = no_nul))]
    pub q: Option<String>,
    /// What one actor did.
    pub actor: Option<By>,
    /// What happened, as in `flag.enabled`; all that begins so where it ends in a dot.
    #[validate(custom(function = action_or_beginning))]
    pub action: Option<String>,
    /// What it happened to: a kind as in `flag`, or a kind and a key as in `flag:checkout-v2`.
    #[validate(custom(function = kind_or_key))]
    pub resource: Option<String>,
    /// In which project it happened: its key or its id, also of one that is gone.
    #[validate(length(min = 1, max = 100, message = "1 to 100 characters"), custom(function = no_nul))]
    pub project: Option<String>,
    /// In which environment of the project it happened: its key or its id, also of one that is gone.
    #[validate(length(min = 1, max = 100, message = "1 to 100 characters"), custom(function = no_nul))]
    pub environment: Option<String>,
    /// Not before this time.
    pub from: Option<Millis>,
    /// Before this time.
    pub until: Option<Millis>,
}

/// Whoever did something, as somebody who searches names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum By {
    /// A person.
    User(UserId),
    /// Togglebit itself.
    System,
    /// Somebody who was not signed in.
    Anonymous,
}

/// Why a text names no actor.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a person's id, `system` or `anonymous`")]
pub struct NoActor;

impl TryFrom<String> for By {
    type Error = NoActor;
    fn try_from(text: String) -> Result<Self, NoActor> {
        match text.as_str() {
            "system" => Ok(Self::System),
            "anonymous" => Ok(Self::Anonymous),
            id => id.parse::<Uuid>().map(|id| Self::User(UserId(id))).map_err(|_| NoActor),
        }
    }
}

impl From<By> for String {
    fn from(by: By) -> Self {
        match by {
            By::User(id) => id.to_string(),
            By::System => "system".to_owned(),
            By::Anonymous => "anonymous".to_owned(),
        }
    }
}

fn action_or_beginning(text: &str) -> Result<(), ValidationError> {
    let is_one = |byte: u8| byte.is_ascii_lowercase() || byte == b'_' || byte == b'.';
    match (1..=100).contains(&text.len()) && text.bytes().all(is_one) {
        true => Ok(()),
        false => Err(ValidationError::new("action").with_message("as in `flag.enabled`, or `flag.`".into())),
    }
}

fn kind_or_key(text: &str) -> Result<(), ValidationError> {
    no_nul(text)?;
    let is_good = (1..=300).contains(&text.chars().count()) && !text.starts_with(':') && !text.ends_with(':');
    match is_good {
        true => Ok(()),
        false => Err(ValidationError::new("resource")
            .with_message("a kind, or a kind and a key: `flag:checkout-v2`".into())),
    }
}

/// An entry of the audit log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// Its number in the organization, from 1.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, examples(42)))]
    pub seq: i64,
    /// When.
    pub at: Millis,
    /// Who.
    pub actor: AuditActor,
    /// What happened.
    #[cfg_attr(feature = "openapi", schema(examples("flag.enabled")))]
    pub action: String,
    /// What it happened to.
    pub resource: AuditResource,
    /// The key of the project in which it happened; null where it happened in none.
    #[cfg_attr(feature = "openapi", schema(required, examples("default")))]
    pub project: Option<String>,
    /// The id of the project in which it happened.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub project_id: Option<ProjectId>,
    /// The key of the environment in which it happened; null where it happened in none, or where its key is not known any
    /// more.
    #[cfg_attr(feature = "openapi", schema(required, examples("prod")))]
    pub environment: Option<String>,
    /// The id of the environment in which it happened.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub environment_id: Option<EnvironmentId>,
    /// The revision that the environment got by it.
    #[cfg_attr(feature = "openapi", schema(required, minimum = 1, examples(7)))]
    pub revision: Option<i64>,
    /// Why, as the actor said.
    #[cfg_attr(feature = "openapi", schema(required, examples("the new checkout is ready")))]
    pub comment: Option<String>,
    /// What was there before: JSON, or a text.
    #[cfg_attr(feature = "openapi", schema(required, value_type = Value, example = json!({"enabled": false})))]
    pub old: Option<Value>,
    /// What was there after.
    #[cfg_attr(feature = "openapi", schema(required, value_type = Value, example = json!({"enabled": true})))]
    pub new: Option<Value>,
    /// What differs between the two, where there are two.
    pub changes: Vec<Change>,
    /// Whether what was there before or after was erased, as somebody's right.
    #[cfg_attr(feature = "openapi", schema(examples(false)))]
    pub erased: bool,
    /// The SHA-256 of the entry and of the hash before it, in hex.
    #[cfg_attr(
        feature = "openapi",
        schema(
            pattern = "^[0-9a-f]{64}$",
            examples("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
        )
    )]
    pub hash: String,
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditActor {
    /// What kind of actor.
    pub kind: ActorKind,
    /// The person's id, or why Togglebit acted by itself.
    #[cfg_attr(feature = "openapi", schema(required, examples("0199fb2e-7c41-7d3a-9a55-3f0c2b9e1d84")))]
    pub id: Option<String>,
    /// The person's name, where they still have an account.
    #[cfg_attr(feature = "openapi", schema(required, examples("Ada Lovelace")))]
    pub name: Option<String>,
    /// The person's e-mail address at that time, unless it was erased.
    #[cfg_attr(feature = "openapi", schema(required, examples("ada@example.com")))]
    pub email: Option<String>,
}

/// The kinds of actors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A person.
    User,
    /// Togglebit itself.
    System,
    /// Somebody who was not signed in.
    Anonymous,
}

impl ActorKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::User, Self::System, Self::Anonymous];

    /// The name in the database and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::System => "system",
            Self::Anonymous => "anonymous",
        }
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// What something happened to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditResource {
    /// What it is.
    #[cfg_attr(feature = "openapi", schema(examples("flag")))]
    pub kind: String,
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(examples("0199fb2e-7c41-7d3a-9a55-3f0c2b9e1d84")))]
    pub id: String,
    /// Its key, or what else people know it by.
    #[cfg_attr(feature = "openapi", schema(examples("checkout-v2")))]
    pub key: String,
}

/// A part of the audit log, the newest first.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditPage {
    /// The entries.
    pub entries: Vec<AuditEntry>,
    /// What the next part is asked for with, where there is one.
    pub next: Option<String>,
    /// How many entries there are in all parts.
    pub total: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actors_are_named_as_they_are_written() {
        for name in ["system", "anonymous", "0199fb2e-7c41-7d3a-9a55-3f0c2b9e1d84"] {
            assert_eq!(String::from(By::try_from(name.to_owned()).unwrap()), name);
        }
        for name in ["", "System", "ada@example.com"] {
            assert_eq!(By::try_from(name.to_owned()), Err(NoActor));
        }
    }

    #[test]
    fn resources_have_a_kind() {
        let filter = |resource: &str| AuditFilter { resource: Some(resource.into()), ..Default::default() };
        for good in ["flag", "flag:checkout-v2", "action:switch flags on", "flag:a:b"] {
            assert!(crate::validate(&filter(good)).is_ok(), "{good}");
        }
        for bad in ["", ":", "flag:", ":menu", "flag:a\0", &"x".repeat(301)] {
            assert!(crate::validate(&filter(bad)).is_err(), "{bad:?}");
        }
    }
}
