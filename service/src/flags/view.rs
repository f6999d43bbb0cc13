//! Flags as they are shown: with their tags, their owner and what they do everywhere.

use std::collections::{BTreeMap, HashMap};

use domain::environments::EnvironmentView;
use domain::flags::{Configuration, FlagInEnvironment, FlagOwner, FlagView, Served};
use domain::{EnvironmentKey, FlagId, Millis};
use entity::{environment, flag, flag_configuration, flag_tag, user_account};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::store;
use crate::change::ChangeTx;
use crate::error::{Error, Result, causes};
use crate::scope::stored;
use crate::usage::last_evaluated;

/// A flag as a change leaves it.
pub(crate) async fn after(tx: &ChangeTx, flag: &flag::Model) -> Result<FlagView> {
    let rows = environment::Entity::find()
        .filter(environment::Column::OrgId.eq(flag.org_id))
        .filter(environment::Column::ProjectId.eq(flag.project_id))
        .all(tx.db())
        .await?;
    let environments = rows.into_iter().map(crate::environments::read::view).collect::<Result<Vec<_>>>()?;
    let views = of(tx.db(), vec![flag.clone()], &environments, tx.now()).await?;
    views.into_iter().next().ok_or(Error::Invariant("a flag has a view"))
}

/// Flags in their order, with what they do in these environments.
pub(crate) async fn of(
    db: &impl ConnectionTrait,
    flags: Vec<flag::Model>,
    environments: &[EnvironmentView],
    now: Millis,
) -> Result<Vec<FlagView>> {
    let Some(org_id) = flags.first().map(|flag| flag.org_id) else { return Ok(Vec::new()) };
    let ids: Vec<_> = flags.iter().map(|flag| flag.id).collect();
    let rows = flag_configuration::Entity::find()
        .filter(flag_configuration::Column::OrgId.eq(org_id))
        .filter(flag_configuration::Column::FlagId.is_in(ids.iter().copied()))
        .filter(flag_configuration::Column::EnvironmentId.is_in(environments.iter().map(|it| it.id)))
        .all(db)
        .await?;
    let mut configured: HashMap<FlagId, Vec<_>> = HashMap::new();
    rows.into_iter().for_each(|row| configured.entry(row.flag_id).or_default().push(row));
    let mut evaluated = {
        let (environments, keys) = (environments.iter().map(|it| it.id), flags.iter().map(|flag| &*flag.key));
        last_evaluated(db, org_id, environments, keys).await?
    };
    let mut tags = tags(db, &flags).await?;
    let owners: Vec<_> = flags.iter().filter_map(|flag| flag.owner_id).collect();
    let owners = user_account::Entity::find().filter(user_account::Column::Id.is_in(owners)).all(db).await?;
    let owners: HashMap<_, _> = owners.into_iter().map(|row| (row.id, row.name)).collect();
    let view = |flag: flag::Model| {
        let owner = flag.owner_id.and_then(|id| Some(FlagOwner { id, name: owners.get(&id)?.clone() }));
        let rows = configured.remove(&flag.id).unwrap_or_default();
        let found = rows.iter().filter_map(|row| {
            let environment = environments.iter().find(|environment| environment.id == row.environment_id)?;
            let last_evaluated_at = evaluated.remove(&(environment.id, flag.key.clone()));
            let state = in_environment(&flag, &environment.key, row);
            Some((environment.key.clone(), FlagInEnvironment { last_evaluated_at, ..state }))
        });
        let environments: BTreeMap<_, _> = found.collect();
        let tags = tags.remove(&flag.id).unwrap_or_default();
        view(flag, tags, owner, environments, now)
    };
    flags.into_iter().map(view).collect()
}

fn view(
    flag: flag::Model,
    tags: Vec<String>,
    owner: Option<FlagOwner>,
    environments: BTreeMap<EnvironmentKey, FlagInEnvironment>,
    now: Millis,
) -> Result<FlagView> {
    let variations = store::read_json(&flag.variations, || "its variations".to_owned());
    Ok(FlagView {
        stale: is_stale(&flag, now),
        id: flag.id,
        key: stored(&flag.key)?,
        kind: store::kind(&flag.kind)?,
        value_type: store::value_type(&flag.value_type)?,
        client_side: flag.client_side,
        variations: variations.unwrap_or_else(|error| cannot_be_shown(&flag.key, &error)),
        tags,
        owner,
        temporary: flag.temporary,
        expires_at: flag.expires_at,
        archived_at: flag.archived_at,
        version: flag.version,
        created_at: flag.created_at,
        updated_at: flag.updated_at,
        environments,
        name: flag.name,
        description: flag.description,
    })
}

/// Whether a flag should be gone by now.
fn is_stale(flag: &flag::Model, now: Millis) -> bool {
    flag.temporary && flag.archived_at.is_none() && flag.expires_at.is_some_and(|at| at <= now)
}

fn in_environment(
    flag: &flag::Model,
    environment: &EnvironmentKey,
    row: &flag_configuration::Model,
) -> FlagInEnvironment {
    let configuration: Result<Configuration> =
        store::read_json(&row.body, || format!("its configuration in `{environment}`"));
    let served = configuration.map(|configuration| Some(Served::of(&configuration)));
    FlagInEnvironment {
        enabled: row.enabled,
        served: served.unwrap_or_else(|error| cannot_be_shown(&flag.key, &error)),
        version: row.version,
        updated_at: row.updated_at,
        last_evaluated_at: None,
    }
}

/// What cannot be read is left out, so that everything else is shown.
fn cannot_be_shown<T: Default>(key: &str, error: &Error) -> T {
    tracing::error!(flag.key = key, error.causes = causes(error), "a flag cannot be shown whole");
    T::default()
}

/// The tags of flags of one organization, sorted.
pub(super) async fn tags(
    db: &impl ConnectionTrait,
    flags: &[flag::Model],
) -> Result<HashMap<FlagId, Vec<String>>> {
    let mut tags: HashMap<FlagId, Vec<String>> = HashMap::new();
    let Some(org_id) = flags.first().map(|flag| flag.org_id) else { return Ok(tags) };
    let rows = flag_tag::Entity::find()
        .filter(flag_tag::Column::OrgId.eq(org_id))
        .filter(flag_tag::Column::FlagId.is_in(flags.iter().map(|flag| flag.id)))
        .order_by_asc(flag_tag::Column::Tag)
        .all(db)
        .await?;
    rows.into_iter().for_each(|row| tags.entry(row.flag_id).or_default().push(row.tag));
    Ok(tags)
}
