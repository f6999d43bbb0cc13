//! What a server function can answer instead of a value.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// A refusal, or a failure on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub(crate) enum UiError {
    /// The server's word.
    #[error("{0}")]
    Rejected(domain::Error),
    /// The answer did not arrive, or was none.
    #[error("{0}")]
    Transport(String),
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
