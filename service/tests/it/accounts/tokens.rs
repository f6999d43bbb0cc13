//! Personal access tokens: whose they are, and how little they may do.

use domain::access::Role;
use domain::accounts::{ChangeName, ChangePassword, CreateToken, DeleteAccount, NewToken, TokenScope};
use domain::orgs::{CreateOrganization, DeleteOrganization, Invite};
use domain::{Error as Refusal, Millis};
use service::Actor;
use testkit::{Kit, START, each};

use super::{NEW_PASSWORD, PASSWORD, begin, password, sign_up};
use crate::{again, email, id, person, refusal, set_role};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn command(scope: TokenScope, days: Option<u32>) -> CreateToken {
    CreateToken { name: "Script".into(), scope, days }
}

/// The token, which is told once.
fn secret(new: &NewToken) -> &str {
    new.raw.as_deref().unwrap()
}

async fn token(kit: &Kit, actor: &Actor, scope: TokenScope) -> NewToken {
    kit.services.accounts().create_token(actor, command(scope, None)).await.unwrap()
}

async fn by_token(kit: &Kit, raw: &str) -> Option<Actor> {
    kit.services.accounts().by_token(raw).await.unwrap()
}

/// Whoever holds a token, as they come in with it.
async fn holder(kit: &Kit, actor: &Actor, scope: TokenScope) -> Actor {
    by_token(kit, &token(kit, actor, scope).await.raw.unwrap()).await.unwrap()
}

/// A token is its person, is shown once, and cannot be read from the database.
#[tokio::test]
async fn a_token_is_shown_once() {
    each(async |kit| {
        let actor = person(&kit, "a@example.com").await;
        person(&kit, "b@example.com").await;
        let new = token(&kit, &actor, TokenScope::Write).await;
        let listed = kit.services.accounts().tokens(&actor).await.unwrap();
        assert_eq!(listed, std::slice::from_ref(&new.token));
        assert_eq!(by_token(&kit, secret(&new)).await.unwrap().person(), actor.person());

        let random = secret(&new).strip_prefix("tbp_").unwrap();
        assert_eq!(random.len(), 40);
        for secret in [secret(&new), random, &random[6..]] {
            assert_eq!(kit.database.places_of(secret).await, [""; 0]);
        }
        assert!(!format!("{new:?}").contains(&random[6..]));
        assert_eq!(new.token.prefix, secret(&new)[..10]);

        // What is almost the token is nobody's, and neither is what the database holds.
        let hash = kit.database.rows("SELECT hash FROM personal_token").await[0]["hash"].to_string();
        let hash = hash.trim_matches('"');
        let swapped = secret(&new).to_uppercase().replace("TBP_", "tbp_");
        for other in
            ["", "tbp_", random, hash, &format!("tbp_{hash}"), &swapped, &format!("{} ", secret(&new))]
        {
            assert!(by_token(&kit, other).await.is_none(), "{other}");
        }
    })
    .await;
}

/// A token against the rules is refused with the name of the field; nobody makes or sees one without signing in.
#[tokio::test]
async fn a_token_against_the_rules_names_its_field() {
    each(async |kit| {
        let actor = person(&kit, "a@example.com").await;
        let accounts = kit.services.accounts();
        let ok = || command(TokenScope::Read, None);
        let cases = [
            (CreateToken { name: String::new(), ..ok() }, "name"),
            (CreateToken { name: "n".repeat(101), ..ok() }, "name"),
            (CreateToken { name: "a\0b".into(), ..ok() }, "name"),
            (command(TokenScope::Read, Some(0)), "days"),
            (command(TokenScope::Read, Some(3651)), "days"),
        ];
        for (command, path) in cases {
            let refusal = kit.refused(accounts.create_token(&actor, command)).await;
            let Refusal::Invalid { details } = refusal else { panic!("{path}: {refusal:?}") };
            assert_eq!(details[0].path, path);
        }
        let nobody = Actor::anonymous();
        assert_eq!(kit.refused(accounts.create_token(&nobody, ok())).await, Refusal::Unauthenticated);
        assert_eq!(refusal(accounts.tokens(&nobody).await), Refusal::Unauthenticated);
    })
    .await;
}

