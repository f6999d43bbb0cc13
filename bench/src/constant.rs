//! The baseline: a bare axum route, without layers, that answers the same bytes each time.

use std::io::{Error, Result};
use std::net::SocketAddr;

use axum::Router;
use axum::routing::get;
use axum::serve::ListenerExt;
use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, DATE, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::http_client::Answer;

/// The argument that makes this program serve a constant; the address, the path and the answer's file follow.
pub(crate) const ARGUMENT: &str = "--constant";

/// An answer as a text that [`serve`] reads: its fields line by line, an empty line, the body. What a server adds by
/// itself is left out.
pub(crate) fn text(answer: &Answer) -> Vec<u8> {
    let mut text = Vec::new();
    for (name, value) in &answer.headers {
        if ![CONNECTION, CONTENT_LENGTH, DATE, TRANSFER_ENCODING].contains(name) {
            text.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\n"].concat());
        }
    }
    text.push(b'\n');
    text.extend(&answer.body);
    text
}

/// Serves what `file` says at `path` until it is ended.
pub(crate) fn serve(address: &str, path: &str, file: &str) -> Result<()> {
    let address: SocketAddr = address.parse().map_err(Error::other)?;
    let (headers, body) = read(&std::fs::read(file)?)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let answer = move || {
            let answer = (headers.clone(), body.clone());
            async move { answer }
        };
        let listener = tokio::net::TcpListener::bind(address).await?;
        let listener = listener.tap_io(|connection| {
            let _ = connection.set_nodelay(true);
        });
        axum::serve(listener, Router::new().route(path, get(answer))).await
    })
}

/// The body may be compressed, and so no text.
fn read(bytes: &[u8]) -> Result<(HeaderMap, Bytes)> {
    const END: &[u8] = b"\n\n";
    let end = bytes.windows(END.len()).position(|pair| pair == END);
    let (head, body) = end
        .and_then(|end| Some((bytes.get(..end)?, bytes.get(end + END.len()..)?)))
        .ok_or_else(|| Error::other("no answer"))?;
    let head = std::str::from_utf8(head).map_err(Error::other)?;
    let mut headers = HeaderMap::new();
    for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
        headers.insert(
            name.parse::<HeaderName>().map_err(Error::other)?,
            value.parse::<HeaderValue>().map_err(Error::other)?,
        );
    }
    Ok((headers, Bytes::copy_from_slice(body)))
}
