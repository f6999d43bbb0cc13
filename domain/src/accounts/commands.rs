use serde::{Deserialize, Serialize};
use validator::{Validate, ValidationError};

use super::TokenScope;
use crate::check::{is_email, no_nul};

/// The fewest characters of a password.
pub const MIN_PASSWORD_LENGTH: usize = 10;

/// The most bytes of a password: hashing more costs time and adds nothing.
const MAX_PASSWORD_BYTES: usize = 1024;

/// A password as somebody typed it. Its `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Password(pub String);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Long enough to be chosen. Whether it is too common is asked on the server, which has the lists.
fn choosable(password: &Password) -> Result<(), ValidationError> {
    short_enough(password)?;
    match password.0.chars().count() < MIN_PASSWORD_LENGTH {
        true => Err(ValidationError::new("short").with_message("at least 10 characters".into())),
        false => Ok(()),
    }
}

/// Short enough to be hashed.
fn short_enough(password: &Password) -> Result<(), ValidationError> {
    match password.0.len() > MAX_PASSWORD_BYTES {
        true => Err(ValidationError::new("long").with_message("at most 1024 bytes".into())),
        false => Ok(()),
    }
}

/// Creates an account for a person, without a way to sign in to it.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct CreateUser {
    /// The person's e-mail address, unique without regard to case.
    #[validate(custom(function = is_email))]
    pub email: String,
    /// What others see.
    #[validate(length(min = 1, max = 100, message = "1 to 100 characters"), custom(function = no_nul))]
    pub name: String,
}

/// Creates an account for oneself, with a password.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignUp {
    /// One's e-mail address.
    #[validate(custom(function = is_email))]
    #[cfg_attr(feature = "openapi", schema(format = Email, max_length = 254, examples("ada@example.com")))]
    pub email: String,
    /// What others see.
    #[validate(length(min = 1, max = 100, message = "1 to 100 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100, examples("Ada Lovelace")))]
    pub name: String,
    /// The password.
    #[validate(custom(function = choosable))]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Password))]
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 10, max_length = 1024, examples("violet teapot harbour 9"))
    )]
    pub password: Password,
    /// The token of an invitation, where one led here.
    #[serde(default)]
    pub invitation: Option<String>,
}

/// Signs in with a password.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The e-mail address.
    #[validate(length(max = 254, message = "at most 254 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(max_length = 254, examples("ada@example.com")))]
    pub email: String,
    /// The password.
    #[validate(custom(function = short_enough))]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Password))]
    #[cfg_attr(feature = "openapi", schema(max_length = 1024, examples("violet teapot harbour 9")))]
    pub password: Password,
}

/// Changes the name that others see.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeName {
    /// The name.
    #[validate(length(min = 1, max = 100, message = "1 to 100 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100, examples("Ada King")))]
    pub name: String,
}

/// Changes the password, or gives one to an account without.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The password so far, where there is one.
    #[serde(default)]
    #[validate(custom(function = short_enough))]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Password))]
    #[cfg_attr(feature = "openapi", schema(max_length = 1024, examples("violet teapot harbour 9")))]
    pub current: Option<Password>,
    /// The new one.
    #[validate(custom(function = choosable))]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Password))]
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 10, max_length = 1024, examples("copper lantern orchard 4"))
    )]
    pub new: Password,
}

/// Asks for an e-mail with a link to choose a new password.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RequestReset {
    /// The account's e-mail address.
    #[cfg_attr(feature = "openapi", schema(max_length = 254, examples("ada@example.com")))]
    #[validate(length(max = 254, message = "at most 254 characters"), custom(function = no_nul))]
    pub email: String,
}

/// Proves that one's address is one's own, by the link of an e-mail.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct VerifyEmail {
    /// The link's token.
    #[cfg_attr(feature = "openapi", schema(examples("Zk3nWq8sTf0aYx1LcV7uRb")))]
    pub token: String,
}

/// Chooses a new password by a link.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    /// The link's token.
    #[cfg_attr(feature = "openapi", schema(examples("Zk3nWq8sTf0aYx1LcV7uRb")))]
    pub token: String,
    /// The new password.
    #[validate(custom(function = choosable))]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Password))]
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 10, max_length = 1024, examples("copper lantern orchard 4"))
    )]
    pub password: Password,
}

/// Makes a personal access token.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateToken {
    /// A name for oneself.
    #[validate(length(min = 1, max = 100, message = "1 to 100 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100, examples("deployment")))]
    pub name: String,
    /// What it may do.
    pub scope: TokenScope,
    /// After how many days it ends, if ever.
    #[serde(default)]
    #[validate(range(min = 1, max = 3650, message = "1 to 3650 days"))]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 3650, examples(90)))]
    pub days: Option<u32>,
}

/// Deletes one's account.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DeleteAccount {
    /// One's e-mail address, typed.
    #[cfg_attr(feature = "openapi", schema(examples("ada@example.com")))]
    pub confirm: String,
}
