//! Where a request comes from.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap};

/// The client's address, behind so many proxies of ours; none where it is not known.
pub(crate) fn of(extensions: &Extensions, headers: &HeaderMap, proxies: usize) -> Option<IpAddr> {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let forwarded = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    client(peer, forwarded.flat_map(|value| value.split(',')), proxies)
}

/// The client's address. Of those that were forwarded only the last ones count, which our own proxies added: whatever
/// stands before them anybody can write.
fn client<'a>(
    peer: Option<IpAddr>,
    forwarded: impl DoubleEndedIterator<Item = &'a str>,
    proxies: usize,
) -> Option<IpAddr> {
    let Some(above) = proxies.checked_sub(1) else { return peer.map(|peer| peer.to_canonical()) };
    let claimed = forwarded.rev().nth(above).and_then(|address| address.trim().parse::<IpAddr>().ok());
    claimed.or(peer).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::client;

    #[test]
    fn only_what_our_proxies_wrote_counts() {
        let peer = Some("10.0.0.1".parse().unwrap());
        let forwarded = ["6.6.6.6", " 203.0.113.7", "10.0.0.9"];
        for (proxies, expected) in [(0, "10.0.0.1"), (1, "10.0.0.9"), (2, "203.0.113.7"), (9, "10.0.0.1")] {
            assert_eq!(client(peer, forwarded.into_iter(), proxies).unwrap().to_string(), expected);
        }
        assert_eq!(client(peer, ["no address"].into_iter(), 1), peer);
        let mapped = Some("::ffff:10.0.0.1".parse().unwrap());
        assert_eq!(client(mapped, [].into_iter(), 0), peer);
    }
}
