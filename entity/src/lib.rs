//! The tables as SeaORM sees them, one file each, and nothing else. Only the service crate may use this one.
//!
//! Rows are loaded by their keys; what belongs together is joined where it is asked for, so no relations are declared.

pub mod account_link;
pub mod answered_request;
pub mod api_key;
pub mod audit_chain;
pub mod audit_event;
pub mod audit_person;
pub mod context_attribute;
pub mod environment;
pub mod environment_document;
pub mod environment_revision;
pub mod flag;
pub mod flag_configuration;
pub mod flag_tag;
pub mod flag_use;
pub mod identity;
pub mod instance;
pub mod invitation;
pub mod member;
pub mod narrowed_role;
pub mod organization;
pub mod password;
pub mod personal_token;
pub mod project;
pub mod segment;
pub mod segment_configuration;
pub mod session;
pub mod sign_in;
pub mod sign_in_attempt;
pub mod stream_count;
pub mod template;
pub mod tombstone;
pub mod usage_hour;
pub mod usage_month;
pub mod user_account;
