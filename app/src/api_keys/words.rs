//! What API keys are, in words.

use domain::Millis;
use domain::api_keys::{ApiKeyView, KeyKind, KeyStatus};
use icondata_core::Icon as Drawing;

use crate::ui::time::{grouped, until};

/// Ends that are nearer than this are warned of.
const SOON_MS: i64 = 7 * 24 * 60 * 60 * 1000;

pub(super) const KINDS: [KeyKind; 2] = [KeyKind::Server, KeyKind::Browser];

pub(super) fn kind(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Server => "Server",
        KeyKind::Browser => "Browser",
    }
}

pub(super) fn kind_icon(kind: KeyKind) -> Drawing {
    match kind {
        KeyKind::Server => icondata_lu::LuServer,
        KeyKind::Browser => icondata_lu::LuGlobe,
    }
}

/// What whoever has a key of this kind may see.
pub(super) fn sees(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Server => {
            "Evaluates every flag and may read all rules and segments of the environment. Keep it secret, on machines that are yours."
        }
        KeyKind::Browser => {
            "Evaluates the flags that are marked for browsers, and never sees a rule. Everybody who has your page or app can read it, and may."
        }
    }
}

/// Whether a key works, as a badge shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct State {
    pub(super) name: &'static str,
    pub(super) icon: Drawing,
    pub(super) class: &'static str,
}

pub(super) fn state(status: KeyStatus) -> State {
    match status {
        KeyStatus::Active => State { name: "Active", icon: icondata_lu::LuCheck, class: "text-on" },
        KeyStatus::Expired => State { name: "Expired", icon: icondata_lu::LuClock, class: "text-muted" },
        KeyStatus::Revoked => State { name: "Revoked", icon: icondata_lu::LuBan, class: "text-danger" },
    }
}

/// When a key that works ends, and whether that is soon.
pub(super) fn end(key: &ApiKeyView, now: Millis) -> Option<(String, bool)> {
    let at = key.expires_at.filter(|_| key.status == KeyStatus::Active)?;
    Some((format!("ends {}", until(now, at)), at.0.saturating_sub(now.0) < SOON_MS))
}

/// Where a key may be used from.
pub(super) fn networks(key: &ApiKeyView) -> String {
    match key.allowed_networks.as_deref() {
        None => "Anywhere".to_owned(),
        Some([only]) => only.to_string(),
        Some(several) => format!("{} networks", several.len()),
    }
}

/// The networks as they are typed.
pub(super) fn all_networks(key: &ApiKeyView) -> String {
    let networks: Vec<_> = key.allowed_networks.iter().flatten().map(ToString::to_string).collect();
    networks.join(", ")
}

/// How often a key may ask, where it has a limit of its own.
pub(super) fn rate(key: &ApiKeyView) -> Option<String> {
    key.rate_limit.map(|rate| format!("{}/s", grouped(u64::from(rate))))
}

/// Why a key cannot be rotated, whoever asks; none where it can.
pub(super) fn not_rotated(key: &ApiKeyView, successor: Option<&ApiKeyView>) -> Option<String> {
    match (key.status, successor) {
        (_, Some(successor)) if successor.status == KeyStatus::Active => {
            Some(format!("{}… is in its place already: rotate that one.", successor.prefix))
        }
        (KeyStatus::Active, _) => None,
        (KeyStatus::Expired, _) => {
            Some("It has expired. Give it another end first, or make a new key.".to_owned())
        }
        (KeyStatus::Revoked, _) => Some("It is revoked, for good. Make a new key.".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(status: KeyStatus, expires_at: Option<i64>) -> ApiKeyView {
        let view = serde_json::json!({
            "id": "019b76da-a800-7d02-a9f3-21566f59b4f5", "prefix": "tb_dev_abcdef", "name": "Application", "kind": "server",
            "environment": "dev", "creator": null, "created_at": 0, "expires_at": expires_at, "revoked_at": null,
            "last_used_at": null, "replaced_by": null, "allowed_networks": null, "rate_limit": null, "status": status,
        });
        serde_json::from_value(view).unwrap()
    }

    #[test]
    fn an_end_is_told_while_a_key_works_and_warned_of_when_it_is_near() {
        let now = Millis(0);
        assert_eq!(end(&key(KeyStatus::Active, None), now), None);
        assert_eq!(end(&key(KeyStatus::Expired, Some(-1)), now), None);
        let told = |at| end(&key(KeyStatus::Active, Some(at)), now).unwrap();
        assert_eq!(told(3_600_000), ("ends in 1 hour".to_owned(), true));
        assert_eq!(told(2 * SOON_MS), ("ends in 14 days".to_owned(), false));
    }

    #[test]
    fn only_what_works_and_has_no_successor_is_rotated() {
        let active = key(KeyStatus::Active, None);
        assert_eq!(not_rotated(&active, None), None);
        assert_eq!(not_rotated(&active, Some(&key(KeyStatus::Revoked, None))), None);
        assert!(not_rotated(&active, Some(&active)).is_some());
        assert!(not_rotated(&key(KeyStatus::Expired, Some(-1)), None).is_some());
    }

    #[test]
    fn bounds_are_told_in_short() {
        let mut key = key(KeyStatus::Active, None);
        assert_eq!((networks(&key), rate(&key)), ("Anywhere".to_owned(), None));
        key.allowed_networks = Some(vec!["10.0.0.0/8".parse().unwrap()]);
        key.rate_limit = Some(200);
        assert_eq!((networks(&key), rate(&key)), ("10.0.0.0/8".to_owned(), Some("200/s".to_owned())));
        key.allowed_networks = Some(vec!["10.0.0.0/8".parse().unwrap(), "192.0.2.7".parse().unwrap()]);
        assert_eq!(
            (networks(&key), all_networks(&key).as_str()),
            ("2 networks".to_owned(), "10.0.0.0/8, 192.0.2.7")
        );
    }
}
