//! Letters that are kept instead of sent.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::failure::SendError;

/// Keeps letters for tests to read. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Outbox(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    sent: Vec<Sent>,
    failure: Option<SendError>,
}

/// A letter as it would have been sent. Its `Debug` shows the link: it is for tests.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The recipient's address.
    pub to: String,
    /// The subject as it is read.
    pub subject: String,
    /// The text as it is read.
    pub text: String,
    /// The HTML.
    pub html: String,
    /// Where the letter leads to.
    pub link: String,
    /// The whole message as it would have travelled: headers and encoded parts.
    pub message: String,
}

impl Outbox {
    /// All letters, the oldest first.
    pub fn sent(&self) -> Vec<Sent> {
        self.state().sent.clone()
    }

    /// The newest letter for an address.
    pub fn newest(&self, to: &str) -> Option<Sent> {
        self.state().sent.iter().rev().find(|sent| sent.to == to).cloned()
    }

    /// Forgets all letters, and returns them, the oldest first.
    pub fn take(&self) -> Vec<Sent> {
        std::mem::take(&mut self.state().sent)
    }

    /// Lets every letter from now on fail, or none.
    pub fn fail(&self, failure: impl Into<Option<SendError>>) {
        self.state().failure = failure.into();
    }

    pub(crate) fn put(&self, sent: Sent) -> Result<(), SendError> {
        let mut state = self.state();
        match &state.failure {
            Some(failure) => Err(failure.clone()),
            None => {
                state.sent.push(sent);
                Ok(())
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
