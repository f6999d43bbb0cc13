//! How often somebody may try to sign in: by account and by address, with a delay that grows.
//!
//! An attempt is counted before the password is looked at, in one statement, so that guesses at the same time count too.
//! Attempts are no change of the domain, so they do not go through the door for writes.

use domain::{Error as Refusal, Millis};
use entity::sign_in_attempt;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, Statement};

use crate::Services;
use crate::error::Result;

/// Who tries: an account, whether it exists or not, or an address. So many attempts are free; after them each waits twice
/// as long as the one before, up to a limit.
#[derive(Clone, Copy, Debug)]
struct Allowance {
    free: i64,
    longest_s: i64,
}

/// Short, because whoever knows an address could lock its owner out for as long.
const ACCOUNT: Allowance = Allowance { free: 5, longest_s: 60 };
const ADDRESS: Allowance = Allowance { free: 20, longest_s: 15 * 60 };

/// After so long without an attempt the count starts anew.
const FORGET_MS: i64 = 24 * 60 * 60 * 1000;

/// Counts an attempt, unless the one before was too recently. `$2` is now, `$3` from when on attempts count, and `%`
/// stands for the delays.
const TAKE: &str =
    "INSERT INTO sign_in_attempt (subject, failures, last_at, blocked_until) VALUES ($1, 1, $2, 0)
    ON CONFLICT (subject) DO UPDATE SET
        failures = CASE WHEN sign_in_attempt.last_at < $3 THEN 1 ELSE sign_in_attempt.failures + 1 END,
        last_at = excluded.last_at,
        blocked_until = CASE WHEN sign_in_attempt.last_at < $3 THEN 0 % ELSE excluded.last_at + $4 END
    WHERE sign_in_attempt.blocked_until <= excluded.last_at
    RETURNING failures";

impl Allowance {
    /// The statement with each delay written out, in which the databases have no function in common.
    fn statement(self) -> String {
        let mut delays = String::new();
        let mut failures = self.free;
        delays += &format!("WHEN sign_in_attempt.failures + 1 < {failures} THEN 0");
        let mut delay_s = 1;
        while delay_s < self.longest_s {
            delays += &format!(
                " WHEN sign_in_attempt.failures + 1 = {failures} THEN excluded.last_at + {}",
                delay_s * 1000
            );
            failures += 1;
            delay_s *= 2;
        }
        TAKE.replace('%', &delays)
    }
}

impl Services {
    /// Counts an attempt to sign in to an account from an address.
    pub(super) async fn attempt(&self, email: &str, address: Option<&str>) -> Result<()> {
        // The address first: one that is blocked does not count against accounts.
        if let Some(address) = address {
            self.take(ADDRESS, &self.address_subject(address)).await?;
        }
        self.take(ACCOUNT, &self.account_subject(email)).await
    }

    /// Forgets the failures of an account, whose owner is there, and takes back what this attempt was counted as for the
    /// address: many people may share one.
    pub(super) async fn forget_attempts(&self, email: &str, address: Option<&str>) -> Result<()> {
        let db = self.database().writer();
        sign_in_attempt::Entity::delete_by_id(self.account_subject(email)).exec(db).await?;
        if let Some(address) = address {
            sign_in_attempt::Entity::update_many()
                .col_expr(
                    sign_in_attempt::Column::Failures,
                    Expr::col(sign_in_attempt::Column::Failures).sub(1),
                )
                .filter(sign_in_attempt::Column::Subject.eq(self.address_subject(address)))
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

    fn account_subject(&self, email: &str) -> String {
        self.secrets().token_hash("attempt on account", &email.to_lowercase())
    }

    fn address_subject(&self, address: &str) -> String {
        self.secrets().token_hash("attempt from address", &network(address))
    }

    async fn take(&self, allowance: Allowance, subject: &str) -> Result<()> {
        let (db, now) = (self.database().writer(), self.now());
        let longest_ms = allowance.longest_s * 1000;
        let take = Statement::from_sql_and_values(
            db.get_database_backend(),
            allowance.statement(),
            [subject.into(), now.0.into(), (now.0 - FORGET_MS).into(), longest_ms.into()],
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
