use engine::ruleset::{Kind, ValueType, Variation};
use serde::{Deserialize, Serialize};
use validator::{Validate, ValidationError};

use super::configuration::check_variations;
use super::start::Start;
use super::{AnyRule, Configuration, Percentage};
use crate::check::{no_nul, present};
use crate::orgs::ProjectRef;
use crate::{Error, FieldError, FlagKey, Millis, Result, UserId};

/// Creates a flag in every environment of its project, switched off.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct CreateFlag {
    /// The project.
    pub project: ProjectRef,
    /// The flag's key.
    pub key: FlagKey,
    /// A name for people.
    #[validate(length(min = 1, max = 200, message = "1 to 200 characters"), custom(function = no_nul))]
    pub name: String,
    /// What it is for.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    pub description: String,
    /// The preset that its configuration starts with.
    pub kind: Kind,
    /// The type of its values.
    pub value_type: ValueType,
    /// Whether browser keys may see it.
    #[serde(default)]
    pub client_side: bool,
    /// The values that it can take. The first is what "on" means, the last is what "off" means, until configured.
    #[validate(length(min = 2, max = 50, message = "2 to 50 variations"))]
    pub variations: Vec<Variation>,
    /// Words to find it by.
    #[serde(default)]
    #[validate(length(max = 40, message = "at most 40 tags"), custom(function = are_tags))]
    pub tags: Vec<String>,
    /// Who looks after it.
    #[serde(default)]
    pub owner: FirstOwner,
    /// Whether it is meant to be removed some day.
    #[serde(default)]
    pub temporary: bool,
    /// When it should be gone by, if it is temporary.
    #[serde(default)]
    pub expires_at: Option<Millis>,
    /// What it does everywhere once it is switched on.
    #[serde(default)]
    pub start: Start,
}

/// Who looks after a new flag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstOwner {
    /// Whoever creates it.
    #[default]
    Creator,
    /// Nobody.
    Nobody,
    /// A member of the organization.
    Member(UserId),
}

impl From<Option<Option<UserId>>> for FirstOwner {
    /// From the field of a request: absent, null or a member.
    fn from(owner: Option<Option<UserId>>) -> Self {
        match owner {
            None => Self::Creator,
            Some(None) => Self::Nobody,
            Some(Some(member)) => Self::Member(member),
        }
    }
}

impl CreateFlag {
    /// Checks what depends on more than one field.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every path that is against the rules.
    pub fn check(&self) -> Result<()> {
        crate::validate(self)?;
        check_variations(&self.variations, self.value_type)?;
        check_lifetime(self.temporary, self.expires_at)?;
        let configuration = self.start.configuration(self.kind, &self.variations)?;
        let faults = configuration.faults(&self.variations);
        Error::refuse(faults.into_iter().map(|fault| self.start.place(fault)).collect())
    }
}

/// A new flag, as it is asked for: what is left out is what most flags are.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(examples(json!({
    "name": "Checkout, version 2", "key": "checkout-v2", "description": "One page instead of three.",
    "kind": "percentage", "tags": ["checkout"], "temporary": true
}))))]
#[serde(deny_unknown_fields)]
pub struct NewFlag {
    /// A name for people.
    #[validate(length(min = 1, max = 200, message = "1 to 200 characters"), custom(function = no_nul))]
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 1, max_length = 200, examples("Checkout, version 2"))
    )]
    pub name: String,
    /// The key; one that says the name unless given.
    #[serde(default)]
    pub key: Option<FlagKey>,
    /// What it is for.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000, examples("One page instead of three.")))]
    pub description: String,
    /// The preset that its configuration starts with. Unless given, it is what the rest says: `boolean`, `percentage` with
    /// `rollout_pct`, `segment` with tests as `rules`, `combined` with both, and `advanced` with anything else.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// The type of its values: `boolean` unless given.
    #[serde(default)]
    pub value_type: Option<ValueType>,
    /// The values that it can take. The first is what "on" means, the last is what "off" means, until configured. A boolean
    /// flag has `on` and `off` unless given; others need some.
    #[serde(default)]
    #[validate(length(min = 2, max = 50, message = "2 to 50 variations"))]
    #[cfg_attr(feature = "openapi", schema(schema_with = variations_or_null_schema))]
    pub variations: Option<Vec<Variation>>,
    /// Whether browser keys may see it.
    #[serde(default)]
    pub client_side: bool,
    /// Words to find it by.
    #[serde(default)]
    #[validate(length(max = 40, message = "at most 40 tags"), custom(function = are_tags))]
    #[cfg_attr(feature = "openapi", schema(schema_with = tags_schema))]
    pub tags: Vec<String>,
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
    /// What it does in every environment once it is switched on there. Whatever `enabled` says, it starts switched off.
    #[serde(default)]
    pub configuration: Option<Configuration>,
    /// The share that is served the first variation once it is switched on, the others the last one. In the place of a
    /// configuration, in which this is said in general.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<f64>, minimum = 0, maximum = 100))]
    pub rollout_pct: Option<Percentage>,
    /// Whom it is for once it is switched on: tests that must all hold, or rules, which are tried in order. In the place of a
    /// configuration.
    #[serde(default)]
    pub rules: Option<Vec<AnyRule>>,
}

