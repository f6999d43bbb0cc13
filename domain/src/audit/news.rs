//! What an open page is told of the audit log.

use serde::{Deserialize, Serialize};

use super::{ActorKind, AuditEntry};
use crate::access::Role;
use crate::orgs::{NarrowedRole, PlaceRef};
use crate::{Millis, UserId};

/// Something that happened: an entry of the audit log without what was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// The entry's number in the organization, from 1.
    pub seq: i64,
    /// When.
    pub at: Millis,
    /// What kind of actor did it.
    pub actor: ActorKind,
    /// Who, where it was a person.
    pub by: Option<UserId>,
    /// Their name, where they still have an account.
    pub name: Option<String>,
    /// What happened, as in `flag.enabled`.
    pub action: String,
    /// What kind of thing it happened to.
    pub kind: String,
    /// The thing's id.
    pub id: String,
    /// Its key, or what else people know it by.
    pub key: String,
    /// The key of the project in which it happened.
    pub project: Option<String>,
    /// The key of the environment in which it happened.
    pub environment: Option<String>,
    /// The revision that the environment got by it.
    pub revision: Option<i64>,
}

impl From<AuditEntry> for News {
    fn from(entry: AuditEntry) -> Self {
        let AuditEntry {
            seq,
            at,
            actor,
            action,
            resource,
            project,
            project_id: _,
            environment,
            environment_id: _,
            revision,
            comment: _,
            old: _,
            new: _,
            changes: _,
            erased: _,
            hash: _,
        } = entry;
        let by = actor.id.filter(|_| actor.kind == ActorKind::User);
        Self {
            seq,
            at,
            actor: actor.kind,
            by: by.and_then(|id| id.parse().ok()).map(UserId),
            name: actor.name,
            action,
            kind: resource.kind,
            id: resource.id,
            key: resource.key,
            project,
            environment,
            revision,
        }
    }
}

/// What somebody may do in an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rights {
    /// Where nothing else is said.
    pub role: Role,
    /// Where it is less.
    pub narrowed: Vec<NarrowedRole>,
}

impl Rights {
    /// What they may do in a project or an environment, or all over the organization: the least of all that is said.
    pub fn at(&self, place: Option<&PlaceRef>) -> Role {
        let holds = |narrowed: &&NarrowedRole| {
            place.is_some_and(|place| {
                let at = &narrowed.place;
                at.project == place.project
                    && (at.environment.is_none() || at.environment == place.environment)
            })
        };
        self.narrowed.iter().filter(holds).map(|narrowed| narrowed.role).fold(self.role, Role::min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_of_all_that_is_said_holds() {
        let narrowed = |place: &str, role| NarrowedRole { place: place.parse().unwrap(), role };
        let rights = Rights {
            role: Role::Admin,
            narrowed: vec![narrowed("shop", Role::Developer), narrowed("shop/prod", Role::Member)],
        };
        for (place, role) in [
            ("shop", Role::Developer),
            ("shop/dev", Role::Developer),
            ("shop/prod", Role::Member),
            ("blog", Role::Admin),
            ("blog/prod", Role::Admin),
        ] {
            assert_eq!(rights.at(Some(&place.parse().unwrap())), role, "{place}");
        }
        assert_eq!(rights.at(None), Role::Admin);
    }
}
