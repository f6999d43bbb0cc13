use domain::orgs::ProjectRef;
use domain::transfer::ProjectDocument;
use sea_orm::TransactionTrait;

use super::Transfer;
use super::rows::Rows;
use crate::error::Result;
use crate::{Actor, scope};

impl Transfer<'_> {
    /// A whole project as a document: all that there is to see of it, and nothing that tells who its applications are.
    ///
    /// # Errors
    /// When the actor may not see the project, it is too large to be one document, or the database fails.
    pub async fn export(&self, actor: &Actor, project: &ProjectRef) -> Result<ProjectDocument> {
        let project = scope::project(self.0.reader(), actor, project).await?;
        // All of it as of one moment.
        let tx = match self.0.reader().get_database_backend() {
            sea_orm::DbBackend::Postgres => {
                let level = Some(sea_orm::IsolationLevel::RepeatableRead);
                self.0.reader().begin_with_config(level, Some(sea_orm::AccessMode::ReadOnly)).await?
            }
            _ => self.0.reader().begin().await?,
        };
        let rows = Rows::read(&tx, project.org.id, project.id).await?;
        tx.rollback().await?;
        rows.document()
    }
}
