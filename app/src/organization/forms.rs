//! What the forms of an organization share: their addresses, what was said of them, and who may send them.

use domain::access::{Action, NARROWED_MANAGES_NOBODY, Role, allowed};
use domain::orgs::OrganizationView;
use domain::{OrgSlug, ProjectKey};
use leptos::prelude::*;

use crate::flash::Flash;

#[derive(Clone)]
pub(crate) struct Forms {
    pub(super) organization: OrgSlug,
    /// The project whose frame they stand in, which they lead back to.
    project: Option<ProjectKey>,
    pub(crate) flash: Flash,
    /// What the reader may do in the organization.
    pub(super) role: Role,
    /// Whether they may do less somewhere.
    is_narrowed: bool,
}

impl Forms {
    pub(crate) fn new(organization: &OrganizationView, project: Option<ProjectKey>, flash: Flash) -> Self {
        let OrganizationView { slug, role, .. } = organization;
        Self { organization: slug.clone(), project, flash, role: *role, is_narrowed: false }
    }

    /// The same, for a reader who may do less somewhere.
    pub(super) fn narrowed(self, is_narrowed: bool) -> Self {
        Self { is_narrowed, ..self }
    }

    /// The address of a form.
    pub(super) fn action(&self, name: &str) -> String {
        format!("/o/{}/settings/{name}", self.organization)
    }

    /// A page of a project, in which links stay in the frame that they are in.
    pub(super) fn in_project(&self, project: &ProjectKey, path: &str) -> String {
        format!("/o/{}/{project}/{path}", self.organization)
    }

    /// The field by which a form leads back to where it is.
    pub(super) fn back(&self) -> impl IntoView + use<> {
        let project = self.project.as_ref().map(ToString::to_string);
        project.map(|key| view! { <input type="hidden" name="project" value=key /> })
    }

    /// The field by which a search stays on the members' tab; their page of a project has none.
    pub(super) fn tab(&self) -> impl IntoView + use<> {
        self.project.is_none().then(|| view! { <input type="hidden" name="tab" value="members" /> })
    }

    /// Why the reader may not do something, if so.
    pub(super) fn refusal(&self, action: Action) -> Option<String> {
        let refused = allowed(self.role, action, false).err();
        let manages_nobody = self.is_narrowed && action == Action::ManageMembers;
        refused.or_else(|| manages_nobody.then(|| crate::flash::sentence(NARROWED_MANAGES_NOBODY)))
    }
}
