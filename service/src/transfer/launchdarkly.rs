//! Importing what flags serve, in LaunchDarkly's format.

use std::collections::{BTreeMap, HashMap};

use domain::access::Action;
use domain::flags::Configuration;
use domain::orgs::ProjectRef;
use domain::transfer::launchdarkly::{
    ImportLaunchDarkly, ImportedFlag, ImportedFlags, LaunchDarklyFlag, fault,
};
use domain::transfer::{OnConflict, Outcome};
use domain::{Error as Refusal, FieldError, FlagId, FlagKey, Millis, ProjectId};
use entity::flag;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::Transfer;
use crate::actor::Grant;
use crate::change::{ChangeTx, ChangingEnvironment};
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::flags::check::{Changed, faults};
use crate::flags::create::Draft;
use crate::flags::definition::{Does, first_definition};
use crate::flags::store::{self, Stored};
use crate::{Actor, Services, scope};

/// An import of a file, by somebody who may.
pub struct FlagsImport<'s> {
    services: &'s Services,
    grant: Grant,
    project: ProjectId,
}

impl<'s> Transfer<'s> {
    /// Begins to import what flags serve, before it is read: it may be large, and is not for everybody to send.
    ///
    /// # Errors
    /// When the actor may not.
    pub async fn import_launchdarkly(&self, actor: &Actor, project: &ProjectRef) -> Result<FlagsImport<'s>> {
        let project = scope::project(self.0.reader(), actor, project).await?;
        let grant = self.0.grant(actor, Action::ImportFlags, project.org.place()).await?;
        Ok(FlagsImport { services: self.0, grant, project: project.id })
    }
}

impl FlagsImport<'_> {
    /// Imports the file into an environment: flags that are not there are created, off in the other environments; those
    /// that are there serve it from then on, if that is wanted.
    ///
    /// # Errors
    /// When the actor may not, a flag of the file cannot be what it says, or is there and that is a conflict.
    pub async fn apply(self, command: ImportLaunchDarkly) -> Result<ImportedFlags> {
        let Self { services, grant, project } = self;
        command.check()?;
        services
            .change(grant, move |tx| {
                Box::pin(async move {
                    let (dry_run, comment) = (command.dry_run, command.comment.clone());
                    // Flags belong to all environments, and those who lock several do so in one order.
                    tx.lock_environments(project).await?;
                    let environment = tx.environment(project, &command.environment).await?;
                    let (flags, events) = Import { project, environment, command }.run(tx).await?;
                    let mut events = events.into_iter().map(|event| event.comment(comment.clone()));
                    let event = match events.next() {
                        Some(event) if !dry_run => event,
                        _ => {
                            tx.abandon();
                            Event::nothing()
                        }
                    };
                    for event in events {
                        tx.also(tx.org_id(), event);
                    }
                    Ok((ImportedFlags { dry_run, flags }, event))
                })
            })
            .await
    }
}

struct Import {
    project: ProjectId,
    environment: ChangingEnvironment,
    command: ImportLaunchDarkly,
}

/// A flag that is there.
struct There {
    is_archived: bool,
    /// In the environment.
    version: i64,
}

/// A flag that is not there, as it is to be.
struct Created {
    here: Stored,
    /// In the other environments: off, and at its first version.
    elsewhere: Stored,
}

/// A flag that is there, and what becomes of it.
struct Overwritten {
    before: Stored,
    after: Stored,
    /// Whether its variations become others, which all environments share.
    is_refitted: bool,
}

