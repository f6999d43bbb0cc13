//! Templates, whole projects, and other systems' formats.

use domain::access::Action;

use super::super::case::{About, Case, Does};
use super::{LOOK, form, function, rest, shown};

/// A file in LaunchDarkly's format for an environment, which changes the flag `menu` each time.
macro_rules! launchdarkly {
    ($environment:literal) => {
        &[
            ("environment", $environment),
            ("flags", r#"={"menu":{"value":true,"variation":0,"version":1}}"#),
            ("conflict", "overwrite"),
            ("comment", "a test"),
        ]
    };
}

/// The same, pasted into a form.
macro_rules! pasted {
    ($environment:literal) => {
        &[
            ("import", "import/launchdarkly"),
            ("environment", $environment),
            ("document", r#"{"menu":{"value":true,"variation":0,"version":1}}"#),
            ("conflict", "overwrite"),
            ("comment", "a test"),
        ]
    };
}

/// The template that a case is about.
const TEMPLATE: &str = "/api/v1/manage/templates/{template}";

pub(super) const CASES: &[Case] = &[
    form(
        Action::ImportProject,
        About::Nothing,
        "/o/{organization}/{project}/settings",
        &[
            ("import", "import"),
            ("document", r#"{"format":1,"project":{"name":"{new-slug}"}}"#),
            ("mode", "merge"),
        ],
    ),
    form(
        Action::ImportFlags,
        About::Flag { on: false },
        "/o/{organization}/{project}/settings",
        pasted!("dev"),
    ),
    form(
        Action::ImportFlags,
        About::Flag { on: false },
        "/o/{organization}/{project}/settings",
        pasted!("prod"),
    ),
    form(
        Action::ManageTemplates,
        About::Template,
        "/o/{organization}/{project}/settings/templates/rename",
        &[("template", "{template}"), ("name", "{new-slug}")],
    ),
    form(
        Action::ManageTemplates,
        About::Template,
        "/o/{organization}/{project}/settings/templates/delete",
        &[("template", "{template}"), ("confirm", "{template}")],
    ),
    shown(LOOK, About::Nothing, "/api/v1/manage/export"),
    rest(
        Action::ImportProject,
        About::Nothing,
        "POST",
        "/api/v1/manage/import",
        &[("format", "=1"), ("project", r#"={"name":"{new-slug}"}"#)],
    ),
    function(
        Does::Show(LOOK),
        About::Nothing,
        "/_fn/templates",
        &[("organization", "{organization}"), ("project", "default")],
    ),
    form(
        Action::ManageTemplates,
        About::Nothing,
        "/o/{organization}/{project}/templates",
        &[("name", "Template"), ("key", "{new-slug}"), ("from_flag", "menu"), ("environment", "dev")],
    ),
    shown(LOOK, About::Nothing, "/api/v1/manage/templates"),
    shown(LOOK, About::Template, TEMPLATE),
    rest(
        Action::ManageTemplates,
        About::Nothing,
        "POST",
        "/api/v1/manage/templates",
        &[("name", "Template"), ("key", "{new-slug}"), ("from_flag", "menu"), ("environment", "dev")],
    ),
    rest(Action::ManageTemplates, About::Template, "PATCH", TEMPLATE, &[("name", "Renamed")]),
    rest(Action::ManageTemplates, About::Template, "DELETE", TEMPLATE, &[("confirm", "{template}")]),
    rest(
        Action::CreateFlag,
        About::Template,
        "POST",
        "/api/v1/manage/templates/{template}/flags",
        &[("key", "{new-slug}"), ("name", "New")],
    ),
    rest(
        Action::ImportFlags,
        About::Flag { on: false },
        "POST",
        "/api/v1/manage/import/launchdarkly",
        launchdarkly!("dev"),
    ),
    rest(
        Action::ImportFlags,
        About::Flag { on: false },
        "POST",
        "/api/v1/manage/import/launchdarkly",
        launchdarkly!("prod"),
    ),
];
