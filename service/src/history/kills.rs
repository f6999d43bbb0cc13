//! Who switched a flag off last.

use domain::environments::EnvironmentView;
use domain::history::{Author, Kill};
use entity::{audit_event, flag};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::History;
use crate::error::Result;

/// What decides whether a flag is on.
const DECISIONS: [&str; 6] = [
    "flag.killed",
    "flag.enabled",
    "flag.rolled_back",
    "flag.promoted",
    "flag.state_promoted",
    "flag.restored",
];

impl History<'_> {
    /// Who switched a flag off in environments in which nobody has decided otherwise since.
    pub(crate) async fn kills(&self, flag: &flag::Model, among: &[EnvironmentView]) -> Result<Vec<Kill>> {
        let (mut kills, db) = (Vec::new(), self.0.reader());
        for environment in among {
            let last = audit_event::Entity::find()
                .filter(audit_event::Column::OrgId.eq(flag.org_id))
                .filter(audit_event::Column::ResourceKind.eq("flag"))
                .filter(audit_event::Column::ResourceId.eq(flag.id.to_string()))
                .filter(audit_event::Column::EnvironmentId.eq(environment.id))
                .filter(audit_event::Column::Action.is_in(DECISIONS))
                .order_by_desc(audit_event::Column::Seq)
                .one(db)
                .await?;
            let Some(event) = last.filter(|event| event.action == "flag.killed") else { continue };
            let names = self.names(std::slice::from_ref(&event)).await?;
            let name = names.get(&event.actor).cloned();
            kills.push(Kill {
                environment: environment.key.clone(),
                at: event.at,
                author: Author { kind: event.actor_kind, id: event.actor, name },
                comment: event.comment,
            });
        }
        Ok(kills)
    }
}
