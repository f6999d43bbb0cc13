//! Usage.

use super::super::case::{About, Case, Does};
use super::{LOOK, function, shown};

/// The fields of what pages ask about an environment.
const DEV: &[(&str, &str)] =
    &[("organization", "{organization}"), ("project", "default"), ("environment", "dev")];

pub(super) const CASES: &[Case] = &[
    function(
        Does::Show(LOOK),
        About::Nothing,
        "/_fn/usage/overview",
        &[
            ("organization", "{organization}"),
            ("project", "default"),
            ("range", "30d"),
            ("by", "environment"),
        ],
    ),
    shown(LOOK, About::Nothing, "/api/v1/manage/usage"),
    shown(LOOK, About::Nothing, "/api/v1/manage/usage/months"),
    shown(LOOK, About::Nothing, "/api/v1/manage/flags/{key}/evaluations"),
    shown(LOOK, About::Nothing, "/api/v1/manage/environments/{env}/attributes"),
    function(
        Does::Show(LOOK),
        About::Nothing,
        "/_fn/flag/insights",
        &[
            ("organization", "{organization}"),
            ("project", "default"),
            ("key", "menu"),
            ("environment", "dev"),
            ("range", "7d"),
        ],
    ),
    function(Does::Show(LOOK), About::ApiKey, "/_fn/flag/code", DEV),
    function(Does::Show(LOOK), About::Nothing, "/_fn/playground/choices", DEV),
    function(Does::Show(LOOK), About::ApiKey, "/_fn/quickstart", DEV),
    function(Does::Show(LOOK), About::ApiKey, "/_fn/quickstart/last", DEV),
];
