//! Entries in words.

use domain::audit::{ActorKind, AuditActor, AuditEntry, AuditPerson};
use serde_json::Value;

/// What somebody did: words around a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) before: String,
    /// What it was done to.
    pub(crate) thing: String,
    pub(crate) after: String,
}

/// Kinds of things, as the filter and sentences call them.
pub(super) const KINDS: [(&str, &str); 11] = [
    ("flag", "flag"),
    ("segment", "segment"),
    ("template", "template"),
    ("environment", "environment"),
    ("api_key", "API key"),
    ("project", "project"),
    ("member", "member"),
    ("invitation", "invitation"),
    ("organization", "organization"),
    ("action", "refused attempt"),
    ("user", "account"),
];

/// Who did it.
pub(super) fn who(actor: &AuditActor) -> String {
    match actor.kind {
        ActorKind::User => {
            let known = actor.name.as_ref().or(actor.email.as_ref());
            known.cloned().unwrap_or_else(|| "Somebody who is gone".to_owned())
        }
        ActorKind::System => "Togglebit".to_owned(),
        ActorKind::Anonymous => "Somebody not signed in".to_owned(),
    }
}

/// What they did. Members are named where they are among the people.
pub(super) fn what(entry: &AuditEntry, people: &[AuditPerson]) -> Words {
    let key = &entry.resource.key;
    match entry.action.as_str() {
        "member.role_changed" => {
            let to = entry.changes.first().and_then(|change| change.new.as_ref()).and_then(Value::as_str);
            member(
                entry,
                people,
                "changed the role of",
                to.map_or(String::new(), |role| format!("to {role}")),
            )
        }
        "member.narrowed" => member(entry, people, "narrowed the role of", format!("in {key}")),
        "member.added" => member(entry, people, "added", format!("as {key}")),
        "member.removed" => member(entry, people, "removed", "from the organization".to_owned()),
        "environment.protected" => {
            let to = entry.changes.first().and_then(|change| change.new.as_ref()).and_then(Value::as_bool);
            let words = done("environment.protected", "environment", key);
            match to {
                Some(true) => Words { before: "protected".to_owned(), ..words },
                Some(false) => Words { before: "stopped protecting".to_owned(), ..words },
                None => words,
            }
        }
        "invitation.created" => invitation(entry, "invited"),
        "invitation.renewed" => invitation(entry, "renewed the invitation of"),
        "invitation.revoked" => invitation(entry, "revoked the invitation of"),
        action => done(action, &entry.resource.kind, key),
    }
}

/// What was done to something that has a key.
pub(crate) fn done(action: &str, kind: &str, key: &str) -> Words {
    let said = |before: &str, after: &str| Words {
        before: before.to_owned(),
        thing: key.to_owned(),
        after: after.to_owned(),
    };
    let kind = KINDS.into_iter().find(|(known, _)| *known == kind).map_or(kind, |(_, name)| name);
    match action {
        "flag.enabled" => said("switched", "on"),
        "flag.killed" => said("switched", "off"),
        "flag.configured" => said("changed what", "serves"),
        "flag.promoted" => said("promoted the configuration of", ""),
        "flag.targeting_promoted" => said("promoted the targeting of", ""),
        "flag.state_promoted" => said("promoted the state of", ""),
        "flag.rolled_back" | "segment.rolled_back" => said(&format!("rolled the {kind}"), "back"),
        "flag.purged" => said("made applications drop what they keep of", ""),
        "environment.purged" => said("made applications drop what they keep of", ""),
        "environment.protected" => said("changed the protection of", ""),
        "environment.reordered" => said("put the environments of", "into another order"),
        "segment.configured" => said("changed who is in", ""),
        "project.imported" => said("imported into the project", ""),
        "member.left" => Words { before: "left the organization".to_owned(), ..Words::default() },
        "invitation.created" => said("invited somebody as", ""),
        "invitation.renewed" => said("renewed the invitation of somebody as", ""),
        "invitation.revoked" => said("revoked the invitation of somebody as", ""),
        "invitation.accepted" => said("accepted the invitation as", ""),
        "denied" => said("was refused: may not", ""),
        other => {
            let verb = other.split_once('.').map_or(other, |(_, verb)| verb).replace('_', " ");
            said(&format!("{verb} the {kind}"), "")
        }
    }
}

fn member(entry: &AuditEntry, people: &[AuditPerson], before: &str, after: String) -> Words {
    let found = people.iter().find(|person| person.id.to_string() == entry.resource.id);
    let thing = found.map_or_else(|| "a former member".to_owned(), |person| person.name.clone());
    Words { before: before.to_owned(), thing, after }
}

