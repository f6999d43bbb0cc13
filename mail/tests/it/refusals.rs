//! Servers that say no.

use mail::{Mail, Outage, Refusal, SendError, Step};

use crate::smtp::{Instead, LINK, Smtp, TOKEN, letter};

/// A reply that quotes what it should not.
macro_rules! reply {
    ($code:literal) => {
        Instead::Reply(concat!($code, " hunter2 https://flags.example.com/password/t0ken-of-the-link"))
    };
}

#[tokio::test]
async fn each_step_can_be_refused() {
    let status = |step, code| SendError::Refused(Refusal::Status { step, code });
    let later = |step, code| SendError::Temporary(Outage::Status { step, code });
    let cases = [
        ("RCPT", reply!("550"), SendError::Address { code: 550 }),
        ("RCPT", reply!("553"), SendError::Address { code: 553 }),
        ("RCPT", reply!("530"), status(Step::Recipient, 530)),
        ("RCPT", reply!("451"), later(Step::Recipient, 451)),
        ("CONNECT", reply!("554"), status(Step::Connect, 554)),
        ("CONNECT", reply!("421"), later(Step::Connect, 421)),
        ("EHLO", reply!("550"), status(Step::Connect, 550)),
        ("MAIL", reply!("550"), status(Step::Sender, 550)),
        ("MAIL", reply!("451"), later(Step::Sender, 451)),
        ("DATA", reply!("554"), status(Step::Letter, 554)),
        (".", reply!("550"), status(Step::Letter, 550)),
        (".", reply!("452"), later(Step::Letter, 452)),
    ];
    for (command, reply, expected) in cases {
        let server = Smtp::with(command, reply).await;
        let error = server.mailer().send(&letter()).await.unwrap_err();
        assert_eq!(error, expected, "{command}");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(TOKEN) && !shown.contains("hunter2") && !shown.contains("ada@"), "{shown}");
    }
}

#[tokio::test]
async fn a_wrong_password_is_not_the_addresss_fault() {
    let cases = [
        (reply!("535"), SendError::Refused(Refusal::Status { step: Step::SignIn, code: 535 })),
        (reply!("454"), SendError::Temporary(Outage::Status { step: Step::SignIn, code: 454 })),
    ];
    for (reply, expected) in cases {
        let server = Smtp::with("AUTH", reply).await;
        server.world().offers = vec!["AUTH PLAIN"];
        let error = server.mailer_at("smtp://ada:hunter2@", "").send(&letter()).await.unwrap_err();
        assert_eq!(error, expected);
        assert!(!server.verbs().contains(&"MAIL".to_owned()));
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}

#[tokio::test]
async fn no_way_to_sign_in() {
    for offers in [vec![], vec!["AUTH CRAM-MD5 XOAUTH2"]] {
        let server = Smtp::start().await;
        server.world().offers = offers;
        let error = server.mailer_at("smtp://ada:hunter2@", "").send(&letter()).await.unwrap_err();
        assert_eq!(error, SendError::Refused(Refusal::NoSignIn));
        assert_eq!(server.verbs()[0], "EHLO");
        assert!(!server.verbs().contains(&"AUTH".to_owned()));
    }
}

#[tokio::test]
async fn without_starttls_nothing_is_sent() {
    for (before, query) in [("smtp+starttls://ada:hunter2@", ""), ("smtp://ada:hunter2@", "?tls=required")] {
        let server = Smtp::start().await;
        server.world().offers = vec!["AUTH PLAIN LOGIN"];
        let error = server.mailer_at(before, query).send(&letter()).await.unwrap_err();
        assert_eq!(error, SendError::Refused(Refusal::NoStartTls));
        assert_eq!(
            error.to_string(),
            "the mail server does not send it: STARTTLS is required, and the server does not offer it"
        );
        assert!(server.verbs().iter().all(|verb| verb == "EHLO" || verb == "QUIT"), "{:?}", server.verbs());
    }
}

#[tokio::test]
async fn a_refused_starttls_is_not_gone_without() {
    let server = Smtp::with("STARTTLS", reply!("454")).await;
    server.world().offers = vec!["STARTTLS", "AUTH PLAIN LOGIN"];
    let error = server.mailer_at("smtp+starttls://ada:hunter2@", "").send(&letter()).await.unwrap_err();
    assert_eq!(error, SendError::Temporary(Outage::Status { step: Step::StartTls, code: 454 }));
    assert!(!server.verbs().contains(&"AUTH".to_owned()));
}

#[tokio::test]
async fn addresses_with_other_letters_need_a_server_that_knows_them() {
    let server = Smtp::start().await;
    let error = server.mailer().send(&Mail::new_password("äda@example.com", LINK)).await.unwrap_err();
    assert_eq!(error, SendError::NoAddress);
    assert!(!server.verbs().contains(&"MAIL".to_owned()));
}
