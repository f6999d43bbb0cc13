//! Who acts, and the proof that they may.

use domain::access::{self, Action, Role};
use domain::accounts::Person;
use domain::{Error, OrgId, Result};

/// Whoever asks for something. A person is made by authentication only; [`Actor::system`] is for what Togglebit does by
/// itself, never for a request.
#[derive(Clone, Debug)]
pub struct Actor(Kind);

#[derive(Clone, Debug)]
enum Kind {
    User { person: Person, memberships: Vec<Membership> },
    System { reason: &'static str },
    Anonymous,
}

/// What a person may do in one organization, as of an access revision.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Membership {
    pub(crate) org_id: OrgId,
    pub(crate) role: Role,
    pub(crate) access_revision: i64,
}

/// Where something is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In no organization.
    Instance,
    /// In an organization.
    Organization(OrgId),
}

impl Place {
    /// The owner of the audit chain.
    pub(crate) fn org_id(self) -> OrgId {
        match self {
            Self::Instance => OrgId::INSTANCE,
            Self::Organization(id) => id,
        }
    }
}

/// The proof that an actor may do one kind of thing in one place. The only way to a change.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    actor: Actor,
    action: Action,
    place: Place,
}

impl Actor {
    /// Nobody in particular.
    pub const fn anonymous() -> Self {
        Self(Kind::Anonymous)
    }

    /// Togglebit itself, for a reason that the audit log shows. May do everything.
    pub const fn system(reason: &'static str) -> Self {
        Self(Kind::System { reason })
    }

    pub(crate) fn user(person: Person, memberships: Vec<Membership>) -> Self {
        Self(Kind::User { person, memberships })
    }

    /// The person, where it is one.
    pub fn person(&self) -> Option<&Person> {
        match &self.0 {
            Kind::User { person, .. } => Some(person),
            Kind::System { .. } | Kind::Anonymous => None,
        }
    }

    /// The organizations that the actor belongs to.
    pub(crate) fn memberships(&self) -> &[Membership] {
        match &self.0 {
            Kind::User { memberships, .. } => memberships,
            Kind::System { .. } | Kind::Anonymous => &[],
        }
    }

    /// The role in an organization. Togglebit itself counts as an owner.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for nobody; [`Error::NotFound`] for somebody who may not know that it exists.
    pub(crate) fn role(&self, org_id: OrgId) -> Result<Role> {
        match &self.0 {
            Kind::System { .. } => Ok(Role::Owner),
            Kind::Anonymous => Err(Error::Unauthenticated),
            Kind::User { memberships, .. } => memberships
                .iter()
                .find(|membership| membership.org_id == org_id)
                .map(|membership| membership.role)
                .ok_or_else(|| Error::not_found("organization")),
        }
    }

    /// Proves that the actor may do something. Whether a protected environment asks for more is checked where the
    /// change reaches it.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`], [`Error::NotFound`] or [`Error::Forbidden`].
    pub(crate) fn authorize(&self, action: Action, place: Place) -> Result<Grant> {
        let granted = || Ok(Grant { actor: self.clone(), action, place });
        match (&self.0, place) {
            (Kind::System { .. }, _) => granted(),
            (Kind::Anonymous, _) => Err(Error::Unauthenticated),
            (Kind::User { .. }, Place::Instance) if action == Action::CreateOrganization => granted(),
            (Kind::User { .. }, Place::Instance) => {
                Err(Error::Forbidden { reason: format!("you may not {}", action.describe()) })
            }
            (Kind::User { .. }, Place::Organization(org_id)) => {
                access::allowed(self.role(org_id)?, action, false)
                    .map_err(|reason| Error::Forbidden { reason })?;
                granted()
            }
        }
    }

    /// How the audit log names the actor: kind and id.
    pub(crate) fn audit_name(&self) -> (&'static str, String) {
        match &self.0 {
            Kind::User { person, .. } => ("user", person.id.to_string()),
            Kind::System { reason } => ("system", (*reason).to_owned()),
            Kind::Anonymous => ("anonymous", String::new()),
        }
    }
}

impl Grant {
    pub(crate) fn actor(&self) -> &Actor {
        &self.actor
    }

    pub(crate) fn action(&self) -> Action {
        self.action
    }

    pub(crate) fn place(&self) -> Place {
        self.place
    }

    /// The membership that the grant rests on, where it rests on one.
    pub(crate) fn membership(&self) -> Option<Membership> {
        let org_id = self.place.org_id();
        self.actor.memberships().iter().copied().find(|membership| membership.org_id == org_id)
    }
}
