//! Letters to people, where the instance can send them.

use domain::Error as Refusal;
use mail::Mail;

use crate::Services;
use crate::error::{Result, causes};

impl Services {
    /// Whether the instance sends letters.
    pub fn sends_letters(&self) -> bool {
        self.inner.mailer.is_some()
    }

    /// Refuses what takes a letter where none can be sent.
    pub(crate) fn need_letters(&self) -> Result<()> {
        match self.sends_letters() {
            true => Ok(()),
            false => {
                let reason = "this instance sends no e-mail: ask whoever runs it".to_owned();
                Err(Refusal::Forbidden { reason }.into())
            }
        }
    }

    /// Where a link leads: a page, and the token that it is good for.
    pub fn link(&self, page: &str, token: &str) -> String {
        format!("{}/{page}?token={token}", self.settings().public_url)
    }

    /// Does something after its request is answered. The application waits for it before it closes.
    pub(crate) fn in_background(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.inner.background.spawn(work);
    }

    /// Sends a letter, and waits until the server has it.
    pub(crate) async fn send_letter(&self, letter: Mail) -> Result<()> {
        let Some(mailer) = &self.inner.mailer else { return self.need_letters() };
        mailer.send(&letter).await.map_err(|error| {
            tracing::error!(error.causes = causes(&error), "an e-mail could not be sent");
            Refusal::Unavailable { reason: "the e-mail could not be sent".to_owned() }.into()
        })
    }
}
