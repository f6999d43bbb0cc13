//! A workspace to try things on: an organization with a dozen flags, three people, and a key.
//!
//! Nothing here runs unless the instance was started with the demo on.

mod flags;

use domain::access::Role;
use domain::accounts::{CreateUser, Person};
use domain::api_keys::{CreateApiKey, KeyKind};
use domain::environments::ProtectEnvironment;
use domain::flags::ConfigureFlag;
use domain::orgs::{AddMember, CreateOrganization, ProjectRef};
use domain::{EnvironmentKey, Error as Refusal};
use entity::organization;
use sea_orm::{EntityTrait, PaginatorTrait};

use crate::error::{Error, Result};
use crate::projects::DEFAULT_PROJECT;
use crate::scope::stored;
use crate::{Actor, Services, instance};

/// The slug of the demo's organization.
pub const ORGANIZATION: &str = "demo";

/// The flag that the first example evaluates.
pub const EXAMPLE_FLAG: &str = "checkout-v2";

/// The environment that the demo's key is for.
const KEY_ENVIRONMENT: &str = "dev";

/// The people of the demo: name of the role that they have, e-mail address, name.
const PEOPLE: [(Role, &str, &str); 3] = [
    (Role::Owner, "owner@demo.invalid", "Demo owner"),
    (Role::Developer, "developer@demo.invalid", "Demo developer"),
    (Role::Member, "member@demo.invalid", "Demo member"),
];

/// Sets the demo up where the database is empty, or finishes what an interrupted start began. Says whether there is a
/// demo afterwards.
///
/// # Errors
/// When the database fails.
pub async fn ensure(services: &Services) -> Result<bool> {
    if instance::has_demo(services.database()).await? {
        return Ok(true);
    }
    let organizations = organization::Entity::find().count(services.reader()).await?;
    if organizations > 0 && services.accounts().find(PEOPLE[0].1).await?.is_none() {
        return Ok(false);
    }
    let actor = Actor::system("demo");
    let mut people = Vec::new();
    for (role, email, name) in PEOPLE {
        people.push((role, ensure_person(services, &actor, email, name).await?));
    }
    let project = ProjectRef { organization: stored(ORGANIZATION)?, project: stored(DEFAULT_PROJECT)? };
    for (role, person) in people {
        let organization = project.organization.clone();
        let added = match role {
            Role::Owner => {
                let command = CreateOrganization {
                    slug: organization,
                    name: "Demo organization".into(),
                    owner: person.id,
                };
                services.orgs().create(&actor, command).await.map(drop)
            }
            role => {
                services.orgs().add_member(&actor, AddMember { organization, user: person.id, role }).await
            }
        };
        unless_there(added)?;
    }
    key(services, &actor, &project).await?;
    seed_flags(services, &actor, &project).await?;
    protect_production(services, &actor, &project).await?;
    instance::demo_is_complete(services.database()).await?;
    Ok(true)
}

/// The raw API key of the demo. It is derived from the instance's secret, so it needs not be kept to be shown again.
pub fn raw_key(services: &Services) -> String {
    let token = services.secrets().demo_token(KEY_ENVIRONMENT);
    format!("{}_{KEY_ENVIRONMENT}_{token}", KeyKind::Server.prefix())
}

/// The demo's person with this role, where there is one.
///
/// # Errors
/// When the database fails.
pub async fn person(services: &Services, role: Role) -> Result<Option<Person>> {
    match PEOPLE.iter().find(|(of, ..)| *of == role) {
        Some((_, email, _)) => services.accounts().find(email).await,
        None => Ok(None),
    }
}

async fn ensure_person(services: &Services, actor: &Actor, email: &str, name: &str) -> Result<Person> {
    if let Some(person) = services.accounts().find(email).await? {
        return Ok(person);
    }
    services.accounts().create(actor, CreateUser { email: email.into(), name: name.into() }).await
}

async fn key(services: &Services, actor: &Actor, project: &ProjectRef) -> Result<()> {
    let command = CreateApiKey {
        project: project.clone(),
        environment: stored(KEY_ENVIRONMENT)?,
        name: "Demo".into(),
        kind: KeyKind::Server,
        expires_at: None,
        allowed_networks: None,
        rate_limit: None,
    };
    let token = services.secrets().demo_token(KEY_ENVIRONMENT);
    unless_there(services.api_keys().create_with_token(actor, command, token).await.map(drop))
}

async fn seed_flags(services: &Services, actor: &Actor, project: &ProjectRef) -> Result<()> {
    for flag in flags::all(project)? {
        let key = flag.create.key.clone();
        unless_there(services.flags().create(actor, flag.create).await.map(drop))?;
        for (environment, configuration) in flag.configurations {
            let environment: EnvironmentKey = stored(environment)?;
            let command = ConfigureFlag {
                project: project.clone(),
                key: key.clone(),
                environment,
                version: 1,
                comment: None,
                configuration,
            };
            // What was configured before has another version, whoever did it.
            unless_there(services.flags().configure(actor, command).await.map(drop))?;
        }
    }
    Ok(())
}

async fn protect_production(services: &Services, actor: &Actor, project: &ProjectRef) -> Result<()> {
    let page = crate::scope::project(services.reader(), actor, project).await?;
    let environments = crate::environments::read::list(services.reader(), &page).await?;
    let environment: EnvironmentKey = stored("prod")?;
    if environments.iter().any(|it| it.key == environment && !it.protected) {
        let command = ProtectEnvironment { project: project.clone(), environment, protected: true };
        services.environments().protect(actor, command).await?;
    }
    Ok(())
}

/// Takes a conflict for success: an interrupted start got this far.
fn unless_there(result: Result<()>) -> Result<()> {
    match result {
        Err(Error::Refused(Refusal::Conflict { .. })) => Ok(()),
        result => result,
    }
}