/// A token ends on its day, when it is revoked, and with the account; each at once.
#[tokio::test]
async fn a_token_ends() {
    each(async |kit| {
        let accounts = kit.services.accounts();
        let actor = person(&kit, "a@example.com").await;
        let day = accounts.create_token(&actor, command(TokenScope::Read, Some(1))).await.unwrap();
        assert_eq!(day.token.expires_at, Some(START.plus(DAY_MS)));
        let revoked = token(&kit, &actor, TokenScope::Read).await;
        let kept = token(&kit, &actor, TokenScope::Read).await;

        accounts.revoke_token(&actor, revoked.token.id).await.unwrap();
        assert!(by_token(&kit, secret(&revoked)).await.is_none());
        let twice = kit.refused(accounts.revoke_token(&actor, revoked.token.id)).await;
        assert_eq!(twice, Refusal::not_found("token"));

        kit.clock.advance(DAY_MS - 1);
        assert!(by_token(&kit, secret(&day)).await.is_some());
        kit.clock.advance(1);
        assert!(by_token(&kit, secret(&day)).await.is_none());

        assert!(by_token(&kit, secret(&kept)).await.is_some());
        accounts.delete(&actor, DeleteAccount { confirm: email(&actor) }).await.unwrap();
        assert!(by_token(&kit, secret(&kept)).await.is_none());
    })
    .await;
}

/// Of somebody else's token one learns nothing, and cannot revoke it.
#[tokio::test]
async fn a_strangers_token_is_not_found() {
    each(async |kit| {
        let accounts = kit.services.accounts();
        let actor = person(&kit, "a@example.com").await;
        let stranger = person(&kit, "b@example.com").await;
        let new = token(&kit, &actor, TokenScope::Read).await;
        assert_eq!(accounts.tokens(&stranger).await.unwrap(), []);
        let cases =
            [(&stranger, Refusal::not_found("token")), (&Actor::anonymous(), Refusal::Unauthenticated)];
        for (asker, expected) in cases {
            assert_eq!(kit.refused(accounts.revoke_token(asker, new.token.id)).await, expected);
        }
        assert!(by_token(&kit, secret(&new)).await.is_some());
    })
    .await;
}

/// The last use of a token is known to within five minutes.
#[tokio::test]
async fn the_last_use_of_a_token_is_written_every_five_minutes() {
    each(async |kit| {
        let actor = person(&kit, "a@example.com").await;
        let new = token(&kit, &actor, TokenScope::Read).await;
        let last = async || kit.services.accounts().tokens(&actor).await.unwrap()[0].last_used_at;
        assert_eq!(last().await, None);
        let five = 5 * 60_000;
        for (step, expected) in [(0, 0), (five - 1, 0), (1, five)] {
            kit.clock.advance(step);
            by_token(&kit, secret(&new)).await.unwrap();
            assert_eq!(last().await, Some(Millis(START.0 + expected)));
        }
    })
    .await;
}

/// A token that may read sees what its person sees.
#[tokio::test]
async fn a_token_reads_what_its_person_reads() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let (member, outsider) = (
            holder(&kit, &workspace.member, TokenScope::Read).await,
            holder(&kit, &workspace.outsider, TokenScope::Read).await,
        );
        crate::table(&kit, &member, &workspace.project, None).await.unwrap();
        let outside = crate::table(&kit, &outsider, &workspace.project, None).await;
        assert_eq!(refusal(outside), Refusal::not_found("organization"));
    })
    .await;
}

/// A token may do what its person may do now: a right that they lose it loses at once, and what they gain it gains.
#[tokio::test]
async fn a_token_has_its_persons_role_of_now() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let new = token(&kit, &workspace.developer, TokenScope::Write).await;
        let early = by_token(&kit, secret(&new)).await.unwrap();
        let on = || workspace.switch("menu", "dev", true);
        kit.services.flags().switch(&early, on()).await.unwrap();

        set_role(&kit, &workspace, &workspace.developer, "member").await;
        for actor in [early.clone(), by_token(&kit, secret(&new)).await.unwrap()] {
            let refusal = kit.refused(kit.services.flags().switch(&actor, on())).await;
            assert!(matches!(refusal, Refusal::Forbidden { .. }), "{refusal:?}");
        }
        set_role(&kit, &workspace, &workspace.developer, "admin").await;
        let promoted = by_token(&kit, secret(&new)).await.unwrap();
        let invite = Invite {
            organization: workspace.organization.clone(),
            email: "new@example.com".into(),
            role: Role::Member,
        };
        kit.services.orgs().invite(&promoted, invite).await.unwrap();

        let user = kit.database.id(id(&workspace.developer));
        kit.database.execute(&format!("DELETE FROM member WHERE user_id = {user}")).await;
        crate::access_changed(&kit).await;
        for actor in [promoted, by_token(&kit, secret(&new)).await.unwrap()] {
            let refusal = kit.refused(kit.services.flags().switch(&actor, on())).await;
            assert_eq!(refusal, Refusal::not_found("organization"));
        }
    })
    .await;
}

