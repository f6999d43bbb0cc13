//! Flags.

use domain::access::Action;

use super::super::case::{About, Case, Does};
use super::{LOOK, function, rest, shown};

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
    function(
        Does::Show(LOOK),
        About::Nothing,
        "/_fn/flags/page",
        &[("organization", "{organization}"), ("project", "default")],
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
