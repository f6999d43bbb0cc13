//! What a flag is in all environments, its copy, and its end.

mod about;
mod copy;
mod life;
mod values;

use domain::flags::FlagSummary;
use domain::place::PlaceView;
use leptos::prelude::*;

use self::about::About;
use self::copy::Copies;
use self::life::{Archive, Delete};
use self::values::Values;
use super::api::load_around;
use super::framed::Framed;
use super::tabs::Tab;
use crate::place::address;
use crate::ui::loaded::Loaded;
use crate::ui::refused::Problem;
use crate::ui::waiting::{Waiting, awaited};

#[component]
pub(crate) fn FlagSettingsPage() -> impl IntoView {
    view! { <Framed tab=Tab::Settings page=|place, summary| view! { <Settings place summary /> }.into_any() /> }
}

#[component]
fn Settings(place: PlaceView, summary: FlagSummary) -> impl IntoView {
    let (of, key) = (place.of(), summary.flag.key.clone());
    // Blocking: the answer waits for it, so that it has the right status.
    let around = Loaded::blocking(
        || (),
        move |()| {
            let (of, key) = (of.clone(), key.clone());
            async move { load_around(of.organization, of.project, key).await }
        },
    );
    let (place, summary) = (StoredValue::new(place), StoredValue::new(summary));
    view! {
        <div class="max-w-[1000px] [&>section:first-child]:border-t-0 [&>section:first-child]:pt-0">
            <Transition fallback=Waiting>
                {awaited(move || Suspend::new(async move {
                    match around.await {
                        Err(error) => view! { <Problem error /> }.into_any(),
                        Ok(around) => {
                            let (place, summary) = (place.get_value(), summary.get_value());
                            let forms = Forms::of(&place, &summary);
                            view! {
                                <About place=place.clone() flag=summary.flag.clone() people=around.people forms=forms.clone() />
                                <Values place=place.clone() summary=summary.clone() forms=forms.clone() />
                                <Copies place=place.clone() flag=summary.flag.clone() forms=forms.clone() />
                                <Archive place=place.clone() summary=summary.clone() dependents=around.dependents forms=forms.clone() />
                                <Delete place flag=summary.flag forms />
                            }
                            .into_any()
                        }
                    }
                }))}
            </Transition>
        </div>
    }
}

/// What the forms share.
#[derive(Clone, Debug)]
struct Forms {
    /// What their addresses begin with.
    base: String,
    /// Why an archived flag is not changed.
    archived: Option<String>,
    /// Whether somebody has to say why what reaches every environment is done.
    asks_why: bool,
}

impl Forms {
    fn of(place: &PlaceView, summary: &FlagSummary) -> Self {
        Self {
            base: address(&place.of(), &Tab::Targeting.path(&summary.flag.key), None),
            archived: summary.flag.archived_at.map(|_| "It is archived: restore it first.".to_owned()),
            asks_why: place.environments.iter().any(|at| at.environment.protected),
        }
    }

    fn action(&self, name: &str) -> String {
        format!("{}/{name}", self.base)
    }
}
