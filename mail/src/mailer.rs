//! What sends letters.

use std::fmt;
use std::sync::Arc;

use lettre::Message;
use lettre::message::Mailbox;
use lettre::transport::smtp::extension::ClientId;

use crate::config::{ConfigError, MailConfig, sender};
use crate::failure::SendError;
use crate::mail::Mail;
use crate::outbox::{Outbox, Sent};
use crate::relay::Relay;
use crate::{conversation, message};

/// Sends letters. Cheap to clone.
#[derive(Clone)]
pub struct Mailer(Arc<Inner>);

struct Inner {
    from: Mailbox,
    way: Way,
}

enum Way {
    Smtp { relay: Relay, hello: ClientId },
    Memory(Outbox),
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Mailer");
        shown.field("from", &self.0.from.to_string());
        match &self.0.way {
            Way::Smtp { relay, .. } => shown.field("relay", relay),
            Way::Memory(_) => shown.field("relay", &"memory"),
        };
        shown.finish()
    }
}

impl Mailer {
    /// Connects to nothing yet.
    ///
    /// # Errors
    /// When a setting cannot be used.
    pub fn new(config: &MailConfig) -> Result<Self, ConfigError> {
        let relay = Relay::parse(&config.smtp).map_err(ConfigError::Smtp)?;
        let from = sender(&config.from)?;
        // Not this host's name, which is often none that means anything outside: some servers ask for a domain that is ours.
        let hello = message::ascii(from.email.domain()).map_or_else(ClientId::default, ClientId::Domain);
        Ok(Self(Arc::new(Inner { from, way: Way::Smtp { relay, hello } })))
    }

    /// Sends nothing: letters are kept in the outbox. For tests.
    pub fn in_memory() -> (Self, Outbox) {
        let outbox = Outbox::default();
        #[expect(clippy::expect_used, reason = "this address is one")]
        let from = sender("Togglebit <togglebit@example.com>").expect("the address is one");
        (Self(Arc::new(Inner { from, way: Way::Memory(outbox.clone()) })), outbox)
    }

    /// Sends a letter, within about 20 seconds. There is no second attempt: whether it is worth one, the caller knows.
    ///
    /// # Errors
    /// When the server has not accepted it. Accepted letters may still be lost or come back later.
    pub async fn send(&self, mail: &Mail) -> Result<(), SendError> {
        let message = message::build(&self.0.from, mail)?;
        match &self.0.way {
            Way::Smtp { relay, hello } => conversation::send(relay, hello, &message).await,
            Way::Memory(outbox) => outbox.put(sent(mail, &message)),
        }
    }
}

fn sent(mail: &Mail, message: &Message) -> Sent {
    let Mail { to, letter } = mail;
    Sent {
        to: to.clone(),
        subject: letter.subject.clone(),
        text: letter.text(),
        html: letter.html(),
        link: letter.link.clone(),
        message: String::from_utf8_lossy(&message.formatted()).into_owned(),
    }
}
