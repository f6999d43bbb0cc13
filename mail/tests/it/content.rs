//! What people read.

use mail::{Invitation, Mail, Mailer, Sent};

use crate::smtp::LINK;

async fn read(mail: Mail) -> Sent {
    let (mailer, outbox) = Mailer::in_memory();
    mailer.send(&mail).await.unwrap();
    outbox.newest("ada@example.com").unwrap()
}

fn invitation<'a>(inviter: Option<&'a str>, organization: &'a str) -> Mail {
    Mail::invitation("ada@example.com", Invitation { inviter, organization, role: "editor", link: LINK })
}

#[tokio::test]
async fn a_new_password() {
    let sent = read(Mail::new_password("ada@example.com", LINK)).await;
    assert_eq!(sent.subject, "Choose a new password for Togglebit");
    assert_eq!(sent.link, LINK);
    assert_eq!(
        sent.text,
        "\
Choose a new password

Somebody, hopefully you, has asked for a new password for your Togglebit account. You can choose it here:

https://flags.example.com/password/t0ken-of-the-link

The link is good for an hour, and once.

If you did not ask for this, do nothing: your password stays as it is.

-- 
Sent automatically by Togglebit at flags.example.com.
"
    );
}

#[tokio::test]
async fn an_address_to_confirm() {
    let sent = read(Mail::confirm_address("ada@example.com", LINK)).await;
    assert_eq!(sent.subject, "Confirm your address for Togglebit");
    assert_eq!(
        sent.text,
        "\
Confirm your address

This address was given for a Togglebit account. If that was you, confirm that it is yours:

https://flags.example.com/password/t0ken-of-the-link

The link is good for 24 hours.

If it was not you, do nothing: the address stays unconfirmed.

-- 
Sent automatically by Togglebit at flags.example.com.
"
    );
}

#[tokio::test]
async fn an_invitation() {
    let sent = read(invitation(Some("Charles Babbage"), "Analytical Engines")).await;
    assert_eq!(sent.subject, "Charles Babbage invites you to “Analytical Engines”");
    assert_eq!(
        sent.text,
        "\
Join “Analytical Engines”

Charles Babbage invites you to join “Analytical Engines” on Togglebit, with the role “editor”.

https://flags.example.com/password/t0ken-of-the-link

The link is good for 7 days, and for this address alone.

If you do not know what this is about, do nothing: without you nothing happens.

-- 
Sent automatically by Togglebit at flags.example.com.
"
    );
}

#[tokio::test]
async fn an_invitation_by_nobody_who_has_a_name() {
    for inviter in [None, Some(""), Some(" \u{200b}\n")] {
        let sent = read(invitation(inviter, "Analytical Engines")).await;
        assert_eq!(sent.subject, "You are invited to “Analytical Engines”");
        assert!(
            sent.text.contains("\nYou are invited to join “Analytical Engines” on Togglebit"),
            "{}",
            sent.text
        );
    }
    let sent = read(invitation(None, "\u{202e}\n")).await;
    assert_eq!(sent.subject, "You are invited to an organization");
}

#[tokio::test]
async fn the_html_says_the_same() {
    let mails = [
        Mail::new_password("ada@example.com", LINK),
        Mail::confirm_address("ada@example.com", LINK),
        invitation(Some("Charles Babbage"), "Analytical Engines"),
    ];
    for mail in mails {
        let sent = read(mail).await;
        let read: Vec<_> =
            sent.text.lines().filter(|line| !line.trim().is_empty() && *line != "-- ").collect();
        for line in read {
            assert!(sent.html.contains(line), "{line:?} is not in {}", sent.html);
        }
        assert_eq!(sent.html.matches(&format!("href=\"{LINK}\"")).count(), 2);
        assert!(sent.html.contains(&format!(">{LINK}</a>")));
    }
}

#[tokio::test]
async fn the_html_loads_nothing() {
    let html = read(Mail::new_password("ada@example.com", LINK)).await.html;
    assert!(html.starts_with("<!doctype html>\n<html lang=\"en\">"));
    assert!(html.contains("<meta name=\"color-scheme\" content=\"light dark\">"));
    for loads in
        ["<img", "<script", "<link", "<iframe", "url(", "@import", "src=", "background=", "@font-face"]
    {
        assert!(!html.contains(loads), "{loads}");
    }
    assert_eq!(html.matches("http").count(), html.matches(LINK).count());
}

#[tokio::test]
async fn names_are_escaped() {
    let sent = read(invitation(Some("<b>\"Ada\"</b> & 'co'"), "<script>alert(1)</script>")).await;
    assert!(
        sent.html.contains("&lt;b&gt;&quot;Ada&quot;&lt;/\u{2060}b&gt; &amp; &#39;co&#39; invites you"),
        "{}",
        sent.html
    );
    assert!(sent.html.contains("“&lt;script&gt;alert(1)&lt;/\u{2060}script&gt;”"));
    assert!(!sent.html.contains("<script") && !sent.html.contains("<b>"));
    assert!(sent.text.contains("<b>\"Ada\"</\u{2060}b> & 'co' invites you"), "{}", sent.text);
    let mail = Mail::new_password("ada@example.com", "https://flags.example.com/?a=1&b=\"><b>'");
    assert!(
        read(mail)
            .await
            .html
            .contains("href=\"https://flags.example.com/?a=1&amp;b=&quot;&gt;&lt;b&gt;&#39;\"")
    );
}

#[tokio::test]
async fn names_cannot_look_like_the_letter() {
    let name =
        "Engines\u{202e}\r\n\r\nOpen https://evil.example/now, or answer eve@evil.example\u{2028}\u{0}";
    let sent = read(invitation(Some("www.evil.example"), name)).await;
    for text in [&sent.text, &sent.html] {
        for part in ["evil.example", "https://evil", "eve@evil", "\u{202e}", "\u{2028}", "\u{0}", "\nOpen"] {
            assert!(!text.contains(part), "{part:?} in {text}");
        }
    }
    assert_eq!(sent.subject.lines().count(), 1);
    let sent = read(invitation(Some(&"a".repeat(10_000)), &"b".repeat(10_000))).await;
    assert!(sent.subject.chars().count() < 160 && sent.text.len() < 1000, "{}", sent.text);
    assert!(sent.subject.contains("aaa… invites you to “bbb"));
}

#[tokio::test]
async fn debug_shows_no_link() {
    let mail = Mail::new_password("ada@example.com", LINK);
    assert_eq!(format!("{mail:?}"), "Mail { to: \"ada@example.com\", .. }");
    assert_eq!(mail.to(), "ada@example.com");
    let invitation = Invitation { inviter: None, organization: "Engines", role: "viewer", link: LINK };
    assert_eq!(format!("{invitation:?}"), "Invitation { organization: \"Engines\", role: \"viewer\", .. }");
}
