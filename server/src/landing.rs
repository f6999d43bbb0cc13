//! The front door: the landing page for those who are not signed in, and what its demonstration asks. The demonstration
//! evaluates a real flag, whose ruleset is written here and lies in no database.

use std::collections::BTreeMap;

use api::Rejection;
use app::landing::{Landing, Person, Rollout};
use axum::extract::{RawQuery, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Json, Router};
use domain::Error;
use engine::ruleset::{
    FORMAT, FULL_WEIGHT, Flag, Kind, Ruleset, SEMANTICS, Serve, ValueType, Variation, Weight,
};
use engine::{Compiled, Context, Value, ruleset};
use leptos::config::LeptosOptions;
use leptos_axum::render_app_async_with_context;
use service::{Actor, Services};

use crate::session::{self, Unavailable};

/// The flag that is rolled out.
const FLAG: &str = "new-menu";

/// For whom. At 10, 25 and 50 % of them 4, 11 and 24 are in.
const PEOPLE: [&str; 48] = [
    "ada", "aiko", "alan", "alice", "amir", "anna", "ben", "bruno", "carla", "chen", "clara", "dana",
    "david", "diego", "elif", "emma", "erik", "farah", "felix", "grace", "hana", "hugo", "ines", "ivan",
    "jana", "jonas", "kai", "kofi", "lea", "lena", "liam", "lucia", "maja", "marco", "mei", "mila", "nina",
    "noah", "olga", "omar", "pia", "priya", "rosa", "sam", "sofia", "tariq", "yuki", "zoe",
];

/// What the page shows at first.
const AT_FIRST: u8 = 25;

/// How long an answer may be kept, in seconds: it changes with a release at most.
const CACHED: &str = "public, max-age=3600";

/// What the front door needs.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) services: Services,
    pub(crate) options: LeptosOptions,
    /// Whether the demo's people can be signed in as.
    pub(crate) demo: bool,
    /// Where people and applications reach this instance.
    pub(crate) url: String,
}

/// What everybody may ask. It is the same for all, so nobody is asked who they are.
pub(crate) fn router() -> Router {
    Router::new().route("/demo/rollout", get(answer))
}

/// Leads whoever is signed in to their flags, and shows the landing page to everybody else: without the database.
pub(crate) async fn front(
    State(door): State<Door>,
    Extension(actor): Extension<Actor>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Result<Response, Unavailable> {
    if actor.person().is_some() {
        return Ok(session::home(&door.services, &actor).await?.into_response());
    }
    let Door { options, demo, url, .. } = door;
    let (percent, mistake) = match percent(query.as_deref()) {
        Ok(percent) => (percent.unwrap_or(AT_FIRST), None),
        Err(error) => (AT_FIRST, Some(told(&error))),
    };
    let is_wrong = mistake.is_some();
    let landing = Landing { rollout: evaluate(percent), mistake, demo, url };
    let render =
        render_app_async_with_context(|| {}, move || app::landing::landing(options.clone(), landing.clone()));
    let mut page = render(request).await;
    if is_wrong {
        *page.status_mut() = StatusCode::BAD_REQUEST;
    }
    Ok(page)
}

/// Who is in at a percentage.
async fn answer(RawQuery(query): RawQuery) -> Response {
    let asked = percent(query.as_deref())
        .and_then(|percent| percent.ok_or_else(|| Error::invalid("percent", "is missing: `?percent=25`")));
    match asked {
        Ok(percent) => ([(header::CACHE_CONTROL, CACHED)], Json(evaluate(percent))).into_response(),
        Err(error) => Rejection::from(error).into_response(),
    }
}

/// The percentage that a query names. Others may add fields to an address, such as to count its readers.
fn percent(query: Option<&str>) -> Result<Option<u8>, Error> {
    let mut named = form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .filter(|(name, _)| name == "percent")
        .map(|(_, value)| value);
    let Some(value) = named.next() else { return Ok(None) };
    if named.next().is_some() {
        return Err(Error::invalid("percent", "is there more than once"));
    }
    let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
    let percent = value.parse().ok().filter(|percent| is_number && *percent <= 100);
    percent.map(Some).ok_or_else(|| Error::invalid("percent", "must be a whole number from 0 to 100"))
}

/// What is wrong with the percentage of an address, as people are told it.
fn told(error: &Error) -> String {
    match error {
        Error::Invalid { details } => {
            details.iter().map(|detail| format!("The percentage {}.", detail.message)).collect()
        }
        error => error.to_string(),
    }
}

/// Asks the engine for everybody.
fn evaluate(percent: u8) -> Rollout {
    let compiled = Compiled::from_ruleset(&ruleset_at(percent));
    let ask = |user_id: &'static str| {
        let mut context = Context::default();
        context.set("userId", Value::Text(user_id.into()));
        // Nothing of the flag depends on the time.
        let detail = compiled.evaluate(FLAG, &context, 0);
        let bucket = detail.bucket.unwrap_or_default();
        Person { user_id, bucket, enabled: detail.enabled, reason: detail.reason.as_str() }
    };
    let people: Vec<_> = PEOPLE.into_iter().map(ask).collect();
    let enabled = people.iter().filter(|person| person.enabled).count();
    Rollout { flag: FLAG, percent, enabled, people }
}

/// One flag that serves `on` to so many of a hundred.
fn ruleset_at(percent: u8) -> Ruleset {
    let on = u32::from(percent) * (FULL_WEIGHT / 100);
    let weight = |variation: &str, weight| Weight { variation: variation.to_owned(), weight };
    let variation = |key: &str, value: bool| Variation { key: key.to_owned(), value: value.into() };
    let flag = Flag {
        format: FORMAT,
        semantics: SEMANTICS,
        key: FLAG.to_owned(),
        version: 1,
        flag_version: 1,
        kind: Kind::Percentage,
        value_type: ValueType::Boolean,
        client_side: true,
        track_events: false,
        variations: vec![variation("on", true), variation("off", false)],
        enabled: true,
        off_variation: "off".to_owned(),
        window: None,
        prerequisites: Vec::new(),
        overrides: Vec::new(),
        rules: Vec::new(),
        fallthrough: Serve::Rollout(ruleset::Rollout {
            bucket_by: None,
            seed: None,
            algorithm: ruleset::Algorithm::Togglebit,
            weights: vec![weight("on", on), weight("off", FULL_WEIGHT - on)],
            ramp: None,
        }),
    };
    Ruleset {
        format: FORMAT,
        environment: "demo".to_owned(),
        revision: 1,
        flags: BTreeMap::from([(FLAG.to_owned(), flag)]),
        segments: BTreeMap::new(),
    }
}
