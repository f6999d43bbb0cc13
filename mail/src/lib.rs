//! The letters that Togglebit writes, and their way to an SMTP server.
//!
//! A [`Mail`] is one of the letters, for one address. A [`Mailer`] sends it, or keeps it in an [`Outbox`] for tests to
//! read. Who gets a letter, and what its link does, is not known here.
//!
//! ```no_run
//! # use mail::{Mail, MailConfig, Mailer};
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let mailer = Mailer::new(&MailConfig {
//!     smtp: "smtps://togglebit:secret@smtp.example.com".to_owned(),
//!     from: "Togglebit <togglebit@example.com>".to_owned(),
//! })?;
//! mailer.send(&Mail::new_password("ada@example.com", "https://flags.example.com/reset-password?token=…")).await?;
//! # Ok(())
//! # }
//! ```
//!
//! Links carry tokens, and the address of the server a password: none of them is shown by `Debug`, part of an error, or
//! logged. What the server says beside its codes is dropped for the same reason: it may quote the letter.
#![deny(missing_docs)]

mod config;
mod conversation;
mod failure;
mod letter;
mod mail;
mod mailer;
mod message;
mod name;
mod outbox;
mod relay;

pub use config::{BadAddress, ConfigError, MailConfig};
pub use failure::{Outage, Refusal, SendError, Step};
pub use mail::{Invitation, Mail};
pub use mailer::Mailer;
pub use outbox::{Outbox, Sent};
