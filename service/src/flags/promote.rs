use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::access::Action;
use domain::flags::{Difference, PromoteFlags, PromotedFields, PromotedFlag, Promotion, PromotionOutcome};
use domain::orgs::ProjectRef;
use domain::transfer::OnConflict;
use domain::{Error as Refusal, FieldError, FlagKey};
use engine::Subject;
use entity::audit_event;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::check::{self, Changed};
use super::compare::{Beside, beside};
use super::store::{self, Stored};
use super::{Flags, configured};
use crate::change::{ChangeTx, ChangingEnvironment};
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::{Actor, scope};

/// What becomes of a flag, and what it is before and after where it changes.
struct Plan {
    promoted: PromotedFlag,
    change: Option<(Stored, Stored)>,
}

impl Flags<'_> {
    /// Makes flags do in one environment what they do in another, all or none of them.
    ///
    /// # Errors
    /// When the actor may not change the environment, a flag or an environment does not exist, evaluation could not do
    /// there what it is to, or somebody changed a flag in the meantime and that is to fail.
    pub async fn promote(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        command: PromoteFlags,
    ) -> Result<Promotion> {
        domain::validate(&command)?;
        if command.from == command.to {
            return Err(Refusal::invalid("to", "is the environment that the flags are taken from").into());
        }
        let project = scope::project(self.0.reader(), actor, project).await?;
        let grant = self.0.grant(actor, Action::ConfigureFlag, project.org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let changing = tx.environment(project.id, &command.to).await?;
                    // The organization is locked, so that nobody changes what is only read.
                    let from = configured::environment_row(tx.db(), &project, &command.from).await?.id;
                    let environments = (from, changing.row.id);
                    let flags = beside(tx.db(), &project, environments, command.flags.as_deref()).await?;
                    expect_known(&command.versions, &flags)?;
                    let touched = touched(tx, &changing, command.fields).await?;
                    let is_conflict = |beside: &Beside, to: &Stored| match command.versions.get(&beside.key) {
                        Some(version) => *version != beside.to_version,
                        None => touched.contains(&to.flag.id.to_string()),
                    };
                    let plans: Vec<_> =
                        flags.into_iter().map(|flag| plan(&command, flag, is_conflict)).collect();
                    expect_no_conflict(&command, &plans)?;
                    expect_works(tx, &changing, &plans).await?;
                    let (flags, changes): (Vec<_>, Vec<_>) =
                        plans.into_iter().map(|plan| (plan.promoted, plan.change)).unzip();
                    let event = match command.dry_run {
                        true => None,
                        false => save(tx, &changing, changes, &command).await?,
                    };
                    let revision = tx.next_revision(&changing);
                    let PromoteFlags { from, to, dry_run, .. } = command;
                    let event = event.unwrap_or_else(|| {
                        tx.abandon();
                        Event::nothing()
                    });
                    Ok((Promotion { from, to, dry_run, revision, flags }, event))
                })
            })
            .await
    }
}

fn plan(command: &PromoteFlags, beside: Beside, is_conflict: impl Fn(&Beside, &Stored) -> bool) -> Plan {
    let Beside { from_version, to_version, .. } = beside;
    let key = beside.key.clone();
    let promoted =
        |outcome, differences| PromotedFlag { flag: key, outcome, from_version, to_version, differences };
    let Some((from, to)) = &beside.both else {
        return Plan { promoted: promoted(PromotionOutcome::Unreadable, Vec::new()), change: None };
    };
    let after = command.fields.taken_over(from, &to.configuration);
    let differences = Difference::between(&after, &to.configuration);
    if differences.is_empty() {
        return Plan { promoted: promoted(PromotionOutcome::Same, differences), change: None };
    }
    let outcome = match (is_conflict(&beside, to), command.conflict) {
        (false, _) | (true, OnConflict::Overwrite) => PromotionOutcome::Promoted,
        (true, OnConflict::Skip) => PromotionOutcome::Skipped,
        (true, OnConflict::Fail) => PromotionOutcome::Conflict,
    };
    let after = Stored { configuration: after, version: to.version + 1, ..to.clone() };
    let change = (outcome == PromotionOutcome::Promoted).then(|| (to.clone(), after));
    Plan { promoted: promoted(outcome, differences), change }
}

/// Refuses versions of what is not promoted: with a key misspelt, its flag would be overwritten.
fn expect_known(versions: &BTreeMap<FlagKey, i64>, flags: &[Beside]) -> Result<()> {
    let known: BTreeSet<_> = flags.iter().map(|beside| &beside.key).collect();
    let fault = |key: &FlagKey| FieldError {
        path: format!("versions.{key}"),
        message: "is none of the flags that are promoted".to_owned(),
    };
    Ok(Refusal::refuse(versions.keys().filter(|key| !known.contains(key)).map(fault).collect())?)
}

