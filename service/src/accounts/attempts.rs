//! How often somebody may try: to sign in, to sign up, to have letters sent. By account and by address, with a delay that
//! grows, and is forgotten with time.
//!
//! An attempt is counted before anything is done, in one statement, so that attempts at the same time count too. Attempts
//! are no change of the domain, so they do not go through the door for writes.

use domain::{Error as Refusal, Millis};
use entity::sign_in_attempt;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, Statement};

use crate::Services;
use crate::error::Result;

/// How often something may be tried. So many attempts are free; after them each waits twice as long as the one before, up
/// to a limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allowance {
    /// What it is for: the same subject has a count for each.
    of: &'static str,
    free: i64,
    longest_s: i64,
}

/// Short, because whoever knows an address could lock its owner out for as long.
const ACCOUNT: Allowance = Allowance { of: "attempt on account", free: 5, longest_s: 60 };
const ADDRESS: Allowance = Allowance { of: "attempt from address", free: 20, longest_s: LONGEST_S };
const SIGN_UPS: Allowance = Allowance { of: "sign-up from address", free: 50, longest_s: LONGEST_S };
/// Letters to somebody. Each kind has a count of its own, so that invitations do not keep anybody from recovering their
/// account.
pub(crate) const RESETS: Allowance = Allowance { of: "reset letter to", free: 4, longest_s: LONGEST_S };
pub(crate) const VERIFICATIONS: Allowance = Allowance { of: "verification letter to", ..RESETS };
pub(crate) const INVITATIONS: Allowance = Allowance { of: "invitation letter to", ..RESETS };
const LETTERS_BY: Allowance = Allowance { of: "letter by", free: 50, longest_s: LONGEST_S };

const LONGEST_S: i64 = 15 * 60;

/// An attempt is forgotten after so long: so whoever goes on trying may do so about this often, and many people behind one
/// address, who mistype now and then, are not kept out for good.
const DECAY_MS: i64 = LONGEST_S * 1000;

/// After so long nothing counts any more.
const FORGET_MS: i64 = 24 * 60 * 60 * 1000;

/// Counts an attempt, unless the one before was too recently. `$2` is now, `$3` the longest delay and `$4` how long an
/// attempt counts; `forgotten` stands for how many are forgotten by now, and `delays` for the delays.
const TAKE: &str =
    "INSERT INTO sign_in_attempt (subject, failures, last_at, blocked_until) VALUES ($1, 1, $2, 0)
    ON CONFLICT (subject) DO UPDATE SET
        failures = CASE WHEN sign_in_attempt.failures > {forgotten} THEN sign_in_attempt.failures - {forgotten} ELSE 0 END + 1,
        last_at = CASE WHEN sign_in_attempt.failures > {forgotten} THEN sign_in_attempt.last_at + {forgotten} * $4 ELSE $2 END,
        blocked_until = CASE {delays} ELSE $2 + $3 END
    WHERE sign_in_attempt.blocked_until <= $2
    RETURNING failures";

impl Allowance {
    /// The statement with each delay written out, in which the databases have no function in common.
    fn statement(self) -> String {
        let forgotten = "(($2 - sign_in_attempt.last_at) / $4)";
        let count = format!("sign_in_attempt.failures + 1 - {forgotten}");
        let mut delays = format!("WHEN {count} < {} THEN 0", self.free);
        let (mut failures, mut delay_s) = (self.free, 1);
        while delay_s < self.longest_s {
            delays += &format!(" WHEN {count} = {failures} THEN $2 + {}", delay_s * 1000);
            failures += 1;
            delay_s *= 2;
        }
        TAKE.replace("{forgotten}", forgotten).replace("{delays}", &delays)
    }
}

impl Services {
    /// Counts an attempt to sign in to an account from an address.
    pub(super) async fn attempt(&self, email: &str, address: Option<&str>) -> Result<()> {
        // The address first: one that is blocked does not count against accounts.
        if let Some(address) = address {
            self.take(ADDRESS, &network(address)).await?;
        }
        self.take(ACCOUNT, &email.to_lowercase()).await
    }

    /// Counts a sign-up from an address.
    pub(super) async fn attempt_sign_up(&self, address: Option<&str>) -> Result<()> {
        match address {
            Some(address) => self.take(SIGN_UPS, &network(address)).await,
            None => Ok(()),
        }
    }

    /// Counts a letter of a kind to somebody, which somebody asked for: a person by their id, or whoever is at an address.
    pub(crate) async fn attempt_letter(&self, kind: Allowance, to: &str, by: Option<&str>) -> Result<()> {
        if let Some(by) = by {
            self.take(LETTERS_BY, &network(by)).await?;
        }
        self.take(kind, &to.to_lowercase()).await
    }

    /// Forgets the failures of an account, whose owner is there, and takes back what this attempt was counted as for the
    /// address: many people may share one.
    pub(super) async fn forget_attempts(&self, email: &str, address: Option<&str>) -> Result<()> {
        let db = self.database().writer();
        let account = self.subject(ACCOUNT, &email.to_lowercase());
        sign_in_attempt::Entity::delete_by_id(account).exec(db).await?;
        if let Some(address) = address {
            sign_in_attempt::Entity::update_many()
                .col_expr(
                    sign_in_attempt::Column::Failures,
                    Expr::col(sign_in_attempt::Column::Failures).sub(1),
                )
                .col_expr(sign_in_attempt::Column::BlockedUntil, Expr::value(0))
                .filter(sign_in_attempt::Column::Subject.eq(self.subject(ADDRESS, &network(address))))
                .filter(sign_in_attempt::Column::Failures.gt(0))
                .exec(db)
                .await?;
        }
        Ok(())
    }

    /// Deletes what counts no more.
    pub(crate) async fn forget_old_attempts(&self) -> Result<()> {
        let old = sign_in_attempt::Column::LastAt.lt(self.now().plus(-FORGET_MS));
        sign_in_attempt::Entity::delete_many().filter(old).exec(self.database().writer()).await?;
        Ok(())
    }

    fn subject(&self, allowance: Allowance, name: &str) -> String {
        self.secrets().token_hash(allowance.of, name)
    }

    async fn take(&self, allowance: Allowance, name: &str) -> Result<()> {
        let subject = self.subject(allowance, name);
        let (db, now) = (self.database().writer(), self.now());
        let longest_ms = allowance.longest_s * 1000;
        let take = Statement::from_sql_and_values(
            db.get_database_backend(),
            allowance.statement(),
            [subject.as_str().into(), now.0.into(), longest_ms.into(), DECAY_MS.into()],
        );
        if db.query_one_raw(take).await?.is_some() {
            return Ok(());
        }
        let row = sign_in_attempt::Entity::find_by_id(subject).one(db).await?;
        let until = row.map_or(now, |row| row.blocked_until);
        Err(Refusal::TooMany { retry_after: seconds(now, until) }.into())
    }
}

/// Whole seconds until then, at least one.
fn seconds(now: Millis, until: Millis) -> u32 {
    let left_ms = std::cmp::max(until.0 - now.0, 1);
    u32::try_from((left_ms + 999) / 1000).unwrap_or(u32::MAX)
}

/// What one subscriber holds: an address of IPv4, or the first 64 bits of one of IPv6.
fn network(address: &str) -> String {
    match address.parse() {
        Ok(std::net::IpAddr::V6(address)) => match address.to_ipv4_mapped() {
            Some(address) => address.to_string(),
            None => format!("{:x?}", &address.segments()[..4]),
        },
        _ => address.to_owned(),
    }
}
