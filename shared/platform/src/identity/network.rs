//! The network of a caller, by which sign-ins are counted.

use std::fmt;
use std::net::IpAddr;

/// The network by which a caller's sign-ins are counted.
///
/// An IPv4 address is a network. An IPv6 address counts as its /64, because a caller usually has a whole /64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(Option<IpAddr>);

impl Network {
    /// The network of an address. Without an address, for example outside a gateway, the unknown network.
    pub fn of(address: Option<IpAddr>) -> Self {
        Self(address.map(|address| address.to_canonical()))
    }

    /// Whether the address is known.
    pub const fn is_known(self) -> bool {
        self.0.is_some()
    }
}

impl fmt::Display for Network {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => out.write_str("unknown"),
            Some(IpAddr::V4(address)) => address.fmt(out),
            Some(IpAddr::V6(address)) => {
                let [a, b, c, d, ..] = address.segments();
                write!(out, "{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(address: &str) -> String {
        Network::of(address.parse().ok()).to_string()
    }

    #[test]
    fn an_ipv6_address_counts_by_its_64_and_a_mapped_one_as_ipv4() {
        assert_eq!(network("203.0.113.7"), "203.0.113.7");
        assert_eq!(network("::ffff:203.0.113.7"), "203.0.113.7");
        assert_eq!(network("2001:db8:1:2:3::4"), "2001:db8:1:2::/64");
        assert_eq!(network("no address"), "unknown");
    }
}
