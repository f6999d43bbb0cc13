//! People and their sessions.

mod authenticate;
mod create;
mod sessions;

pub use sessions::Sessions;

use crate::Services;

/// People and their sessions.
pub struct Accounts<'s>(pub(crate) &'s Services);

impl Accounts<'_> {
    /// Where the dashboard keeps its sessions.
    pub fn sessions(&self) -> Sessions {
        Sessions::new(self.0)
    }
}
