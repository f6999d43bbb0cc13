//! The audit log.

use super::super::case::{About, Case, Does};
use super::{LOOK, function, shown};

pub(super) const CASES: &[Case] = &[
    function(Does::Show(LOOK), About::Nothing, "/_fn/audit/table", &[("organization", "{organization}")]),
    function(
        Does::Show(LOOK),
        About::Nothing,
        "/_fn/audit/table",
        &[("organization", "{organization}"), ("filter[project]", "default"), ("filter[action]", "flag.")],
    ),
    function(Does::Show(LOOK), About::Nothing, "/_fn/audit/verify", &[("organization", "{organization}")]),
    shown(LOOK, About::Nothing, "/api/v1/manage/audit"),
    shown(LOOK, About::Nothing, "/api/v1/manage/audit/export"),
    shown(LOOK, About::Nothing, "/api/v1/manage/audit/verify"),
    shown(LOOK, About::Nothing, "/api/v1/manage/audit/{seq}"),
];
