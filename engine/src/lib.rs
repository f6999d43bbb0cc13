//! Togglebit's evaluation engine.
//!
//! Evaluation is a pure function of a ruleset, a context and the time: no I/O, no clock, no randomness, no panic. The
//! server, the playground and the SDK call the same code, so that they cannot disagree.
//!
//! Without features the crate holds the wire types of a ruleset alone. The feature `eval` adds compiling and evaluating:
//!
//! ```
//! # #[cfg(feature = "eval")] {
//! use engine::{Compiled, Context};
//!
//! let document = r#"{"format":1,"semantics":1,"key":"new-menu","version":3,"kind":"boolean","value_type":"boolean",
//!   "variations":[{"key":"on","value":true},{"key":"off","value":false}],
//!   "enabled":true,"off_variation":"off","fallthrough":{"variation":"on"}}"#;
//! let compiled = Compiled::from_documents(7, [("new-menu", document)]);
//! let context = Context::from_json(br#"{"userId":"user-1"}"#).unwrap();
//!
//! let detail = compiled.evaluate("new-menu", &context, 1_767_225_600_000);
//! assert!(detail.enabled);
//! assert_eq!(detail.reason.as_str(), "boolean");
//! # }
//! ```
#![deny(missing_docs)]

mod reason;
pub mod ruleset;

#[cfg(feature = "eval")]
pub mod bucket;
#[cfg(feature = "eval")]
mod compiled;
#[cfg(feature = "eval")]
mod condition;
#[cfg(feature = "eval")]
mod context;
#[cfg(feature = "eval")]
mod detail;
#[cfg(feature = "eval")]
mod edges;
#[cfg(feature = "eval")]
mod evaluate;
#[cfg(feature = "eval")]
mod explain;
#[cfg(feature = "eval")]
mod flag;
#[cfg(feature = "eval")]
mod graph;
#[cfg(feature = "eval")]
mod json;
#[cfg(feature = "eval")]
pub mod limits;
#[cfg(feature = "eval")]
mod link;
#[cfg(feature = "eval")]
mod number;
#[cfg(feature = "eval")]
mod operators;
#[cfg(feature = "eval")]
mod overrides;
#[cfg(feature = "eval")]
mod paths;
#[cfg(feature = "eval")]
mod rollout;
#[cfg(feature = "eval")]
mod segment;
#[cfg(feature = "eval")]
mod table;
#[cfg(feature = "eval")]
mod trace;
#[cfg(feature = "eval")]
mod value;
#[cfg(feature = "eval")]
mod warning;

pub use reason::Reason;

#[cfg(feature = "eval")]
pub use {
    compiled::{Change, Compiled, FlagRef},
    context::{Context, ContextError},
    detail::Detail,
    explain::{Explanation, Held, InSegment, Missed, Parts, Step},
    flag::CompiledFlag,
    number::Number,
    segment::{CompiledSegment, Membership},
    value::Value,
    warning::{Subject, Warning},
};