impl Import {
    async fn run(&self, tx: &mut ChangeTx) -> Result<(Vec<ImportedFlag>, Vec<Event>)> {
        let there = self.there(tx).await?;
        let taken: Vec<_> =
            self.command.flags.keys().filter(|key| there.contains_key(key.as_str())).collect();
        if let (OnConflict::Fail, [_, ..]) = (self.command.conflict, taken.as_slice()) {
            let keys: Vec<_> = taken.iter().take(10).map(|key| format!("`{key}`")).collect();
            let more = if taken.len() > keys.len() { " and others" } else { "" };
            return Err(
                Refusal::conflict(format!("flags are there already: {}{more}", keys.join(", "))).into()
            );
        }
        let created = self.created(tx, &there).await?;
        let overwritten = match self.command.conflict {
            OnConflict::Overwrite => self.overwritten(tx, &there, &taken).await?,
            OnConflict::Skip | OnConflict::Fail => Vec::new(),
        };
        let others = self.write(tx, &created, &overwritten).await?;
        self.check(tx, &created, &overwritten, &others).await?;
        self.outcomes(&there, &created, &overwritten, &taken)
    }

    /// The flags of the project, archived ones too, by key.
    async fn there(&self, tx: &ChangeTx) -> Result<HashMap<String, There>> {
        use entity::flag_configuration::{Column, Entity};
        let flags: Vec<(FlagId, String, Option<Millis>)> = flag::Entity::find()
            .select_only()
            .columns([flag::Column::Id, flag::Column::Key, flag::Column::ArchivedAt])
            .filter(flag::Column::OrgId.eq(tx.org_id()))
            .filter(flag::Column::ProjectId.eq(self.project))
            .into_tuple()
            .all(tx.db())
            .await?;
        let versions: HashMap<FlagId, i64> = Entity::find()
            .select_only()
            .columns([Column::FlagId, Column::Version])
            .filter(Column::OrgId.eq(tx.org_id()))
            .filter(Column::EnvironmentId.eq(self.environment.row.id))
            .into_tuple::<(FlagId, i64)>()
            .all(tx.db())
            .await?
            .into_iter()
            .collect();
        let there = |(id, key, archived_at): (FlagId, String, Option<Millis>)| {
            let version = versions.get(&id).copied().unwrap_or_default();
            (key, There { is_archived: archived_at.is_some(), version })
        };
        Ok(flags.into_iter().map(there).collect())
    }

    /// The flags that are not there, as they are to be in the environment.
    async fn created(&self, tx: &ChangeTx, there: &HashMap<String, There>) -> Result<Vec<Created>> {
        let ended = store::last_versions(tx, self.project, "flag").await?;
        let new = || self.command.flags.iter().filter(|(key, _)| !there.contains_key(key.as_str()));
        let wrong = |(key, flag): (&FlagKey, &LaunchDarklyFlag)| {
            flag.check_new().err().map(|(field, message)| fault(key, field, message))
        };
        Refusal::refuse(new().filter_map(wrong).collect())?;
        new()
            .map(|(key, flag)| {
                let first = ended.get(key.as_str()).map_or(1, |last| last + 1);
                self.new_flag(tx, key, flag, first)
            })
            .collect()
    }

    /// A new flag. Versions of a flag that had the key before are not given again.
    fn new_flag(&self, tx: &ChangeTx, key: &FlagKey, flag: &LaunchDarklyFlag, first: i64) -> Result<Created> {
        let variations = flag.variations();
        let configuration = flag.configuration(&variations, None);
        let draft = Draft {
            project: self.project,
            key: key.clone(),
            name: key.to_string(),
            description: String::new(),
            kind: flag.kind(),
            value_type: flag.value_type(),
            client_side: self.command.client_side,
            variations,
            tags: Vec::new(),
            owner: tx.person(),
            temporary: false,
            expires_at: None,
        };
        let row = draft.row(tx, flag.flag_version.unwrap_or(1).max(first))?;
        let variations = draft.variations;
        let off = Configuration { enabled: false, track_events: false, ..configuration.clone() };
        let here = Stored { flag: row, variations, configuration, version: flag.version.max(first) };
        let elsewhere = Stored { configuration: off, version: first, ..here.clone() };
        Ok(Created { here, elsewhere })
    }

