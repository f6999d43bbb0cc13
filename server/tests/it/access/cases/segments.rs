//! Segments.

use domain::access::Action;

use super::super::case::{About, Case, Does};
use super::{LOOK, form, function, rest, shown};

const ONE: &str = "/api/v1/manage/segments/{segment}";
const CONTENTS: &str = "/api/v1/manage/segments/{segment}/environments/{env}";
const UPLOAD: &str = "/api/v1/manage/segments/{segment}/environments/{env}/upload";

const PAGE_NEW: &str = "/o/{organization}/{project}/segments/new";
const PAGE_UPDATE: &str = "/o/{organization}/{project}/segments/{segment}/update";
const PAGE_KEYS: &str = "/o/{organization}/{project}/segments/{segment}/keys";
const PAGE_BACK: &str = "/o/{organization}/{project}/segments/{segment}/roll-back";
const PAGE_DELETE: &str = "/o/{organization}/{project}/segments/{segment}/delete";

/// The fields of a change of who is inside.
macro_rules! configured {
    ($environment:literal) => {
        &[
            ("organization", "{organization}"),
            ("project", "default"),
            ("key", "{segment}"),
            ("environment", $environment),
            ("change", r#"{"included":["user-2"],"comment":"a test"}"#),
        ]
    };
}

/// The fields of keys that are added to a list.
macro_rules! added {
    ($environment:literal) => {
        &[
            ("environment", $environment),
            ("list", "included"),
            ("mode", "add"),
            ("keys", "user-2\r\nuser-3"),
            ("comment", "a test"),
        ]
    };
}

pub(super) const CASES: &[Case] = &[
    function(
        Does::Show(LOOK),
        About::Nothing,
        "/_fn/segments/table",
        &[("organization", "{organization}"), ("project", "default"), ("environment", "dev")],
    ),
    function(
        Does::Show(LOOK),
        About::Segment,
        "/_fn/segments/one",
        &[("organization", "{organization}"), ("project", "default"), ("key", "{segment}")],
    ),
    function(
        Does::Show(LOOK),
        About::Segment,
        "/_fn/segments/versions",
        &[
            ("organization", "{organization}"),
            ("project", "default"),
            ("key", "{segment}"),
            ("environment", "dev"),
        ],
    ),
    function(
        Does::Action(Action::ConfigureSegment),
        About::Segment,
        "/_fn/segments/configure",
        configured!("dev"),
    ),
    function(
        Does::Action(Action::ConfigureSegment),
        About::Segment,
        "/_fn/segments/configure",
        configured!("prod"),
    ),
    form(
        Action::CreateSegment,
        About::Nothing,
        PAGE_NEW,
        &[("key", "{new-slug}"), ("name", "Segment"), ("included", "user-1")],
    ),
    form(Action::UpdateSegment, About::Segment, PAGE_UPDATE, &[("name", "Renamed")]),
    form(Action::ConfigureSegment, About::Segment, PAGE_KEYS, added!("dev")),
    form(Action::ConfigureSegment, About::Segment, PAGE_KEYS, added!("prod")),
    form(Action::ConfigureSegment, About::Segment, PAGE_BACK, &[("environment", "dev"), ("to", "1")]),
    form(
        Action::ConfigureSegment,
        About::Segment,
        PAGE_BACK,
        &[("environment", "prod"), ("to", "1"), ("comment", "a test")],
    ),
    form(Action::DeleteSegment, About::Segment, PAGE_DELETE, &[("confirm", "{segment}")]),
    shown(LOOK, About::Nothing, "/api/v1/manage/segments"),
    shown(LOOK, About::Segment, ONE),
    shown(LOOK, About::Segment, "/api/v1/manage/segments/{segment}/uses"),
    shown(LOOK, About::Segment, CONTENTS),
    rest(
        Action::CreateSegment,
        About::Nothing,
        "POST",
        "/api/v1/manage/segments",
        &[("key", "{new-slug}"), ("name", "Segment")],
    ),
    rest(Action::UpdateSegment, About::Segment, "PATCH", ONE, &[("name", "Renamed")]),
    rest(Action::DeleteSegment, About::Segment, "DELETE", ONE, &[("confirm", "{segment}")]),
    rest(Action::ConfigureSegment, About::Segment, "PATCH", CONTENTS, &[("included", "=[\"user-2\"]")]),
    rest(
        Action::ConfigureSegment,
        About::Segment,
        "PATCH",
        CONTENTS,
        &[("{env}", "prod"), ("included", "=[\"user-2\"]"), ("comment", "a test")],
    ),
    rest(Action::ConfigureSegment, About::Segment, "PUT", CONTENTS, &[("included", "=[\"user-2\"]")]),
    rest(
        Action::ConfigureSegment,
        About::Segment,
        "PUT",
        CONTENTS,
        &[("{env}", "prod"), ("included", "=[\"user-2\"]"), ("comment", "a test")],
    ),
    rest(
        Action::ConfigureSegment,
        About::Segment,
        "POST",
        UPLOAD,
        &[("?list", "included"), ("?mode", "add"), ("#text", "user-2")],
    ),
    rest(
        Action::ConfigureSegment,
        About::Segment,
        "POST",
        UPLOAD,
        &[
            ("{env}", "prod"),
            ("?list", "included"),
            ("?mode", "add"),
            ("?comment", "a test"),
            ("#text", "user-2"),
        ],
    ),
];
