//! Who may do what: every verb that changes something, for everybody who may ask.

use std::pin::Pin;

use domain::access::Role;
use domain::accounts::{CreateToken, CreateUser, TokenScope};
use domain::api_keys::{CreateApiKey, KeyKind};
use domain::environments::ProtectEnvironment;
use domain::flags::{Configuration, ConfigureFlag, CreateFlag, SwitchFlag};
use domain::orgs::{
    AddMember, ChangeRole, CreateOrganization, DeleteOrganization, Invite, ProjectRef, RemoveMember,
    RenameOrganization, RevokeInvitation,
};
use domain::{EnvironmentKey, Error as Refusal, FlagKey, InvitationId, OrgId, UserId};
use service::{Actor, Result};
use testkit::{Kit, Workspace, each};

use crate::{entries, table};

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
    /// Somebody without an organization, or with the role that the verb is about.
    user: UserId,
    /// An invitation with the role that the verb is about.
    invitation: InvitationId,
}

/// Whom a verb is about, who is made anew for each attempt.
#[derive(Clone, Copy)]
enum Whom {
    Nobody,
    Newcomer,
    Member(Role),
    Invited(Role),
}

type Outcome<'a> = Pin<Box<dyn Future<Output = Result<()>> + 'a>>;

/// A verb that changes something in an organization.
struct Verb {
    name: &'static str,
    /// The least role that may do it: in an ordinary environment, and in a protected one.
    least: (Role, Role),
    /// What it names beside the organization.
    names: &'static [&'static str],
    whom: Whom,
    /// Whether the actor is out of the organization afterwards.
    ends: bool,
    run: for<'a> fn(&'a At<'a>, &'a Actor) -> Outcome<'a>,
}

