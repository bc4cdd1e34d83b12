//! AWS clients: region, credentials, endpoints, retries and timeouts.
//!
//! Functions take region and credentials from Lambda's environment variables. They ignore profiles, roles and metadata
//! services, whose code is not in their binaries. [`client_config`] supports these, for tools.

mod lazy_http;
mod secrets;

use std::time::Duration;

use aws_config::environment::{EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider};
use aws_config::meta::region::ProvideRegion;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_dynamodb::config::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::http::HttpClient;

use crate::config::{self, ConfigError};

pub use secrets::{SecretError, SecretReader};

/// The shared configuration of all clients of a function, from Lambda's environment variables.
///
/// Connections are opened, and root certificates read, at the first call. Retries and timeouts are bounded, so that a
/// failing service is reported within a request's time budget.
pub(crate) async fn environment() -> Result<SdkConfig, ConfigError> {
    let region = EnvironmentVariableRegionProvider::new().region().await;
    let region = region.ok_or_else(|| ConfigError::new("AWS_REGION", "is not set"))?;
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(region)
        .credentials_provider(SharedCredentialsProvider::new(
            EnvironmentVariableCredentialsProvider::new(),
        ))
        .http_client(https())
        .retry_config(retries())
        .timeout_config(time_limits());
    config.set_endpoint_url(config::optional("AWS_ENDPOINT_URL")?);
    Ok(config.build())
}

/// The HTTP client: HTTPS by rustls and ring, and plain HTTP if an endpoint demands it.
pub fn https() -> impl HttpClient {
    lazy_http::LazyHttps::default()
}

/// The basic configuration of tools' clients, before environment, profiles and roles.
pub fn client_config() -> aws_config::ConfigLoader {
    aws_config::defaults(BehaviorVersion::latest())
        .http_client(https())
        .retry_config(retries())
        .timeout_config(time_limits())
}

fn retries() -> RetryConfig {
    RetryConfig::standard()
        .with_max_attempts(4)
        .with_initial_backoff(Duration::from_millis(50))
        .with_max_backoff(Duration::from_secs(1))
}

fn time_limits() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(1))
        .operation_attempt_timeout(Duration::from_secs(4))
        .operation_timeout(Duration::from_secs(10))
        .build()
}
