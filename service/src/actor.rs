//! Who acts, and the proof that they may.

use std::sync::Arc;

use domain::access::{self, Action, Needs, Role};
use domain::accounts::{Person, TokenScope};
use domain::{Error, Millis, OrgId, Result, SignInId, TokenId};

use crate::once::Once;

/// Whoever asks for something. A person is made by authentication only; [`Actor::system`] is for what Togglebit does by
/// itself or for its operator, never for a request.
#[derive(Clone, Debug)]
pub struct Actor {
    kind: Kind,
    origin: Option<Arc<Origin>>,
    once: Option<Arc<Once>>,
}

#[derive(Clone, Debug)]
enum Kind {
    User { person: Person, memberships: Vec<Membership>, via: Via },
    System { reason: &'static str },
    Anonymous,
}

/// How somebody proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Via {
    /// They signed in, and this is the session.
    Session(Option<SignInId>),
    /// By a password, that was chosen then, a moment ago.
    Password(Millis),
    /// By a personal access token.
    Token(TokenId, TokenScope),
}

/// Where a request came from. Kept beside the audit log, where it can be erased.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The network address.
    pub address: Option<String>,
    /// What the client says that it is.
    pub user_agent: Option<String>,
    /// The request's id, which the log shows too.
    pub request_id: String,
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
        Self { kind: Kind::Anonymous, origin: None, once: None }
    }

    /// Togglebit itself, for a reason that the audit log shows. May do everything.
    pub const fn system(reason: &'static str) -> Self {
        Self { kind: Kind::System { reason }, origin: None, once: None }
    }

    pub(crate) fn user(person: Person, memberships: Vec<Membership>, via: Via) -> Self {
        Self { kind: Kind::User { person, memberships, via }, origin: None, once: None }
    }

    /// The same, known to ask from somewhere.
    #[must_use]
    pub fn from(self, origin: Arc<Origin>) -> Self {
        Self { origin: Some(origin), ..self }
    }

    /// The same, asking from where another actor does.
    #[must_use]
    pub fn from_where(self, other: &Self) -> Self {
        Self { origin: other.origin.clone(), ..self }
    }

    /// The same, asking for something that is to be done once however often it is asked for.
    #[must_use]
    pub fn asking_once(self, once: Once) -> Self {
        Self { once: Some(Arc::new(once)), ..self }
    }

    /// What tells the request from others, where it is to be done once.
    pub(crate) fn once(&self) -> Option<&Once> {
        self.once.as_deref()
    }

    /// Where the request came from.
    pub(crate) fn origin(&self) -> Option<&Arc<Origin>> {
        self.origin.as_ref()
    }

    /// The person, where it is one.
    pub fn person(&self) -> Option<&Person> {
        match &self.kind {
            Kind::User { person, .. } => Some(person),
            Kind::System { .. } | Kind::Anonymous => None,
        }
    }

    /// The person, who may look at what is theirs alone.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for everybody else.
    pub(crate) fn account(&self) -> Result<&Person> {
        self.person().ok_or(Error::Unauthenticated)
    }

    /// The session that asks, where it is one.
    pub(crate) fn session(&self) -> Option<SignInId> {
        match &self.kind {
            Kind::User { via: Via::Session(id), .. } => *id,
            _ => None,
        }
    }

    /// When the password was chosen that somebody has just proven who they are by.
    pub(crate) fn password_of(&self) -> Option<Millis> {
        match &self.kind {
            Kind::User { via: Via::Password(chosen_at), .. } => Some(*chosen_at),
            _ => None,
        }
    }

    /// How somebody proved who they are, where they are somebody.
    pub(crate) fn via(&self) -> Option<Via> {
        match &self.kind {
            Kind::User { via, .. } => Some(*via),
            Kind::System { .. } | Kind::Anonymous => None,
        }
    }

    /// Whether a script acts, and the person need not be there.
    pub(crate) fn is_token(&self) -> bool {
        matches!(&self.kind, Kind::User { via: Via::Token(..), .. })
    }

    /// The organizations that the actor belongs to.
    pub(crate) fn memberships(&self) -> &[Membership] {
        match &self.kind {
            Kind::User { memberships, .. } => memberships,
            Kind::System { .. } | Kind::Anonymous => &[],
        }
    }

    /// The role in an organization. Togglebit itself counts as an owner.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for nobody; [`Error::NotFound`] for somebody who may not know that it exists.
    pub(crate) fn role(&self, org_id: OrgId) -> Result<Role> {
        match &self.kind {
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
        let forbidden = |reason: String| Err(Error::Forbidden { reason });
        match (&self.kind, place) {
            (Kind::System { .. }, _) => granted(),
            (Kind::Anonymous, Place::Instance) if action.needs() == Needs::Nothing => granted(),
            (Kind::Anonymous, _) => Err(Error::Unauthenticated),
            (Kind::User { .. }, Place::Organization(org_id)) if self.role(org_id).is_err() => {
                Err(Error::not_found("organization"))
            }
            (Kind::User { via: Via::Token(_, TokenScope::Read), .. }, _) => {
                forbidden(format!("this token may only read, not {}", action.describe()))
            }
            (Kind::User { via: Via::Token(..), .. }, _) if action.needs_presence() => {
                forbidden(format!("a token may not {}: sign in to do it", action.describe()))
            }
            (Kind::User { .. }, Place::Instance)
                if matches!(action.needs(), Needs::Account | Needs::Nothing) =>
            {
                granted()
            }
            (Kind::User { .. }, Place::Instance) => forbidden(format!("you may not {}", action.describe())),
            (Kind::User { .. }, Place::Organization(org_id)) => {
                access::allowed(self.role(org_id)?, action, false)
                    .map_err(|reason| Error::Forbidden { reason })?;
                granted()
            }
        }
    }

    /// How the audit log names the actor: kind and id.
    pub(crate) fn audit_name(&self) -> (&'static str, String) {
        match &self.kind {
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
