//! What machines read.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use mail::{Invitation, Mail, Mailer, Outbox, SendError};

use crate::smtp::LINK;

fn headers(message: &str) -> Vec<(String, String)> {
    let (head, _) = message.split_once("\r\n\r\n").unwrap();
    let head = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()));
    head.split("\r\n").map(|line| header(line).unwrap()).collect()
}

fn header(message: &str, name: &str) -> String {
    let mut found = headers(message).into_iter().filter(|(found, _)| found == name);
    let (_, value) = found.next().unwrap();
    assert!(found.next().is_none(), "{name} twice");
    value
}

/// The words of an encoded header (RFC 2047), joined.
fn decoded(value: &str) -> String {
    let word = |word: &str| match word.strip_prefix("=?utf-8?b?").and_then(|word| word.strip_suffix("?=")) {
        Some(text) => String::from_utf8(BASE64_STANDARD.decode(text).unwrap()).unwrap(),
        None => format!(" {word} "),
    };
    value.split(' ').map(word).collect::<String>().trim().to_owned()
}

async fn send(mail: Mail) -> Result<Outbox, SendError> {
    let (mailer, outbox) = Mailer::in_memory();
    mailer.send(&mail).await.map(|()| outbox)
}

async fn message(mail: Mail) -> String {
    send(mail).await.unwrap().take().remove(0).message
}

#[tokio::test]
async fn a_message_has_its_headers() {
    let message = message(Mail::new_password("ada@example.com", LINK)).await;
    let names: Vec<_> = headers(&message).into_iter().map(|(name, _)| name).collect();
    let expected = [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
        "MIME-Version",
        "Content-Type",
    ];
    assert_eq!(names, expected);
    assert_eq!(header(&message, "From"), "Togglebit <togglebit@example.com>");
    assert_eq!(header(&message, "To"), "ada@example.com");
    assert_eq!(header(&message, "Subject"), "Choose a new password for Togglebit");
    assert_eq!(header(&message, "Auto-Submitted"), "auto-generated");
    assert_eq!(header(&message, "X-Auto-Response-Suppress"), "All");
    assert!(header(&message, "Date").ends_with(" +0000"));
    assert!(header(&message, "Content-Type").starts_with("multipart/alternative; boundary="));
    let id = header(&message, "Message-ID");
    assert!(id.starts_with('<') && id.ends_with("@example.com>") && id.len() == 46, "{id}");
    let parts: Vec<_> =
        message.match_indices("Content-Type: text/").map(|(at, _)| &message[at..at + 24]).collect();
    assert_eq!(parts, ["Content-Type: text/plain", "Content-Type: text/html;"]);
    assert!(message.is_ascii());
}

#[tokio::test]
async fn every_message_has_its_own_id() {
    let (mailer, outbox) = Mailer::in_memory();
    let mail = Mail::new_password("ada@example.com", LINK);
    mailer.send(&mail).await.unwrap();
    mailer.send(&mail).await.unwrap();
    let ids: Vec<_> = outbox.sent().iter().map(|sent| header(&sent.message, "Message-ID")).collect();
    assert_ne!(ids[0], ids[1]);
}

#[tokio::test]
async fn subjects_are_encoded() {
    let of = |organization| Invitation { inviter: Some("Ada"), organization, role: "viewer", link: LINK };
    for organization in ["Füße & Co", "分析機関", "👩\u{200d}💻 Engines"] {
        let message = message(Mail::invitation("ada@example.com", of(organization))).await;
        assert!(message.is_ascii());
        let subject = decoded(&header(&message, "Subject")).replace("  ", " ");
        assert_eq!(subject, format!("Ada invites you to “{organization}”"));
    }
}

#[tokio::test]
async fn names_add_no_header() {
    let expected = headers(&message(Mail::new_password("ada@example.com", LINK)).await);
    let expected: Vec<_> = expected.into_iter().map(|(name, _)| name).collect();
    for end in ["\r\n", "\n", "\r", "\u{85}", "\u{2028}", "\u{b}", "\u{0}\r\n\r\n"] {
        let name = format!("Ada{end}Bcc: eve@example.com{end}{end}Subject: Hi");
        let invitation = Invitation { inviter: Some(&name), organization: &name, role: &name, link: LINK };
        let message = message(Mail::invitation("ada@example.com", invitation)).await;
        let names: Vec<_> = headers(&message).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, expected, "{end:?}");
        assert_eq!(header(&message, "To"), "ada@example.com");
    }
}

#[tokio::test]
async fn addresses_are_checked() {
    for to in [
        "",
        "ada",
        "@example.com",
        "ada@",
        "ada@example.com, eve@example.com",
        "Ada <ada@example.com>",
        "ada@example.com\r\nBcc: eve@example.com",
        "ada@example.com>\r\nRCPT TO:<eve@example.com",
        "\"a\r\nBcc: eve@example.com\"@example.com",
        "\"ada lovelace\"@example.com",
        "ada@exam ple.com",
        "ada@example..com",
    ] {
        let refused = send(Mail::new_password(to, LINK)).await;
        assert_eq!(refused.err(), Some(SendError::NoAddress), "{to:?}");
    }
    for (to, written) in [
        ("ada+flags@example.com", "ada+flags@example.com"),
        ("o'neil@example.com", "o'neil@example.com"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
    ] {
        let message = message(Mail::new_password(to, LINK)).await;
        assert_eq!(header(&message, "To"), written);
    }
}

#[tokio::test]
async fn an_outbox_fails_when_told_to() {
    let (mailer, outbox) = Mailer::in_memory();
    let mail = Mail::confirm_address("ada@example.com", LINK);
    outbox.fail(SendError::Address { code: 550 });
    assert_eq!(mailer.send(&mail).await, Err(SendError::Address { code: 550 }));
    outbox.fail(None);
    mailer.send(&mail).await.unwrap();
    assert_eq!(outbox.newest("ada@example.com").unwrap().link, LINK);
    assert!(outbox.newest("eve@example.com").is_none());
    assert_eq!(outbox.take().len(), 1);
    assert!(outbox.sent().is_empty());
}
