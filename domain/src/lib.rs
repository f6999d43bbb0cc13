//! Togglebit's vocabulary: what people and programs say to it, what it answers, and who may do what.
//!
//! Everything here is data and pure functions; it runs on the server and in the browser alike.
#![deny(missing_docs)]

pub mod access;
pub mod accounts;
pub mod api_keys;
pub mod audit;
mod check;
pub mod diff;
pub mod environments;
mod error;
pub mod flags;
pub mod history;
mod ids;
mod keys;
mod millis;
mod network;
pub mod orgs;
mod page;
pub mod place;
pub mod projects;
pub mod segments;
mod sort;
pub mod templates;
pub mod transfer;
pub mod usage;

pub use check::{holds_nul, number, parse, read, unique_map, validate};
pub use diff::{Change, diff};
/// Why a flag has the value that was served.
pub use engine::Reason;
/// The wire types of a ruleset, which commands and views are made of.
pub use engine::ruleset;
pub use error::{Error, FieldError};
pub use ids::{
    ApiKeyId, EnvironmentId, FlagId, InvitationId, OrgId, ProjectId, SegmentId, SignInId, TemplateId,
    TokenId, UserId,
};
pub use keys::{EnvironmentKey, FlagKey, InvalidKey, OrgSlug, ProjectKey, SegmentKey, TemplateKey};
pub use millis::Millis;
pub use network::Network;
pub use page::Page;
pub use sort::Sort;

/// The result of what may be refused.
pub type Result<T> = std::result::Result<T, Error>;
