//! Keys: names that people choose and programs use. Parsed once, at the edge.

use serde::{Deserialize, Serialize};

/// Why a text is no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no {kind}: {rule}")]
pub struct InvalidKey {
    kind: &'static str,
    text: String,
    rule: &'static str,
}

const NAME_RULE: &str = "1 to 200 of A-Z a-z 0-9 . _ @ - and a letter or digit first";
const SLUG_RULE: &str = "1 to 40 of a-z 0-9 - and a letter or digit first";

fn is_name(text: &str) -> bool {
    let inside = |byte: u8| byte.is_ascii_alphanumeric() || b"._@-".contains(&byte);
    text.len() <= 200
        && text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric())
        && text.bytes().all(inside)
}

fn is_slug(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.len() <= 40
        && text.bytes().next().is_some_and(letter)
        && text.bytes().all(|b| letter(b) || b == b'-')
}

macro_rules! keys {
    ($(
        $(#[$doc:meta])*
        $name:ident, $kind:literal, $check:ident, $rule:ident, $pattern:literal, $example:literal;
    )+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = $pattern, examples($example)))]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The key as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidKey;
            fn from_str(text: &str) -> Result<Self, InvalidKey> {
                text.to_owned().try_into()
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidKey;
            fn try_from(text: String) -> Result<Self, InvalidKey> {
                if $check(&text) {
                    Ok(Self(text))
                } else {
                    let text = text.chars().take(60).collect();
                    Err(InvalidKey { kind: $kind, text, rule: $rule })
                }
            }
        }

        impl From<$name> for String {
            fn from(key: $name) -> Self {
                key.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

keys! {
    /// A flag's key, unique in its project and case-sensitive.
    FlagKey, "flag key", is_name, NAME_RULE, r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,199}$", "checkout-v2";
    /// A segment's key, unique in its project and case-sensitive.
    SegmentKey, "segment key", is_name, NAME_RULE, r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,199}$", "beta-testers";
    /// A template's key, unique in its project and case-sensitive.
    TemplateKey, "template key", is_name, NAME_RULE, r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,199}$", "kill-switch";
    /// An environment's key, unique in its project; part of its API keys.
    EnvironmentKey, "environment key", is_slug, SLUG_RULE, r"^[a-z0-9][a-z0-9-]{0,39}$", "dev";
    /// A project's key, unique in its organization.
    ProjectKey, "project key", is_slug, SLUG_RULE, r"^[a-z0-9][a-z0-9-]{0,39}$", "default";
    /// An organization's name in addresses, unique in the instance.
    OrgSlug, "organization slug", is_slug, SLUG_RULE, r"^[a-z0-9][a-z0-9-]{0,39}$", "acme";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_parsed_at_the_edge() {
        for good in ["a", "checkout-v2", "Checkout", "menu@v2", "a.b_c", &"x".repeat(200)] {
            assert_eq!(good.parse::<FlagKey>().unwrap().as_str(), good);
        }
        for bad in ["", "-a", ".a", "a b", "a/b", "ä", "a\0", &"x".repeat(201)] {
            assert!(bad.parse::<FlagKey>().is_err(), "{bad:?} was taken");
        }
        for bad in ["", "Dev", "-a", "a.b", &"x".repeat(41)] {
            assert!(bad.parse::<EnvironmentKey>().is_err(), "{bad:?} was taken");
        }
    }

    #[test]
    fn a_refusal_repeats_only_the_beginning_of_what_was_sent() {
        let error = " ".repeat(5000).parse::<FlagKey>().unwrap_err();
        assert!(error.to_string().len() < 200);
    }
}
