//! What is said to an SMTP server (RFC 5321).
//!
//! `lettre`'s own transport does not tell a refused password from a refused address, and waits for replies without end.

use std::time::Duration;

use lettre::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::DEFAULT_MECHANISMS;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use tokio::time::timeout;

use crate::failure::{Outage, Refusal, SendError, Step};
use crate::relay::{Relay, Security};

/// How long each step may take, connecting included.
const STEP: Duration = Duration::from_secs(10);
/// How long it may take until the letter is accepted.
const WHOLE: Duration = Duration::from_secs(20);
/// How long the goodbye may take, which nothing depends on any more.
const GOODBYE: Duration = Duration::from_secs(1);

/// Sends one letter over a connection of its own. Letters are rare: a connection that was kept would mostly be one that
/// the server has closed meanwhile.
///
/// # Errors
/// When the server does not accept it.
pub(crate) async fn send(relay: &Relay, hello: &ClientId, message: &Message) -> Result<(), SendError> {
    let mut step = Step::Connect;
    let attempt = timeout(WHOLE, attempt(relay, hello, message, &mut step)).await;
    let mut connection = match attempt {
        Ok(result) => result?,
        Err(_) => return Err(Outage::TooSlow(step).into()),
    };
    let _ = timeout(GOODBYE, connection.abort()).await;
    Ok(())
}

async fn attempt(
    relay: &Relay,
    hello: &ClientId,
    message: &Message,
    step: &mut Step,
) -> Result<AsyncSmtpConnection, SendError> {
    let mut connection = connect(relay, hello, step).await?;
    let envelope = message.envelope();
    let mut parameters = Vec::new();
    let is_ascii = |address: &lettre::Address| AsRef::<str>::as_ref(address).is_ascii();
    if !envelope.to().iter().all(is_ascii) {
        if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Err(SendError::NoAddress);
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    *step = Step::Sender;
    within(*step, connection.command(Mail::new(envelope.from().cloned(), parameters))).await?;
    *step = Step::Recipient;
    for address in envelope.to() {
        within(*step, connection.command(Rcpt::new(address.clone(), Vec::new()))).await?;
    }
    *step = Step::Letter;
    within(*step, connection.command(Data)).await?;
    within(*step, connection.message(&message.formatted())).await?;
    Ok(connection)
}

/// Connects, encrypts and signs in.
async fn connect(relay: &Relay, hello: &ClientId, step: &mut Step) -> Result<AsyncSmtpConnection, SendError> {
    *step = Step::Connect;
    let server = (relay.host.as_str(), relay.port);
    let tls = match &relay.security {
        Security::Always(tls) => Some(tls.clone()),
        Security::Never | Security::Upgrade(_) => None,
    };
    let connecting = AsyncSmtpConnection::connect_tokio1(server, Some(STEP), hello, tls, None);
    let mut connection = within(*step, connecting).await?;
    if let Security::Upgrade(tls) = &relay.security {
        *step = Step::StartTls;
        if !connection.can_starttls() {
            return Err(Refusal::NoStartTls.into());
        }
        within(*step, connection.starttls(tls.clone(), hello)).await?;
    }
    if let Some(credentials) = &relay.credentials {
        *step = Step::SignIn;
        if connection.server_info().get_auth_mechanism(DEFAULT_MECHANISMS).is_none() {
            return Err(Refusal::NoSignIn.into());
        }
        within(*step, connection.auth(DEFAULT_MECHANISMS, credentials)).await?;
    }
    Ok(connection)
}

async fn within<T>(step: Step, work: impl Future<Output = Result<T, Error>>) -> Result<T, SendError> {
    match timeout(STEP, work).await {
        Ok(result) => result.map_err(|error| SendError::new(step, &error)),
        Err(_) => Err(Outage::TooSlow(step).into()),
    }
}
