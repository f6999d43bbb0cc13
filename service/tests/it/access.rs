//! Who may do what: every verb that changes something, for everybody who may ask.

use std::pin::Pin;

use domain::access::Role;
use domain::accounts::CreateUser;
use domain::api_keys::{CreateApiKey, KeyKind};
use domain::environments::ProtectEnvironment;
use domain::flags::{Configuration, ConfigureFlag, CreateFlag, SwitchFlag};
use domain::orgs::{AddMember, CreateOrganization, ProjectRef};
use domain::{EnvironmentKey, Error as Refusal, FlagKey, UserId};
use service::{Actor, Result};
use testkit::{Kit, Workspace, each};

/// What a verb is tried on.
struct At<'a> {
    kit: &'a Kit,
    workspace: &'a Workspace,
    project: ProjectRef,
    environment: EnvironmentKey,
    flag: FlagKey,
    /// The version of the flag's configuration.
    version: i64,
    /// Whether the environment is protected.
    protected: bool,
    /// Somebody without an organization.
    user: UserId,
}

type Outcome<'a> = Pin<Box<dyn Future<Output = Result<()>> + 'a>>;

/// A verb that changes something in an organization.
struct Verb {
    name: &'static str,
    /// The least role that may do it: in an ordinary environment, and in a protected one.
    least: (Role, Role),
    /// Whether it names an environment and a flag.
    names: (bool, bool),
    run: for<'a> fn(&'a At<'a>, &'a Actor) -> Outcome<'a>,
}

const VERBS: [Verb; 9] = [
    Verb {
        name: "create a flag",
        least: (Role::Developer, Role::Developer),
        names: (false, false),
        run: |at, actor| {
            Box::pin(async move {
                let key = format!("new-{}", service::random_token());
                let command = CreateFlag { project: at.project.clone(), ..at.workspace.boolean_flag(&key) };
                at.kit.services.flags().create(actor, command).await.map(drop)
            })
        },
    },
    Verb {
        name: "configure a flag",
        least: (Role::Developer, Role::Admin),
        names: (true, true),
        run: |at, actor| {
            Box::pin(async move {
                let command = ConfigureFlag {
                    project: at.project.clone(),
                    key: at.flag.clone(),
                    environment: at.environment.clone(),
                    version: at.version,
                    comment: None,
                    configuration: Configuration::fixed("on", "off"),
                };
                at.kit.services.flags().configure(actor, command).await.map(drop)
            })
        },
    },
    Verb {
        name: "switch a flag on",
        least: (Role::Developer, Role::Admin),
        names: (true, true),
        run: |at, actor| Box::pin(switch(at, actor, true)),
    },
    Verb {
        name: "switch a flag off",
        least: (Role::Developer, Role::Developer),
        names: (true, true),
        run: |at, actor| Box::pin(switch(at, actor, false)),
    },
    Verb {
        name: "protect an environment",
        least: (Role::Admin, Role::Admin),
        names: (true, false),
        run: |at, actor| {
            Box::pin(async move {
                let command = ProtectEnvironment {
                    project: at.project.clone(),
                    environment: at.environment.clone(),
                    protected: at.protected,
                };
                at.kit.services.environments().protect(actor, command).await.map(drop)
            })
        },
    },
    Verb {
        name: "create an API key",
        least: (Role::Admin, Role::Admin),
        names: (true, false),
        run: |at, actor| {
            Box::pin(async move {
                let command = CreateApiKey {
                    project: at.project.clone(),
                    environment: at.environment.clone(),
                    name: "test".into(),
                    kind: KeyKind::Server,
                    expires_at: None,
                };
                at.kit.services.api_keys().create(actor, command).await.map(drop)
            })
        },
    },
    Verb {
        name: "add a member",
        least: (Role::Admin, Role::Admin),
        names: (false, false),
        run: |at, actor| Box::pin(add(at, actor, Role::Member)),
    },
    Verb {
        name: "add an admin",
        least: (Role::Admin, Role::Admin),
        names: (false, false),
        run: |at, actor| Box::pin(add(at, actor, Role::Admin)),
    },
    Verb {
        name: "add an owner",
        least: (Role::Owner, Role::Owner),
        names: (false, false),
        run: |at, actor| Box::pin(add(at, actor, Role::Owner)),
    },
];

