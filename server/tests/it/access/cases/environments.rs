//! Projects and their environments.

use domain::access::Action;

use super::super::case::{About, Case};
use super::{LOOK, rest, shown};

const PROJECTS: &str = "/api/v1/manage/projects";
const PROJECT: &str = "/api/v1/manage/projects/{project}";
const ENVIRONMENTS: &str = "/api/v1/manage/environments";
const ENVIRONMENT: &str = "/api/v1/manage/environments/{env}";

const NEW_ENVIRONMENT: &[(&str, &str)] =
    &[("name", "New"), ("key", "{new-slug}"), ("color", "violet"), ("copy_from", "dev")];

pub(super) const CASES: &[Case] = &[
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