    async fn overwritten(
        &self,
        tx: &ChangeTx,
        there: &HashMap<String, There>,
        taken: &[&FlagKey],
    ) -> Result<Vec<Overwritten>> {
        let mut details = Vec::new();
        let is_archived = |key: &FlagKey| there.get(key.as_str()).is_some_and(|flag| flag.is_archived);
        let (archived, active): (Vec<_>, Vec<_>) = taken.iter().copied().partition(|key| is_archived(key));
        details.extend(archived.into_iter().map(|key| FieldError {
            path: format!("flags.{key}"),
            message: "the flag is there, and archived: restore it first".to_owned(),
        }));
        let active: Vec<_> = active.into_iter().cloned().collect();
        let mut overwritten = Vec::with_capacity(active.len());
        for (key, before) in store::lock_many(tx, self.project, &self.environment, Some(&active)).await? {
            let key: FlagKey = scope::stored(&key)?;
            let Some(flag) = self.command.flags.get(&key) else { continue };
            match overwrite(tx, before, flag)? {
                Ok(done) => overwritten.push(done),
                Err((field, message)) => details.push(fault(&key, field, message)),
            }
        }
        Refusal::refuse(details)?;
        Ok(overwritten)
    }

    /// Writes everything. Returns the other environments in which documents of flags that were there changed.
    async fn write(
        &self,
        tx: &mut ChangeTx,
        created: &[Created],
        overwritten: &[Overwritten],
    ) -> Result<Vec<(ChangingEnvironment, Vec<Stored>)>> {
        let id = self.environment.row.id;
        let here: Vec<_> = created.iter().map(|flag| flag.here.clone()).collect();
        store::insert_flags(tx, &here).await?;
        store::insert_many(tx, &self.environment, &here).await?;
        if !created.is_empty() {
            let elsewhere: Vec<_> = created.iter().map(|flag| flag.elsewhere.clone()).collect();
            for other in tx.environments_for_new(self.project).await? {
                if other.row.id != id {
                    store::insert_many(tx, &other, &elsewhere).await?;
                }
            }
        }
        for done in overwritten.iter().filter(|done| done.is_changed()) {
            if done.after.flag != done.before.flag {
                store::update_flag(tx, &done.after.flag).await?;
            }
            store::save(tx, &self.environment, &done.after).await?;
        }
        let refitted: Vec<_> = overwritten.iter().filter(|done| done.is_refitted).collect();
        let mut others = Vec::new();
        if refitted.is_empty() {
            return Ok(others);
        }
        for other in tx.environments(self.project).await?.into_iter().filter(|other| other.row.id != id) {
            let mut changed = Vec::with_capacity(refitted.len());
            for done in &refitted {
                let found =
                    store::lock_configurations(tx, &done.after.flag, std::slice::from_ref(&other)).await?;
                for before in found {
                    let after = Stored { version: before.version + 1, ..before };
                    self.check_fits(&other, &after)?;
                    store::save(tx, &other, &after).await?;
                    changed.push(after);
                }
            }
            others.push((other, changed));
        }
        Ok(others)
    }

    /// Refuses to take away a variation that another environment serves.
    fn check_fits(&self, other: &ChangingEnvironment, after: &Stored) -> Result<()> {
        match after.configuration.check(&after.variations) {
            Ok(()) => Ok(()),
            Err(_) => {
                let message =
                    format!("what stands for this variation's value is served in `{}`", other.row.key);
                let key: FlagKey = scope::stored(&after.flag.key)?;
                Err(Refusal::Invalid { details: vec![fault(&key, "variation", message)] }.into())
            }
        }
    }

    /// Refuses what other flags could not do any more.
    async fn check(
        &self,
        tx: &ChangeTx,
        created: &[Created],
        overwritten: &[Overwritten],
        others: &[(ChangingEnvironment, Vec<Stored>)],
    ) -> Result<()> {
        let changed = overwritten.iter().filter(|done| done.is_changed()).map(|done| &done.after);
        let here: Vec<_> = created.iter().map(|flag| &flag.here).chain(changed).cloned().collect();
        let own = (self.environment.clone(), here);
        for (environment, flags) in std::iter::once(&own).chain(others).filter(|(_, flags)| !flags.is_empty())
        {
            let changes = flags
                .iter()
                .map(|stored| Ok(Changed::Flag(stored.flag.key.clone(), Some(stored.document()?))));
            let found = faults(tx, environment, changes.collect::<Result<_>>()?).await?;
            let detail = |fault: &crate::flags::check::Fault| FieldError {
                path: "flags".to_owned(),
                message: format!("in `{}`: {fault}", environment.row.key),
            };
            Refusal::refuse(found.iter().map(detail).collect())?;
        }
        Ok(())
    }

