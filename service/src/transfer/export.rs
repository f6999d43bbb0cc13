use domain::orgs::ProjectRef;
use domain::transfer::ProjectDocument;

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
        let tx = self.0.database().moment().await?;
        let rows = Rows::read(&tx, project.org.id, project.id).await?;
        tx.rollback().await?;
        rows.document()
    }
}
