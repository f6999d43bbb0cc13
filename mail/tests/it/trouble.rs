//! Servers that are not there, or not to be spoken to.

use mail::{Outage, SendError, Step};
use tokio::net::TcpListener;

use crate::smtp::{Instead, Smtp, letter, mailer};

#[tokio::test]
async fn a_server_that_never_answers() {
    let cases = [
        ("CONNECT", Step::Connect),
        ("EHLO", Step::Connect),
        ("STARTTLS", Step::StartTls),
        ("AUTH", Step::SignIn),
        ("MAIL", Step::Sender),
        ("RCPT", Step::Recipient),
        ("DATA", Step::Letter),
        (".", Step::Letter),
    ];
    for (command, step) in cases {
        let server = Smtp::with(command, Instead::Hang).await;
        server.world().offers = vec!["AUTH PLAIN", "STARTTLS"];
        let before =
            if command == "STARTTLS" { "smtp+starttls://ada:hunter2@" } else { "smtp://ada:hunter2@" };
        let mailer = server.mailer_at(before, "");
        let sending = tokio::spawn(async move { mailer.send(&letter()).await });
        server.hanging.notified().await;
        // From here on time passes by itself while everybody waits.
        tokio::time::pause();
        let begun = tokio::time::Instant::now();
        assert_eq!(sending.await.unwrap(), Err(SendError::Temporary(Outage::TooSlow(step))), "{command}");
        let seconds = begun.elapsed().as_secs();
        assert!((9..=11).contains(&seconds), "{command}: {seconds}");
        tokio::time::resume();
    }
}

#[tokio::test]
async fn a_server_that_hangs_up() {
    for (command, step) in [("CONNECT", Step::Connect), ("RCPT", Step::Recipient), (".", Step::Letter)] {
        let server = Smtp::with(command, Instead::HangUp).await;
        let error = server.mailer().send(&letter()).await.unwrap_err();
        let is_expected = match &error {
            SendError::Temporary(Outage::Unreadable(at)) => *at == step,
            // The system may report the end as a reset.
            SendError::Temporary(Outage::Connection { step: at, .. }) => *at == step,
            _ => false,
        };
        assert!(is_expected, "{command}: {error:?}");
    }
}

#[tokio::test]
async fn a_server_that_speaks_something_else() {
    let server = Smtp::with("CONNECT", Instead::Reply("HTTP/1.1 400 Bad Request hunter2")).await;
    let error = server.mailer().send(&letter()).await.unwrap_err();
    assert_eq!(error, SendError::Temporary(Outage::Unreadable(Step::Connect)));
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_server_that_is_not_there() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    for scheme in ["smtp", "smtp+starttls", "smtps"] {
        let error = mailer(&format!("{scheme}://127.0.0.1:{port}")).send(&letter()).await.unwrap_err();
        let SendError::Temporary(Outage::Connection { step: Step::Connect, cause }) = &error else {
            panic!("{error:?}");
        };
        assert!(cause.starts_with("Connection refused"), "{cause}");
    }
}

#[tokio::test]
async fn a_server_without_tls_where_it_begins_with_it() {
    let server = Smtp::start().await;
    let error = server.mailer_at("smtps://ada:hunter2@", "").send(&letter()).await.unwrap_err();
    assert!(
        matches!(error, SendError::Temporary(Outage::Connection { step: Step::Connect, .. })),
        "{error:?}"
    );
    assert!(server.verbs().iter().all(|verb| !["AUTH", "MAIL"].contains(&verb.as_str())));
}

#[tokio::test]
async fn a_server_that_offers_starttls_and_cannot() {
    let server = Smtp::start().await;
    server.world().offers = vec!["STARTTLS", "AUTH PLAIN"];
    let error = server.mailer_at("smtp+starttls://ada:hunter2@", "").send(&letter()).await.unwrap_err();
    assert!(
        matches!(error, SendError::Temporary(Outage::Connection { step: Step::StartTls, .. })),
        "{error:?}"
    );
    assert!(server.verbs().iter().all(|verb| !["AUTH", "MAIL"].contains(&verb.as_str())));
}