    /// What became of each flag, and what the audit log says of it.
    fn outcomes(
        &self,
        there: &HashMap<String, There>,
        created: &[Created],
        overwritten: &[Overwritten],
        taken: &[&FlagKey],
    ) -> Result<(Vec<ImportedFlag>, Vec<Event>)> {
        let mut outcomes = BTreeMap::new();
        let mut events = Vec::new();
        for Created { here: stored, .. } in created {
            outcomes.insert(stored.flag.key.clone(), (Outcome::Created, stored.version));
            let event = Event::flag_created(Resource::new("flag", stored.flag.id, &stored.flag.key));
            let document = first_definition(&stored.flag, &[], Does::Configuration(&stored.configuration))?;
            events.push(event.in_environment(self.environment.row.id).documents(None, Some(document)));
        }
        for done in overwritten {
            let Stored { flag, version, .. } = &done.after;
            if !done.is_changed() {
                outcomes.insert(flag.key.clone(), (Outcome::Unchanged, *version));
                continue;
            }
            outcomes.insert(flag.key.clone(), (Outcome::Changed, *version));
            let event = Event::flag_configured(Resource::new("flag", flag.id, &flag.key));
            let documents = (Some(done.before.document()?), Some(done.after.document()?));
            events.push(event.in_environment(self.environment.row.id).documents(documents.0, documents.1));
        }
        let skipped: Vec<_> = taken.iter().filter(|key| !outcomes.contains_key(key.as_str())).collect();
        for key in skipped {
            let version = there.get(key.as_str()).map(|flag| flag.version).unwrap_or_default();
            outcomes.insert(key.to_string(), (Outcome::Skipped, version));
        }
        let outcome = |(key, (outcome, version)): (String, (Outcome, i64))| {
            Ok(ImportedFlag { key: scope::stored(&key)?, outcome, version })
        };
        Ok((outcomes.into_iter().map(outcome).collect::<Result<_>>()?, events))
    }
}

impl Overwritten {
    fn is_changed(&self) -> bool {
        self.after.version != self.before.version
    }
}

type Fault = (&'static str, String);

/// What a flag becomes that is there and is to serve what the file says; or which field of the file does not fit it.
fn overwrite(
    tx: &ChangeTx,
    before: Stored,
    flag: &LaunchDarklyFlag,
) -> Result<std::result::Result<Overwritten, Fault>> {
    let fitted = match flag.fit(&before.variations, store::value_type(&before.flag.value_type)?) {
        Ok(fitted) => fitted,
        Err(fault) => return Ok(Err(fault)),
    };
    let is_refitted = fitted.is_some();
    let variations = fitted.unwrap_or_else(|| before.variations.clone());
    let configuration = flag.configuration(&variations, Some(&before.configuration.off_variation));
    let mut row = before.flag.clone();
    // Variations are what a flag is everywhere: its own version tells of them, too.
    let own = row.version + i64::from(is_refitted);
    row.version = flag.flag_version.unwrap_or(own).max(own);
    if row.version != before.flag.version {
        row.updated_at = tx.now();
        row.variations = store::write_json(&variations)?;
    }
    let is_same = configuration == before.configuration
        && row.version == before.flag.version
        && flag.version <= before.version;
    let version = if is_same { before.version } else { flag.version.max(before.version + 1) };
    let after = Stored { flag: row, variations, configuration, version };
    Ok(Ok(Overwritten { before, after, is_refitted }))
}
