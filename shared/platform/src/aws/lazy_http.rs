//! An HTTP client that is made at its first use.
//!
//! The SDK's own client, when it is put into a configuration, opens a connector at once to read the root certificates: a
//! hundred files and some milliseconds before a function can ask for its first event. A function whose environment is
//! started ahead, or whose first request is refused at the door, need not wait for them.

use std::sync::OnceLock;

use aws_smithy_http_client::tls::{self, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{HttpClient, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

/// HTTPS by rustls and ring, made when the first connector is asked for. Does nothing when it is configured.
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
