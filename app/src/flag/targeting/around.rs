//! What the columns and the dialogs beside them tell each other.

use domain::flags::ConfigurationView;
use leptos::prelude::*;

use crate::flash::{Flash, flash};

/// What is known around the columns.
#[derive(Clone)]
pub(super) struct Around {
    /// What a configuration became by something else than its column.
    pub(super) arrived: RwSignal<Option<ConfigurationView>>,
    /// What a plain form had to say.
    pub(super) flash: Flash,
}

/// Makes it available to everything below. What a form said is read outside of whatever waits, on the server as in the
/// browser. The page may come to be about another flag, so both name theirs.
pub(in crate::flag) fn provide() {
    provide_context(Around { arrived: RwSignal::new(None), flash: flash() });
}

pub(super) fn around() -> Around {
    use_context().unwrap_or_else(|| Around { arrived: RwSignal::new(None), flash: Flash::default() })
}
