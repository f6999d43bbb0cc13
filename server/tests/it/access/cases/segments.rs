//! Segments.

use domain::access::Action;

use super::super::case::{About, Case};
use super::{LOOK, rest, shown};

const ONE: &str = "/api/v1/manage/segments/{segment}";
const CONTENTS: &str = "/api/v1/manage/segments/{segment}/environments/{env}";
const UPLOAD: &str = "/api/v1/manage/segments/{segment}/environments/{env}/upload";

pub(super) const CASES: &[Case] = &[
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
