use std::collections::{BTreeMap, BTreeSet};

use domain::flags::{Configuration, FlagsChange};
use domain::{FlagKey, ProjectId};
use entity::{flag, flag_configuration};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::super::archive::{archive as archive_one, quoted};
use super::super::store;
use super::{Outcome, Outcomes, is_archived, lock};
use crate::change::{ChangeTx, ChangingEnvironment};
use crate::error::Result;

/// Archives flags. Those that need each other go together; one that any other flag needs stays.
pub(super) async fn archive(
    tx: &mut ChangeTx,
    project: ProjectId,
    keys: &[FlagKey],
    change: &FlagsChange,
) -> Result<Outcomes> {
    let environments = tx.environments(project).await?;
    let (archived, mut flags): (Vec<_>, Vec<_>) =
        lock(tx, project, keys).await?.into_iter().partition(|flag| flag.archived_at.is_some());
    let mut outcomes = Outcomes::new();
    for flag in archived {
        let refused = is_archived(&flag.key);
        outcomes.insert(flag.key, refused);
    }
    let needed_by = needed_by(tx, project, &environments).await?;
    loop {
        let going: BTreeSet<_> = flags.iter().map(|flag| flag.key.clone()).collect();
        let stays = |flag: &flag::Model| {
            let others: BTreeSet<_> = needed_by.get(&flag.key)?.difference(&going).cloned().collect();
            (!others.is_empty()).then_some(others)
        };
        let mut some_stay = false;
        for flag in &flags {
            if let Some(others) = stays(flag) {
                let reason = format!("`{}` is a prerequisite of {}", flag.key, quoted(&others));
                outcomes.insert(flag.key.clone(), Outcome::Refused(reason));
                some_stay = true;
            }
        }
        if !some_stay {
            break;
        }
        flags.retain(|flag| !outcomes.contains_key(&flag.key));
    }
    for flag in flags {
        let key = flag.key.clone();
        let (_, event) = archive_one(tx, &environments, flag, change.comment.clone()).await?;
        outcomes.insert(key, Outcome::Done(Box::new(event)));
    }
    Ok(outcomes)
}

/// The flags that need a flag somewhere, by its key.
async fn needed_by(
    tx: &ChangeTx,
    project: ProjectId,
    environments: &[ChangingEnvironment],
) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let served: Vec<(domain::FlagId, String)> = flag::Entity::find()
        .select_only()
        .columns([flag::Column::Id, flag::Column::Key])
        .filter(flag::Column::OrgId.eq(tx.org_id()))
        .filter(flag::Column::ProjectId.eq(project))
        .filter(flag::Column::ArchivedAt.is_null())
        .into_tuple()
        .all(tx.db())
        .await?;
    let served: BTreeMap<_, _> = served.into_iter().collect();
    // Most flags need none, and say nothing of it.
    let rows = flag_configuration::Entity::find()
        .filter(flag_configuration::Column::OrgId.eq(tx.org_id()))
        .filter(flag_configuration::Column::EnvironmentId.is_in(environments.iter().map(|it| it.row.id)))
        .filter(flag_configuration::Column::Body.contains("\"prerequisites\""))
        .all(tx.db())
        .await?;
    let mut needed_by: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in rows {
        let Some(key) = served.get(&row.flag_id) else { continue };
        let configuration: Configuration =
            store::read_json(&row.body, || format!("the configuration of `{key}`"))?;
        for needed in configuration.prerequisites {
            needed_by.entry(needed.flag).or_default().insert(key.clone());
        }
    }
    Ok(needed_by)
}
