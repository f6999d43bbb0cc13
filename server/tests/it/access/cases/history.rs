//! What was, and why.

use domain::access::Action;

use super::super::case::{About, Case, Does};
use super::{LOOK, asked, form, function, rest, shown};

const OF_FLAG: &str = "/api/v1/manage/flags/{key}/environments/{env}/rollback";
const OF_SEGMENT: &str = "/api/v1/manage/segments/{segment}/environments/{env}/rollback";

pub(super) const CASES: &[Case] = &[
    shown(LOOK, About::Nothing, "/api/v1/manage/flags/{key}/environments/{env}/history"),
    shown(LOOK, About::Nothing, "/api/v1/manage/flags/{key}/environments/{env}/history/{version}"),
    shown(LOOK, About::Segment, "/api/v1/manage/segments/{segment}/environments/{env}/history"),
    shown(LOOK, About::Segment, "/api/v1/manage/segments/{segment}/environments/{env}/history/{version}"),
    shown(LOOK, About::Nothing, "/api/v1/manage/environments/{env}/ruleset"),
    asked(About::Nothing, "/api/v1/manage/evaluate", &[("environment", "dev"), ("flag", "menu")]),
    function(
        Does::Show(LOOK),
        About::Nothing,
        "/_fn/playground/evaluate",
        &[
            ("organization", "{organization}"),
            ("project", "default"),
            ("environment", "dev"),
            ("flag", "menu"),
        ],
    ),
    function(
        Does::Show(LOOK),
        About::Nothing,
        "/_fn/flag/versions",
        &[
            ("organization", "{organization}"),
            ("project", "default"),
            ("key", "menu"),
            ("environment", "dev"),
        ],
    ),
    function(
        Does::Show(LOOK),
        About::Nothing,
        "/_fn/flag/version",
        &[
            ("organization", "{organization}"),
            ("project", "default"),
            ("key", "menu"),
            ("environment", "dev"),
            ("version", "1"),
        ],
    ),
    form(
        Action::ConfigureFlag,
        About::Nothing,
        "/o/{organization}/{project}/flags/{key}/rollback",
        &[("environment", "dev"), ("to", "1")],
    ),
    form(
        Action::ConfigureFlag,
        About::Nothing,
        "/o/{organization}/{project}/flags/{key}/rollback",
        &[("environment", "prod"), ("to", "1"), ("comment", "a test")],
    ),
    rest(Action::ConfigureFlag, About::Nothing, "POST", OF_FLAG, &[("to", "=1")]),
    rest(
        Action::ConfigureFlag,
        About::Nothing,
        "POST",
        OF_FLAG,
        &[("{env}", "prod"), ("to", "=1"), ("comment", "a test")],
    ),
    rest(Action::ConfigureSegment, About::Segment, "POST", OF_SEGMENT, &[("to", "=1")]),
    rest(
        Action::ConfigureSegment,
        About::Segment,
        "POST",
        OF_SEGMENT,
        &[("{env}", "prod"), ("to", "=1"), ("comment", "a test")],
    ),
];