const VERBS: [Verb; 21] = [
    Verb {
        name: "create a flag",
        least: (Role::Developer, Role::Developer),
        names: &["project"],
        whom: Whom::Nobody,
        ends: false,
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
        names: &["project", "environment", "flag"],
        whom: Whom::Nobody,
        ends: false,
        run: |at, actor| {
            Box::pin(async move {
                let command = ConfigureFlag {
                    project: at.project.clone(),
                    key: at.flag.clone(),
                    environment: at.environment.clone(),
                    version: at.version,
                    comment: Some("a test".into()),
                    configuration: Configuration::fixed("on", "off"),
                };
                at.kit.services.flags().configure(actor, command).await.map(drop)
            })
        },
    },
    Verb {
        name: "switch a flag on",
        least: (Role::Developer, Role::Admin),
        names: &["project", "environment", "flag"],
        whom: Whom::Nobody,
        ends: false,
        run: |at, actor| Box::pin(switch(at, actor, true)),
    },
    Verb {
        name: "switch a flag off",
        least: (Role::Developer, Role::Developer),
        names: &["project", "environment", "flag"],
        whom: Whom::Nobody,
        ends: false,
        run: |at, actor| Box::pin(switch(at, actor, false)),
    },
    Verb {
        name: "protect an environment",
        least: (Role::Admin, Role::Admin),
        names: &["project", "environment"],
        whom: Whom::Nobody,
        ends: false,
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
        names: &["project", "environment"],
        whom: Whom::Nobody,
        ends: false,
        run: |at, actor| {
            Box::pin(async move {
                let command = CreateApiKey {
                    project: at.project.clone(),
                    environment: at.environment.clone(),
                    name: "test".into(),
                    kind: KeyKind::Server,
                    expires_at: None,
                    allowed_networks: None,
                    rate_limit: None,
                };
                at.kit.services.api_keys().create(actor, command).await.map(drop)
            })
        },
    },
    Verb {
        name: "add a member",
        least: (Role::Admin, Role::Admin),
        names: &["person"],
        whom: Whom::Newcomer,
        ends: false,
        run: |at, actor| Box::pin(add(at, actor, Role::Member)),
    },
    Verb {
        name: "add an admin",
        least: (Role::Admin, Role::Admin),
        names: &["person"],
        whom: Whom::Newcomer,
        ends: false,
        run: |at, actor| Box::pin(add(at, actor, Role::Admin)),
    },
    Verb {
        name: "add an owner",
        least: (Role::Owner, Role::Owner),
        names: &["person"],
        whom: Whom::Newcomer,
        ends: false,
        run: |at, actor| Box::pin(add(at, actor, Role::Owner)),
    },
    Verb {
        name: "make a member an admin",
        least: (Role::Admin, Role::Admin),
        names: &["member"],
        whom: Whom::Member(Role::Member),
        ends: false,
        run: |at, actor| Box::pin(change(at, actor, Role::Admin)),
    },
    Verb {
        name: "make an admin an owner",
        least: (Role::Owner, Role::Owner),
        names: &["member"],
        whom: Whom::Member(Role::Admin),
        ends: false,
        run: |at, actor| Box::pin(change(at, actor, Role::Owner)),
    },
    Verb {
        name: "make an owner a member",
        least: (Role::Owner, Role::Owner),
        names: &["member"],
        whom: Whom::Member(Role::Owner),
        ends: false,
        run: |at, actor| Box::pin(change(at, actor, Role::Member)),
    },
    Verb {
        name: "remove an admin",
        least: (Role::Admin, Role::Admin),
        names: &["member"],
        whom: Whom::Member(Role::Admin),
        ends: false,
        run: |at, actor| {
            Box::pin(async move {
                let command = RemoveMember { organization: at.project.organization.clone(), user: at.user };
                at.kit.services.orgs().remove_member(actor, command).await
            })
        },
    },
    Verb {
        name: "remove an owner",
        least: (Role::Owner, Role::Owner),
        names: &["member"],
        whom: Whom::Member(Role::Owner),
        ends: false,
        run: |at, actor| {
            Box::pin(async move {
                let command = RemoveMember { organization: at.project.organization.clone(), user: at.user };
                at.kit.services.orgs().remove_member(actor, command).await
            })
        },
    },
    Verb {
        name: "invite an admin",
        least: (Role::Admin, Role::Admin),
        names: &[],
        whom: Whom::Nobody,
        ends: false,
        run: |at, actor| Box::pin(invite(at, actor, Role::Admin)),
    },
    Verb {
        name: "invite an owner",
        least: (Role::Owner, Role::Owner),
        names: &[],
        whom: Whom::Nobody,
        ends: false,
        run: |at, actor| Box::pin(invite(at, actor, Role::Owner)),
    },
    Verb {
        name: "take an admin's invitation back",
        least: (Role::Admin, Role::Admin),
        names: &["invitation"],
        whom: Whom::Invited(Role::Admin),
        ends: false,
        run: |at, actor| {
            Box::pin(async move {
                let (organization, invitation) = (at.project.organization.clone(), at.invitation);
                let command = RevokeInvitation { organization, invitation };
                at.kit.services.orgs().revoke_invitation(actor, command).await
            })
        },
    },
    Verb {
        name: "take an owner's invitation back",
        least: (Role::Owner, Role::Owner),
        names: &["invitation"],
        whom: Whom::Invited(Role::Owner),
        ends: false,
        run: |at, actor| {
            Box::pin(async move {
                let (organization, invitation) = (at.project.organization.clone(), at.invitation);
                let command = RevokeInvitation { organization, invitation };
                at.kit.services.orgs().revoke_invitation(actor, command).await
            })
        },
    },
    Verb {
        name: "rename the organization",
        least: (Role::Admin, Role::Admin),
        names: &[],
        whom: Whom::Nobody,
        ends: false,
        run: |at, actor| {
            Box::pin(async move {
                let name = service::random_token();
                let command = RenameOrganization { organization: at.project.organization.clone(), name };
                at.kit.services.orgs().rename(actor, command).await
            })
        },
    },
    Verb {
        name: "leave the organization",
        least: (Role::Member, Role::Member),
        names: &[],
        whom: Whom::Member(Role::Owner),
        ends: true,
        run: |at, actor| {
            Box::pin(async move { at.kit.services.orgs().leave(actor, &at.project.organization).await })
        },
    },
    Verb {
        name: "delete the organization",
        least: (Role::Owner, Role::Owner),
        names: &[],
        whom: Whom::Nobody,
        ends: true,
        run: |at, actor| {
            Box::pin(async move {
                let organization = at.project.organization.clone();
                let command = DeleteOrganization { confirm: organization.to_string(), organization };
                at.kit.services.orgs().delete(actor, command).await
            })
        },
    },
];

async fn switch(at: &At<'_>, actor: &Actor, enabled: bool) -> Result<()> {
    let (project, key, environment) = (at.project.clone(), at.flag.clone(), at.environment.clone());
    let command =
        SwitchFlag { project, key, environment, enabled, version: None, comment: Some("a test".into()) };
    at.kit.services.flags().switch(actor, command).await.map(drop)
}

async fn add(at: &At<'_>, actor: &Actor, role: Role) -> Result<()> {
    let command = AddMember { organization: at.project.organization.clone(), user: at.user, role };
    at.kit.services.orgs().add_member(actor, command).await
}

