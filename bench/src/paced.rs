//! The open loop: requests fall due at a constant rate, whether earlier ones were answered or not.
//!
//! A latency is counted from when its request was due, so that a server which stalls is charged for all that would have
//! been asked meanwhile ("coordinated omission"). Load generators on an asynchronous runtime sleep in milliseconds and then
//! ask in bursts, which is most of what they measure at rates of one request in each thirty microseconds; this one waits
//! busily, and so needs a core.

use std::collections::VecDeque;
use std::io::{Error, ErrorKind, Read, Result, Write};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use crate::cores::{self, Core};
use crate::question::Question;

/// How long is waited for the last answers.
const PATIENCE: Duration = Duration::from_secs(20);

/// The latencies, in nanoseconds.
pub(crate) type Latencies = Histogram<u64>;

/// Asks `rate` times a second for a time.
pub(crate) fn run(question: &Question, connections: usize, rate: f64, time: Duration) -> Result<Latencies> {
    cores::on(Core::Load, || ask(question, connections, rate, time))
}

fn ask(question: &Question, connections: usize, rate: f64, time: Duration) -> Result<Latencies> {
    let mut poll = Poll::new()?;
    let mut events = Events::with_capacity(connections);
    let mut open = Vec::new();
    for number in 0..connections {
        let stream = std::net::TcpStream::connect(question.address)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        let mut stream = TcpStream::from_std(stream);
        poll.registry().register(&mut stream, Token(number), Interest::READABLE)?;
        open.push(Connection { stream, answer: Vec::new(), due: Duration::ZERO });
    }
    let mut idle: VecDeque<usize> = (0..connections).collect();
    let request = question.wire();
    let mut buffer = vec![0; 64 * 1024];
    let mut latencies = Histogram::new(3).map_err(Error::other)?;
    let mut due = (0_u32..).map(|number| Duration::from_secs_f64(f64::from(number) / rate));
    let mut next = due.next().filter(|next| *next < time);
    let started = Instant::now();
    while next.is_some() || idle.len() < connections {
        while let Some(now_due) = next.filter(|next| *next <= started.elapsed()) {
            let Some(connection) = idle.pop_front().and_then(|number| open.get_mut(number)) else { break };
            connection.due = now_due;
            connection.stream.write_all(&request)?;
            next = due.next().filter(|next| *next < time);
        }
        poll.poll(&mut events, Some(Duration::ZERO))?;
        for event in &events {
            let Token(number) = event.token();
            let Some(connection) = open.get_mut(number) else { continue };
            if connection.is_answered(&mut buffer)? {
                let latency = started.elapsed().saturating_sub(connection.due).as_nanos();
                latencies.record(u64::try_from(latency).unwrap_or(u64::MAX)).map_err(Error::other)?;
                idle.push_back(number);
            }
        }
        if started.elapsed() > time + PATIENCE {
            return Err(Error::other("answers are missing"));
        }
    }
    Ok(latencies)
}

struct Connection {
    stream: TcpStream,
    /// What has come of the answer under way.
    answer: Vec<u8>,
    /// When the request was due that is under way, from the beginning.
    due: Duration,
}

impl Connection {
    /// Reads what there is. Whether that completes the answer; one other than 200 is an error.
    fn is_answered(&mut self, buffer: &mut [u8]) -> Result<bool> {
        loop {
            match self.stream.read(buffer) {
                Ok(0) => return Err(Error::other("the server has closed a connection")),
                Ok(count) => self.answer.extend(buffer.iter().take(count)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        let complete = is_complete(&self.answer)?;
        if complete {
            self.answer.clear();
        }
        Ok(complete)
    }
}

fn is_complete(answer: &[u8]) -> Result<bool> {
    let mut fields = [httparse::EMPTY_HEADER; 32];
    let mut head = httparse::Response::new(&mut fields);
    let httparse::Status::Complete(size) = head.parse(answer).map_err(Error::other)? else {
        return Ok(false);
    };
    if head.code != Some(200) {
        return Err(Error::other(format!("not an answer: {}", String::from_utf8_lossy(answer))));
    }
    let length = head.headers.iter().find(|field| field.name.eq_ignore_ascii_case("content-length"));
    let length =
        length.and_then(|field| str::from_utf8(field.value).ok()).and_then(|text| text.parse::<usize>().ok());
    let length = length.ok_or_else(|| Error::other("an answer without a length"))?;
    Ok(answer.len() >= size + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_falls_due_while_the_server_stalls_is_late() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let question =
            Question { address: listener.local_addr().unwrap(), path: "/".to_owned(), fields: Vec::new() };
        let request = question.wire();
        let stall = Duration::from_millis(200);
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = vec![0; request.len()];
            let mut answered = 0;
            while stream.read_exact(&mut asked).is_ok() {
                if answered == 0 {
                    std::thread::sleep(stall);
                }
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").unwrap();
                answered += 1;
            }
            answered
        });
        let latencies = ask(&question, 1, 500.0, stall / 2).unwrap();
        assert_eq!(latencies.len(), 50);
        assert!(
            Duration::from_nanos(latencies.min()) >= stall / 2 - Duration::from_millis(1),
            "{}",
            latencies.min()
        );
        assert_eq!(server.join().unwrap(), 50);
    }
}
