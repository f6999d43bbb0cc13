//! A client of a stream, which looks for nothing but what revision it was told.

use std::io::{Error, Result};
use std::time::Instant;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::UnboundedSender;

use crate::question::Question;

/// That all of a revision was told.
pub(crate) struct Told {
    pub(crate) revision: u64,
    pub(crate) at: Instant,
}

/// How much is read at once.
const READ: usize = 16 * 1024;

/// Asks for a stream.
pub(crate) async fn open(question: &Question) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(question.address).await?;
    stream.write_all(&question.wire()).await?;
    Ok(stream)
}

/// Tells each revision whose last event has come whole, until the stream ends or nobody listens.
pub(crate) async fn follow(mut stream: TcpStream, tell: UnboundedSender<Told>) -> Result<()> {
    let mut pending = Vec::new();
    loop {
        pending.reserve(READ);
        if stream.read_buf(&mut pending).await? == 0 {
            return Err(Error::other(format!("a stream has ended: {}", String::from_utf8_lossy(&pending))));
        }
        if let Some(revision) = revision(&pending)? {
            pending.clear();
            if tell.send(Told { revision, at: Instant::now() }).is_err() {
                return Ok(());
            }
        }
    }
}

/// The revision of an event that has come whole, to within a byte: the data has no line breaks, and the empty line after it
/// comes in one piece of a chunked answer, so that what is between pieces cannot hide it.
fn revision(pending: &[u8]) -> Result<Option<u64>> {
    const FIELD: &[u8] = b"id: ";
    let Some(start) = pending.windows(FIELD.len()).position(|bytes| bytes == FIELD) else { return Ok(None) };
    let rest = pending.get(start + FIELD.len()..).unwrap_or_default();
    if !rest.windows(2).any(|bytes| bytes == b"\n\n") {
        return Ok(None);
    }
    let digits: Vec<_> = rest.iter().copied().take_while(u8::is_ascii_digit).collect();
    let revision = String::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
    revision.map(Some).ok_or_else(|| Error::other("an id without a revision"))
}

#[cfg(test)]
mod tests {
    use super::revision;

    #[test]
    fn an_event_counts_once_it_has_come_whole() {
        let answer = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1d\r\nevent: patch\nid: 24-abc\ndata: \r\n2\r\n{}\r\n2\r\n\n\n\r\n";
        let whole = answer.len() - 3;
        for size in 0..whole {
            assert_eq!(revision(&answer[..size]).unwrap(), None, "{size}");
        }
        assert_eq!(revision(&answer[..whole]).unwrap(), Some(24));
        assert_eq!(revision(b"f\r\nid: 25-abc\n\n\r\n").unwrap(), Some(25));
        assert_eq!(revision(b"3\r\n:\n\n\r\n").unwrap(), None);
    }
}
