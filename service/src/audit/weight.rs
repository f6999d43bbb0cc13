//! How much of the log is read at once.

use entity::audit_event;
use sea_orm::sea_query::{Expr, Func};
use sea_orm::{ConnectionTrait, ExprTrait, QuerySelect, Select};

use super::LETTERS_AT_ONCE;
use crate::error::Result;

/// How many of the first entries that are found are read at once: so many at most, and no more documents than are in
/// memory at once, but at least one entry. Says whether there are more.
pub(super) async fn fitting(
    found: Select<audit_event::Entity>,
    db: &impl ConnectionTrait,
    most: u64,
) -> Result<(u64, bool)> {
    let letters = |column| -> Expr {
        let length: Expr = Func::char_length(Expr::col(column)).into();
        Func::coalesce([length, Expr::val(0)]).into()
    };
    let both = letters(audit_event::Column::OldDocument).add(letters(audit_event::Column::NewDocument));
    let weights: Vec<i64> =
        found.select_only().column_as(both.cast_as("BIGINT"), "letters").into_tuple().all(db).await?;
    let mut sum = 0_i64;
    let mut fit = 0_u64;
    for weight in &weights {
        sum = sum.saturating_add(*weight);
        if fit == most || (fit > 0 && sum > LETTERS_AT_ONCE) {
            return Ok((fit, true));
        }
        fit += 1;
    }
    Ok((fit, false))
}