async fn switch(at: &At<'_>, actor: &Actor, enabled: bool) -> Result<()> {
    let (project, key, environment) = (at.project.clone(), at.flag.clone(), at.environment.clone());
    let command = SwitchFlag { project, key, environment, enabled, version: None };
    at.kit.services.flags().switch(actor, command).await.map(drop)
}

async fn add(at: &At<'_>, actor: &Actor, role: Role) -> Result<()> {
    let command = AddMember { organization: at.project.organization.clone(), user: at.user, role };
    at.kit.services.orgs().add_member(actor, command).await
}

async fn somebody(kit: &Kit) -> UserId {
    let email = format!("{}@example.com", service::random_token());
    let command = CreateUser { email, name: "Somebody".into() };
    kit.services.accounts().create(&Actor::system("test"), command).await.unwrap().id
}

/// A flag in an environment of the workspace, as it is now.
async fn at<'a>(kit: &'a Kit, workspace: &'a Workspace, flag: &FlagKey, environment: &str) -> At<'a> {
    let key: EnvironmentKey = environment.parse().unwrap();
    let page = kit.services.flags().page(&workspace.owner, &workspace.project, Some(&key)).await.unwrap();
    let version = page.flags.iter().find(|row| row.key == *flag).unwrap().version;
    At {
        kit,
        workspace,
        project: workspace.project.clone(),
        protected: page.environment.protected,
        environment: key,
        flag: flag.clone(),
        version,
        user: somebody(kit).await,
    }
}

async fn protect(kit: &Kit, workspace: &Workspace, environment: &str) {
    let project = workspace.project.clone();
    let environment = environment.parse().unwrap();
    let command = ProtectEnvironment { project, environment, protected: true };
    kit.services.environments().protect(&workspace.admin, command).await.unwrap();
}

/// Each role may do what the table says, in an ordinary environment and in a protected one; whoever is refused changes
/// nothing.
#[tokio::test]
async fn each_role_may_do_what_the_table_says() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let flag = workspace.flag("menu").await;
        protect(&kit, &workspace, "prod").await;
        for (role, actor) in workspace.people() {
            for verb in &VERBS {
                for (environment, least) in [("dev", verb.least.0), ("prod", verb.least.1)] {
                    let at = at(&kit, &workspace, &flag, environment).await;
                    if role >= least {
                        let done = (verb.run)(&at, actor).await;
                        assert!(done.is_ok(), "{role:?}: {} in {environment}: {done:?}", verb.name);
                    } else {
                        let refusal = kit.refused((verb.run)(&at, actor)).await;
                        let Refusal::Forbidden { reason } = &refusal else {
                            panic!("{role:?}: {} in {environment}: {refusal:?}", verb.name);
                        };
                        assert!(!reason.is_empty());
                    }
                }
            }
        }
    })
    .await;
}

/// The kill switch works for developers in a protected environment, and nothing else does.
#[tokio::test]
async fn a_developer_may_kill_in_a_protected_environment_but_not_enable_there() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let flag = workspace.flag("menu").await;
        let enabled = workspace.switch("menu", "prod", true);
        kit.services.flags().switch(&workspace.developer, enabled.clone()).await.unwrap();
        protect(&kit, &workspace, "prod").await;

        let killed = workspace.switch("menu", "prod", false);
        let killed = kit.services.flags().switch(&workspace.developer, killed).await.unwrap();
        assert!(!killed.enabled);
        let refusal = kit.refused(kit.services.flags().switch(&workspace.developer, enabled.clone())).await;
        let expected = "A developer may not switch flags on in a protected environment: this needs the role admin or above.";
        assert_eq!(refusal.to_string(), expected);
        let at = at(&kit, &workspace, &flag, "prod").await;
        let configure = VERBS.iter().find(|verb| verb.name == "configure a flag").unwrap();
        let refusal = kit.refused((configure.run)(&at, &workspace.developer)).await;
        assert!(matches!(refusal, Refusal::Forbidden { .. }), "{refusal:?}");

        kit.services.flags().switch(&workspace.admin, enabled).await.unwrap();
    })
    .await;
}