async fn change(at: &At<'_>, actor: &Actor, role: Role) -> Result<()> {
    let command = ChangeRole { organization: at.project.organization.clone(), user: at.user, role };
    at.kit.services.orgs().change_role(actor, command).await
}

async fn invite(at: &At<'_>, actor: &Actor, role: Role) -> Result<()> {
    let email = format!("{}@example.com", service::random_token());
    let command = Invite { organization: at.project.organization.clone(), email, role };
    at.kit.services.orgs().invite(actor, command).await.map(drop)
}

async fn somebody(kit: &Kit) -> UserId {
    let email = format!("{}@example.com", service::random_token());
    let command = CreateUser { email, name: "Somebody".into() };
    kit.services.accounts().create(&Actor::system("test"), command).await.unwrap().id
}

/// What a verb is about, as it is now: a flag in an environment of the workspace, and whoever it is about.
async fn at<'a>(
    kit: &'a Kit,
    workspace: &'a Workspace,
    verb: &Verb,
    flag: &FlagKey,
    environment: &str,
) -> At<'a> {
    let key: EnvironmentKey = environment.parse().unwrap();
    let table = table(kit, &workspace.owner, &workspace.project, Some(environment)).await.unwrap();
    let found = table.list.flags.iter().find(|found| found.key == *flag).unwrap();
    let version = found.environments[&key].version;
    let (organization, system) = (workspace.organization.clone(), Actor::system("test"));
    let mut user = UserId(OrgId::INSTANCE.0);
    let mut invitation = InvitationId(OrgId::INSTANCE.0);
    match verb.whom {
        Whom::Nobody => {}
        Whom::Newcomer => user = somebody(kit).await,
        Whom::Member(role) => {
            user = somebody(kit).await;
            let command = AddMember { organization, user, role };
            kit.services.orgs().add_member(&system, command).await.unwrap();
        }
        Whom::Invited(role) => {
            let email = format!("{}@example.com", service::random_token());
            let command = Invite { organization, email, role };
            invitation = kit.services.orgs().invite(&system, command).await.unwrap().invitation.id;
        }
    }
    At {
        kit,
        workspace,
        project: workspace.project.clone(),
        protected: crate::environment(kit, workspace, environment).await.protected,
        environment: key,
        flag: flag.clone(),
        version,
        user,
        invitation,
    }
}

/// A workspace with a flag and a protected environment.
async fn protected(kit: &Kit) -> (Workspace, FlagKey) {
    let workspace = kit.workspace().await;
    let flag = workspace.flag("menu").await;
    protect(kit, &workspace, "prod").await;
    (workspace, flag)
}

fn actor_of(workspace: &Workspace, role: Role) -> &Actor {
    workspace.people().into_iter().find(|(of, _)| *of == role).unwrap().1
}

async fn protect(kit: &Kit, workspace: &Workspace, environment: &str) {
    let project = workspace.project.clone();
    let environment = environment.parse().unwrap();
    let command = ProtectEnvironment { project, environment, protected: true };
    kit.services.environments().protect(&workspace.admin, command).await.unwrap();
}

/// Tries every verb with each of the roles, in an ordinary environment and in a protected one, each with an actor who acts for
/// whoever has the role; `may` says whether it must succeed. Whoever is refused changes nothing.
async fn each_verb(
    kit: &Kit,
    roles: &[Role],
    acts_for: impl AsyncFn(&Actor) -> Actor,
    may: impl Fn(&Verb, Role, bool) -> bool,
) {
    let shared = protected(kit).await;
    for &role in roles {
        for verb in &VERBS {
            let environments = [("dev", verb.least.0), ("prod", verb.least.1)];
            // Protection is the environment's.
            let tried = if verb.names.contains(&"environment") { 2 } else { 1 };
            for (environment, least) in environments.into_iter().take(tried) {
                let may = may(verb, role, role >= least);
                // What ends a membership, or the organization, is tried in one of its own.
                let own = if verb.ends && may { Some(protected(kit).await) } else { None };
                let (workspace, flag) = own.as_ref().unwrap_or(&shared);
                let actor = acts_for(actor_of(workspace, role)).await;
                let at = at(kit, workspace, verb, flag, environment).await;
                if may {
                    let done = (verb.run)(&at, &actor).await;
                    assert!(done.is_ok(), "{role:?}: {} in {environment}: {done:?}", verb.name);
                } else {
                    let refusal = kit.refused((verb.run)(&at, &actor)).await;
                    let Refusal::Forbidden { reason } = &refusal else {
                        panic!("{role:?}: {} in {environment}: {refusal:?}", verb.name);
                    };
                    assert!(!reason.is_empty());
                }
            }
        }
    }
}

