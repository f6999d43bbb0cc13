//! The baseline: a bare axum route, without layers, that returns a constant.

use std::io::Result;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::routing::get;
use axum::serve::ListenerExt;

/// The argument that makes this program serve the constant; the size in bytes and the path follow.
pub(crate) const ARGUMENT: &str = "--constant";

/// Serves `size` bytes at `path` on a free port, which it prints, until it is ended.
pub(crate) fn serve(size: usize, path: &str) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let body = "x".repeat(size);
        let answer = move || {
            let body = body.clone();
            async move { ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")], body) }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        println!("ready at http://{}", listener.local_addr()?);
        let listener = listener.tap_io(|connection| {
            let _ = connection.set_nodelay(true);
        });
        axum::serve(listener, Router::new().route(path, get(answer))).await
    })
}
