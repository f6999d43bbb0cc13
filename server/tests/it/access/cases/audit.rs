//! The audit log.

use super::super::case::{About, Case};
use super::{LOOK, shown};

pub(super) const CASES: &[Case] = &[
    shown(LOOK, About::Nothing, "/api/v1/manage/audit"),
    shown(LOOK, About::Nothing, "/api/v1/manage/audit/export"),
    shown(LOOK, About::Nothing, "/api/v1/manage/audit/verify"),
    shown(LOOK, About::Nothing, "/api/v1/manage/audit/{seq}"),
];
