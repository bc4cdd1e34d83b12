//! The one DynamoDB table.
//!
//! The only place that builds keys, names attributes and calls the AWS SDK. Verbs carry intent: `create` fails where
//! the thing exists, `update` where it does not. No call scans the table; every loop and every list has a limit.
//!
//! - [`keys`]: partition and sort keys, built from tenants that verified tokens made;
//! - `items`: attributes to Rust values and back;
//! - one file per subject: organizations, logins, attempts to sign in, known networks, users, ledger pages, frozen reports,
//!   shapes of unread messages.

mod admin;
mod attempts;
mod backoff;
mod error;
mod items;
mod key;
mod known_networks;
mod ledger;
mod logins;
mod organizations;
mod query;
mod reports;
mod shapes;
pub mod table;
mod update;
mod usage;
mod users;
mod warm;

use aws_sdk_dynamodb::Client;

use crate::aws;
use crate::config::{self, ConfigError};

pub use admin::FoundKey;
pub use attempts::{
    Attempt, Counter, InFlight, MAX_EMAILS, MAX_GUESSES, MAX_GUESSES_AT_HOME, MAX_GUESSES_EVERYWHERE, WINDOW_SECONDS,
};
pub use error::{BadKeyHash, KeyHash, StoreError};
pub use known_networks::{Familiarity, KNOWN_SECONDS, KnownNetwork};
pub use ledger::{Appended, LedgerPages, Rejection};
pub use logins::{Login, LoginChange, MAX_ORGANIZATIONS};
pub use organizations::{Organization, RevokedLogin};
pub use reports::{FrozenReport, ReportDocument, ReportId};
pub use shapes::{
    CountedShape, KeptShape, MAX_SHAPES, MIN_USERS, NearestRule, ShapeTraffic, Sighting, Wording, by_traffic,
    months_between,
};
pub use usage::Usage;
pub use users::{
    NewUser, NumberCheck, NumberFault, NumberFaultKind, Registered, User, UserChanges, UserFilter, UserRef,
};
pub use warm::Reads;

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
        let shared = aws::environment().await?;
        let mut config = aws_sdk_dynamodb::config::Builder::from(&shared);
        if let Some(url) = config::optional("AWS_ENDPOINT_URL_DYNAMODB")? {
            config = config.endpoint_url(url);
        }
        Ok(Self::new(Client::from_conf(config.build()), table))
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
