//! Lists a page at a time: where one ended, as a text that says so to nobody else.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Error as Refusal, Millis, Sort};
use sea_orm::sea_query::{Expr, LikeExpr};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, Order, QueryFilter, QueryOrder, Select};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::secrets::hex;

/// Which list it is: of which things, in whose organization or project, with which filter and order.
pub(crate) struct List(String);

/// What a cursor holds.
#[derive(Serialize, Deserialize)]
struct Cursor<T> {
    after: T,
    list: String,
}

impl List {
    /// The list of a kind of things in one place, as it is asked for.
    pub(crate) fn new(kind: &str, place: &impl Serialize, asked: &impl Serialize) -> Result<Self> {
        let said = write(&(kind, place, asked))?;
        Ok(Self(hex(&Sha256::digest(said)[..16])))
    }

    /// Writes down where a page of it ended.
    pub(crate) fn end(&self, after: impl Serialize) -> Result<String> {
        Ok(URL_SAFE_NO_PAD.encode(write(&Cursor { after, list: self.0.clone() })?))
    }

    /// Reads where the page before ended. Another list, order or filter has other ends.
    pub(crate) fn after<T: DeserializeOwned>(&self, cursor: Option<&str>) -> Result<Option<T>> {
        let Some(cursor) = cursor else { return Ok(None) };
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| bad())?;
        let Cursor::<Value> { after, list } = serde_json::from_slice(&bytes).map_err(|_| bad())?;
        // PostgreSQL takes no NUL, and nothing that is stored has one.
        match list == self.0 && !domain::holds_nul(&after) {
            true => Ok(Some(serde_json::from_value(after).map_err(|_| bad())?)),
            false => Err(bad().into()),
        }
    }
}

/// The refusal of what this list did not answer.
fn bad() -> Refusal {
    Refusal::invalid("cursor", "is not the `next` of this list with the same filter and order")
}

fn write(value: &impl Serialize) -> Result<Vec<u8>> {
    let broken = |source| Error::Corrupt { what: "a cursor to be written".into(), source };
    serde_json::to_vec(value).map_err(broken)
}

/// What the last thing of a page is sorted by.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Place {
    Time(Millis),
    Text(String),
}

impl Place {
    /// As a value to compare with, of the type that is sorted by.
    fn value(self, sort: Sort) -> Result<Expr> {
        match self {
            Self::Time(at) if sort.is_by_time() => Ok(Expr::val(at.0)),
            Self::Text(text) if !sort.is_by_time() => Ok(Expr::val(text)),
            _ => Err(bad().into()),
        }
    }
}

/// Sorts what was found by a column, and what is equal there by another one that tells all apart; from where the page
/// before ended, if there is one.
pub(crate) fn sorted<E: EntityTrait>(
    found: Select<E>,
    sort: Sort,
    (column, last): (E::Column, E::Column),
    after: Option<(Place, Expr)>,
) -> Result<Select<E>> {
    let order = if sort.is_descending() { Order::Desc } else { Order::Asc };
    let found = match after {
        Some((place, own)) => {
            let end = Expr::tuple([place.value(sort)?, own]);
            let here = Expr::tuple([column, last].map(|column| Expr::col(column.as_column_ref())));
            found.filter(if sort.is_descending() { here.lt(end) } else { here.gt(end) })
        }
        None => found,
    };
    Ok(found.order_by(column, order.clone()).order_by(last, order))
}

/// As many rows as a page has, of which one more was asked for, and whether there are more.
pub(crate) fn split<T>(mut rows: Vec<T>, limit: u32) -> (Vec<T>, bool) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    (rows, has_more)
}

/// The pattern of texts that contain another one, whatever is in that.
pub(crate) fn containing(text: &str) -> LikeExpr {
    let mut pattern = String::from("%");
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape('\\')
}
