//! `togglebit healthcheck`: for containers, which have no curl.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::failure::Failure;

/// How long the server may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Asks the server on this machine that listens on `addr`.
pub(crate) async fn check(addr: SocketAddr) -> Result<(), Failure> {
    let addr = SocketAddr::new(reachable(addr.ip()), addr.port());
    let answer = timeout(PATIENCE, ask(addr)).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
    match answer {
        Ok(answer) if answer.starts_with("HTTP/1.1 200 ") => Ok(()),
        Ok(answer) => {
            let status = answer.lines().next().unwrap_or_default().to_owned();
            Err(Failure::Unhealthy { addr, source: io::Error::other(status) })
        }
        Err(source) => Err(Failure::Unhealthy { addr, source }),
    }
}

async fn ask(addr: SocketAddr) -> io::Result<String> {
    let mut stream = TcpStream::connect(addr).await?;
    let request = format!("GET /health HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

/// A server that listens everywhere is reached on the loopback address.
fn reachable(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    }
}
