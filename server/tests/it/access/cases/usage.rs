//! Usage.

use super::super::case::{About, Case};
use super::{LOOK, shown};

pub(super) const CASES: &[Case] = &[
    shown(LOOK, About::Nothing, "/api/v1/manage/usage"),
    shown(LOOK, About::Nothing, "/api/v1/manage/usage/months"),
    shown(LOOK, About::Nothing, "/api/v1/manage/flags/{key}/evaluations"),
    shown(LOOK, About::Nothing, "/api/v1/manage/environments/{env}/attributes"),
];
