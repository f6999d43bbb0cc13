//! How often may be asked: on one node, and on several that share Redis.

mod nodes;

use domain::api_keys::{CreateApiKey, KeyKind};
use service::delivery::{Limit, Quota, RateLimits, Refused, Scope};
use service::{Services, Settings};
use testkit::{Kit, Workspace, each};

fn limit(rate: u32, burst: u32) -> Option<Limit> {
    Some(Limit::new(rate, burst).unwrap())
}

fn rates(per_key: Option<Limit>, per_organization: Option<Limit>) -> Settings {
    Settings {
        rates: RateLimits { per_key, per_organization, ..RateLimits::default() },
        ..Settings::default()
    }
}

/// Makes a key, perhaps with a limit of its own, and has a node know of it.
async fn key(workspace: &Workspace, kit: &Kit, node: &Services, rate_limit: Option<u32>) -> String {
    let command = CreateApiKey {
        project: workspace.project.clone(),
        environment: "dev".parse().unwrap(),
        name: "test".into(),
        kind: KeyKind::Server,
        expires_at: None,
        allowed_networks: None,
        rate_limit,
    };
    let made = kit.services.api_keys().create(&workspace.admin, command).await.unwrap();
    node.delivery().refresh().await.unwrap();
    made.raw.unwrap()
}

fn ask(node: &Services, key: &str) -> Result<Option<Quota>, Refused> {
    let caller = node.delivery().authenticate(key).expect("the key works");
    node.delivery().admit(&caller, || None)
}

/// How many of so many requests are let in, and whose limit the others met.
fn asked(node: &Services, key: &str, times: usize) -> (usize, Vec<Scope>) {
    let mut scopes = Vec::new();
    for _ in 0..times {
        match ask(node, key) {
            Ok(_) => {}
            Err(Refused::TooOften(exceeded)) => scopes.push(exceeded.scope),
            Err(refused) => panic!("{refused:?}"),
        }
    }
    (times - scopes.len(), scopes)
}

/// How many requests were too many with keys, and with organizations' keys.
fn exceeded(node: &Services) -> [u64; 2] {
    let of = |scope| node.delivery().exceeded().find(|(other, _)| *other == scope).unwrap().1;
    [of(Scope::Key), of(Scope::Organization)]
}

/// What the operator decides holds for keys that have no rate of their own; theirs is a second's worth at once.
#[tokio::test]
async fn a_keys_own_rate_wins() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let node = kit.with_settings(rates(limit(2, 5), None)).await;
        let (usual, own) =
            (key(&workspace, &kit, &node, None).await, key(&workspace, &kit, &node, Some(3)).await);
        assert_eq!(ask(&node, &usual), Ok(Some(Quota { limit: 5, remaining: 4, retry_after: 0 })));
        assert_eq!(asked(&node, &usual, 10), (4, vec![Scope::Key; 6]));
        assert_eq!(asked(&node, &own, 5), (3, vec![Scope::Key; 2]));
        kit.clock.advance(1000);
        assert_eq!(asked(&node, &usual, 5).0, 2);
        assert_eq!(asked(&node, &own, 5).0, 3);
        assert_eq!(exceeded(&node), [6 + 2 + 3 + 2, 0]);
        // Without a word of the operator there is no limit.
        kit.services.delivery().refresh().await.unwrap();
        assert_eq!(ask(&kit.services, &usual), Ok(None));
    })
    .await;
}

/// All keys of an organization take from its bucket, and none of another's. A new table of keys gives nothing back.
#[tokio::test]
async fn an_organizations_keys_share() {
    each(async |kit| {
        let (workspace, other) = (kit.workspace().await, kit.workspace().await);
        let node = kit.with_settings(rates(None, limit(1, 5))).await;
        let first = key(&workspace, &kit, &node, None).await;
        let second = key(&workspace, &kit, &node, None).await;
        let others = key(&other, &kit, &node, None).await;
        assert_eq!(asked(&node, &first, 3), (3, vec![]));
        assert_eq!(ask(&node, &second), Ok(Some(Quota { limit: 5, remaining: 1, retry_after: 0 })));
        assert_eq!(asked(&node, &second, 2), (1, vec![Scope::Organization]));
        let third = key(&workspace, &kit, &node, None).await;
        assert_eq!(asked(&node, &third, 2), (0, vec![Scope::Organization; 2]));
        assert_eq!(asked(&node, &first, 1), (0, vec![Scope::Organization]));
        assert_eq!(asked(&node, &others, 6), (5, vec![Scope::Organization]));
        kit.clock.advance(1000);
        assert_eq!(asked(&node, &first, 1), (1, vec![]));
        let Err(Refused::TooOften(refused)) = ask(&node, &second) else { panic!("it is let in") };
        assert_eq!(refused.quota, Quota { limit: 5, remaining: 0, retry_after: 1 });
    })
    .await;
}

/// A request takes from the key's bucket and from the organization's, or from neither, and is told of the tighter one.
#[tokio::test]
async fn what_one_refuses_costs_the_other_nothing() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let node = kit.with_settings(rates(None, limit(1000, 4))).await;
        let (slow, fast) =
            (key(&workspace, &kit, &node, Some(1)).await, key(&workspace, &kit, &node, None).await);
        // The key refuses, and the organization has what it had.
        assert_eq!(ask(&node, &slow), Ok(Some(Quota { limit: 1, remaining: 0, retry_after: 0 })));
        assert_eq!(asked(&node, &slow, 10), (0, vec![Scope::Key; 10]));
        assert_eq!(ask(&node, &fast), Ok(Some(Quota { limit: 4, remaining: 2, retry_after: 0 })));
        // The organization refuses, and the key has what it had.
        kit.clock.advance(1000);
        assert_eq!(asked(&node, &fast, 5), (4, vec![Scope::Organization]));
        assert_eq!(asked(&node, &slow, 10), (0, vec![Scope::Organization; 10]));
        kit.clock.advance(2);
        assert_eq!(asked(&node, &slow, 2), (1, vec![Scope::Key]));
        assert_eq!(asked(&node, &fast, 2), (1, vec![Scope::Organization]));
    })
    .await;
}
