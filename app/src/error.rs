//! What a server function can answer instead of a value.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use crate::told::{faults, plain};

/// A refusal, or a failure on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub(crate) enum UiError {
    /// The server's word.
    #[error("{}", told(.0))]
    Rejected(domain::Error),
    /// The answer did not arrive, or was none.
    #[error("{}", plain(.0))]
    Transport(String),
}

/// A refusal, as people are told it.
fn told(error: &domain::Error) -> String {
    match error {
        domain::Error::Invalid { details } => faults(details),
        other => plain(&other.to_string()),
    }
}

impl FromServerFnError for UiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Transport("The server cannot be reached.".to_owned()),
            // What the caller sent was no command.
            ServerFnErrorErr::Args(message) | ServerFnErrorErr::MissingArg(message) => {
                #[cfg(feature = "ssr")]
                crate::server::set_status(400);
                Self::Rejected(domain::Error::invalid("", message))
            }
            error => Self::Transport(error.to_string()),
        }
    }
}
