//! The letters.

use std::fmt;

use crate::letter::Letter;
use crate::name::{clean, unlinked};

/// A letter for one address.
#[derive(Clone)]
pub struct Mail {
    pub(crate) to: String,
    pub(crate) letter: Letter,
}

/// What an invitation says.
#[derive(Clone, Copy)]
pub struct Invitation<'a> {
    /// The name of the person who invites, where they have one that is known.
    pub inviter: Option<&'a str>,
    /// The name of the organization.
    pub organization: &'a str,
    /// The role in it, as the dashboard calls it, such as "developer".
    pub role: &'a str,
    /// Where the invitation is accepted.
    pub link: &'a str,
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail").field("to", &self.to).finish_non_exhaustive()
    }
}

impl fmt::Debug for Invitation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invitation")
            .field("organization", &self.organization)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

impl Mail {
    /// Lets somebody choose a new password. Says that the link is good for an hour.
    pub fn new_password(to: impl Into<String>, link: impl Into<String>) -> Self {
        let letter = Letter {
            subject: "Choose a new password for Togglebit".to_owned(),
            title: "Choose a new password".to_owned(),
            lead: "Somebody, hopefully you, has asked for a new password for your Togglebit account. \
                   You can choose it here:"
                .to_owned(),
            action: "Choose a new password",
            link: link.into(),
            notes: vec![
                "The link is good for an hour, and once.".to_owned(),
                "If you did not ask for this, do nothing: your password stays as it is.".to_owned(),
            ],
        };
        Self { to: to.into(), letter }
    }

    /// Lets somebody prove that an address is theirs. Says that the link is good for 24 hours.
    pub fn confirm_address(to: impl Into<String>, link: impl Into<String>) -> Self {
        let letter = Letter {
            subject: "Confirm your address for Togglebit".to_owned(),
            title: "Confirm your address".to_owned(),
            lead:
                "This address was given for a Togglebit account. If that was you, confirm that it is yours:"
                    .to_owned(),
            action: "Confirm this address",
            link: link.into(),
            notes: vec![
                "The link is good for 24 hours.".to_owned(),
                "If it was not you, do nothing: the address stays unconfirmed.".to_owned(),
            ],
        };
        Self { to: to.into(), letter }
    }

    /// Invites somebody to an organization. Says that the link is good for 7 days.
    ///
    /// Names are shown on one line, without characters that are not seen, and cut where they are too long.
    pub fn invitation(to: impl Into<String>, invitation: Invitation<'_>) -> Self {
        let Invitation { inviter, organization, role, link } = invitation;
        let organization = match clean(organization) {
            name if name.is_empty() => "an organization".to_owned(),
            name => format!("“{name}”"),
        };
        let inviter = inviter.map(clean).filter(|name| !name.is_empty());
        let role = clean(role);
        let (subject, who) = match &inviter {
            Some(name) => {
                (format!("{name} invites you to {organization}"), format!("{} invites you", unlinked(name)))
            }
            None => (format!("You are invited to {organization}"), "You are invited".to_owned()),
        };
        let organization = unlinked(&organization);
        let lead = format!("{who} to join {organization} on Togglebit, with the role “{}”.", unlinked(&role));
        let letter = Letter {
            subject,
            title: format!("Join {organization}"),
            lead,
            action: "Accept the invitation",
            link: link.to_owned(),
            notes: vec![
                "The link is good for 7 days, and for this address alone.".to_owned(),
                "If you do not know what this is about, do nothing: without you nothing happens.".to_owned(),
            ],
        };
        Self { to: to.into(), letter }
    }

    /// The address that it is for.
    pub fn to(&self) -> &str {
        &self.to
    }
}
