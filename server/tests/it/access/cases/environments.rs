//! Projects and their environments.

use domain::access::Action;

use super::super::case::{About, Case, Does};
use super::{LOOK, form, function, rest, shown};

const PROJECTS: &str = "/api/v1/manage/projects";
const PROJECT: &str = "/api/v1/manage/projects/{project}";
const ENVIRONMENTS: &str = "/api/v1/manage/environments";
const ENVIRONMENT: &str = "/api/v1/manage/environments/{env}";

const NEW_ENVIRONMENT: &[(&str, &str)] =
    &[("name", "New"), ("key", "{new-slug}"), ("color", "violet"), ("copy_from", "dev")];

pub(super) const CASES: &[Case] = &[
    form(
        Action::ManageProjects,
        About::Nothing,
        "/o/{organization}/settings/projects",
        &[("name", "New"), ("key", "{new-slug}")],
    ),
    form(
        Action::ManageProjects,
        About::Project,
        "/o/{organization}/settings/projects",
        &[("name", "New"), ("key", "{new-slug}"), ("like", "{project}")],
    ),
    form(
        Action::ManageProjects,
        About::Project,
        "/o/{organization}/{project}/settings/rename",
        &[("name", "{new-slug}")],
    ),
    form(
        Action::ManageProjects,
        About::Project,
        "/o/{organization}/{project}/settings/delete",
        &[("confirm", "{project}")],
    ),
    function(
        Does::Show(LOOK),
        About::Nothing,
        "/_fn/project/contents",
        &[("organization", "{organization}"), ("project", "{project}")],
    ),
    form(
        Action::ManageEnvironments,
        About::Nothing,
        "/o/{organization}/{project}/environments",
        NEW_ENVIRONMENT,
    ),
    form(
        Action::ManageEnvironments,
        About::Order,
        "/o/{organization}/{project}/environments/{key}/move",
        &[("{key}", "dev"), ("to", "down")],
    ),
    form(
        Action::ManageEnvironments,
        About::Environment,
        "/o/{organization}/{project}/environments/{key}/update",
        &[("{key}", "{env}"), ("name", "{new-slug}"), ("color", "teal")],
    ),
    form(
        Action::ManageEnvironments,
        About::Environment,
        "/o/{organization}/{project}/environments/{key}/protect",
        &[("{key}", "{env}"), ("protected", "false")],
    ),
    form(
        Action::PurgeCaches,
        About::Nothing,
        "/o/{organization}/{project}/environments/{key}/purge",
        &[("{key}", "prod"), ("comment", "stale prices")],
    ),
    form(
        Action::ManageEnvironments,
        About::Environment,
        "/o/{organization}/{project}/environments/{key}/delete",
        &[("{key}", "{env}"), ("confirm", "{env}")],
    ),
    function(
        Does::Show(LOOK),
        About::Nothing,
        "/_fn/environments/contents",
        &[("organization", "{organization}"), ("project", "{project}"), ("environment", "dev")],
    ),
    shown(LOOK, About::Nothing, PROJECTS),
    rest(Action::ManageProjects, About::Nothing, "POST", PROJECTS, &[("name", "{new-slug}")]),
    shown(LOOK, About::Project, PROJECT),
    rest(Action::ManageProjects, About::Project, "PATCH", PROJECT, &[("name", "{new-slug}")]),
    rest(Action::ManageProjects, About::Project, "DELETE", PROJECT, &[("confirm", "{project}")]),
    shown(LOOK, About::Nothing, ENVIRONMENTS),
    rest(Action::ManageEnvironments, About::Nothing, "POST", ENVIRONMENTS, NEW_ENVIRONMENT),
    rest(
        Action::ManageEnvironments,
        About::Order,
        "POST",
        "/api/v1/manage/environments/order",
        &[("order", "=[\"prod\",\"staging\",\"dev\"]")],
    ),
    shown(LOOK, About::Nothing, ENVIRONMENT),
    rest(Action::ManageEnvironments, About::Nothing, "PATCH", ENVIRONMENT, &[("name", "{new-slug}")]),
    rest(
        Action::ManageEnvironments,
        About::Nothing,
        "PATCH",
        ENVIRONMENT,
        &[("{env}", "prod"), ("name", "{new-slug}")],
    ),
    rest(Action::ManageEnvironments, About::Environment, "DELETE", ENVIRONMENT, &[("confirm", "{env}")]),
];
