//! Templates: shapes of flags that new ones are made from.

use engine::ruleset::{Kind, ValueType, Variation};
use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::check::{no_nul, present};
use crate::flags::{Configuration, CreateFlag, Start, are_tags, check_variations, key_or_suggestion};
#[cfg(feature = "openapi")]
use crate::flags::{tags_schema, variations_schema};
use crate::orgs::{ProjectRef, suggest_slug};
use crate::{EnvironmentKey, Error, FlagKey, Millis, Result, TemplateKey, UserId};

/// What a flag is and does, without what makes it this flag.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Shape {
    /// The preset that the configuration follows.
    pub kind: Kind,
    /// The type of the values.
    pub value_type: ValueType,
    /// Whether browser keys may see the flags.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(examples(false)))]
    pub client_side: bool,
    /// The values that the flags can take.
    #[validate(length(min = 2, max = 50, message = "2 to 50 variations"))]
    #[cfg_attr(feature = "openapi", schema(schema_with = variations_schema))]
    pub variations: Vec<Variation>,
    /// Words to find the flags by.
    #[serde(default)]
    #[validate(length(max = 40, message = "at most 40 tags"), custom(function = are_tags))]
    #[cfg_attr(feature = "openapi", schema(schema_with = tags_schema))]
    pub tags: Vec<String>,
    /// What the flags do everywhere once they are switched on. They start switched off, whatever `enabled` says.
    pub configuration: Configuration,
}

impl Shape {
    /// Checks it by itself. Whether there are the flags and segments that it names is looked at when a flag is made of it.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every path that is against the rules, below `shape`.
    pub fn check(&self) -> Result<()> {
        let found = crate::validate(self)
            .and_then(|()| check_variations(&self.variations, self.value_type))
            .and_then(|()| self.configuration.check(&self.variations));
        found.map_err(|error| error.below("shape"))
    }

    /// The same, switched off, and with each tag once.
    #[must_use]
    pub fn neat(mut self) -> Self {
        self.configuration.enabled = false;
        self.tags.sort();
        self.tags.dedup();
        self
    }
}

/// Creates a template: of a shape, or of what a flag is and does in an environment.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = NewTemplate))]
#[serde(deny_unknown_fields)]
pub struct CreateTemplate {
    /// The key; without it one that says the name.
    #[serde(default)]
    pub key: Option<TemplateKey>,
    /// A name for people.
    #[validate(length(min = 1, max = 200, message = "1 to 200 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200, examples("Kill switch")))]
    pub name: String,
    /// What it is for.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    #[cfg_attr(
        feature = "openapi",
        schema(max_length = 2000, examples("What can be switched off in an emergency."))
    )]
    pub description: String,
    /// What the flags are to be and do.
    #[serde(default)]
    pub shape: Option<Shape>,
    /// The flag whose shape it is to be, in the place of `shape`.
    #[serde(default)]
    pub from_flag: Option<FlagKey>,
    /// The environment in which the flag does it.
    #[serde(default)]
    pub environment: Option<EnvironmentKey>,
}

/// What a template is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// A shape.
    Shape(Box<Shape>),
    /// What a flag is and does in an environment.
    Flag(FlagKey, EnvironmentKey),
}

impl CreateTemplate {
    /// What it is made of.
    ///
    /// # Errors
    /// [`Error::Invalid`] where that is nothing or two things, or the shape is against the rules.
    pub fn source(&self) -> Result<Source> {
        match (&self.shape, &self.from_flag, &self.environment) {
            (Some(shape), None, None) => {
                shape.check()?;
                Ok(Source::Shape(Box::new(shape.clone().neat())))
            }
            (None, Some(flag), Some(environment)) => Ok(Source::Flag(flag.clone(), environment.clone())),
            (None, Some(_), None) => Err(Error::invalid("environment", "is needed with `from_flag`")),
            (None, None, _) => Err(Error::invalid("shape", "is needed, or `from_flag` and `environment`")),
            (Some(_), Some(_), _) => Err(Error::invalid("from_flag", "is in the place of `shape`")),
            (Some(_), None, Some(_)) => Err(Error::invalid("environment", "is for `from_flag`")),
        }
    }

    /// The key, or one that says the name.
    ///
    /// # Errors
    /// [`Error::Invalid`] where nothing of the name can be in a key.
    pub fn key(&self) -> Result<TemplateKey> {
        match &self.key {
            Some(key) => Ok(key.clone()),
            None if self.name.contains(|letter: char| letter.is_ascii_alphanumeric()) => {
                suggest_slug(&self.name).parse().map_err(|_| Error::invalid("key", "is needed"))
            }
            None => Err(Error::invalid("key", "is needed: nothing of the name can be in a key")),
        }
    }
}

