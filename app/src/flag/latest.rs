//! What others change in a flag while its page is open.

use std::collections::BTreeMap;

use domain::audit::News;
use domain::flags::{ConfigurationView, FlagDetail, FlagSummary};
use domain::orgs::ProjectRef;
use domain::{EnvironmentKey, FlagKey, UserId};
use leptos::prelude::*;

use super::api::load_flag;
use crate::place::who;
use crate::ui::fresh;

/// The flag as it is now, where that was heard of.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Latest {
    detail: RwSignal<Option<FlagDetail>>,
    /// Who changed it last, by environment.
    by: RwSignal<BTreeMap<String, String>>,
}

impl Latest {
    /// That of the page.
    pub(super) fn here() -> Self {
        use_context().unwrap_or_default()
    }

    /// Asks for the flag whenever it changes in an environment.
    pub(super) fn follow(of: ProjectRef, key: FlagKey, me: UserId) -> Self {
        let latest = Self { detail: RwSignal::new(None), by: RwSignal::default() };
        let is_ours = is_of(of.clone(), key.clone());
        fresh::on(move |news| {
            let Some(news) = news.filter(|news| is_ours(news)) else { return };
            let Some(environment) = news.environment.clone() else { return };
            let name = if news.by == Some(me) { "You".to_owned() } else { who(news) };
            latest.by.try_update(|by| by.insert(environment, name));
        });
        let is_ours = is_of(of.clone(), key.clone());
        fresh::when(
            move |news| news.environment.is_some() && is_ours(news),
            move || {
                let (of, key) = (of.clone(), key.clone());
                Box::pin(async move {
                    // What cannot be had leaves the page as it is.
                    if let Ok(detail) = load_flag(of.organization, of.project, key).await {
                        latest.detail.try_set(Some(detail));
                    }
                })
            },
        );
        latest
    }

    /// The flag of the page, which was loaded so, as it is now.
    pub(super) fn or(self, loaded: FlagDetail) -> Signal<FlagSummary> {
        Memo::new(move |_| FlagSummary::from(self.detail.get().unwrap_or_else(|| loaded.clone()))).into()
    }

    /// What it does in an environment, where that is newer than a version.
    pub(super) fn after(self, environment: &EnvironmentKey, version: i64) -> Option<ConfigurationView> {
        let detail = self.detail.read();
        let here = detail.as_ref()?.environments.iter().find(|here| here.environment == *environment)?;
        here.configuration.clone().filter(|configuration| configuration.version > version)
    }

    /// Who changed it there last.
    pub(super) fn by(self, environment: &EnvironmentKey) -> String {
        let known = self.by.read().get(environment.as_str()).cloned();
        known.unwrap_or_else(|| "Somebody".to_owned())
    }
}

/// Whether something happened to a flag.
pub(super) fn is_of(of: ProjectRef, key: FlagKey) -> impl Fn(&News) -> bool + Clone + Send + Sync + 'static {
    move |news| {
        news.kind == "flag"
            && news.key == key.as_str()
            && news.project.as_deref() == Some(of.project.as_str())
    }
}
