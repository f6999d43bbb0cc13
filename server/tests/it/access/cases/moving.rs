//! Templates, whole projects, and other systems' formats.

use domain::access::Action;

use super::super::case::{About, Case};
use super::rest;

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

pub(super) const CASES: &[Case] = &[
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