/// To somebody from another organization nothing exists; and nothing is what changes.
#[tokio::test]
async fn an_outsider_finds_nothing() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let flag = workspace.flag("menu").await;
        let at = at(&kit, &workspace, &flag, "dev").await;
        for verb in &VERBS {
            let refusal = kit.refused((verb.run)(&at, &workspace.outsider)).await;
            assert_eq!(refusal, Refusal::not_found("organization"), "{}", verb.name);
        }
        let page = kit.services.flags().page(&workspace.outsider, &workspace.project, None).await;
        assert_not_found(page, "organization");
        assert_not_found(
            kit.services.audit().list(&workspace.outsider, &workspace.organization).await,
            "organization",
        );
        assert_not_found(
            kit.services.audit().verify(&workspace.outsider, &workspace.organization).await,
            "organization",
        );
        // An organization that does not exist answers the same.
        let nowhere = ProjectRef { organization: "nowhere".parse().unwrap(), ..workspace.project.clone() };
        assert_not_found(
            kit.services.flags().page(&workspace.outsider, &nowhere, None).await,
            "organization",
        );
    })
    .await;
}

fn assert_not_found<T: std::fmt::Debug>(outcome: Result<T>, what: &str) {
    match outcome {
        Err(service::Error::Refused(refusal)) => assert_eq!(refusal, Refusal::not_found(what)),
        outcome => panic!("not refused: {outcome:?}"),
    }
}

/// Nobody in particular is asked to sign in, whether or not what they name exists.
#[tokio::test]
async fn nobody_is_asked_to_sign_in() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let flag = workspace.flag("menu").await;
        let mut at = at(&kit, &workspace, &flag, "dev").await;
        for organization in [workspace.organization.clone(), "nowhere".parse().unwrap()] {
            at.project.organization = organization;
            for verb in &VERBS {
                let refusal = kit.refused((verb.run)(&at, &Actor::anonymous())).await;
                assert_eq!(refusal, Refusal::Unauthenticated, "{}", verb.name);
            }
        }
        let page = kit.services.flags().page(&Actor::anonymous(), &workspace.project, None).await;
        assert!(matches!(page, Err(service::Error::Refused(Refusal::Unauthenticated))), "{page:?}");
    })
    .await;
}

/// What does not exist is not found, by its name.
#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let flag = workspace.flag("menu").await;
        for verb in &VERBS {
            let (names_environment, names_flag) = verb.names;
            let adds_somebody = verb.name.starts_with("add ");
            let found = async || at(&kit, &workspace, &flag, "dev").await;
            let mut cases = Vec::new();
            if !adds_somebody {
                let project = ProjectRef { project: "nope".parse().unwrap(), ..workspace.project.clone() };
                cases.push(("project `nope`", At { project, ..found().await }));
            }
            if adds_somebody {
                let user = UserId(crate::org_id(&kit, &workspace).await.0);
                cases.push(("person", At { user, ..found().await }));
            }
            if names_environment {
                let environment = "nope".parse().unwrap();
                cases.push(("environment `nope`", At { environment, ..found().await }));
            }
            if names_flag {
                cases.push(("flag `nope`", At { flag: "nope".parse().unwrap(), ..found().await }));
                // Keys are case-sensitive.
                cases.push(("flag `Menu`", At { flag: "Menu".parse().unwrap(), ..found().await }));
            }
            for (what, at) in cases {
                let refusal = kit.refused((verb.run)(&at, &workspace.owner)).await;
                assert_eq!(refusal, Refusal::not_found(what), "{}", verb.name);
            }
        }
    })
    .await;
}

/// People make no accounts for others; whoever is signed in may make an organization, and nobody else may.
#[tokio::test]
async fn accounts_and_organizations_are_made_by_those_who_may() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let user = CreateUser { email: "new@example.com".into(), name: "New".into() };
        let owner = workspace.member.person().unwrap().id;
        let organization = CreateOrganization { slug: "new".parse().unwrap(), name: "New".into(), owner };
        let nobody = Actor::anonymous();
        let refusal = kit.refused(kit.services.accounts().create(&workspace.owner, user.clone())).await;
        assert!(matches!(refusal, Refusal::Forbidden { .. }), "{refusal:?}");
        let refusal = kit.refused(kit.services.accounts().create(&nobody, user)).await;
        assert_eq!(refusal, Refusal::Unauthenticated);
        let refusal = kit.refused(kit.services.orgs().create(&nobody, organization.clone())).await;
        assert_eq!(refusal, Refusal::Unauthenticated);

        kit.services.orgs().create(&workspace.member, organization).await.unwrap();
    })
    .await;
}
