//! What is looked for among segments.

use leptos::prelude::*;

use crate::ui::search::{Fields, SearchForm};

const SORTS: [(&str, &str); 5] = [
    ("", "By key"),
    ("name", "By name"),
    ("-updated", "Renamed last"),
    ("-created", "Newest"),
    ("created", "Oldest"),
];

#[component]
pub(super) fn Filter() -> impl IntoView {
    let fields = Fields::new();
    view! {
        <SearchForm fields label="Segments" about="Key or name">
            {fields.select("sort", "Order", &SORTS)}
        </SearchForm>
    }
}
