//! Where a request comes from.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap};

/// The client's address, behind so many proxies of ours; none where it is not known.
pub(crate) fn of(extensions: &Extensions, headers: &HeaderMap, proxies: usize) -> Option<IpAddr> {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let forwarded = headers.get_all("x-forwarded-for").iter().flat_map(|value| {
        // One by one: what a client wrote must not make what a proxy added to it unreadable.
        value.as_bytes().split(|byte| *byte == b',').map(|part| str::from_utf8(part).unwrap_or_default())
    });
    client(peer, forwarded, proxies)
}

/// The client's address. Of those that were forwarded only the last ones count, which our own proxies added: whatever
/// stands before them anybody can write. Where they added none that can be read it is not known: the peer is a proxy, and
/// a key that is bound to a network must not work because the proxy is in it.
fn client<'a>(
    peer: Option<IpAddr>,
    forwarded: impl DoubleEndedIterator<Item = &'a str>,
    proxies: usize,
) -> Option<IpAddr> {
    let Some(above) = proxies.checked_sub(1) else { return peer.map(|peer| peer.to_canonical()) };
    let claimed = forwarded.rev().nth(above)?;
    read(claimed.trim()).map(|address| address.to_canonical())
}

/// An address, to which some proxies add the port.
fn read(text: &str) -> Option<IpAddr> {
    let bare = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    text.parse().ok().or_else(|| text.parse().map(|with_port: SocketAddr| with_port.ip()).ok()).or_else(bare)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    /// Letters that are none in front of what a proxy added do not hide that.
    #[test]
    fn what_a_client_wrote_hides_nothing() {
        let mut headers = HeaderMap::new();
        let sent = HeaderValue::from_bytes(b"\xff, 203.0.113.7").unwrap();
        headers.insert("x-forwarded-for", sent);
        assert_eq!(of(&Extensions::new(), &headers, 1).unwrap().to_string(), "203.0.113.7");
        assert_eq!(of(&Extensions::new(), &headers, 2), None);
    }

    #[test]
    fn only_what_our_proxies_wrote_counts() {
        let peer = Some("10.0.0.1".parse().unwrap());
        let forwarded = ["6.6.6.6", " 203.0.113.7", "10.0.0.9"];
        for (proxies, expected) in [(0, "10.0.0.1"), (1, "10.0.0.9"), (2, "203.0.113.7")] {
            assert_eq!(client(peer, forwarded.into_iter(), proxies).unwrap().to_string(), expected);
        }
        assert_eq!(client(peer, forwarded.into_iter(), 9), None);
        assert_eq!(client(peer, ["no address"].into_iter(), 1), None);
        for (text, address) in [
            ("203.0.113.7:41000", "203.0.113.7"),
            ("[2001:db8::1]:41000", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("2001:db8::1", "2001:db8::1"),
        ] {
            assert_eq!(client(peer, [text].into_iter(), 1).unwrap().to_string(), address);
        }
        let mapped = Some("::ffff:10.0.0.1".parse().unwrap());
        assert_eq!(client(mapped, [].into_iter(), 0), peer);
    }
}
