//! An environment at any moment.

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use domain::history::{Evaluate, Explained, Moment, PastRuleset};
use domain::{EnvironmentKey, FlagKey, Millis};
use serde::Deserialize;
use serde_json::value::RawValue;
use service::{Actor, Services};
use utoipa::ToSchema;
use utoipa::openapi::path::Parameter;
use validator::Validate;

use super::super::command::{Answer, Command, Path, ok};
use super::super::organization::InProject;
use super::super::query::{Asked, Described, field, number};
use super::example;
use crate::ask::attributes;
use crate::envelope::Result;
use crate::etag;
use crate::openapi::{Invalid, NotFound, NotModified};

impl Described for Moment {
    fn fields() -> Vec<Parameter> {
        vec![
            field(
                "revision",
                "The environment's revision. The present one without it.",
                number(17).minimum(Some(0)),
            ),
            field(
                "at",
                "A time, instead of a revision: milliseconds since 1970-01-01T00:00:00Z.",
                number(1_760_000_000_000),
            ),
        ]
    }
}

/// All flags and segments of an environment at a revision, or at a time.
///
/// It is the ruleset that evaluation had then, the same bytes each time. Before the first change it is empty. What is stored
/// and cannot be read is listed under `unreadable`, which is absent where there is nothing of the kind.
#[utoipa::path(
    get, path = "/environments/{env}/ruleset", operation_id = "getRuleset", tag = "History",
    params(InProject, Asked<Moment>),
    responses(
        (status = OK, description = "The ruleset.", body = PastRuleset, example = json!(example::ruleset())),
        Invalid, NotFound, NotModified
    ),
)]
pub(in super::super) async fn ruleset(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Path(env): Path<String>,
    Asked(moment): Asked<Moment>,
    headers: HeaderMap,
) -> Result<Response> {
    let environment = super::env(&env)?;
    Ok(etag::answer(&headers, &services.history().ruleset(&actor, &project, &environment, moment).await?))
}

/// What flags serve to whom, and why, with the flags of now or of then.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EvaluationQuestion)]
pub(in super::super) struct Question {
    /// The environment.
    environment: EnvironmentKey,
    /// The flag; all of them without it.
    #[serde(default)]
    flag: Option<FlagKey>,
    #[serde(default)]
    #[schema(schema_with = attributes)]
    context: Option<Box<RawValue>>,
    /// The flags of this revision of the environment. The present ones without it.
    #[serde(default)]
    #[validate(range(min = 0, message = "from 0"))]
    #[schema(minimum = 0, examples(json!(null)))]
    revision: Option<i64>,
    /// The flags of this time, instead of a revision. It is the time of the evaluation too, unless `now` is another.
    #[serde(default)]
    at: Option<Millis>,
    /// The time of the evaluation: the present one unless said.
    #[serde(default)]
    now: Option<Millis>,
}

/// Explains what flags serve to a context, at any revision or time.
///
/// It changes and counts nothing. Each explanation has the answer that evaluation gives, and under `steps` what was looked at
/// to find it, in order and up to what decided: windows, prerequisites with their own explanations, overrides, rules with
/// their names and every part of their conditions and of the segments in them, rollouts with their buckets. There may be more
/// kinds of steps in the future.
#[utoipa::path(
    post, path = "/evaluate", operation_id = "explainEvaluation", tag = "History", params(InProject),
    request_body = Question,
    responses(
        (status = OK, description = "An explanation for each flag, by key.", body = Explained, example = json!(example::explained())),
        NotFound
    ),
)]
pub(in super::super) async fn explain(
    State(services): State<Services>,
    Extension(actor): Extension<Actor>,
    InProject(project): InProject,
    Command(question): Command<Question>,
) -> Result<Answer<Explained>> {
    let Question { environment, flag, context, revision, at, now } = question;
    let moment = Moment { revision, at };
    let question = Evaluate { environment, flag, context, moment, now };
    Ok(ok(services.history().explain(&actor, &project, question).await?))
}