/// Whom it was about, unless that was erased.
fn invitation(entry: &AuditEntry, before: &str) -> Words {
    let key = &entry.resource.key;
    let email = entry.changes.iter().find(|change| change.path == "email");
    let email = email.and_then(|change| change.new.as_ref().or(change.old.as_ref())).and_then(Value::as_str);
    match email {
        Some(email) => {
            Words { before: before.to_owned(), thing: email.to_owned(), after: format!("as {key}") }
        }
        None => done(&entry.action, "invitation", key),
    }
}

#[cfg(test)]
mod tests {
    use domain::audit::AuditResource;
    use domain::{Change, Millis, UserId};

    use super::*;

    fn entry(action: &str, kind: &str, key: &str) -> AuditEntry {
        AuditEntry {
            seq: 1,
            at: Millis(0),
            actor: AuditActor { kind: ActorKind::User, id: None, name: None, email: None },
            action: action.to_owned(),
            resource: AuditResource { kind: kind.to_owned(), id: "7".to_owned(), key: key.to_owned() },
            project: None,
            project_id: None,
            environment: None,
            environment_id: None,
            revision: None,
            comment: None,
            old: None,
            new: None,
            changes: Vec::new(),
            erased: false,
            hash: String::new(),
        }
    }

    #[test]
    fn what_was_done_reads_as_a_sentence() {
        let said = |entry: &AuditEntry| {
            let Words { before, thing, after } = what(entry, &[]);
            format!("{before} {thing} {after}").trim().to_owned()
        };
        for (action, kind, key, sentence) in [
            ("flag.enabled", "flag", "menu", "switched menu on"),
            ("flag.created", "flag", "menu", "created the flag menu"),
            ("segment.rolled_back", "segment", "beta", "rolled the segment beta back"),
            ("api_key.rotated", "api_key", "tb_dev_abc", "rotated the API key tb_dev_abc"),
            ("member.removed", "member", "admin", "removed a former member from the organization"),
            ("member.left", "member", "admin", "left the organization"),
            ("invitation.created", "invitation", "developer", "invited somebody as developer"),
            ("environment.protected", "environment", "prod", "changed the protection of prod"),
            ("denied", "action", "switch flags on", "was refused: may not switch flags on"),
            ("thing.blown_up", "thing", "x", "blown up the thing x"),
        ] {
            assert_eq!(said(&entry(action, kind, key)), sentence);
        }
        let role = |role: &str| Some(Value::from(role));
        let changes = vec![Change { path: String::new(), old: role("member"), new: role("admin") }];
        let changed = AuditEntry { changes, ..entry("member.role_changed", "member", "admin") };
        assert_eq!(said(&changed), "changed the role of a former member to admin");
        for (now, sentence) in [(true, "protected prod"), (false, "stopped protecting prod")] {
            let change =
                Change { path: String::new(), old: Some(Value::from(!now)), new: Some(Value::from(now)) };
            let protected =
                AuditEntry { changes: vec![change], ..entry("environment.protected", "environment", "prod") };
            assert_eq!(said(&protected), sentence);
        }
        let address = Some(Value::from("dev@example.com"));
        for (action, old, new, sentence) in [
            ("invitation.created", None, address.clone(), "invited dev@example.com as developer"),
            ("invitation.revoked", address, None, "revoked the invitation of dev@example.com as developer"),
        ] {
            let changes = vec![Change { path: "email".to_owned(), old, new }];
            let invited = AuditEntry { changes, ..entry(action, "invitation", "developer") };
            assert_eq!(said(&invited), sentence);
        }
    }

    #[test]
    fn members_have_names() {
        let id: UserId = serde_json::from_str("\"0199fb2e-7c41-7d3a-9a55-3f0c2b9e1d84\"").unwrap();
        let resource = AuditResource { kind: "member".into(), id: id.to_string(), key: "developer".into() };
        let added = AuditEntry { resource, ..entry("member.added", "member", "developer") };
        let people = [AuditPerson { id, name: "Ada".to_owned() }];
        let expected = Words { before: "added".into(), thing: "Ada".into(), after: "as developer".into() };
        assert_eq!(what(&added, &people), expected);
    }

    #[test]
    fn whoever_is_gone_is_somebody() {
        let actor = |kind, name: Option<&str>, email: Option<&str>| AuditActor {
            kind,
            id: None,
            name: name.map(Into::into),
            email: email.map(Into::into),
        };
        for (actor, name) in [
            (actor(ActorKind::User, Some("Ada"), Some("ada@example.com")), "Ada"),
            (actor(ActorKind::User, None, Some("ada@example.com")), "ada@example.com"),
            (actor(ActorKind::User, None, None), "Somebody who is gone"),
            (actor(ActorKind::System, None, None), "Togglebit"),
        ] {
            assert_eq!(who(&actor), name);
        }
    }
}
