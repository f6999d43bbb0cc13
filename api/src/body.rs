//! A request's body, read up to a limit.

use axum::body::{Body, Bytes, to_bytes};
use domain::Error;
use http_body_util::LengthLimitError;

use crate::envelope::Result;

/// The largest body in bytes: 1 MiB.
pub(crate) const LIMIT: usize = 1024 * 1024;

/// The largest body that brings whole projects, in bytes: 32 MiB.
pub(crate) const IMPORT_LIMIT: usize = 32 * 1024 * 1024;

/// The whole body.
pub(crate) async fn read(body: Body) -> Result<Bytes> {
    read_up_to(body, LIMIT).await
}

/// The whole body, which may have so many bytes.
pub(crate) async fn read_up_to(body: Body, limit: usize) -> Result<Bytes> {
    Ok(to_bytes(body, limit).await.map_err(|error| {
        let is_too_large =
            std::iter::successors(Some(&error as &dyn std::error::Error), |error| error.source())
                .any(|error| matches!(error.downcast_ref(), Some(LengthLimitError { .. })));
        match is_too_large {
            true => Error::TooLarge { limit: limit as u64 },
            false => Error::invalid("body", "it ended before it was complete"),
        }
    })?)
}
