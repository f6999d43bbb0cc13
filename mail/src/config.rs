//! How mail is sent.

use std::fmt;

use lettre::Address;
use lettre::message::Mailbox;

use crate::message::ascii;

/// How mail is sent.
#[derive(Clone)]
pub struct MailConfig {
    /// The SMTP server, with what to sign in with where it asks for that:
    ///
    /// | address | TLS | port, unless it says another |
    /// |---|---|---|
    /// | `smtps://user:password@host` | from the start | 465 |
    /// | `smtp+starttls://user:password@host` | by STARTTLS; without it nothing is sent | 587 |
    /// | `smtp://user:password@host?tls=required` | the same, as other programs write it | 587 |
    /// | `smtp://host` | none; user and password for this machine alone | 25 |
    ///
    /// Characters of user and password that mean something in an address are written as in `%40` for `@`. Certificates
    /// are checked against Mozilla's list of authorities.
    pub smtp: String,
    /// Whom mail is from, such as `Togglebit <togglebit@example.com>` or the address alone.
    pub from: String,
}

impl fmt::Debug for MailConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Both: whoever mixes them up has written the password into the other.
        f.debug_struct("MailConfig").finish_non_exhaustive()
    }
}

/// Which setting cannot be used, and why. Quotes neither.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ConfigError {
    /// The server's address.
    #[error("the address of the SMTP server cannot be used: {0}")]
    Smtp(#[source] BadAddress),
    /// The sender.
    #[error("the sender of mail must be one address, such as \"Togglebit <togglebit@example.com>\"")]
    From,
}

/// What is wrong with the address of an SMTP server.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum BadAddress {
    /// It cannot be read.
    #[error(
        "it is not like smtps://user:password@host:465; characters such as @, : and / in user and password must be \
         percent-encoded, such as %40 for @"
    )]
    Unreadable,
    /// It begins with something else.
    #[error("it must begin with smtps://, smtp+starttls:// or smtp://")]
    Scheme,
    /// It has a path, a fragment, or a query that is not known.
    #[error(
        "nothing but ?tls=required after smtp:// may follow the host and port; characters such as /, ? and # in user and \
         password must be percent-encoded, such as %2F for /"
    )]
    Rest,
    /// STARTTLS where it is offered: whoever is on the way takes the offer out.
    #[error("tls=opportunistic protects from nobody: write smtp+starttls:// for STARTTLS")]
    Opportunistic,
    /// A user without a password, or a password without a user.
    #[error("user and password must be given together, or not at all")]
    HalfCredentials,
    /// A user or a password that is no text.
    #[error("user and password must be UTF-8 without control characters")]
    Credentials,
    /// A password that everybody on the way could read.
    #[error(
        "user and password may not be sent without TLS, except to this machine: write smtps:// or smtp+starttls://"
    )]
    Insecure,
    /// TLS cannot be set up.
    #[error("TLS cannot be set up for this host")]
    Tls,
}

/// Reads the sender.
///
/// # Errors
/// When it is not one address.
pub(crate) fn sender(text: &str) -> Result<Mailbox, ConfigError> {
    if text.chars().any(char::is_control) {
        return Err(ConfigError::From);
    }
    let Mailbox { name, email } = text.parse().map_err(|_| ConfigError::From)?;
    let domain = ascii(email.domain()).unwrap_or_else(|| email.domain().to_owned());
    let email = Address::new(email.user(), domain).map_err(|_| ConfigError::From)?;
    // Few servers know such senders, and this one sends to everybody.
    if AsRef::<str>::as_ref(&email).is_ascii() { Ok(Mailbox { name, email }) } else { Err(ConfigError::From) }
}
