//! Entries that came since the log was asked for. They are shown when the reader asks: what is read does not move away.

use domain::audit::{ActorKind, AuditFilter, AuditTable, By, News};
use leptos::prelude::*;

use super::address::Asked;
use crate::error::UiError;
use crate::ui::fresh;
use crate::ui::icon::Icon;
use crate::ui::loaded::Loaded;

type Answer<T> = Result<T, UiError>;

/// How many there are, and the way to them. Nothing in older parts of the log.
#[component]
pub(super) fn Newer(asked: Memo<Answer<Asked>>, table: Loaded<Answer<AuditTable>>) -> impl IntoView {
    // Without a number where it is not known.
    let newer = RwSignal::new(None::<Option<u32>>);
    fresh::on(move |news| {
        let fits = asked.try_with_untracked(|asked| {
            let Ok(Asked { filter, cursor: None, .. }) = asked else { return false };
            news.is_none_or(|news| fits(filter, news))
        });
        if fits == Some(true) {
            newer.update(|newer| {
                let before = newer.unwrap_or(Some(0));
                *newer = Some(before.filter(|_| news.is_some()).map(|count| count.saturating_add(1)));
            });
        }
    });
    // Whoever looks for something else sees the newest anyway.
    Effect::new(move |_| {
        asked.track();
        newer.set(None);
    });
    let show = move |_| {
        newer.set(None);
        table.refetch();
    };
    let button = move || {
        let words = match newer.get()? {
            None => "New entries".to_owned(),
            Some(1) => "1 new entry".to_owned(),
            Some(count) => format!("{count} new entries"),
        };
        Some(view! {
            <button type="button" class="button mt-4" on:click=show>
                <Icon of=icondata_lu::LuArrowUp />
                {words}
            </button>
        })
    };
    view! { <div aria-live="polite">{button}</div> }
}

/// Whether an entry is one of those that are asked for, as far as news tell: not of comments, addresses and names of things.
fn fits(filter: &AuditFilter, news: &News) -> bool {
    let AuditFilter { q, actor, action, resource, project, environment, from, until } = filter;
    let is_by = |by: &By| match by {
        By::User(id) => news.by == Some(*id),
        By::System => news.actor == ActorKind::System,
        By::Anonymous => news.actor == ActorKind::Anonymous,
    };
    let is_action = |action: &String| match action.ends_with('.') {
        true => news.action.starts_with(action.as_str()),
        false => news.action == *action,
    };
    let is_resource = |resource: &String| match resource.split_once(':') {
        Some((kind, key)) => news.kind == kind && news.key == key,
        None => news.kind == *resource,
    };
    let has = |text: &String| {
        let (text, names) = (text.to_lowercase(), [Some(&news.key), news.name.as_ref()]);
        names.into_iter().flatten().any(|name| name.to_lowercase().contains(&text))
    };
    q.as_ref().is_none_or(has)
        && actor.as_ref().is_none_or(is_by)
        && action.as_ref().is_none_or(is_action)
        && resource.as_ref().is_none_or(is_resource)
        && project.as_ref().is_none_or(|project| news.project.as_ref() == Some(project))
        && environment.as_ref().is_none_or(|environment| news.environment.as_ref() == Some(environment))
        && from.is_none_or(|from| news.at >= from)
        && until.is_none_or(|until| news.at < until)
}

#[cfg(test)]
mod tests {
    use domain::Millis;

    use super::*;

    #[test]
    fn entries_fit_what_is_asked_for() {
        let news = News {
            seq: 7,
            at: Millis(100),
            actor: ActorKind::System,
            by: None,
            name: None,
            action: "flag.enabled".into(),
            kind: "flag".into(),
            id: "1".into(),
            key: "menu".into(),
            project: Some("shop".into()),
            environment: Some("prod".into()),
            revision: Some(3),
        };
        let is = |change: fn(&mut AuditFilter)| {
            let mut filter = AuditFilter::default();
            change(&mut filter);
            fits(&filter, &news)
        };
        assert!(is(|_| {}));
        assert!(is(|filter| filter.q = Some("EN".into())));
        assert!(!is(|filter| filter.q = Some("checkout".into())));
        assert!(is(|filter| filter.actor = Some(By::System)));
        assert!(!is(|filter| filter.actor = Some(By::Anonymous)));
        assert!(is(|filter| filter.action = Some("flag.".into())));
        assert!(!is(|filter| filter.action = Some("flag.killed".into())));
        assert!(is(|filter| filter.resource = Some("flag".into())));
        assert!(is(|filter| filter.resource = Some("flag:menu".into())));
        assert!(!is(|filter| filter.resource = Some("flag:other".into())));
        assert!(!is(|filter| filter.project = Some("blog".into())));
        assert!(!is(|filter| filter.environment = Some("dev".into())));
        assert!(!is(|filter| filter.until = Some(Millis(100))));
        assert!(is(|filter| filter.from = Some(Millis(100))));
    }
}
