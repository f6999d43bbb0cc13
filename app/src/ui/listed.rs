//! What is said of a list: how much of it is shown, or that nothing of it matches.

use leptos::prelude::*;

use super::time::grouped;

/// How much of a list is shown, such as "Showing 50 of 500 flags"; nothing where the heading says it already. Plurals end
/// in s.
pub(crate) fn shown(shown: u64, total: u64, one: &str, is_paged: bool, narrows: bool) -> Option<String> {
    let (shown, all) = (grouped(shown), grouped(total));
    match (is_paged, narrows) {
        (true, true) => Some(format!("Showing {shown} of {all} {one}s that match")),
        (true, false) => Some(format!("Showing {shown} of {all} {one}s")),
        (false, true) if total == 1 => Some(format!("1 {one} matches")),
        (false, true) => Some(format!("{all} {one}s match")),
        (false, false) => None,
    }
}

/// That nothing is what was looked for, and the way back to all of it.
#[component]
pub(crate) fn NoneMatch(one: &'static str, all: String) -> impl IntoView {
    view! {
        <div class="mt-4 rounded-lg border border-line bg-surface px-6 py-16 text-center">
            <p class="text-lg font-semibold">{format!("No {one}s match")}</p>
            <a class="button mt-4" href=all>"Clear the filter"</a>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn a_list_says_what_its_heading_does_not() {
        let said = |total, is_paged, narrows| shown(1, total, "flag", is_paged, narrows);
        assert_eq!(said(1, false, false), None);
        assert_eq!(said(1, false, true).as_deref(), Some("1 flag matches"));
        assert_eq!(said(9, false, true).as_deref(), Some("9 flags match"));
        assert_eq!(said(500, true, false).as_deref(), Some("Showing 1 of 500 flags"));
        assert_eq!(said(500, true, true).as_deref(), Some("Showing 1 of 500 flags that match"));
    }
}
