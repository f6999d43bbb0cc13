//! Organizations, their members, and who is invited.

mod commands;
mod views;

pub(crate) use commands::slug;
pub use commands::{
    AddMember, ChangeRole, CreateOrganization, DeleteOrganization, Invite, NarrowRole, PlaceRef, ProjectRef,
    RemoveMember, RenameOrganization, RevokeInvitation, suggest_slug,
};
pub use views::{
    InvitationView, MemberView, NarrowedRole, NewInvitation, OrganizationView, PendingInvitation, ProjectView,
};
