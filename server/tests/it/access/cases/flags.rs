//! Flags.

use domain::access::Action;

use super::super::case::{About, Case, Does};
use super::{LOOK, form, function, rest, shown};

/// The fields of the switch.
macro_rules! switch {
    ($environment:literal, $enabled:literal) => {
        &[
            ("organization", "{organization}"),
            ("project", "default"),
            ("environment", $environment),
            ("key", "menu"),
            ("enabled", $enabled),
            ("comment", "a test"),
        ]
    };
}

/// The fields of one thing that is done to many flags.
macro_rules! many {
    ($action:literal, $key:literal, $field:expr) => {
        &[
            ("organization", "{organization}"),
            ("project", "default"),
            ("environment", "dev"),
            ("action", $action),
            ("keys[]", $key),
            $field,
        ]
    };
}

/// The fields of what a flag does.
macro_rules! configured {
    ($environment:literal) => {
        &[
            ("organization", "{organization}"),
            ("project", "default"),
            ("environment", $environment),
            ("key", "menu"),
            (
                "configuration",
                r#"{"enabled":true,"off_variation":"off","fallthrough":{"variation":"on"},"comment":"a test"}"#,
            ),
        ]
    };
}

const KILL: &str = "/o/{organization}/{project}/flags/{key}/kill";
const ENABLE: &str = "/o/{organization}/{project}/flags/{key}/enable";

const PROJECT: &[(&str, &str)] = &[("organization", "{organization}"), ("project", "default")];

