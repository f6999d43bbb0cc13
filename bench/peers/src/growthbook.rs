//! GrowthBook: `growthbook-rust`, their Rust SDK.
//!
//! The features are parsed from the JSON of their API. A row is `GrowthBook::check`, which their own benchmark calls
//! "evaluate_core". Forced by the API: `check` copies the vector of attributes, and each condition of a rule is
//! turned from JSON into attributes anew; that is why the list of ids is a saved group, which is parsed beforehand.
//! What their README shows is `client.is_on`, which also copies every feature of the client: see `extras()`.
//! They have no "ends with", hence a regex in the segment.

use std::{collections::HashMap, hint::black_box, rc::Rc};

use growthbook_rust::{
    client::{GrowthBookClient, GrowthBookClientBuilder, GrowthBookClientTrait},
    growthbook::GrowthBook,
    model_public::{GrowthBookAttribute, SavedGroup},
};
use serde_json::{Value, json};

use crate::{
    Row,
    rows::{self, *},
};

/// The saved group with the ids.
const GROUP: &str = "ids";
/// The flag with the ids written into the condition, for `extras()`.
const INLINE: &str = "inline-ids";

pub struct Peer {
    growthbook: GrowthBook,
    attributes: Option<Vec<GrowthBookAttribute>>,
}

impl Peer {
    fn evaluate(&self, key: &str, attributes: &Option<Vec<GrowthBookAttribute>>) -> bool {
        self.growthbook.check(black_box(key), black_box(attributes)).on
    }

    /// A row's answer for any user with other attributes, for the tests.
    pub fn answer(&self, row: &str, user: &str, strings: &Strings) -> bool {
        self.evaluate(row, &attributes(user, strings))
    }
}

fn attributes(user: &str, strings: &Strings) -> Option<Vec<GrowthBookAttribute>> {
    Some(GrowthBookAttribute::from(rows::json("id", user, strings)).expect("an object"))
}

/// True for those who meet the condition.
fn rule(condition: Value) -> Value {
    json!({ "condition": condition, "force": true })
}

fn feature(rules: Value) -> Value {
    json!({ "defaultValue": false, "rules": rules })
}

fn features() -> Value {
    let ten =
        TEN.map(|all| rule(all.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect()));
    let parents = json!([{ "id": PARENT, "condition": { "value": true }, "gate": true }]);
    json!({
        BOOLEAN: { "defaultValue": true },
        PERCENTAGE: feature(json!([{ "force": true, "coverage": 0.25, "hashAttribute": "id" }])),
        PERCENTAGE_2: feature(json!([{
            "force": true, "coverage": 0.25, "hashAttribute": "id", "hashVersion": 2, "seed": PERCENTAGE,
        }])),
        ONE_RULE: feature(json!([rule(json!({ "plan": "pro" }))])),
        TEN_RULES: feature(json!(ten)),
        ID_LIST: feature(json!([rule(json!({ "id": { "$inGroup": GROUP } }))])),
        SEMVER_REGEX: feature(json!([rule(
            json!({ "appVersion": { "$vgte": MIN_VERSION }, "email": { "$regex": EMAIL_PATTERN } })
        )])),
        PREREQUISITE: feature(json!([
            { "parentConditions": parents, "condition": { "$savedGroup": { "id": SEGMENT } }, "force": true },
        ])),
        PARENT: { "defaultValue": true },
        INLINE: feature(json!([rule(json!({ "id": { "$in": ids() } }))])),
    })
}

fn saved_groups() -> Value {
    json!({
        GROUP: ids(),
        SEGMENT: { "type": "condition", "condition": { "email": { "$regex": EMAIL_END_PATTERN } } },
    })
}

pub fn prepare() -> Peer {
    let groups = saved_groups();
    let groups = groups.as_object().expect("an object");
    let growthbook = GrowthBook {
        forced_variations: None,
        features: serde_json::from_value(features()).expect("valid features"),
        attributes: None,
        sticky_bucket_service: None,
        saved_groups: groups
            .iter()
            .map(|(id, group)| (id.clone(), SavedGroup::from(group)))
            .collect::<HashMap<_, _>>(),
    };
    Peer { growthbook, attributes: attributes(USER, &STRINGS) }
}

fn row(peer: &Rc<Peer>, name: &'static str, key: &'static str) -> Row {
    let peer = peer.clone();
    (name, Box::new(move || peer.evaluate(key, &peer.attributes)))
}

pub fn flags() -> Vec<Row> {
    let peer = Rc::new(prepare());
    ALL.map(|name| row(&peer, name, name)).into()
}

/// A client as in the README's "Manual Feature Management", with some of the features and groups.
fn client(features: Value, groups: Value) -> GrowthBookClient {
    let builder =
        GrowthBookClientBuilder::new().auto_refresh(false).features_json(features).expect("valid features");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(builder.saved_groups(groups).build()).expect("an offline client")
}

fn by_client(name: &'static str, client: GrowthBookClient, key: &'static str) -> Row {
    let attributes = attributes(USER, &STRINGS);
    (name, Box::new(move || client.is_on(black_box(key), black_box(&attributes).clone())))
}

pub fn extras() -> Vec<Row> {
    let (peer, all) = (Rc::new(prepare()), features());
    let only =
        |keys: &[&str]| keys.iter().map(|key| ((*key).to_owned(), all[key].clone())).collect::<Value>();
    let but_inline = only(&ALL.into_iter().chain([PARENT]).collect::<Vec<_>>());
    vec![
        row(&peer, PERCENTAGE_2, PERCENTAGE_2),
        row(&peer, "10000-ids: by $in within the condition", INLINE),
        by_client(
            "boolean: client.is_on, the client has this flag only",
            client(only(&[BOOLEAN]), json!({})),
            BOOLEAN,
        ),
        by_client(
            "ten-rules: client.is_on, the client has this flag only",
            client(only(&[TEN_RULES]), json!({})),
            TEN_RULES,
        ),
        by_client(
            "boolean: client.is_on, the client has all flags and groups",
            client(but_inline, saved_groups()),
            BOOLEAN,
        ),
    ]
}
