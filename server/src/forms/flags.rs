//! A new flag.

use app::filled::{FORM, Filled};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::flags::{FlagView, StartedFlag};
use service::Actor;

use super::{Answer, Forms, Sent, project};

/// Creates a flag, begins to serve it where the form says so, and goes to its page.
pub(crate) async fn create(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path((organization, name)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    let of = project::named(&organization, &name);
    let filled = Filled::of(sent.fields().map(|(name, value)| (name.to_owned(), value.to_owned())));
    let created = async {
        let command = filled.read()?;
        let created = forms.services.flags().start(&actor, &of.clone()?, command).await;
        created.map_err(|error| filled.placed(error.expose()))
    };
    match created.await {
        Ok(StartedFlag { flag, problem }) => {
            let to = project::page(&of, &format!("flags/{}", flag.key));
            match problem {
                None => Answer::done(to, FORM, &notice(&flag)),
                // The flag is there all the same.
                Some(problem) => Answer::refused(to, FORM, Sent::of([]), problem),
            }
        }
        Err(error) => Answer::refused(project::page(&of, "flags/new"), FORM, sent, error),
    }
    .respond(&forms)
}

fn notice(flag: &FlagView) -> String {
    match flag.environments.iter().find(|(_, here)| here.enabled) {
        Some((environment, _)) => format!("“{}” is created, and on in {environment}.", flag.key),
        None => format!("“{}” is created, and off everywhere.", flag.key),
    }
}
