//! What a case of the matrix is, and what must come of it.

use domain::Error;
use domain::access::{Action, Needs, Role, allowed, may_manage};

/// How somebody reaches the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Surface {
    /// A form of a page.
    Form,
    /// A server function.
    Function,
    /// The API for people and their scripts, with the session's cookie.
    Rest,
}

impl Surface {
    pub(super) const ALL: [Self; 3] = [Self::Form, Self::Function, Self::Rest];
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asker {
    /// Nobody who is signed in.
    Nobody,
    /// The owner of another organization.
    Outsider,
    /// Somebody with a role.
    Role(Role),
}

impl Asker {
    /// Everybody, those first who may do the least: what the last ones do may leave nothing to ask for.
    pub(super) const ALL: [Self; 6] = [
        Self::Nobody,
        Self::Outsider,
        Self::Role(Role::Member),
        Self::Role(Role::Developer),
        Self::Role(Role::Admin),
        Self::Role(Role::Owner),
    ];
}

/// What a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Does {
    /// It changes something.
    Action(Action),
    /// It shows what whoever has this may see.
    Show(Needs),
}

/// Whom or what a request is about, made anew for each attempt. What stands in braces can be named in its path and fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// Nothing beside the organization.
    Nothing,
    /// The flag `menu`, which is on or off in `dev` and in `prod`, which is protected.
    Flag { on: bool },
    /// `{template}`, of the shape of `menu`.
    Template,
    /// A flag of its own under `{key}`, which may be archived.
    NewFlag { archived: bool },
    /// The flag `menu`, which is on in `dev` and off elsewhere.
    Apart,
    /// `{segment}`, with `user-1` in it everywhere.
    Segment,
    /// `{project}`, which is not the only one.
    Project,
    /// `{env}`, an environment of its own.
    Environment,
    /// The project's environments in their first order.
    Order,
    /// `{api_key}`, the id of an API key of `dev`.
    ApiKey,
    /// `{user}`, a member with a role.
    Member(Role),
    /// `{invitation}`, of somebody whom the organization invites to a role.
    Invited(Role),
    /// `{invitation}` with its `{token}`, of whoever asks, to yet another organization.
    Welcome,
    /// Somebody with an `{email}` and the password.
    Person,
    /// The `{token}` of a link by which somebody chooses a new password.
    Link,
    /// The `{token}` of a link by which whoever asks proves their address.
    Proof,
    /// `{token}`, the id of a token of whoever asks.
    Token,
    /// `{session}`, another session of whoever asks.
    Session,
    /// `{token}`, `{session}` and `{invitation}` of somebody else. The one that is named is not found.
    Theirs(&'static str),
    /// The identities of whoever asks at two providers.
    Identities,
    /// Somebody else owns the organizations too, so that their owners may go.
    Heir,
}

/// A request, and the right that it takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case {
    pub(super) surface: Surface,
    pub(super) does: Does,
    pub(super) about: About,
    pub(super) method: &'static str,
    /// As the router has it.
    pub(super) path: &'static str,
    /// What is sent: texts, and after a `=` any JSON. Of the query after a `?`, and as `#text` in the place of JSON.
    pub(super) fields: &'static [(&'static str, &'static str)],
}

impl Case {
    /// Whether it is sent, and not looked at: what it does must not happen by following a link.
    pub(super) fn is_unsafe(&self) -> bool {
        self.method != "GET"
    }

    /// Whether it ends the session that asks, of which nobody has none.
    pub(super) fn signs_out(&self) -> bool {
        ["/sign-out", "/api/v1/auth/logout"].contains(&self.path)
    }

    /// Whether it is answered before it is done, so that the answer tells nothing.
    pub(super) fn is_late(&self) -> bool {
        ["/forgot-password", "/api/v1/auth/forgot"].contains(&self.path)
    }

    /// The fields that are sent. Those in braces are parts of the path.
    pub(super) fn sent(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.fields.iter().copied().filter(|(name, _)| !name.starts_with(['{', '?', '#']))
    }

    /// The fields of the query.
    pub(super) fn query(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.fields.iter().filter_map(|(name, value)| Some((name.strip_prefix('?')?, *value)))
    }

    /// The text that is sent in the place of JSON.
    pub(super) fn text(&self) -> Option<&'static str> {
        self.field("#text")
    }

    /// The parts of the path that are not what they are elsewhere.
    pub(super) fn parts(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.fields.iter().copied().filter(|(name, _)| name.starts_with('{'))
    }

    /// Whether it is about the environment that is protected.
    fn is_protected(&self) -> bool {
        [self.field("environment"), self.field("{env}"), self.field("to")].contains(&Some("prod"))
    }

    fn field(&self, name: &str) -> Option<&'static str> {
        self.fields.iter().find(|(field, _)| *field == name).map(|(_, value)| *value)
    }

    /// The roles of others that it is about: what they have, and what they are to get.
    fn roles(&self) -> impl Iterator<Item = Role> {
        let had = match self.about {
            About::Member(role) | About::Invited(role) => Some(role),
            _ => None,
        };
        had.into_iter().chain(self.field("role").and_then(Role::from_name))
    }

    /// What the table of rights says of it.
    pub(super) fn expected(&self, asker: Asker) -> Result<(), Error> {
        let needs = match self.does {
            Does::Action(action) => action.needs(),
            Does::Show(needs) => needs,
        };
        let role = match (needs, asker) {
            (Needs::Nothing, _) => return Ok(()),
            (_, Asker::Nobody) => return Err(Error::Unauthenticated),
            (Needs::Account, _) => {
                return match self.about {
                    About::Theirs(what) => Err(Error::not_found(what)),
                    _ => Ok(()),
                };
            }
            (Needs::Role(_), Asker::Outsider) => return Err(Error::not_found("organization")),
            (Needs::Role(_), Asker::Role(role)) => role,
            (Needs::Operator, _) => panic!("{self:?}: no request is the operator's"),
        };
        let Does::Action(action) = self.does else { return Ok(()) };
        let forbidden = |reason| Error::Forbidden { reason };
        // Who may not do it anywhere is told so, and not of the environment's protection.
        allowed(role, action, false).map_err(forbidden)?;
        allowed(role, action, self.is_protected()).map_err(forbidden)?;
        self.roles().try_for_each(|other| may_manage(role, other)).map_err(forbidden)
    }
}
