//! How busy flags were lately: asked for once the page is there, because nobody waits for it.

use std::collections::{HashMap, HashSet};

use domain::flags::FlagView;
use domain::orgs::ProjectRef;
use domain::{EnvironmentKey, FlagKey};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api::load_recent_use;

/// What is known of it so far, by flag.
pub(super) type Recent = RwSignal<HashMap<FlagKey, Vec<i64>>>;

/// Asks for it, in the browser: once for each flag, and for those that come later when they come.
pub(super) fn load(of: ProjectRef, environment: EnvironmentKey, rows: RwSignal<Vec<FlagView>>) -> Recent {
    let (recent, asked) = (Recent::default(), StoredValue::new(HashSet::<FlagKey>::new()));
    Effect::new(move |_| {
        let keys = rows.read().iter().map(|flag| flag.key.clone()).collect::<Vec<_>>();
        let flags = asked
            .try_update_value(|asked| keys.into_iter().filter(|key| asked.insert(key.clone())).collect());
        let Some(flags) = flags.filter(|flags: &Vec<FlagKey>| !flags.is_empty()) else { return };
        let (of, environment) = (of.clone(), environment.clone());
        spawn_local(async move {
            let answer = load_recent_use(of.organization, of.project, environment, flags.clone()).await;
            let Ok(found) = answer else {
                // What cannot be had is not drawn, and is asked for with what comes next.
                asked.try_update_value(|asked| asked.retain(|key| !flags.contains(key)));
                return;
            };
            recent.try_update(|recent| recent.extend(found.into_iter().map(|it| (it.flag, it.days))));
        });
    });
    recent
}
