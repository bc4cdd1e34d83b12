//! The one DynamoDB table.
//!
//! The only place that builds keys, names attributes and calls the AWS SDK. Verbs carry intent: `create` fails where
//! the thing exists, `update` where it does not. No call scans the table; every loop and every list has a limit.
//!
//! - [`keys`]: partition and sort keys, built from tenants that verified tokens made;
//! - `items`: attributes to Rust values and back;
//! - one file per subject: organizations, logins, login attempts, users, ledger pages, frozen reports.

mod admin;
mod attempts;
mod backoff;
mod error;
mod items;
mod keys;
mod lazy_http;
mod ledger;
mod logins;
mod organizations;
mod query;
mod reports;
pub mod table;
mod usage;
mod users;

use aws_config::BehaviorVersion;
use aws_config::environment::{
    EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider,
};
use aws_config::meta::region::ProvideRegion;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::Client;
use std::time::Duration;

use crate::config::{self, ConfigError};

pub use attempts::{Attempt, MAX_FAILURES, WINDOW_SECONDS};
pub use error::StoreError;
pub use ledger::{Appended, LedgerPages, Rejection};
pub use logins::Login;
pub use organizations::Organization;
pub use reports::{FrozenReport, ReportDocument, ReportId};
pub use usage::Usage;
pub use users::{NewUser, Registered, User, UserChanges, UserFilter, UserRef};

/// The table, and the counter of what is consumed through this handle. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    client: Client,
    table: String,
    usage: Usage,
}

impl Store {
    /// The table of the given name, with region, credentials and endpoint from the environment.
    pub async fn from_env(table: String) -> Result<Self, ConfigError> {
        Ok(Self::new(client_from_env().await?, table))
    }

    /// A table behind a client of one's own making.
    pub fn new(client: Client, table: String) -> Self {
        Self {
            client,
            table,
            usage: Usage::default(),
        }
    }

    /// The same table, with what is consumed added to `usage`.
    #[must_use]
    pub fn counting(&self, usage: &Usage) -> Self {
        Self {
            usage: usage.clone(),
            ..self.clone()
        }
    }

    /// The name of the table.
    pub fn table_name(&self) -> &str {
        &self.table
    }

    /// What was consumed through this handle and its clones.
    pub fn usage(&self) -> &Usage {
        &self.usage
    }
}

/// A client for the region, credentials and endpoint that the environment states: what a Lambda gives its functions.
///
/// Connections are made, and root certificates read, at the first call and not before. Retries and time-outs are
/// bounded so that a failing store is reported within a request's time budget. Profiles, roles and metadata services
/// are not looked at, and their code is in no function's binary; [`client_config`] does look at them.
async fn client_from_env() -> Result<Client, ConfigError> {
    let region = EnvironmentVariableRegionProvider::new().region().await;
    let region = region.ok_or_else(|| ConfigError::new("AWS_REGION", "is not set"))?;
    let mut client = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(region)
        .credentials_provider(EnvironmentVariableCredentialsProvider::new())
        .http_client(lazy_http::LazyHttps::default())
        .retry_config(retries())
        .timeout_config(time_limits());
    for variable in ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB"] {
        if let Some(url) = config::optional(variable)? {
            client = client.endpoint_url(url);
        }
    }
    Ok(Client::from_conf(client.build()))
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

/// How the clients of tools are set up, before the environment, profiles and roles are read.
pub fn client_config() -> aws_config::ConfigLoader {
    aws_config::defaults(BehaviorVersion::latest())
        .http_client(lazy_http::LazyHttps::default())
        .retry_config(retries())
        .timeout_config(time_limits())
}
