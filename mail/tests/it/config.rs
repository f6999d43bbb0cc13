//! Settings that can be used, and those that cannot.

use mail::{BadAddress, ConfigError, MailConfig, Mailer};

use crate::smtp::config;

/// What is shown of the mailer, or what is wrong with the address.
fn read(smtp: &str) -> Result<String, BadAddress> {
    match Mailer::new(&config(smtp)) {
        Ok(mailer) => Ok(format!("{mailer:?}")),
        Err(ConfigError::Smtp(bad)) => Err(bad),
        Err(other) => panic!("{smtp}: {other}"),
    }
}

#[test]
fn addresses_say_how_the_server_is_spoken_to() {
    let cases = [
        ("smtp://mx.example.com", "mx.example.com", 25, "never"),
        ("smtp://mx.example.com:2525/", "mx.example.com", 2525, "never"),
        ("smtp://mx.example.com?tls=required", "mx.example.com", 587, "upgrade"),
        ("smtp+starttls://mx.example.com", "mx.example.com", 587, "upgrade"),
        ("smtp+starttls://ada:hunter2@mx.example.com:25", "mx.example.com", 25, "upgrade"),
        ("smtps://mx.example.com", "mx.example.com", 465, "always"),
        ("SMTPS://ada:hunter2@MX.example.com:4650", "mx.example.com", 4650, "always"),
        (" smtps://ada%40example.com:hunter2%2F%3A@mx.example.com\n", "mx.example.com", 465, "always"),
        ("smtps://ada:hunter2@bücher.example", "xn--bcher-kva.example", 465, "always"),
        ("smtps://[2001:db8::1]", "2001:db8::1", 465, "always"),
        ("smtp://ada:hunter2@127.0.0.1", "127.0.0.1", 25, "never"),
        ("smtp://ada:hunter2@[::1]:1025", "::1", 1025, "never"),
        ("smtp://ada:hunter2@localhost", "localhost", 25, "never"),
        ("smtp://ada:hunter2@mx.localhost", "mx.localhost", 25, "never"),
    ];
    for (smtp, host, port, tls) in cases {
        let expected = format!(
            "Mailer {{ from: \"Togglebit <flags@example.org>\", relay: Relay {{ host: {host:?}, port: {port}, tls: {tls:?}, .. }} }}"
        );
        assert_eq!(read(smtp), Ok(expected), "{smtp}");
    }
}

#[test]
fn other_addresses_are_refused() {
    use BadAddress::{Credentials, HalfCredentials, Insecure, Opportunistic, Rest, Scheme, Unreadable};
    let cases = [
        ("", Unreadable),
        ("mx.example.com", Unreadable),
        ("smtps://", Unreadable),
        ("smtps:mx.example.com", Rest),
        ("smtps://ada:hunter2@", Unreadable),
        ("smtps://ada:hun/ter2@mx.example.com", Unreadable),
        ("smtps://ada:hunter2@mx.example.com:99999", Unreadable),
        ("smtps://ada:hunter2@mx example.com", Unreadable),
        ("mx.example.com:587", Scheme),
        ("https://ada:hunter2@mx.example.com", Scheme),
        ("starttls://ada:hunter2@mx.example.com", Scheme),
        ("smtps://ada:12/hunter2@mx.example.com", Rest),
        ("smtps://ada:12#hunter2@mx.example.com", Rest),
        ("smtps://ada:hunter2@mx.example.com/name", Rest),
        ("smtps://ada:hunter2@mx.example.com?tls=required", Rest),
        ("smtp+starttls://ada:hunter2@mx.example.com?tls=required", Rest),
        ("smtp://mx.example.com?tls=", Rest),
        ("smtp://mx.example.com?tls=required&a=b", Rest),
        ("smtp://mx.example.com?tls=opportunistic", Opportunistic),
        ("smtps://ada@mx.example.com", HalfCredentials),
        ("smtps://ada:@mx.example.com", HalfCredentials),
        ("smtps://:hunter2@mx.example.com", HalfCredentials),
        ("smtps://ada:hunter2%ff@mx.example.com", Credentials),
        ("smtps://ada%00:hunter2@mx.example.com", Credentials),
        ("smtps://ada:hunter2%0D%0A@mx.example.com", Credentials),
        ("smtp://ada:hunter2@mx.example.com", Insecure),
        ("smtp://ada:hunter2@10.0.0.1:1025", Insecure),
        ("smtp://ada:hunter2@localhost.example.com", Insecure),
        ("smtp://ada:hunter2@127.0.0.1.example.com", Insecure),
    ];
    for (smtp, expected) in cases {
        assert_eq!(read(smtp), Err(expected), "{smtp}");
    }
}

#[test]
fn the_sender_is_one_address() {
    let check = |from: &str| {
        let config = MailConfig { from: from.to_owned(), ..config("smtp://mx.example.com") };
        Mailer::new(&config).map(|_| ())
    };
    for from in [
        "flags@example.org",
        "Togglebit <flags@example.org>",
        "\"Flags, Inc.\" <flags@example.org>",
        "Füße <flags@bücher.example>",
    ] {
        assert_eq!(check(from), Ok(()), "{from}");
    }
    for from in [
        "",
        "flags",
        "flags@",
        "@example.org",
        "Togglebit",
        "flags@example.org, ada@example.org",
        "Togglebit <flags@example.org> <ada@example.org>",
        "Togglebit <flags@example.org",
        "Togglebit\r\nBcc: eve@example.org <flags@example.org>",
        "flags@example.org\r\nBcc: eve@example.org",
        "smtps://ada:hunter2@mx.example.com",
        "füße@example.org",
    ] {
        assert_eq!(check(from), Err(ConfigError::From), "{from}");
    }
}

#[test]
fn neither_setting_is_shown() {
    let good =
        MailConfig { from: "hunter2@example.org".to_owned(), ..config("smtps://ada:hunter2@mx.example.com") };
    assert_eq!(format!("{good:?}"), "MailConfig { .. }");
    let shown = format!("{:?}", Mailer::new(&config("smtps://ada:hunter2@mx.example.com")).unwrap());
    assert!(!shown.contains("hunter2") && !shown.contains("ada"), "{shown}");
}

#[test]
fn errors_name_the_setting_and_say_what_to_write() {
    let text = |smtp: &str| Mailer::new(&config(smtp)).unwrap_err().to_string();
    assert_eq!(
        text("smtp://ada:hunter2@mx.example.com"),
        "the address of the SMTP server cannot be used: user and password may not be sent without TLS, except to this \
         machine: write smtps:// or smtp+starttls://"
    );
    for smtp in ["smtps://ada:hun/ter2@mx.example.com", "smtps://ada:12#hunter2@mx", "hunter2"] {
        let text = text(smtp);
        assert!(text.starts_with("the address of the SMTP server") && !text.contains("ter2"), "{text}");
    }
    let config = MailConfig { from: "hunter2".to_owned(), ..config("smtps://mx.example.com") };
    let text = Mailer::new(&config).unwrap_err().to_string();
    assert!(text.starts_with("the sender of mail") && !text.contains("hunter2"), "{text}");
}
