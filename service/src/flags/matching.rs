use std::sync::Arc;

use domain::Error as Refusal;
use domain::flags::{Configuration, MatchConditions};
use domain::orgs::ProjectRef;
use engine::ruleset::{Condition, FORMAT, Flag, Kind, Rule, SEMANTICS, Serve, ValueType, Variation};
use engine::{Change, Compiled, Context};
use serde_json::Value;
use serde_json::value::RawValue;

use super::{Flags, check, configured};
use crate::delivery::Snapshot;
use crate::documents::{self, Document};
use crate::error::{Error, Result};
use crate::{Actor, scope};

/// What the conditions stand among.
enum Around {
    Live(Arc<Snapshot>),
    Stored(Vec<Document>),
}

impl Flags<'_> {
    /// For how many contexts each condition holds, by the engine that answers evaluations; none for a condition that it
    /// cannot use, such as one that is not finished.
    ///
    /// # Errors
    /// When the actor may not see the environment, it is too much to ask, a context is none, or the database fails.
    pub async fn matching(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        command: MatchConditions,
    ) -> Result<Vec<Option<u32>>> {
        command.check()?;
        let db = self.0.reader();
        let project = scope::project(db, actor, project).await?;
        let environment = configured::environment_row(db, &project, &command.environment).await?.id;
        let around = match self.0.delivery().snapshot_of(environment) {
            Some(live) => Around::Live(live),
            None => Around::Stored(documents::newest(db, environment, 0, i64::MAX).await?),
        };
        let now = self.0.now().0;
        let MatchConditions { environment: _, conditions, contexts } = command;
        let count = move || match around {
            Around::Live(live) => count(live.compiled(), conditions, &contexts, now),
            Around::Stored(documents) => {
                let compiled = Compiled::from_documents(0, documents.iter().map(Document::change));
                count(&compiled, conditions, &contexts, now)
            }
        };
        check::aside(count).await?
    }
}

fn count(
    around: &Compiled,
    conditions: Vec<Condition>,
    contexts: &[Box<RawValue>],
    now: i64,
) -> Result<Vec<Option<u32>>> {
    let contexts = contexts.iter().enumerate().map(|(place, context)| {
        Context::from_json(context.get().as_bytes())
            .map_err(|error| Refusal::invalid(format!("contexts[{place}]"), error.to_string()))
    });
    let contexts = contexts.collect::<domain::Result<Vec<_>>>()?;
    let flags = conditions.into_iter().enumerate().map(|(place, when)| {
        let key = key(place);
        let document = serde_json::to_string(&only(&key, when));
        let document = document.map_err(|source| Error::Corrupt { what: "a condition".into(), source })?;
        Ok((key, document))
    });
    let flags = flags.collect::<Result<Vec<_>>>()?;
    let changes = flags.iter().map(|(key, document)| Change::Flag(key, Some(document)));
    let compiled = around.with_changes(around.revision(), changes);
    let held = |(key, _): &(String, String)| {
        let flag = compiled.flag(key).filter(|flag| flag.warnings().next().is_none())?;
        let held = contexts.iter().filter(|context| flag.evaluate(context, now).rule.is_some());
        u32::try_from(held.count()).ok()
    };
    Ok(flags.iter().map(held).collect())
}

/// What no flag is called: their keys begin with a letter or a digit.
fn key(place: usize) -> String {
    format!("-{place}")
}

/// A flag that asks for nothing but the condition.
fn only(key: &str, when: Condition) -> Flag {
    let variation = |key: &str, value: bool| Variation { key: key.to_owned(), value: Value::Bool(value) };
    let rule = Rule { id: "rule".to_owned(), name: None, when, serve: Serve::Variation("on".to_owned()) };
    let Configuration { off_variation, fallthrough, .. } = Configuration::fixed("off", "off");
    Flag {
        format: FORMAT,
        semantics: SEMANTICS,
        key: key.to_owned(),
        version: 1,
        flag_version: 1,
        kind: Kind::Advanced,
        value_type: ValueType::Boolean,
        client_side: false,
        track_events: false,
        variations: vec![variation("on", true), variation("off", false)],
        enabled: true,
        off_variation,
        window: None,
        prerequisites: Vec::new(),
        overrides: Vec::new(),
        rules: vec![rule],
        fallthrough,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn counted(conditions: Value) -> Result<Vec<Option<u32>>> {
        let segment = json!({"format": FORMAT, "semantics": SEMANTICS, "key": "beta", "version": 1, "included": ["ada"]});
        let segment = segment.to_string();
        let around = Compiled::from_documents(7, [Change::Segment("beta", Some(&segment))]);
        let contexts = [r#"{"userId": "ada", "plan": "pro"}"#, r#"{"plan": "pro"}"#, "{}"];
        let contexts = contexts.map(|text| RawValue::from_string(text.to_owned()).unwrap());
        count(&around, serde_json::from_value(conditions).unwrap(), &contexts, 0)
    }

    #[test]
    fn each_condition_is_counted_by_itself() {
        let found = counted(json!([
            {"all": []},
            {"attribute": "plan", "op": "in", "values": ["pro"]},
            {"op": "in_segment", "values": ["beta"]},
            {"attribute": "plan", "op": "eq", "values": ["free"]},
        ]));
        assert_eq!(found.unwrap(), [Some(3), Some(2), Some(1), Some(0)]);
    }

    #[test]
    fn of_what_cannot_be_used_nothing_is_said() {
        let found = counted(json!([
            {"attribute": "plan", "op": "matches", "values": ["("]},
            {"all": []},
        ]));
        assert_eq!(found.unwrap(), [None, Some(3)]);
    }
}