/// Changes a template. What is absent stays. Flags that were made of it stay as they are.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = TemplateChange))]
#[serde(deny_unknown_fields)]
pub struct UpdateTemplate {
    /// A name for people.
    #[serde(default, deserialize_with = "present")]
    #[validate(length(min = 1, max = 200, message = "1 to 200 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(nullable = false, min_length = 1, max_length = 200))]
    #[cfg_attr(feature = "openapi", schema(examples("Kill switch")))]
    pub name: Option<String>,
    /// What it is for.
    #[serde(default, deserialize_with = "present")]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(nullable = false, max_length = 2000))]
    #[cfg_attr(feature = "openapi", schema(examples("What can be switched off in an emergency.")))]
    pub description: Option<String>,
    /// What the flags are to be and do: the whole shape.
    #[serde(default, deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub shape: Option<Shape>,
    /// The version that the author saw; another one there now is a conflict.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(examples(1)))]
    pub version: Option<i64>,
}

impl UpdateTemplate {
    /// Checks what is given.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every path that is against the rules.
    pub fn check(&self) -> Result<()> {
        crate::validate(self)?;
        self.shape.as_ref().map_or(Ok(()), Shape::check)
    }
}

/// Deletes a template. Flags that were made of it stay.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = TemplateConfirmation))]
#[serde(deny_unknown_fields)]
pub struct DeleteTemplate {
    /// The template's key, typed.
    #[cfg_attr(feature = "openapi", schema(examples("kill-switch")))]
    pub confirm: String,
}

/// A new flag of a template's shape.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FlagFromTemplate {
    /// The flag's key; one that says the name unless given.
    #[serde(default)]
    pub key: Option<FlagKey>,
    /// A name for people.
    #[validate(length(min = 1, max = 200, message = "1 to 200 characters"), custom(function = no_nul))]
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 1, max_length = 200, examples("Checkout, version 2"))
    )]
    pub name: String,
    /// What it is for.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000, examples("One page instead of three.")))]
    pub description: String,
    /// Words to find it by, in the place of the template's.
    #[serde(default)]
    #[validate(length(max = 40, message = "at most 40 tags"), custom(function = are_tags))]
    #[cfg_attr(feature = "openapi", schema(schema_with = tags_schema))]
    pub tags: Option<Vec<String>>,
    /// Who looks after it: the id of a member, or `null` for nobody. Whoever creates it unless given.
    #[serde(default, deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<UserId>))]
    pub owner: Option<Option<UserId>>,
    /// Whether it is meant to be removed some day.
    #[serde(default)]
    pub temporary: bool,
    /// When a temporary flag should be gone by. It is only marked as stale then, and served on.
    #[serde(default)]
    pub expires_at: Option<Millis>,
}

impl FlagFromTemplate {
    /// The flag, with a template's shape.
    ///
    /// # Errors
    /// [`Error::Invalid`] on `key` where none was sent and the name suggests none.
    pub fn of(self, project: ProjectRef, shape: Shape) -> Result<CreateFlag> {
        let Self { key, name, description, tags, owner, temporary, expires_at } = self;
        Ok(CreateFlag {
            project,
            key: key_or_suggestion(key, &name)?,
            name,
            description,
            kind: shape.kind,
            value_type: shape.value_type,
            client_side: shape.client_side,
            variations: shape.variations,
            tags: tags.unwrap_or(shape.tags),
            owner: owner.into(),
            temporary,
            expires_at,
            start: Start::Configured(Box::new(shape.configuration)),
        })
    }
}

/// A template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = Template))]
pub struct TemplateView {
    /// The key.
    pub key: TemplateKey,
    /// The name for people.
    #[cfg_attr(feature = "openapi", schema(examples("Kill switch")))]
    pub name: String,
    /// What it is for.
    #[cfg_attr(feature = "openapi", schema(examples("What can be switched off in an emergency.")))]
    pub description: String,
    /// What the flags are to be and do.
    pub shape: Shape,
    /// Counts its changes.
    #[cfg_attr(feature = "openapi", schema(examples(1)))]
    pub version: i64,
    /// Who created it, while they have an account.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub created_by: Option<UserId>,
    /// Since when there is the template.
    pub created_at: Millis,
    /// When it last changed.
    pub updated_at: Millis,
}

/// A part of a project's templates, in the order of their keys.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = Templates))]
pub struct TemplatesPage {
    /// The templates.
    pub templates: Vec<TemplateView>,
    /// Where the next part begins; null where this is the last one.
    #[cfg_attr(feature = "openapi", schema(required, examples(json!(null))))]
    pub next: Option<String>,
    /// How many there are in all.
    #[cfg_attr(feature = "openapi", schema(examples(1)))]
    pub total: u64,
}
