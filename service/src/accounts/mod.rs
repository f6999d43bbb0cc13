//! People, and how they prove who they are.

mod attempts;
mod authenticate;
mod create;
mod device;
mod identities;
mod links;
mod password;
mod passwords;
mod privacy;
mod profile;
mod sessions;
mod sign_in;
mod sign_ins;
mod sign_up;
mod tokens;
mod verification;

pub(crate) use attempts::INVITATIONS;
pub(crate) use authenticate::person;
pub use authenticate::{SESSION_IDLE_MS, SESSION_LASTS_MS};
pub use identities::{Arrival, ProvenIdentity};
pub(crate) use links::mark_verified;
pub use sessions::Sessions;
pub(crate) use sign_ins::live;

use entity::session;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::Services;

/// People, and how they prove who they are.
pub struct Accounts<'s>(pub(crate) &'s Services);

impl Accounts<'_> {
    /// Where the dashboard keeps its sessions.
    pub fn sessions(&self) -> Sessions {
        Sessions::new(self.0)
    }

    /// Deletes what has expired: sessions, links, attempts that count no more, and who failed to sign in long ago.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tidy(&self) -> crate::Result<()> {
        let expired = session::Column::ExpiresAt.lte(self.0.now());
        session::Entity::delete_many().filter(expired).exec(self.0.database().writer()).await?;
        self.delete_ended_sign_ins().await?;
        links::delete_expired(self.0).await?;
        privacy::erase_old_failures(self.0).await?;
        self.0.forget_old_answers().await?;
        self.0.forget_old_attempts().await
    }
}
