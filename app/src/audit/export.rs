//! The log as a file.

use domain::audit::AuditFilter;
use domain::orgs::ProjectRef;
use leptos::prelude::*;
use leptos_router::params::ParamsMap;

use crate::place::address;
use crate::ui::icon::Icon;
use crate::ui::menu::Menu;

const ITEM: &str = "flex flex-col rounded-md px-2 py-1.5 hover:bg-sunken";

/// The files of what is listed.
#[component]
pub(super) fn Export(of: ProjectRef, filter: AuditFilter) -> impl IntoView {
    let file = |format: &'static str| {
        let href = format!("{}{}", address(&of, "audit/export", None), query(&filter, format));
        let (name, about) = match format {
            "csv" => ("CSV", "A table, for spreadsheets"),
            _ => ("JSON Lines", "An entry in each line, for programs"),
        };
        view! {
            <a class=ITEM href=href rel="external" download>
                <span>{name}</span>
                <span class="text-xs text-muted">{about}</span>
            </a>
        }
    };
    let (csv, lines) = (file("csv"), file("jsonl"));
    view! {
        <Menu
            name="Export what is listed"
            class="button"
            panel="top-full left-0 mt-1 w-60 sm:right-0 sm:left-auto"
            button=move || {
                view! {
                    <Icon of=icondata_lu::LuDownload />
                    "Export"
                }
            }
        >
            {csv}
            {lines}
        </Menu>
    }
}

/// The filter, as the API reads it.
fn query(filter: &AuditFilter, format: &str) -> String {
    let AuditFilter { q, actor, action, resource, project, environment, from, until } = filter.clone();
    let fields = [
        ("format", Some(format.to_owned())),
        ("q", q),
        ("actor", actor.map(String::from)),
        ("action", action),
        ("resource", resource),
        ("project", project),
        ("environment", environment),
        ("from", from.map(|at| at.0.to_string())),
        ("until", until.map(|at| at.0.to_string())),
    ];
    let mut query = ParamsMap::new();
    for (name, value) in fields.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        query.insert(name, value);
    }
    query.to_query_string()
}

#[cfg(test)]
mod tests {
    use domain::Millis;
    use domain::audit::By;

    use super::*;

    #[test]
    fn a_file_has_what_is_listed() {
        let filter = AuditFilter {
            q: Some("a b".into()),
            actor: Some(By::System),
            resource: Some("flag:a&b".into()),
            from: Some(Millis(7)),
            ..AuditFilter::default()
        };
        assert_eq!(query(&filter, "csv"), "?format=csv&q=a%20b&actor=system&resource=flag%3Aa%26b&from=7");
        assert_eq!(query(&AuditFilter::default(), "jsonl"), "?format=jsonl");
    }
}