pub(super) const CASES: &[Case] = &[
    function(
        Does::Action(Action::EnableFlag),
        About::Flag { on: false },
        "/_fn/flags/switch",
        switch!("dev", "true"),
    ),
    function(
        Does::Action(Action::EnableFlag),
        About::Flag { on: false },
        "/_fn/flags/switch",
        switch!("prod", "true"),
    ),
    function(
        Does::Action(Action::KillFlag),
        About::Flag { on: true },
        "/_fn/flags/switch",
        switch!("dev", "false"),
    ),
    function(
        Does::Action(Action::KillFlag),
        About::Flag { on: true },
        "/_fn/flags/switch",
        switch!("prod", "false"),
    ),
    function(Does::Show(LOOK), About::Nothing, "/_fn/place", PROJECT),
    function(
        Does::Show(LOOK),
        About::Nothing,
        "/_fn/place/find",
        &[("organization", "{organization}"), ("project", "default"), ("text", "menu")],
    ),
    function(Does::Show(LOOK), About::Nothing, "/_fn/flags/table", PROJECT),
    function(
        Does::Show(LOOK),
        About::Nothing,
        "/_fn/flags/recent",
        &[
            ("organization", "{organization}"),
            ("project", "default"),
            ("environment", "dev"),
            ("flags[]", "menu"),
        ],
    ),
    function(
        Does::Action(Action::UpdateFlag),
        About::Nothing,
        "/_fn/flags/many",
        many!("tag", "menu", ("tags", "{new-slug}")),
    ),
    function(
        Does::Action(Action::EnableFlag),
        About::Flag { on: false },
        "/_fn/flags/many",
        many!("enable", "menu", ("reasons[enable]", "a test")),
    ),
    function(
        Does::Action(Action::KillFlag),
        About::Flag { on: true },
        "/_fn/flags/many",
        many!("disable", "menu", ("reasons[disable]", "a test")),
    ),
    function(
        Does::Action(Action::ArchiveFlag),
        About::NewFlag { archived: false },
        "/_fn/flags/many",
        many!("archive", "{key}", ("reasons[archive]", "a test")),
    ),
    function(
        Does::Show(LOOK),
        About::Nothing,
        "/_fn/flag",
        &[("organization", "{organization}"), ("project", "default"), ("key", "menu")],
    ),
    function(
        Does::Show(LOOK),
        About::Nothing,
        "/_fn/flag/summary",
        &[("organization", "{organization}"), ("project", "default"), ("key", "menu")],
    ),
    function(
        Does::Show(LOOK),
        About::Nothing,
        "/_fn/flag/vocabulary",
        &[("organization", "{organization}"), ("project", "default"), ("environment", "dev")],
    ),
    function(
        Does::Action(Action::ConfigureFlag),
        About::Flag { on: false },
        "/_fn/flag/configure",
        configured!("dev"),
    ),
    function(
        Does::Action(Action::ConfigureFlag),
        About::Flag { on: false },
        "/_fn/flag/configure",
        configured!("prod"),
    ),
    function(
        Does::Action(Action::CreateFlag),
        About::Nothing,
        "/_fn/flags/new",
        &[
            ("organization", "{organization}"),
            ("project", "default"),
            ("fields[name]", "{new-slug}"),
            ("fields[kind]", "boolean"),
            ("fields[start]", "on"),
            ("fields[start_environment]", "dev"),
        ],
    ),
    function(
        Does::Action(Action::CreateFlag),
        About::Template,
        "/_fn/flags/new",
        &[
            ("organization", "{organization}"),
            ("project", "default"),
            ("fields[name]", "{new-slug}"),
            ("fields[template]", "{template}"),
        ],
    ),
    form(
        Action::CreateFlag,
        About::Nothing,
        "/o/{organization}/{project}/flags/new",
        &[("name", "{new-slug}"), ("kind", "percentage"), ("rollout_pct", "10")],
    ),
    form(
        Action::CreateFlag,
        About::Template,
        "/o/{organization}/{project}/flags/new",
        &[("name", "{new-slug}"), ("template", "{template}")],
    ),
    function(
        Does::Show(LOOK),
        About::Nothing,
        "/_fn/flag/around",
        &[("organization", "{organization}"), ("project", "default"), ("key", "menu")],
    ),
    form(Action::KillFlag, About::Flag { on: true }, KILL, &[("environment", "dev")]),
    form(Action::KillFlag, About::Flag { on: true }, KILL, &[("environment", "prod")]),
    form(Action::EnableFlag, About::Flag { on: false }, ENABLE, &[("environment", "dev")]),
    form(
        Action::EnableFlag,
        About::Flag { on: false },
        ENABLE,
        &[("environment", "prod"), ("comment", "a test")],
    ),
    form(
        Action::UpdateFlag,
        About::Nothing,
        "/o/{organization}/{project}/flags/{key}/update",
        &[("name", "{new-slug}")],
    ),
    // It reaches every environment, so the one that is protected too.
    form(
        Action::UpdateFlag,
        About::NewFlag { archived: false },
        "/o/{organization}/{project}/flags/{key}/variations",
        &[
            ("{env}", "prod"),
            ("value_type", "boolean"),
            ("variation_key_0", "on"),
            ("variation_value_0", "true"),
            ("variation_key_1", "off"),
            ("variation_value_1", "false"),
            ("client_side", "true"),
            ("comment", "a test"),
        ],
    ),
    form(
        Action::CreateFlag,
        About::Nothing,
        "/o/{organization}/{project}/flags/{key}/copy",
        &[("key", "{new-slug}")],
    ),
    form(
        Action::ArchiveFlag,
        About::NewFlag { archived: false },
        "/o/{organization}/{project}/flags/{key}/archive",
        &[("comment", "a test")],
    ),
    form(
        Action::ArchiveFlag,
        About::NewFlag { archived: true },
        "/o/{organization}/{project}/flags/{key}/restore",
        &[("comment", "a test")],
    ),
    form(
        Action::DeleteFlag,
        About::NewFlag { archived: true },
        "/o/{organization}/{project}/flags/{key}/delete",
        &[("confirm", "{key}")],
    ),
    shown(LOOK, About::Nothing, "/api/v1/manage/flags"),
    rest(Action::CreateFlag, About::Nothing, "POST", "/api/v1/manage/flags", &[("name", "{new-slug}")]),
    shown(LOOK, About::Nothing, "/api/v1/manage/flags/{key}"),
    rest(
        Action::CreateFlag,
        About::Nothing,
        "PUT",
        "/api/v1/manage/flags/{key}",
        &[("{key}", "{new-slug}"), ("name", "New")],
    ),
    rest(Action::UpdateFlag, About::Nothing, "PUT", "/api/v1/manage/flags/{key}", &[("name", "{new-slug}")]),
    rest(
        Action::UpdateFlag,
        About::Nothing,
        "PATCH",
        "/api/v1/manage/flags/{key}",
        &[("name", "{new-slug}")],
    ),
    // It reaches every environment, so the one that is protected too.
    rest(
        Action::UpdateFlag,
        About::NewFlag { archived: false },
        "PATCH",
        "/api/v1/manage/flags/{key}",
        &[("{env}", "prod"), ("client_side", "=true"), ("comment", "a test")],
    ),
    rest(
        Action::ArchiveFlag,
        About::NewFlag { archived: false },
        "POST",
        "/api/v1/manage/flags/{key}/archive",
        &[("comment", "a test")],
    ),
    rest(
        Action::ArchiveFlag,
        About::NewFlag { archived: true },
        "POST",
        "/api/v1/manage/flags/{key}/restore",
        &[("comment", "a test")],
    ),
    rest(
        Action::DeleteFlag,
        About::NewFlag { archived: true },
        "DELETE",
        "/api/v1/manage/flags/{key}",
        &[("confirm", "{key}")],
    ),
    rest(
        Action::CreateFlag,
        About::Nothing,
        "POST",
        "/api/v1/manage/flags/{key}/copy",
        &[("key", "{new-slug}")],
    ),
    rest(
        Action::UpdateFlag,
        About::Nothing,
        "POST",
        "/api/v1/manage/flags/bulk",
        &[("action", "tag"), ("keys", r#"=["menu"]"#), ("tags", r#"=["{new-slug}"]"#)],
    ),
    rest(
        Action::EnableFlag,
        About::Flag { on: false },
        "POST",
        "/api/v1/manage/flags/bulk",
        &[("action", "enable"), ("keys", r#"=["menu"]"#), ("environment", "dev")],
    ),
    rest(
        Action::EnableFlag,
        About::Flag { on: false },
        "POST",
        "/api/v1/manage/flags/bulk",
        &[("action", "enable"), ("keys", r#"=["menu"]"#), ("environment", "prod"), ("comment", "a test")],
    ),
    rest(
        Action::KillFlag,
        About::Flag { on: true },
        "POST",
        "/api/v1/manage/flags/bulk",
        &[("action", "disable"), ("keys", r#"=["menu"]"#), ("environment", "prod")],
    ),
    rest(
        Action::ArchiveFlag,
        About::NewFlag { archived: false },
        "POST",
        "/api/v1/manage/flags/bulk",
        &[("action", "archive"), ("keys", r#"=["{key}"]"#), ("comment", "a test")],
    ),
];
