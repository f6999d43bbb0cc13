//! Why a letter is not sent.

use std::error::Error;
use std::fmt;

/// Why a letter is not sent. May be shown and logged: it has neither the letter in it nor what the server says.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum SendError {
    /// No letter will ever get to this address, and another attempt is of no use.
    #[error("the mail server refuses the address for good, with code {code}")]
    Address {
        /// The server's reply: 500 to 599.
        code: u16,
    },
    /// It is no address, or has letters that the server does not know how to handle.
    #[error("the address is not one that mail can be sent to")]
    NoAddress,
    /// The server refuses whatever address it is for. Somebody has to look at the settings.
    #[error("the mail server does not send it: {0}")]
    Refused(#[source] Refusal),
    /// Another attempt may go well. This one may have, too, where it broke off at [`Step::Letter`].
    #[error("the mail server cannot send it at the moment: {0}")]
    Temporary(#[source] Outage),
}

/// What the server refuses for good.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// The server offers no STARTTLS. Nothing was sent.
    #[error("STARTTLS is required, and the server does not offer it")]
    NoStartTls,
    /// User and password are configured, and the server knows no way to take them, or none that is known here.
    #[error("the server offers none of the ways to sign in with a password that are known here")]
    NoSignIn,
    /// The server replied so.
    #[error("code {code} while {step}")]
    Status {
        /// Where.
        step: Step,
        /// The reply: 500 to 599.
        code: u16,
    },
}

/// Why a letter cannot be sent now.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Outage {
    /// There is no connection, or it broke; or TLS failed, which includes certificates that are not trusted.
    #[error("no connection while {step}: {cause}")]
    Connection {
        /// Where.
        step: Step,
        /// The error of the connection.
        cause: String,
    },
    /// The server took too long.
    #[error("no answer in time while {0}")]
    TooSlow(Step),
    /// The server replied with something that is not SMTP, or hung up.
    #[error("an unreadable answer while {0}")]
    Unreadable(Step),
    /// The server replied so.
    #[error("code {code} while {step}")]
    Status {
        /// Where.
        step: Step,
        /// The reply: 400 to 499.
        code: u16,
    },
}

/// A step on the way.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// Connecting, and TLS where it is there from the start.
    Connect,
    /// STARTTLS.
    StartTls,
    /// User and password.
    SignIn,
    /// Whom it is from.
    Sender,
    /// Whom it is for.
    Recipient,
    /// The letter itself.
    Letter,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "connecting",
            Self::StartTls => "starting TLS",
            Self::SignIn => "signing in",
            Self::Sender => "naming the sender",
            Self::Recipient => "naming the recipient",
            Self::Letter => "sending the letter",
        })
    }
}

impl From<Refusal> for SendError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Outage> for SendError {
    fn from(outage: Outage) -> Self {
        Self::Temporary(outage)
    }
}

impl SendError {
    /// Takes from an error what may be kept. Texts of replies are dropped: they can quote the letter.
    pub(crate) fn new(step: Step, error: &lettre::transport::smtp::Error) -> Self {
        if let Some(code) = error.status().map(u16::from) {
            return match (step, code) {
                (_, 400..500) => Outage::Status { step, code }.into(),
                // RFC 4954, part 6, and RFC 3207, part 4: the server wants a password or TLS first, whoever it is for.
                (Step::Recipient, code) if code != 530 => Self::Address { code },
                _ => Refusal::Status { step, code }.into(),
            };
        }
        if error.is_timeout() {
            return Outage::TooSlow(step).into();
        }
        if error.is_response() || error.is_client() {
            return Outage::Unreadable(step).into();
        }
        Outage::Connection { step, cause: cause(error) }.into()
    }
}

/// The innermost error: those around it say no more than that there is one. It names neither addresses nor letters.
fn cause(error: &(dyn Error + 'static)) -> String {
    let innermost = std::iter::successors(Some(error), |&error| error.source()).last();
    innermost.map(ToString::to_string).unwrap_or_default()
}