/// What takes the person themselves no token does, whatever its scope: its account, its sessions, other tokens, the
/// organization's end. A token for reading changes nothing at all.
#[tokio::test]
async fn a_token_does_not_stand_for_its_person() {
    each(async |kit| {
        let accounts = kit.services.accounts();
        let actor = sign_up(&kit, "a@example.com").await;
        let slug: domain::OrgSlug = "acme".parse().unwrap();
        let create = |slug: &str| CreateOrganization {
            slug: slug.parse().unwrap(),
            name: "Acme".into(),
            owner: id(&actor),
        };
        kit.services.orgs().create(&actor, create("acme")).await.unwrap();
        let (address, (_, session)) = (email(&actor), begin(&kit, &actor).await);
        let other = token(&kit, &actor, TokenScope::Read).await.token.id;
        for scope in [TokenScope::Read, TokenScope::Write] {
            let holder = holder(&kit, &again(&kit, &actor).await, scope).await;
            let change = ChangePassword { current: Some(password(PASSWORD)), new: password(NEW_PASSWORD) };
            let delete = DeleteOrganization { organization: slug.clone(), confirm: slug.to_string() };
            for refusal in [
                kit.refused(accounts.create_token(&holder, command(TokenScope::Read, None))).await,
                kit.refused(accounts.revoke_token(&holder, other)).await,
                kit.refused(accounts.change_password(&holder, change)).await,
                kit.refused(accounts.rename(&holder, ChangeName { name: "New".into() })).await,
                kit.refused(accounts.end_session(&holder, session)).await,
                kit.refused(accounts.end_other_sessions(&holder)).await,
                kit.refused(accounts.delete(&holder, DeleteAccount { confirm: email(&actor) })).await,
                kit.refused(accounts.make_reset_link(&holder, &address)).await,
                kit.refused(kit.services.orgs().delete(&holder, delete)).await,
            ] {
                let Refusal::Forbidden { reason } = refusal else { panic!("{scope:?}: {refusal:?}") };
                assert!(reason.contains("token") || reason.contains("may not"), "{reason}");
            }
            let orgs = kit.services.orgs();
            let made = orgs.create(&holder, create("other"));
            match scope {
                TokenScope::Read => {
                    let refusal = kit.refused(made).await;
                    assert!(matches!(refusal, Refusal::Forbidden { .. }), "{refusal:?}");
                }
                TokenScope::Write => drop(made.await.unwrap()),
            }
        }
    })
    .await;
}

/// A token begins no session: what lies in a script must not become its person.
#[tokio::test]
async fn a_token_begins_no_session() {
    use domain::accounts::TokenScope::{Read, Write};
    use tower_sessions::SessionStore;
    each(async |kit| {
        let actor = person(&kit, "a@example.com").await;
        for scope in [Read, Write] {
            let holder = holder(&kit, &actor, scope).await;
            let mut record = tower_sessions::session::Record {
                id: Default::default(),
                data: Default::default(),
                expiry_date: super::start() + time::Duration::days(1),
            };
            kit.services.accounts().sessions().create(&mut record).await.unwrap();
            let refusal = kit.refused(kit.services.accounts().begin_session(&holder, &record.id, None)).await;
            assert!(matches!(refusal, Refusal::Forbidden { .. }), "{refusal:?}");
        }
    })
    .await;
}

/// A person has at most a hundred tokens; others have theirs all the same.
#[tokio::test]
async fn a_person_has_at_most_a_hundred_tokens() {
    each(async |kit| {
        let accounts = kit.services.accounts();
        let actor = person(&kit, "a@example.com").await;
        let mut last = None;
        for _ in 0..100 {
            last = Some(token(&kit, &actor, TokenScope::Read).await.token.id);
        }
        let more = kit.refused(accounts.create_token(&actor, command(TokenScope::Read, None))).await;
        assert!(matches!(more, Refusal::Conflict { .. }), "{more:?}");
        token(&kit, &person(&kit, "b@example.com").await, TokenScope::Read).await;
        accounts.revoke_token(&actor, last.unwrap()).await.unwrap();
        token(&kit, &actor, TokenScope::Read).await;
    })
    .await;
}
