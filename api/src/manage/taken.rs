//! What an operation does not take is refused, instead of being left unread: whoever sends it means something by it.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::{Body, HttpBody};
use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use domain::{Error, FieldError};
use serde::Deserialize;
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::{Operation, ParameterIn};
use validator::{Validate, ValidationErrors};

use super::query::Fields;
use crate::body;
use crate::envelope::Result;

/// What an operation reads of a request.
#[derive(Clone, Copy, Debug)]
struct Reads {
    query: bool,
    body: bool,
}

/// What the operations read, by their paths and methods, as the document says.
#[derive(Clone, Debug)]
pub(super) struct Taken(Arc<HashMap<String, Vec<(Method, Reads)>>>);

impl Taken {
    /// Of the operations of a document.
    pub(super) fn of(document: &OpenApi) -> Self {
        let items = document.paths.paths.iter().map(|(path, item)| {
            let operations = [
                (Method::GET, &item.get),
                (Method::HEAD, &item.get),
                (Method::PUT, &item.put),
                (Method::POST, &item.post),
                (Method::DELETE, &item.delete),
                (Method::PATCH, &item.patch),
            ];
            let said =
                operations.into_iter().filter_map(|(method, said)| Some((method, reads(said.as_ref()?))));
            (path.clone(), said.collect())
        });
        Self(Arc::new(items.collect()))
    }

    fn reads(&self, request: &Request) -> Option<Reads> {
        let path = request.extensions().get::<MatchedPath>()?;
        let methods = self.0.get(path.as_str())?;
        methods.iter().find(|(method, _)| method == request.method()).map(|(_, reads)| *reads)
    }
}

fn reads(operation: &Operation) -> Reads {
    let query = operation.parameters.iter().flatten().any(|one| one.parameter_in == ParameterIn::Query);
    Reads { query, body: operation.request_body.is_some() }
}

/// Refuses a query and a body where the operation reads none.
pub(super) async fn check(State(taken): State<Taken>, request: Request, next: Next) -> Result<Response> {
    // A method that is not taken is answered by the router.
    let Some(reads) = taken.reads(&request) else { return Ok(next.run(request).await) };
    let (head, mut sent) = request.into_parts();
    if !reads.query {
        let unknown = |name: &str| FieldError { path: name.to_owned(), message: NO_FIELD.to_owned() };
        Error::refuse(Fields::of(&head)?.names().map(unknown).collect())?;
    }
    if !reads.body && !sent.is_end_stream() {
        let bytes = body::read(sent).await.map_err(|_| Error::invalid("", "no body is taken"))?;
        if !bytes.is_empty() {
            domain::parse::<Nothing>(&bytes)?;
        }
        sent = Body::empty();
    }
    Ok(next.run(Request::from_parts(head, sent)).await)
}

/// What a field is refused with that is none.
const NO_FIELD: &str = "there is no such field";

/// A command without fields.
#[derive(Deserialize)]
struct Nothing {}

impl Validate for Nothing {
    fn validate(&self) -> std::result::Result<(), ValidationErrors> {
        Ok(())
    }
}
