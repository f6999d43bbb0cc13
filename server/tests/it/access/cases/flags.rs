//! Flags.

use domain::access::Action;

use super::super::case::{About, Case, Does};
use super::{LOOK, function};

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
];
