//! A letter in the form in which it travels (RFC 5322, RFC 2045).

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};
use url::Host;

use crate::failure::SendError;
use crate::mail::Mail;

/// # Errors
/// When the recipient's address is none.
pub(crate) fn build(from: &Mailbox, mail: &Mail) -> Result<Message, SendError> {
    let Mail { to, letter } = mail;
    let to = address(to).ok_or(SendError::NoAddress)?;
    // lettre would put this host's name behind the @, or "localhost".
    let id = format!("<{:032x}@{}>", rand::random::<u128>(), from.email.domain());
    Message::builder()
        .from(from.clone())
        .to(to.into())
        .subject(letter.subject.as_str())
        .date_now()
        .message_id(Some(id))
        // RFC 3834: no answer by a machine. Exchange has a header of its own for that.
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .raw_header(header("X-Auto-Response-Suppress", "All"))
        .multipart(MultiPart::alternative_plain_html(letter.text(), letter.html()))
        .map_err(|_| SendError::NoAddress)
}

/// A domain in the letters that every server knows (RFC 5890). None is what is no domain, such as a network address.
pub(crate) fn ascii(domain: &str) -> Option<String> {
    match Host::parse(domain) {
        Ok(Host::Domain(ascii)) => Some(ascii),
        _ => None,
    }
}

fn address(text: &str) -> Option<Address> {
    // Quoted parts may have them by the grammar, and nobody has such an address.
    if text.chars().any(|letter| letter.is_control() || letter.is_whitespace()) {
        return None;
    }
    let (local, domain) = text.rsplit_once('@')?;
    if domain.is_ascii() { text.parse().ok() } else { Address::new(local, ascii(domain)?).ok() }
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}
