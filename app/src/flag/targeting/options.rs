//! The variations as the choices of a list.

use domain::ruleset::Variation;
use leptos::prelude::*;

/// A choice for each variation, by its key.
pub(super) fn options(variations: StoredValue<Vec<Variation>>, chosen: Memo<String>) -> AnyView {
    let option = |variation: &Variation| {
        let key = variation.key.clone();
        let (value, shown) = (key.clone(), key.clone());
        view! { <option value=value selected=move || *chosen.read() == key>{shown}</option> }
    };
    variations.with_value(|variations| variations.iter().map(option).collect_view()).into_any()
}
