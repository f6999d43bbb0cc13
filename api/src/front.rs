//! Evaluations by `GET` in front of the router.
//!
//! They are most of what is asked, and wait for nothing: so they are answered where they are read, without what a route needs
//! in between, which costs as much as reading, evaluating and answering together: futures and bodies in boxes, and what the
//! router notes of each request. docs/BENCHMARKS.md has figures.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Method, Request};
use axum::response::{IntoResponse, Response};
use axum::routing::future::RouteFuture;
use axum::{BoxError, Router};
use futures_util::future::Either;
use tower_service::Service;

use crate::{Api, eval};

/// The routes for machines and, beside them, a router of pages.
#[derive(Clone)]
pub struct Front {
    api: Api,
    router: Router,
}

impl Front {
    /// Answers what the API answers, and whatever else `pages` do.
    pub fn new(api: Api, pages: Router) -> Self {
        Self { router: crate::router(api.clone()).merge(pages), api }
    }
}

impl<B> Service<Request<B>> for Front
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Either<Ready<Result<Response, Infallible>>, RouteFuture<Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // A router always is.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        match at_once(&self.api, &request) {
            Some(answer) => Either::Left(ready(Ok(answer))),
            None => Either::Right(self.router.call(request.map(Body::new))),
        }
    }
}

/// The answer to an evaluation by `GET`; none for everything else, which routes answer.
fn at_once<B>(api: &Api, request: &Request<B>) -> Option<Response> {
    if request.method() != Method::GET {
        return None;
    }
    let path = request.uri().path();
    let below = eval::PATHS.iter().find_map(|flags| path.strip_prefix(flags))?;
    let asked = match below.strip_prefix('/') {
        None if below.is_empty() => eval::all_asked(api, request),
        Some(key) if !key.is_empty() && !key.contains('/') => eval::one_asked(api, request),
        _ => return None,
    };
    Some(asked.into_response())
}
