//! For how many of the contexts that were tried in the playground the rules hold.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::EnvironmentKey;
use domain::orgs::ProjectRef;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api::count_matches;
use super::draft::Draft;
use crate::playground::kept;

/// How long nothing has to be typed before the server is asked.
const PAUSE: Duration = Duration::from_millis(700);

/// So many rules are asked about.
const MOST: usize = 200;

/// For each rule's id, for how many of how many contexts it holds; rules that are not finished are not there.
pub(super) type Matches = RwSignal<BTreeMap<String, (u32, usize)>>;

/// Asks the server, in the browser, for as long as there are contexts to ask about.
pub(super) fn matches(of: ProjectRef, environment: EnvironmentKey, draft: Draft) -> Matches {
    let found = Matches::default();
    let conditions = Memo::new(move |_| {
        let edited = draft.now.read();
        edited.rules.iter().map(|rule| (rule.id.clone(), rule.when.clone())).collect::<Vec<_>>()
    });
    Effect::new(move |before: Option<Option<TimeoutHandle>>| {
        if let Some(waiting) = before.flatten() {
            waiting.clear();
        }
        let (ids, conditions): (Vec<_>, Vec<_>) = conditions.get().into_iter().take(MOST).unzip();
        let contexts = kept(&of);
        if ids.is_empty() || contexts.is_empty() {
            return None;
        }
        let (of, environment) = (of.clone(), environment.clone());
        let ask = move || {
            spawn_local(async move {
                let written =
                    serde_json::to_string(&conditions).ok().zip(serde_json::to_string(&contexts).ok());
                let Some((conditions, written)) = written else { return };
                let counts =
                    count_matches(of.organization, of.project, environment, conditions, written).await;
                // Without an answer nothing is said.
                let counts = counts.unwrap_or_default();
                let held = ids.into_iter().zip(counts);
                let held = held.filter_map(|(id, count)| Some((id, (count?, contexts.len()))));
                found.try_set(held.collect());
            });
        };
        set_timeout_with_handle(ask, PAUSE).ok()
    });
    found
}

/// What it says of a rule.
pub(super) fn words((held, of): (u32, usize)) -> String {
    let contexts = match of {
        1 => "the last context".to_owned(),
        of => format!("the last {of} contexts"),
    };
    match (held, of) {
        (0, 1) => format!("Does not match {contexts} tried in the playground."),
        (_, 1) => format!("Matches {contexts} tried in the playground."),
        (0, _) => format!("Matches none of {contexts} tried in the playground."),
        (held, _) => format!("Matches {held} of {contexts} tried in the playground."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_said_in_words() {
        for (count, said) in [
            ((3, 8), "Matches 3 of the last 8 contexts tried in the playground."),
            ((0, 2), "Matches none of the last 2 contexts tried in the playground."),
            ((1, 1), "Matches the last context tried in the playground."),
            ((0, 1), "Does not match the last context tried in the playground."),
        ] {
            assert_eq!(words(count), said);
        }
    }
}
