//! A connection whose client has to read what is written to it, or it is dropped.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// A stream that fails where it could not be written to for some time.
pub(super) struct Guarded<S> {
    stream: S,
    timeout: Duration,
    /// Set while the other end takes nothing. Most never get there, and need no timer.
    stalled: Option<Pin<Box<Sleep>>>,
}

/// Why a connection was dropped.
#[derive(Debug, thiserror::Error)]
#[error("the client does not read")]
struct Stall;

/// Whether an error says that.
pub(super) fn is_stall(error: &io::Error) -> bool {
    error.get_ref().and_then(|cause| cause.downcast_ref::<Stall>()).is_some()
}

impl<S> Guarded<S> {
    pub(super) fn new(stream: S, timeout: Duration) -> Self {
        Self { stream, timeout, stalled: None }
    }

    /// Passes on what writing came to, unless it has come to nothing for too long.
    fn watch<T>(&mut self, written: Poll<io::Result<T>>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let timeout = self.timeout;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(timeout)));
        ready!(stalled.as_mut().poll(context));
        // Whoever asks again waits again.
        stalled.as_mut().reset(Instant::now() + timeout);
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, Stall)))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Guarded<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Guarded<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watch(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.watch(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.watch(flushed, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    const TIMEOUT: Duration = Duration::from_secs(20);

    #[tokio::test(start_paused = true)]
    async fn whoever_does_not_read_is_dropped() {
        let (ours, _theirs) = duplex(64);
        let mut guarded = Guarded::new(ours, TIMEOUT);
        guarded.write_all(&[0; 64]).await.unwrap();
        let start = Instant::now();
        let error = guarded.write_all(&[0; 1]).await.unwrap_err();
        assert!(is_stall(&error), "{error}");
        assert_eq!(start.elapsed().as_secs(), TIMEOUT.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_reads_slowly_is_not() {
        let (ours, mut theirs) = duplex(64);
        let mut guarded = Guarded::new(ours, TIMEOUT);
        let reading = tokio::spawn(async move {
            for _ in 0..40 {
                tokio::time::sleep(TIMEOUT * 9 / 10).await;
                theirs.read_exact(&mut [0; 16]).await.unwrap();
            }
        });
        guarded.write_all(&[0; 640]).await.unwrap();
        reading.await.unwrap();
    }
}