/// Each role may do what the table says, in an ordinary environment and in a protected one.
#[tokio::test]
async fn each_role_may_do_what_the_table_says() {
    each(async |kit| each_verb(&kit, &Role::ALL, async |actor| actor.clone(), |_, _, may| may).await).await;
}

/// Whoever holds a person's token for writing, or for reading.
async fn holder(kit: &Kit, actor: &Actor, scope: TokenScope) -> Actor {
    let command = CreateToken { name: "Script".into(), scope, days: None };
    let raw = kit.services.accounts().create_token(actor, command).await.unwrap().raw;
    kit.services.accounts().by_token(&raw.unwrap()).await.unwrap().unwrap()
}

/// A token for writing may do what its person may, but neither delete the organization nor decide who owns it.
#[tokio::test]
async fn a_token_for_writing_may_do_what_its_person_may() {
    each(async |kit| {
        let takes_presence = |verb: &Verb, role| match verb.name {
            "delete the organization" => true,
            "leave the organization" => role == Role::Owner,
            name => name.contains("owner"),
        };
        let may = |verb: &Verb, role, may| may && !takes_presence(verb, role);
        each_verb(&kit, &Role::ALL, async |actor| holder(&kit, actor, TokenScope::Write).await, may).await;
    })
    .await;
}

/// A token for reading may change nothing, though its person may do everything.
#[tokio::test]
async fn a_token_for_reading_changes_nothing() {
    each(async |kit| {
        let holder = async |actor: &Actor| holder(&kit, actor, TokenScope::Read).await;
        each_verb(&kit, &[Role::Owner], holder, |_, _, _| false).await;
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
        let configure = VERBS.iter().find(|verb| verb.name == "configure a flag").unwrap();
        let at = at(&kit, &workspace, configure, &flag, "prod").await;
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
        for verb in &VERBS {
            let at = at(&kit, &workspace, verb, &flag, "dev").await;
            let refusal = kit.refused((verb.run)(&at, &workspace.outsider)).await;
            assert_eq!(refusal, Refusal::not_found("organization"), "{}", verb.name);
        }
        let outsider = &workspace.outsider;
        assert_not_found(table(&kit, outsider, &workspace.project, None).await, "organization");
        assert_not_found(entries(&kit, outsider, &workspace.organization).await, "organization");
        assert_not_found(
            kit.services.audit().verify(&workspace.outsider, &workspace.organization).await,
            "organization",
        );
        // An organization that does not exist answers the same.
        let nowhere = ProjectRef { organization: "nowhere".parse().unwrap(), ..workspace.project.clone() };
        assert_not_found(table(&kit, outsider, &nowhere, None).await, "organization");
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
        for verb in &VERBS {
            let mut at = at(&kit, &workspace, verb, &flag, "dev").await;
            for organization in [workspace.organization.clone(), "nowhere".parse().unwrap()] {
                at.project.organization = organization;
                let refusal = kit.refused((verb.run)(&at, &Actor::anonymous())).await;
                assert_eq!(refusal, Refusal::Unauthenticated, "{}", verb.name);
            }
        }
        let table = table(&kit, &Actor::anonymous(), &workspace.project, None).await;
        assert!(matches!(table, Err(service::Error::Refused(Refusal::Unauthenticated))), "{table:?}");
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
            let found = async || at(&kit, &workspace, verb, &flag, "dev").await;
            let mut cases = Vec::new();
            for name in verb.names {
                let mut at = found().await;
                match *name {
                    "project" => {
                        at.project.project = "nope".parse().unwrap();
                        cases.push(("project `nope`", at));
                    }
                    "environment" => {
                        at.environment = "nope".parse().unwrap();
                        cases.push(("environment `nope`", at));
                    }
                    "flag" => {
                        at.flag = "nope".parse().unwrap();
                        cases.push(("flag `nope`", at));
                        // Keys are case-sensitive.
                        cases.push(("flag `Menu`", At { flag: "Menu".parse().unwrap(), ..found().await }));
                    }
                    "invitation" => {
                        at.invitation = InvitationId(crate::org_id(&kit, &workspace).await.0);
                        cases.push((name, at));
                    }
                    person => {
                        at.user = UserId(crate::org_id(&kit, &workspace).await.0);
                        cases.push((person, at));
                    }
                }
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
