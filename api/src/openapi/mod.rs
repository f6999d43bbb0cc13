//! The OpenAPI document of all routes, made from the code that answers them.
//!
//! An operation says what is its own: what it does, takes and answers, and the errors that not every one has. What follows
//! from its path and its body is added to all alike by `complete`, and what `serve` sends is the result.

mod complete;
mod example;
pub(crate) mod parameters;
mod responses;
mod security;
mod serve;

pub use serve::Embedded;

pub(crate) use complete::part;
pub(crate) use responses::{
    BadCredentials, Conflict, Done, Elsewhere, Forbidden, Internal, Invalid, NotFound, NotModified, TooLarge,
    TooLargeImport, TooMany, TooOften, Unauthenticated, Unavailable,
};
pub(crate) use serve::{__path_send, send};

use utoipa::OpenApi;
use utoipa::openapi::Required;
use utoipa::openapi::path::Operation;

use crate::envelope::Envelope;
use crate::{eval, events, health, launchdarkly, manage, metrics, ofrep, ruleset, stream};

/// The routes of [`crate::router`], which are a plain list: what `OpenApiRouter` could add there would cost evaluations.
#[derive(OpenApi)]
#[openapi(
    info(title = "Togglebit", description = include_str!("description.md"), license(name = "MIT", identifier = "MIT")),
    servers((url = "/", description = "The instance that serves this document")),
    paths(
        eval::one_by_query, eval::one_by_body, eval::all_by_query, eval::all_by_body,
        launchdarkly::by_query, launchdarkly::by_body, events::report,
        ruleset::send, stream::follow, stream::hints,
        ofrep::one::evaluate, ofrep::all::evaluate,
        health::alive, health::ready, metrics::send, send,
    ),
    components(schemas(Envelope, domain::ProjectId, domain::ProjectKey)),
    security(("session" = []), ("token" = [])),
    tags(
        (name = "Evaluation", description = "What a flag's value is for a context: for applications, with an API key."),
        (name = "OpenFeature", description = "The same for providers of OpenFeature that speak OFREP 0.3.0."),
        (name = "Streams", description = "The rules themselves, and changes as they happen: for SDKs and caches."),
        (name = "Service", description = "How the instance is, and what it offers. Nothing here asks for a key."),
        (name = "Signing in", description = "Accounts with a password: signing up, in and out."),
        (name = "Account", description = "One's own account, tokens and sessions."),
        (name = "Organizations", description = "Organizations, which own projects, environments and flags."),
        (name = "Members", description = "Who belongs to an organization, with which role."),
        (name = "Invitations", description = "How people come to belong to an organization."),
        (name = "Projects", description = "Projects and their environments."),
        (name = "API keys", description = "What applications sign in with."),
        (name = "Flags", description = "Flags, as they are in all environments of their project."),
        (name = "Targeting", description = "What flags do in each environment."),
        (name = "Segments", description = "Reusable audiences."),
        (name = "History", description = "What was, who changed it, and why somebody was served what."),
        (name = "Templates", description = "Shapes of flags that new ones are made from."),
        (name = "Moving", description = "Whole projects as a document, and other systems' formats."),
        (name = "Usage", description = "What was evaluated, how often, and what attributes are called."),
        (name = "Audit log", description = "What happened in an organization."),
    ),
)]
struct Machines;

/// The document of all routes.
pub fn document() -> utoipa::openapi::OpenApi {
    let mut managed = manage::routes().into_openapi();
    for operation in complete::operations(&mut managed) {
        // What an operation does not take is refused by every one.
        complete::answer::<Invalid>(operation);
        // Who asks is read from a token or a session before anything else, and both are in the database.
        complete::answer::<Unauthenticated>(operation);
        complete::answer::<Internal>(operation);
        complete::answer::<Unavailable>(operation);
    }
    for operation in complete::unsafe_operations(&mut managed) {
        // What another site's page makes a browser send is refused before it is looked at.
        complete::answer::<Forbidden>(operation);
    }
    let mut all = Machines::openapi();
    let asks = |operation: &&mut Operation| operation.tags.iter().flatten().any(|tag| tag == "Evaluation");
    let bodies = complete::operations(&mut all).filter(asks).filter_map(|asked| asked.request_body.as_mut());
    for body in bodies {
        // An empty body asks without a context.
        body.required = Some(Required::False);
    }
    all.merge(managed);
    security::describe(&mut all);
    complete::complete(&mut all);
    all
}
