//! Letters that arrive.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use mail::{Mail, MailConfig, Mailer};

use crate::smtp::{Instead, LINK, Smtp, letter};

#[tokio::test]
async fn a_letter_arrives() {
    let server = Smtp::start().await;
    server.mailer().send(&letter()).await.unwrap();
    let world = server.world();
    let expected =
        ["EHLO example.org", "MAIL FROM:<flags@example.org>", "RCPT TO:<ada@example.com>", "DATA", "QUIT"];
    assert_eq!(world.commands, expected);
    assert_eq!(world.letters.len(), 1);
    let letter = &world.letters[0];
    assert!(letter.contains("\r\nTo: ada@example.com\r\n"), "{letter}");
    assert!(letter.contains("\r\nFrom: Togglebit <flags@example.org>\r\n") || letter.starts_with("From: "));
    assert!(letter.contains("@example.org>\r\n") && letter.contains(&format!("\r\n{LINK}\r\n")), "{letter}");
}

#[tokio::test]
async fn each_letter_has_a_connection_of_its_own() {
    let server = Smtp::start().await;
    let mailer = server.mailer();
    mailer.send(&letter()).await.unwrap();
    mailer.clone().send(&letter()).await.unwrap();
    let world = server.world();
    assert_eq!((world.connections, world.letters.len()), (2, 2));
}

#[tokio::test]
async fn nobody_waits_for_the_goodbye() {
    let server = Smtp::with("QUIT", Instead::Hang).await;
    let mailer = server.mailer();
    let sending = tokio::spawn(async move { mailer.send(&letter()).await });
    server.hanging.notified().await;
    // From here on time passes by itself while everybody waits.
    tokio::time::pause();
    sending.await.unwrap().unwrap();
    assert_eq!(server.world().letters.len(), 1);
}

#[tokio::test]
async fn a_password_is_shown_where_it_is_asked_for() {
    let server = Smtp::start().await;
    server.world().offers = vec!["AUTH LOGIN PLAIN"];
    server.mailer_at("smtp://ada%40example.com:hunter%3A2@", "").send(&letter()).await.unwrap();
    let expected = format!("AUTH PLAIN {}", BASE64_STANDARD.encode("\0ada@example.com\0hunter:2"));
    assert_eq!(server.world().commands[1], expected);
    assert_eq!(server.verbs(), ["EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"]);
}

#[tokio::test]
async fn letters_that_need_more_than_ascii_go_where_it_is_known() {
    let server = Smtp::start().await;
    server.world().offers = vec!["SMTPUTF8", "8BITMIME"];
    server.mailer().send(&Mail::new_password("äda@bücher.example", LINK)).await.unwrap();
    let expected = ["MAIL FROM:<flags@example.org> SMTPUTF8", "RCPT TO:<äda@xn--bcher-kva.example>"];
    assert_eq!(server.world().commands[1..3], expected);
}

#[tokio::test]
async fn the_greeting_names_a_domain_that_every_server_can_read() {
    for (from, greeting) in
        [("flags@bücher.example", "EHLO xn--bcher-kva.example"), ("flags@192.0.2.1", "EHLO [127.0.0.1]")]
    {
        let server = Smtp::start().await;
        let smtp = format!("smtp://127.0.0.1:{}", server.port);
        let mailer = Mailer::new(&MailConfig { smtp, from: from.to_owned() }).unwrap();
        mailer.send(&letter()).await.unwrap();
        assert_eq!(server.world().commands[0], greeting, "{from}");
    }
}
