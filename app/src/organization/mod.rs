//! An organization: its members, who is invited, its projects, its end. Within a project's frame, and by itself.

mod api;
mod forms;
mod invitations;
mod members;
mod members_page;
mod narrowed;
mod new_project;
mod page;
mod parts;
mod role;
mod row;

pub(crate) use forms::Forms;
pub(crate) use members_page::MembersPage;
pub(crate) use page::OrganizationPage;
pub(crate) use parts::OrganizationParts;

/// The article of a role.
pub(crate) fn article(role: domain::access::Role) -> &'static str {
    use domain::access::Role;
    match role {
        Role::Member | Role::Developer => "a",
        Role::Admin | Role::Owner => "an",
    }
}