fn expect_no_conflict(command: &PromoteFlags, plans: &[Plan]) -> Result<()> {
    let is_conflict = |plan: &&Plan| plan.promoted.outcome == PromotionOutcome::Conflict;
    let conflicts: Vec<_> = plans.iter().filter(is_conflict).map(|plan| &plan.promoted).collect();
    let Some(first) = conflicts.first().filter(|_| !command.dry_run) else { return Ok(()) };
    let keys: Vec<_> = conflicts.iter().map(|conflict| format!("`{}`", conflict.flag)).collect();
    let message = format!("changed in `{}` in the meantime: {}", command.to, keys.join(", "));
    let seen = command.versions.get(&first.flag).copied();
    let current = seen.map(|_| first.to_version);
    Err(Refusal::Conflict { message, seen, current }.into())
}

/// Refuses what evaluation would leave out with all of them changed.
async fn expect_works(tx: &ChangeTx, environment: &ChangingEnvironment, plans: &[Plan]) -> Result<()> {
    let (mut faults, mut changes) = (Vec::new(), Vec::new());
    let mut documents = HashMap::new();
    for (_, after) in plans.iter().filter_map(|plan| plan.change.as_ref()) {
        let own = after.configuration.faults(&after.variations);
        faults.extend(own.into_iter().map(|fault| fault.below(&format!("flags.{}", after.flag.key))));
        changes.push(Changed::Flag(after.flag.key.clone(), Some(after.document()?)));
        documents.insert(after.flag.key.clone(), after.flag_document()?);
    }
    Refusal::refuse(faults)?;
    if changes.is_empty() {
        return Ok(());
    }
    let faults = check::faults(tx, environment, changes).await?;
    let place = move |fault: check::Fault| match documents.get(fault.key.as_str()) {
        Some(document) if fault.subject == Subject::Flag => {
            check::precise(document, fault.detail).below(&format!("flags.{}", fault.key))
        }
        _ => FieldError { path: "flags".to_owned(), message: fault.to_string() },
    };
    let faults = check::aside(move || faults.into_iter().map(place).collect()).await?;
    Ok(Refusal::refuse(faults)?)
}

/// Saves the flags that change, and says of each that it was promoted; none where none is.
async fn save(
    tx: &mut ChangeTx,
    environment: &ChangingEnvironment,
    changes: Vec<Option<(Stored, Stored)>>,
    command: &PromoteFlags,
) -> Result<Option<Event>> {
    let mut first = None;
    for (before, after) in changes.into_iter().flatten() {
        store::save(tx, environment, &after).await?;
        let resource = Resource::new("flag", after.flag.id, &after.flag.key);
        let event = match command.fields {
            PromotedFields::All => Event::flag_promoted(resource),
            PromotedFields::Targeting => Event::flag_targeting_promoted(resource),
            PromotedFields::Enabled => Event::flag_state_promoted(resource),
        };
        let event = event
            .in_environment(environment.row.id)
            .documents(Some(before.document()?), Some(after.document()?))
            .comment(command.comment.clone());
        match first {
            None => first = Some(event),
            Some(_) => tx.also(tx.org_id(), event),
        }
    }
    Ok(first)
}

/// The ids of the flags that somebody changed in an environment, in what is taken over, since they were last promoted
/// there.
async fn touched(
    tx: &ChangeTx,
    environment: &ChangingEnvironment,
    fields: PromotedFields,
) -> Result<BTreeSet<String>> {
    // What somebody did, and the promotions that have seen it: one of the targeting alone has not looked at switches.
    let targeting =
        (vec!["flag.configured", "flag.rolled_back"], ["flag.promoted", "flag.targeting_promoted"]);
    let state = (
        vec!["flag.configured", "flag.rolled_back", "flag.enabled", "flag.killed"],
        ["flag.promoted", "flag.state_promoted"],
    );
    let looked_at = match fields {
        PromotedFields::Targeting => vec![targeting],
        PromotedFields::Enabled => vec![state],
        PromotedFields::All => vec![targeting, state],
    };
    let mut touched = BTreeSet::new();
    for (changes, promotions) in looked_at {
        let promoted = newest(tx, environment, &promotions).await?;
        let is_later = |(flag, seq): &(String, i64)| promoted.get(flag).is_none_or(|at| seq > at);
        let changed = newest(tx, environment, &changes).await?;
        touched.extend(changed.into_iter().filter(is_later).map(|(flag, _)| flag));
    }
    Ok(touched)
}

/// When the last of some things happened to each flag in an environment: the numbers of the entries.
async fn newest(
    tx: &ChangeTx,
    environment: &ChangingEnvironment,
    actions: &[&str],
) -> Result<HashMap<String, i64>> {
    let newest: Vec<(String, i64)> = audit_event::Entity::find()
        .select_only()
        .column(audit_event::Column::ResourceId)
        .column_as(audit_event::Column::Seq.max(), "seq")
        .filter(audit_event::Column::OrgId.eq(tx.org_id()))
        .filter(audit_event::Column::EnvironmentId.eq(environment.row.id))
        .filter(audit_event::Column::Action.is_in(actions.iter().copied()))
        .group_by(audit_event::Column::ResourceId)
        .into_tuple()
        .all(tx.db())
        .await?;
    Ok(newest.into_iter().collect())
}
