//! Every address that does something, and what is done nowhere.

mod api_keys;
mod audit;
mod environments;
mod flags;
mod history;
mod moving;
mod people;
mod segments;
mod targeting;
mod usage;

use domain::access::{Action, Needs, Role};

use super::case::{About, Case, Does, Surface};

/// Every address. What changes nothing is here for its readers: outsiders, and those who are not signed in.
pub(super) fn all() -> impl Iterator<Item = &'static Case> {
    [
        people::CASES,
        flags::CASES,
        targeting::CASES,
        history::CASES,
        segments::CASES,
        environments::CASES,
        api_keys::CASES,
        audit::CASES,
        moving::CASES,
        usage::CASES,
    ]
    .into_iter()
    .flatten()
}

const fn form(
    action: Action,
    about: About,
    path: &'static str,
    fields: &'static [(&'static str, &'static str)],
) -> Case {
    Case { surface: Surface::Form, does: Does::Action(action), about, method: "POST", path, fields }
}

const fn function(
    does: Does,
    about: About,
    path: &'static str,
    fields: &'static [(&'static str, &'static str)],
) -> Case {
    Case { surface: Surface::Function, does, about, method: "POST", path, fields }
}

const fn rest(
    action: Action,
    about: About,
    method: &'static str,
    path: &'static str,
    fields: &'static [(&'static str, &'static str)],
) -> Case {
    Case { surface: Surface::Rest, does: Does::Action(action), about, method, path, fields }
}

const fn shown(needs: Needs, about: About, path: &'static str) -> Case {
    Case { surface: Surface::Rest, does: Does::Show(needs), about, method: "GET", path, fields: &[] }
}

/// Who may look into an organization.
const LOOK: Needs = Needs::Role(Role::Member);

/// A question that is too long for an address.
const fn asked(about: About, path: &'static str, fields: &'static [(&'static str, &'static str)]) -> Case {
    Case { surface: Surface::Rest, does: Does::Show(LOOK), about, method: "POST", path, fields }
}

/// What is not done somewhere, and why.
pub(super) const NOWHERE: &[(&[Action], &[Surface], &str)] = &[
    (&[Action::CreateUser], &Surface::ALL, "people make accounts for themselves; the demo makes its own"),
    (&[Action::MakeResetLink], &Surface::ALL, "the command line alone makes them"),
    (
        &[
            Action::SignUp,
            Action::SignIn,
            Action::RecoverAccount,
            Action::ManageAccount,
            Action::AcceptInvitation,
            Action::CreateOrganization,
            Action::LeaveOrganization,
            Action::RenameOrganization,
            Action::DeleteOrganization,
            Action::ManageProjects,
            Action::ManageEnvironments,
            Action::ManageApiKeys,
            Action::PurgeCaches,
            Action::CreateSegment,
            Action::UpdateSegment,
            Action::DeleteSegment,
            Action::ManageTemplates,
            Action::ImportFlags,
            Action::ImportProject,
            Action::DeleteFlag,
        ],
        &[Surface::Function],
        "forms do it, which need no script",
    ),
];