impl NewFlag {
    /// The command, with what was left out.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what is needed and cannot be guessed.
    pub fn complete(self, project: ProjectRef) -> Result<CreateFlag> {
        let Self {
            name,
            key,
            description,
            kind,
            value_type,
            variations,
            client_side,
            tags,
            owner,
            temporary,
            expires_at,
            configuration,
            rollout_pct,
            rules,
        } = self;
        let key = key_or_suggestion(key, &name)?;
        let start = Start::of(configuration, rollout_pct, rules)?;
        let value_type = value_type.unwrap_or(ValueType::Boolean);
        let variations = match (variations, value_type) {
            (Some(variations), _) => variations,
            (None, ValueType::Boolean) => on_and_off(),
            (None, _) => return Err(Error::invalid("variations", "are needed for values of this type")),
        };
        let kind = kind.unwrap_or_else(|| start.kind());
        Ok(CreateFlag {
            project,
            key,
            name,
            description,
            kind,
            value_type,
            client_side,
            variations,
            tags,
            owner: owner.into(),
            temporary,
            expires_at,
            start,
        })
    }
}

/// The keys that no flag may have, and what is found at the address of each.
const RESERVED: [(&str, &str); 2] =
    [("bulk", "the API's way to change many flags"), ("new", "the page that makes a flag")];

/// Refuses a key that is another address.
pub fn check_key(key: &FlagKey, path: String) -> Vec<FieldError> {
    let reserved = RESERVED.into_iter().find(|(reserved, _)| key.as_str() == *reserved);
    let error = |(_, what)| FieldError { path, message: format!("{key} is kept for {what}") };
    reserved.map(error).into_iter().collect()
}

/// The variations of most flags.
fn on_and_off() -> Vec<Variation> {
    [("on", true), ("off", false)]
        .into_iter()
        .map(|(key, value)| Variation { key: key.to_owned(), value: value.into() })
        .collect()
}

/// The most characters of a suggested key.
const SUGGESTED: usize = 60;

/// A key that says a name: lower case, with hyphens for what is no letter or digit. None where nothing is left of it.
pub fn suggest_key(name: &str) -> Option<FlagKey> {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug: String = words.collect::<Vec<_>>().join("-").chars().take(SUGGESTED).collect();
    slug.trim_end_matches('-').to_ascii_lowercase().parse().ok()
}

/// The key that was sent, or else one that says the name.
///
/// # Errors
/// [`Error::Invalid`] on `key` where the name suggests none.
pub(crate) fn key_or_suggestion(key: Option<FlagKey>, name: &str) -> Result<FlagKey> {
    key.or_else(|| suggest_key(name))
        .ok_or_else(|| Error::invalid("key", "is needed: the name suggests none"))
}

/// Refuses an expiry of what is meant to stay.
///
/// # Errors
/// [`Error::Invalid`] on `expires_at`.
pub fn check_lifetime(temporary: bool, expires_at: Option<Millis>) -> Result<()> {
    match expires_at {
        Some(_) if !temporary => Err(Error::invalid("expires_at", "is for temporary flags")),
        _ => Ok(()),
    }
}

pub(crate) fn are_tags(tags: &[String]) -> std::result::Result<(), ValidationError> {
    let good =
        |tag: &String| (1..=50).contains(&tag.chars().count()) && !tag.contains('\0') && tag.trim() == tag;
    match tags.iter().all(good) {
        true => Ok(()),
        false => Err(ValidationError::new("tags").with_message("each tag has 1 to 50 characters".into())),
    }
}

#[cfg(feature = "openapi")]
pub(crate) fn tags_schema() -> utoipa::openapi::schema::Array {
    use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
    let tag = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(50));
    ArrayBuilder::new()
        .items(tag.examples(["checkout"]))
        .max_items(Some(40))
        .description(Some("Words to find it by."))
        .build()
}

/// The same where null is as good as nothing.
#[cfg(feature = "openapi")]
pub(super) fn variations_or_null_schema() -> utoipa::openapi::schema::Array {
    use utoipa::openapi::schema::{SchemaType, Type};
    let mut schema = variations_schema();
    schema.schema_type = SchemaType::from_iter([Type::Array, Type::Null]);
    schema
}

#[cfg(feature = "openapi")]
pub(crate) fn variations_schema() -> utoipa::openapi::schema::Array {
    use utoipa::openapi::Ref;
    use utoipa::openapi::schema::ArrayBuilder;
    ArrayBuilder::new()
        .items(Ref::from_schema_name("Variation"))
        .min_items(Some(2))
        .max_items(Some(50))
        .description(Some("The values that it can take. The first is what \"on\" means, the last is what \"off\" means, until configured."))
        .examples([serde_json::json!(on_and_off())])
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suggested_key_is_one() {
        let long = "x".repeat(200);
        for (name, key) in [
            ("Checkout, version 2", Some("checkout-version-2")),
            ("  New Menu!  ", Some("new-menu")),
            ("日本", None),
            (long.as_str(), Some(&long[..60])),
        ] {
            assert_eq!(suggest_key(name).as_ref().map(FlagKey::as_str), key, "{name}");
        }
    }
}
