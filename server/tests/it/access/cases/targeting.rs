//! What flags do in environments.

use domain::access::Action;

use super::super::case::{About, Case, Does};
use super::{LOOK, asked, form, function, rest, shown};

const CONFIGURATION: &str = "/api/v1/manage/flags/{key}/environments/{env}";
const KILL: &str = "/api/v1/manage/flags/{key}/environments/{env}/kill";
const TOGGLE: &str = "/api/v1/manage/flags/{key}/environments/{env}/toggle";
const PURGE: &str = "/api/v1/manage/environments/{env}/purge";
const PAGE: &str = "/o/{organization}/{project}/flags/{key}";
const PROMOTE: &str = "/api/v1/manage/promote";

/// The fields of taking back the first version, which goes back to itself.
macro_rules! undone {
    ($environment:literal) => {
        &[
            ("organization", "{organization}"),
            ("project", "default"),
            ("key", "{key}"),
            ("environment", $environment),
            ("to", "1"),
            ("version", "1"),
        ]
    };
}

/// The fields of a promotion.
macro_rules! promoted {
    ($to:literal) => {
        &[
            ("organization", "{organization}"),
            ("project", "default"),
            ("key", "menu"),
            ("from", "dev"),
            ("to", $to),
            ("what[fields]", "all"),
            ("what[comment]", "a test"),
        ]
    };
}

/// The fields of what a flag does, as JSON in a form.
macro_rules! typed {
    ($environment:literal) => {
        &[
            ("environment", $environment),
            ("configuration", r#"{"enabled":true,"off_variation":"off","fallthrough":{"variation":"on"}}"#),
            ("comment", "a test"),
        ]
    };
}

/// One that nobody has changed: what is so already changes nothing.
const NEW: About = About::NewFlag { archived: false };
const OFF: About = About::Flag { on: false };
const ON: About = About::Flag { on: true };
const IN_PROD: &[(&str, &str)] = &[("{env}", "prod")];
const IN_PROD_WHY: &[(&str, &str)] = &[("{env}", "prod"), ("comment", "a test")];

pub(super) const CASES: &[Case] = &[
    shown(LOOK, About::Nothing, CONFIGURATION),
    rest(Action::ConfigureFlag, NEW, "PATCH", CONFIGURATION, &[("rollout_pct", "=25.5")]),
    rest(
        Action::ConfigureFlag,
        NEW,
        "PATCH",
        CONFIGURATION,
        &[("{env}", "prod"), ("rollout_pct", "=25.5"), ("comment", "a test")],
    ),
    rest(Action::EnableFlag, OFF, "PATCH", CONFIGURATION, &[("enabled", "=true")]),
    rest(
        Action::EnableFlag,
        OFF,
        "PATCH",
        CONFIGURATION,
        &[("{env}", "prod"), ("enabled", "=true"), ("comment", "a test")],
    ),
    rest(Action::KillFlag, ON, "PATCH", CONFIGURATION, &[("enabled", "=false")]),
    rest(Action::KillFlag, ON, "PATCH", CONFIGURATION, &[("{env}", "prod"), ("enabled", "=false")]),
    rest(
        Action::ConfigureFlag,
        OFF,
        "PUT",
        CONFIGURATION,
        &[("enabled", "=true"), ("off_variation", "off"), ("fallthrough", r#"={"variation":"on"}"#)],
    ),
    rest(
        Action::ConfigureFlag,
        OFF,
        "PUT",
        CONFIGURATION,
        &[
            ("{env}", "prod"),
            ("enabled", "=true"),
            ("off_variation", "off"),
            ("fallthrough", r#"={"variation":"on"}"#),
            ("comment", "a test"),
        ],
    ),
    rest(Action::KillFlag, ON, "POST", KILL, &[]),
    rest(Action::KillFlag, ON, "POST", KILL, IN_PROD),
    rest(Action::EnableFlag, OFF, "POST", TOGGLE, &[]),
    rest(Action::EnableFlag, OFF, "POST", TOGGLE, IN_PROD_WHY),
    rest(Action::KillFlag, ON, "POST", TOGGLE, &[]),
    rest(Action::KillFlag, ON, "POST", TOGGLE, IN_PROD),
    rest(Action::PurgeCaches, About::Nothing, "POST", PURGE, &[("flag", "menu")]),
    rest(Action::PurgeCaches, About::Nothing, "POST", PURGE, IN_PROD),
    asked(About::Apart, "/api/v1/manage/compare", &[("from", "dev"), ("to", "prod")]),
    rest(
        Action::ConfigureFlag,
        About::Apart,
        "POST",
        PROMOTE,
        &[("from", "dev"), ("to", "staging"), ("fields", "all"), ("conflict", "overwrite")],
    ),
    rest(
        Action::ConfigureFlag,
        About::Apart,
        "POST",
        PROMOTE,
        &[
            ("from", "dev"),
            ("to", "prod"),
            ("fields", "all"),
            ("conflict", "overwrite"),
            ("comment", "a test"),
        ],
    ),
    function(
        Does::Show(LOOK),
        About::Nothing,
        "/_fn/flag/meanwhile",
        &[
            ("organization", "{organization}"),
            ("project", "default"),
            ("key", "menu"),
            ("environment", "dev"),
            ("seen", "1"),
        ],
    ),
    function(
        Does::Show(LOOK),
        About::Nothing,
        "/_fn/flag/matches",
        &[
            ("organization", "{organization}"),
            ("project", "default"),
            ("environment", "dev"),
            ("conditions", r#"[{"all":[]}]"#),
            ("contexts", "[{}]"),
        ],
    ),
    function(
        Does::Show(LOOK),
        About::Nothing,
        "/_fn/flag/compare",
        &[
            ("organization", "{organization}"),
            ("project", "default"),
            ("key", "menu"),
            ("from", "dev"),
            ("to", "prod"),
        ],
    ),
    function(Does::Action(Action::ConfigureFlag), NEW, "/_fn/flag/undo", undone!("dev")),
    function(Does::Action(Action::ConfigureFlag), NEW, "/_fn/flag/undo", undone!("prod")),
    function(Does::Action(Action::ConfigureFlag), About::Apart, "/_fn/flag/promote", promoted!("staging")),
    function(Does::Action(Action::ConfigureFlag), About::Apart, "/_fn/flag/promote", promoted!("prod")),
    form(Action::ConfigureFlag, OFF, PAGE, typed!("dev")),
    form(Action::ConfigureFlag, OFF, PAGE, typed!("prod")),
];
