//! The proxies in front of the gateway whose `X-Forwarded-For` is trusted.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

use http::HeaderMap;
use ipnet::IpNet;

/// The header to which each proxy appends the address of its caller.
const FORWARDED_FOR: &str = "x-forwarded-for";
/// Most proxies in a row.
const MAX_HOPS: usize = 16;

/// The networks of trusted proxies; by default none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Arc<[IpNet]>);

impl FromStr for TrustedProxies {
    type Err = String;

    /// Reads networks in CIDR notation, or single addresses, separated by commas.
    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let networks = parts.map(|part| {
            let network = part.parse().or_else(|_| part.parse::<IpAddr>().map(IpNet::from));
            network.map_err(|_| format!("{part} is not a network such as 192.0.2.0/24"))
        });
        networks.collect::<Result<_, _>>().map(Self)
    }
}

impl TrustedProxies {
    /// The address of the caller whose connection came from `source`: the last address in `X-Forwarded-For` that is not
    /// a trusted proxy. Everything before it can be forged, because only trusted proxies are known to append the
    /// address that they see.
    ///
    /// If the list ends or an entry is malformed, it is the last trusted proxy.
    pub(crate) fn caller(&self, source: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut at = source.to_canonical();
        let values = headers.get_all(FORWARDED_FOR).iter();
        let hops: Vec<&str> = values
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        for hop in hops.into_iter().rev().take(MAX_HOPS) {
            if !self.include(at) {
                break;
            }
            let Some(address) = read_address(hop.trim()) else {
                break;
            };
            at = address;
        }
        at
    }

    fn include(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// An address, which may have a port.
pub(crate) fn read_address(text: &str) -> Option<IpAddr> {
    let address = text.parse::<IpAddr>();
    let address = address.or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip()));
    address.ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn caller(trusted: &str, source: &str, forwarded: &[&str]) -> String {
        let trusted: TrustedProxies = trusted.parse().expect("networks");
        let header = |value: &&str| (FORWARDED_FOR.parse().expect("name"), value.parse().expect("value"));
        let headers: HeaderMap = forwarded.iter().map(header).collect();
        trusted.caller(source.parse().expect("source"), &headers).to_string()
    }

    #[test]
    fn without_a_trusted_proxy_the_header_counts_for_nothing() {
        assert_eq!(caller("", "203.0.113.7", &["192.0.2.1"]), "203.0.113.7");
        assert_eq!(caller("198.51.100.0/24", "203.0.113.7", &["192.0.2.1"]), "203.0.113.7");
    }

    #[test]
    fn the_last_address_that_is_not_a_trusted_proxy_is_the_caller() {
        let trusted = "198.51.100.0/24, 2001:db8:1::/48,10.0.0.1";
        for (forwarded, wanted) in [
            (&["192.0.2.1"] as &[&str], "192.0.2.1"),
            // The gateway appends the address that it sees. Forged entries precede it.
            (&["192.0.2.1, 198.51.100.9"], "192.0.2.1"),
            (&["6.6.6.6, 192.0.2.1, 10.0.0.1,198.51.100.9"], "192.0.2.1"),
            (&["6.6.6.6", "192.0.2.1"], "192.0.2.1"),
            (&["192.0.2.1:4711"], "192.0.2.1"),
            (&["[2001:db8:2::1]:4711, 2001:db8:1::1"], "2001:db8:2::1"),
            (&["::ffff:192.0.2.1"], "192.0.2.1"),
            // No caller beside proxies, or nothing to read.
            (&[], "198.51.100.9"),
            (&["198.51.100.1"], "198.51.100.1"),
            (&["192.0.2.1, unknown"], "198.51.100.9"),
            (&[""], "198.51.100.9"),
        ] {
            assert_eq!(caller(trusted, "198.51.100.9", forwarded), wanted, "{forwarded:?}");
        }
    }

    #[test]
    fn networks_that_cannot_be_read_are_named() {
        let error = "192.0.2.0/24,192.0.2.0/33"
            .parse::<TrustedProxies>()
            .expect_err("33 bits");
        assert!(error.starts_with("192.0.2.0/33 "), "{error}");
        assert_eq!(" , ".parse(), Ok(TrustedProxies::default()));
    }

    proptest! {
        #[test]
        fn a_caller_cannot_change_its_address_by_what_it_sends(sent in "[0-9a-f.:, ]{0,60}") {
            let forwarded = format!("{sent}, 192.0.2.1, 198.51.100.9");
            prop_assert_eq!(caller("198.51.100.0/24", "198.51.100.9", &[&forwarded]), "192.0.2.1");
        }
    }
}
