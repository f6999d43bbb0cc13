//! Quiet notes of what others do.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::audit::{ActorKind, News};
use domain::{ProjectKey, UserId};
use leptos::prelude::*;

use crate::audit::words::{Words, done};
use crate::ui::fresh;
use crate::ui::toast::{Toasts, toasts};

/// How long it is waited for more to happen before a note, and how long after one.
const GATHERS: Duration = Duration::from_millis(300);
const RESTS: Duration = Duration::from_secs(3);

/// What others did, and was not said yet.
#[derive(Clone, Default)]
struct Waiting {
    news: Vec<News>,
    is_due: bool,
}

/// Says what others do in a project, and in its organization. Not what the reader does, in this tab or another. Shows nothing
/// itself.
#[component]
pub(super) fn Notes(me: UserId, project: ProjectKey) -> impl IntoView {
    let (toasts, waiting) = (toasts(), StoredValue::new(Waiting::default()));
    fresh::on(move |news| {
        let here = |news: &&News| {
            let is_here = news.project.as_ref().is_none_or(|key| *key == project.as_str());
            is_here && news.by != Some(me) && !matches!(news.kind.as_str(), "action" | "user" | "invitation")
        };
        let Some(news) = news.filter(here) else { return };
        let was_due = waiting.try_update_value(|waiting| {
            waiting.news.push(news.clone());
            std::mem::replace(&mut waiting.is_due, true)
        });
        if was_due == Some(false) {
            later(waiting, toasts, GATHERS);
        }
    });
}

fn later(waiting: StoredValue<Waiting>, toasts: Toasts, after: Duration) {
    let say = move || {
        let news = waiting.try_update_value(|waiting| {
            let news = std::mem::take(&mut waiting.news);
            waiting.is_due = !news.is_empty();
            news
        });
        if let Some(said) = news.as_deref().and_then(note) {
            toasts.noted(said);
            later(waiting, toasts, RESTS);
        }
    };
    set_timeout(say, after);
}

/// A sentence about one thing; how many there were and by how many, where it was more.
fn note(news: &[News]) -> Option<String> {
    match news {
        [] => None,
        [one] => Some(sentence(one)),
        many => {
            let people: BTreeSet<_> = many.iter().map(who).collect();
            let by = match people.len() {
                1 => people.into_iter().next().unwrap_or_default(),
                count => format!("{count} people"),
            };
            Some(format!("{} changes by {by}", many.len()))
        }
    }
}

/// Such as "Grace switched checkout-v2 on in staging".
fn sentence(news: &News) -> String {
    let Words { before, thing, after } = match (news.kind.as_str(), news.action.as_str()) {
        // What they are known by is no key.
        ("member", "member.left") => Words { before: "left the organization".to_owned(), ..Words::default() },
        ("member", "member.added") => Words { before: "added a member".to_owned(), ..Words::default() },
        ("member", "member.removed") => Words { before: "removed a member".to_owned(), ..Words::default() },
        ("member", _) => Words { before: "changed what a member may do".to_owned(), ..Words::default() },
        (kind, action) => done(action, kind, &news.key),
    };
    let place = news.environment.as_ref().filter(|_| news.kind != "environment");
    let place = place.map(|key| format!("in {key}")).unwrap_or_default();
    let parts = [who(news), before, thing, after, place];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Who did it.
pub(crate) fn who(news: &News) -> String {
    match news.actor {
        ActorKind::User => news.name.clone().unwrap_or_else(|| "Somebody".to_owned()),
        ActorKind::System => "Togglebit".to_owned(),
        ActorKind::Anonymous => "Somebody not signed in".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use domain::Millis;

    use super::*;

    fn news(name: &str, action: &str, kind: &str, environment: Option<&str>) -> News {
        News {
            seq: 1,
            at: Millis(0),
            actor: ActorKind::User,
            by: None,
            name: Some(name.to_owned()),
            action: action.to_owned(),
            kind: kind.to_owned(),
            id: String::new(),
            key: "menu".to_owned(),
            project: Some("default".to_owned()),
            environment: environment.map(str::to_owned),
            revision: None,
        }
    }

    #[test]
    fn one_change_is_a_sentence() {
        for (action, kind, environment, said) in [
            ("flag.enabled", "flag", Some("staging"), "Grace switched menu on in staging"),
            ("flag.created", "flag", None, "Grace created the flag menu"),
            ("environment.updated", "environment", Some("menu"), "Grace updated the environment menu"),
            ("member.role_changed", "member", None, "Grace changed what a member may do"),
            ("segment.configured", "segment", Some("dev"), "Grace changed who is in menu in dev"),
        ] {
            assert_eq!(note(&[news("Grace", action, kind, environment)]).as_deref(), Some(said));
        }
    }

    #[test]
    fn many_changes_are_a_number() {
        let by = |name| news(name, "flag.enabled", "flag", Some("dev"));
        assert_eq!(note(&[by("Grace"), by("Grace")]).as_deref(), Some("2 changes by Grace"));
        assert_eq!(note(&[by("Grace"), by("Ada"), by("Ada")]).as_deref(), Some("3 changes by 2 people"));
        assert_eq!(note(&[]), None);
    }
}
