//! An organization with one person of each role, and an outsider.

use domain::access::Role;
use domain::accounts::CreateUser;
use domain::api_keys::{CreateApiKey, KeyKind, ListApiKeys, RevokeApiKey};
use domain::flags::{Configuration, CreateFlag, FirstOwner, Start, SwitchFlag};
use domain::orgs::{AddMember, CreateOrganization, ProjectRef};
use domain::{EnvironmentKey, FlagKey, OrgSlug, Page};
use engine::ruleset::{Kind, ValueType, Variation};
use service::{Actor, Services};

use crate::Kit;

/// An organization with one person of each role, and an outsider who owns another one.
pub struct Workspace {
    /// The owner.
    pub owner: Actor,
    /// An admin.
    pub admin: Actor,
    /// A developer.
    pub developer: Actor,
    /// A member, who only reads.
    pub member: Actor,
    /// The owner of another organization.
    pub outsider: Actor,
    /// The organization's slug.
    pub organization: OrgSlug,
    /// Its project.
    pub project: ProjectRef,
    services: Services,
}

impl Kit {
    /// Makes a workspace. Each call makes another one.
    pub async fn workspace(&self) -> Workspace {
        let services = &self.services;
        let organization: OrgSlug =
            format!("acme-{}", service::random_token().to_lowercase())[..30].parse().unwrap();
        let people = [Role::Owner, Role::Admin, Role::Developer, Role::Member];
        let mut actors = Vec::new();
        let owner = person(services).await;
        create_organization(services, &organization, owner).await;
        actors.push(services.accounts().actor(owner).await.unwrap());
        for role in people.into_iter().skip(1) {
            let user = person(services).await;
            let command = AddMember { organization: organization.clone(), user, role };
            services.orgs().add_member(&Actor::system("test"), command).await.unwrap();
            actors.push(services.accounts().actor(user).await.unwrap());
        }
        // Memberships were added since the first ones came in: all see the newest access revision.
        for actor in &mut actors {
            *actor = services.accounts().actor(actor.person().unwrap().id).await.unwrap();
        }
        let outsider = person(services).await;
        let other = format!("other-{}", service::random_token().to_lowercase())[..30].parse().unwrap();
        create_organization(services, &other, outsider).await;
        let outsider = services.accounts().actor(outsider).await.unwrap();
        let [owner, admin, developer, member] = actors.try_into().expect("one actor for each role");
        let project = ProjectRef { organization: organization.clone(), project: "default".parse().unwrap() };
        Workspace {
            owner,
            admin,
            developer,
            member,
            outsider,
            organization,
            project,
            services: services.clone(),
        }
    }
}

impl Workspace {
    /// Everybody with a role, the least first.
    pub fn people(&self) -> [(Role, &Actor); 4] {
        [
            (Role::Member, &self.member),
            (Role::Developer, &self.developer),
            (Role::Admin, &self.admin),
            (Role::Owner, &self.owner),
        ]
    }

    /// The command that creates a boolean flag with the variations `on` and `off`.
    pub fn boolean_flag(&self, key: &str) -> CreateFlag {
        let variation = |key: &str, value: bool| Variation { key: key.into(), value: value.into() };
        CreateFlag {
            project: self.project.clone(),
            key: key.parse().unwrap(),
            name: key.into(),
            description: String::new(),
            kind: Kind::Boolean,
            value_type: ValueType::Boolean,
            client_side: false,
            variations: vec![variation("on", true), variation("off", false)],
            tags: Vec::new(),
            owner: FirstOwner::Creator,
            temporary: false,
            expires_at: None,
            start: Start::Preset,
        }
    }

    /// Creates a boolean flag; off everywhere.
    pub async fn flag(&self, key: &str) -> FlagKey {
        self.services.flags().create(&self.developer, self.boolean_flag(key)).await.unwrap().key
    }

    /// The command that switches a flag.
    pub fn switch(&self, key: &str, environment: &str, enabled: bool) -> SwitchFlag {
        SwitchFlag {
            project: self.project.clone(),
            key: key.parse().unwrap(),
            environment: env(environment),
            enabled,
            version: None,
            comment: Some("a test".into()),
        }
    }

    /// The command that replaces a configuration.
    pub fn configure(
        &self,
        key: &str,
        environment: &str,
        version: i64,
        configuration: Configuration,
    ) -> domain::flags::ConfigureFlag {
        domain::flags::ConfigureFlag {
            project: self.project.clone(),
            key: key.parse().unwrap(),
            environment: env(environment),
            version,
            comment: Some("a test".into()),
            configuration,
        }
    }

    /// A key without limits.
    pub fn key(&self, environment: &str, kind: KeyKind) -> CreateApiKey {
        CreateApiKey {
            project: self.project.clone(),
            environment: env(environment),
            name: "test".into(),
            kind,
            expires_at: None,
            allowed_networks: None,
            rate_limit: None,
        }
    }

    /// Creates an API key and returns it raw.
    pub async fn create_key(&self, command: CreateApiKey) -> String {
        self.services.api_keys().create(&self.admin, command).await.unwrap().raw.unwrap()
    }

    /// Revokes an API key.
    pub async fn revoke_key(&self, raw: &str) {
        let project = self.project.clone();
        let command = ListApiKeys { project: project.clone(), environment: None, page: Page::default() };
        let keys = self.services.api_keys().list(&self.admin, &command).await.unwrap().keys;
        let api_key = keys.iter().find(|key| raw.starts_with(&key.prefix)).unwrap().id;
        self.services.api_keys().revoke(&self.admin, RevokeApiKey { project, api_key }).await.unwrap();
    }

    /// Creates an API key without limits and returns it raw.
    pub async fn api_key(&self, environment: &str, kind: KeyKind) -> String {
        self.create_key(self.key(environment, kind)).await
    }
}

fn env(key: &str) -> EnvironmentKey {
    key.parse().unwrap()
}

async fn person(services: &Services) -> domain::UserId {
    let email = format!("{}@example.com", service::random_token());
    let command = CreateUser { email, name: "Somebody".into() };
    services.accounts().create(&Actor::system("test"), command).await.unwrap().id
}

async fn create_organization(services: &Services, slug: &OrgSlug, owner: domain::UserId) {
    let command = CreateOrganization { slug: slug.clone(), name: slug.to_string(), owner };
    services.orgs().create(&Actor::system("test"), command).await.unwrap();
}
