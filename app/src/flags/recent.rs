//! How busy flags were lately: asked for once the page is there, because nobody waits for it.

use std::collections::HashMap;

use domain::orgs::ProjectRef;
use domain::{EnvironmentKey, FlagKey};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api::load_recent_use;

/// What is known of it so far, by flag.
pub(super) type Recent = RwSignal<HashMap<FlagKey, Vec<i64>>>;

/// Asks for it, in the browser.
pub(super) fn load(of: ProjectRef, environment: EnvironmentKey, flags: Vec<FlagKey>) -> Recent {
    let recent = Recent::default();
    Effect::new(move |_| {
        let (of, environment, flags) = (of.clone(), environment.clone(), flags.clone());
        spawn_local(async move {
            // What cannot be had is not drawn.
            let found =
                load_recent_use(of.organization, of.project, environment, flags).await.unwrap_or_default();
            recent.try_set(found.into_iter().map(|it| (it.flag, it.days)).collect());
        });
    });
    recent
}
