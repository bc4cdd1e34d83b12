//! An HTTP client that is created at its first use.
//!
//! When the SDK's own client is configured, it creates a connector at once and reads the root certificates: a hundred
//! files, which takes some milliseconds before a function can ask for its first event. Two kinds of function need not
//! wait for that: one whose environment is started in advance, and one whose first request is refused before any call.

use std::sync::OnceLock;

use aws_smithy_http_client::tls::{self, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{HttpClient, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

/// HTTPS by rustls and ring, created with the first connector. Creating this value does no work.
#[derive(Debug, Default)]
pub(crate) struct LazyHttps(OnceLock<SharedHttpClient>);

impl HttpClient for LazyHttps {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let client = self.0.get_or_init(|| {
            aws_smithy_http_client::Builder::new()
                .tls_provider(tls::Provider::Rustls(CryptoMode::Ring))
                .build_https()
        });
        client.http_connector(settings, components)
    }
}
