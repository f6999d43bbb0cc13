//! A new project.

use domain::access::Action;
use domain::orgs::ProjectView;
use leptos::prelude::*;

use super::Forms;
use crate::flash::Message;
use crate::ui::field::{Choice, Field};
use crate::ui::frame::Section;
use crate::ui::guarded::Guarded;

/// The form's name, as its handler knows it.
pub(super) const FORM: &str = "projects/new";

#[component]
pub(super) fn NewProject(projects: Vec<ProjectView>, forms: Forms) -> impl IntoView {
    let own = forms.flash.of(FORM);
    let (refusal, action) = (forms.refusal(Action::ManageProjects), forms.action("projects"));
    let like = own.typed("like");
    let same = projects.into_iter().map(|project| {
        let key = project.key.to_string();
        view! { <option value=key.clone() selected=key == like>{project.name}</option> }
    });
    let same = same.collect_view();
    // What was done is said at the top of the page that it leads to.
    let wrong = own.error.is_some().then(|| {
        view! { <Message flash=own.clone() form=FORM fields=&["name", "key"] /> }
    });
    view! {
        <Section
            id="new-project"
            title="New project"
            about="It has flags, segments, environments and API keys of its own. The people are those of the organization."
        >
            <Guarded action refusal>
                {forms.back()}
                <Field flash=own.clone() name="name" label="Name of the new project" autocomplete="off" />
                <Field
                    flash=own.clone()
                    name="key"
                    label="Key of the new project"
                    autocomplete="off"
                    required=false
                    hint="In addresses, and never changes. Empty: made from the name."
                />
                <Choice id="new-project-like" name="like" label="Environments">
                    <option value="">"dev, staging and prod"</option>
                    <optgroup label="the same as in">{same}</optgroup>
                </Choice>
                <button class="button button-primary justify-self-start">"Create project"</button>
            </Guarded>
            {wrong}
        </Section>
    }
    .into_any()
}
