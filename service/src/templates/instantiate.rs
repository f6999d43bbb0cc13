use domain::TemplateKey;
use domain::access::Action;
use domain::flags::{CreateFlag, FlagView};
use domain::orgs::ProjectRef;
use domain::templates::FlagFromTemplate;
use entity::template::Column;
use sea_orm::{ColumnTrait, QueryFilter};

use super::{Templates, store};
use crate::error::Result;
use crate::{Actor, scope};

impl Templates<'_> {
    /// Creates a flag of a template's shape, off everywhere. What became of the template afterwards does not matter to it.
    ///
    /// # Errors
    /// When the actor may not create flags, the template is not there, it names flags or segments that are gone, or the
    /// flag's key is taken.
    pub async fn create_flag(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        key: &TemplateKey,
        command: FlagFromTemplate,
    ) -> Result<FlagView> {
        let flag = self.flag_of(actor, project, key, command).await?;
        self.0.flags().create(actor, flag).await
    }

    /// The flag that is to be made.
    pub(crate) async fn flag_of(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        key: &TemplateKey,
        command: FlagFromTemplate,
    ) -> Result<CreateFlag> {
        let place = scope::project(self.0.reader(), actor, project).await?;
        // Before the template is looked for, so that it tells nobody more than creating a flag does.
        self.0.grant(actor, Action::CreateFlag, place.org.place()).await?;
        let row = store::of_project(place.org.id, place.id)
            .filter(Column::Key.eq(key.as_str()))
            .one(self.0.reader())
            .await?
            .ok_or_else(|| store::missing(key))?;
        Ok(command.of(project.clone(), store::shape(&row)?)?)
    }
}
