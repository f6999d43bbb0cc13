//! People.

use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::UserId;
use crate::check::no_nul;

/// Creates an account for a person.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct CreateUser {
    /// The person's e-mail address, unique without regard to case.
    #[validate(
        length(min = 3, max = 254, message = "3 to 254 characters"),
        contains(pattern = "@", message = "no e-mail address"), custom(function = no_nul)
    )]
    pub email: String,
    /// What others see.
    #[validate(length(min = 1, max = 100, message = "1 to 100 characters"), custom(function = no_nul))]
    pub name: String,
}

/// A person, as others see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The id.
    pub id: UserId,
    /// The e-mail address.
    pub email: String,
    /// The name.
    pub name: String,
}
