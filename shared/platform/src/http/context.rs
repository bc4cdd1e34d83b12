//! Facts about one request, collected while it is answered.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, OnceLock};

use axum::extract::FromRequestParts;
use http::request::Parts;
use lambda_http::request::RequestContext as LambdaRequestContext;

use crate::error::Error;
use crate::identity::Tenant;
use crate::proxies::{TrustedProxies, read_address};
use crate::store::Usage;

/// Facts about one request, for its log line and its problem document. Cheap to clone; all clones share the facts.
#[derive(Clone, Debug)]
pub struct RequestContext(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    id: String,
    usage: Usage,
    route: OnceLock<String>,
    tenant: OnceLock<Tenant>,
}

impl RequestContext {
    /// A request at its start.
    pub(super) fn new(id: String) -> Self {
        let usage = Usage::default();
        Self(Arc::new(Inner {
            id,
            usage,
            route: OnceLock::new(),
            tenant: OnceLock::new(),
        }))
    }

    /// The id that the answer and the log line carry.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// The capacity that the request has consumed so far.
    pub fn usage(&self) -> &Usage {
        &self.0.usage
    }

    /// The pattern of the route that matched; never the path itself, which names users.
    pub(super) fn route(&self) -> &str {
        self.0.route.get().map_or("none", String::as_str)
    }

    pub(super) fn set_route(&self, pattern: &str) {
        let _ = self.0.route.set(pattern.to_owned());
    }

    /// The tenant of the token, once it is verified.
    pub(super) fn tenant(&self) -> Option<Tenant> {
        self.0.tenant.get().copied()
    }

    pub(super) fn set_tenant(&self, tenant: Tenant) {
        let _ = self.0.tenant.set(tenant);
    }
}

impl<S: Sync> FromRequestParts<S> for RequestContext {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let context = parts.extensions.get().cloned();
        context.ok_or_else(|| Error::internal("router is not wrapped in a service"))
    }
}

/// The address a request came from, as the gateway saw it: clients can forge headers. Behind [`TrustedProxies`], which
/// the function shares with its handlers, it is the address that the proxies saw. Absent outside a gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceAddress(pub Option<IpAddr>);

impl<S: Sync> FromRequestParts<S> for SourceAddress {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let Some(LambdaRequestContext::ApiGatewayV2(context)) = parts.extensions.get() else {
            return Ok(Self(None));
        };
        let source = context.http.source_ip.as_deref().map(source_address);
        let proxies = parts.extensions.get::<TrustedProxies>();
        Ok(Self(source.map(|source| match proxies {
            Some(proxies) => proxies.caller(source, &parts.headers),
            None => source,
        })))
    }
}

/// An address as the gateway writes it: with mutual TLS it may have a port. All unreadable addresses count as one
/// address, so that the limits of sign-ins also apply to them.
fn source_address(text: &str) -> IpAddr {
    read_address(text).unwrap_or_else(|| {
        tracing::error!(target: "daftari::gateway", "the source address of a request cannot be read");
        UNREADABLE
    })
}

const UNREADABLE: IpAddr = IpAddr::V6(Ipv6Addr::UNSPECIFIED);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_address_is_read_with_and_without_a_port() {
        for (text, address) in [
            ("192.0.2.1", "192.0.2.1"),
            ("192.0.2.1:50422", "192.0.2.1"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]:50422", "2001:db8::1"),
        ] {
            assert_eq!(source_address(text), address.parse::<IpAddr>().expect(address));
        }
    }

    #[test]
    fn unreadable_source_addresses_are_counted_as_one() {
        for text in ["", "unknown", "192.0.2.1, 198.51.100.7"] {
            assert_eq!(source_address(text), UNREADABLE);
        }
    }
}
