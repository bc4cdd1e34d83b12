//! The one DynamoDB table.
//!
//! The only module that builds keys, names attributes and calls DynamoDB. `create` fails if the item exists, `update`
//! if it does not. Requests never scan the table; every loop and every list has a limit.
//!
//! From the ground up:
//!
//! - `attributes`, `primary_key`, `primary_key_users`, `items`: attribute values; partition and sort keys, built from
//!   tenants that only the verifier of tokens makes; items to Rust values and back;
//! - `operation`, `call`: requests as plain values; `Table`, the only type that holds the SDK's client, sends them,
//!   meters their capacity and translates their faults;
//! - `user_items`: creating items in a user's partition, unless the user is being erased;
//! - one module for each subject: organizations, their use, logins, sign-in counters, known networks, users, ledger
//!   pages, frozen reports, unread messages of a user, shapes of unread messages;
//! - `scan`: the operator's tool reads the whole table.

mod attempts;
mod attributes;
mod backoff;
mod call;
pub mod create_table;
mod error;
mod fault;
mod items;
mod known_networks;
mod ledger;
mod logins;
mod operation;
mod organizations;
mod primary_key;
mod primary_key_users;
mod rate_counter;
mod reports;
mod scan;
mod shapes;
mod unrecognized;
mod usage;
mod user_items;
mod users;
mod warm_up;

use aws_sdk_dynamodb::Client;

use crate::aws;
use crate::config::{self, ConfigError};

pub use attempts::{
    Attempt, Counter, InFlight, MAX_EMAILS, MAX_GUESSES, MAX_GUESSES_AT_HOME, MAX_GUESSES_EVERYWHERE, TooManyAttempts,
    WINDOW_SECONDS,
};
pub use error::{BadKeyHash, KeyHash, StoreError};
pub use known_networks::{Familiarity, KNOWN_SECONDS, KnownNetwork};
pub use ledger::{Appended, LedgerPages, Rejection};
pub use logins::{Login, LoginChange, MAX_ORGANIZATIONS};
pub use organizations::{Organization, OwnLimits, RevokedLogin};
pub use reports::{FrozenReport, ReportDocument};
pub use scan::{ErasedUser, FoundKey};
pub use shapes::{
    CountedShape, KeptShape, MAX_SHAPES, MIN_USERS, NearestRule, ShapeTraffic, Sighting, Wording, by_traffic,
    months_between,
};
pub use unrecognized::Sorted;
pub use usage::Usage;
pub use users::{
    CountedList, GRACE_SECONDS, LAYOUT_SECONDS, Migrated, NewUser, NumberCheck, NumberFault, NumberFaultKind,
    Registered, UncountedList, User, UserChanges, UserFilter, UserPage, UserRef,
};
pub use warm_up::WarmUp;

use call::Table;
use users::{Layouts, Marks};

/// The table, and the counter of the capacity consumed through this handle. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    table: Table,
    layouts: Layouts,
    marks: Marks,
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

    /// The table of the given name, called by the given client.
    pub fn new(client: Client, table: String) -> Self {
        Self {
            table: Table::new(client, table),
            layouts: Layouts::default(),
            marks: Marks::default(),
        }
    }

    /// The same table; the capacity consumed through the new handle is added to `usage`.
    #[must_use]
    pub fn counting(&self, usage: &Usage) -> Self {
        Self {
            table: self.table.metered_by(usage),
            layouts: self.layouts.clone(),
            marks: self.marks.clone(),
        }
    }

    /// The name of the table.
    pub fn table_name(&self) -> &str {
        self.table.name()
    }

    /// The capacity consumed through this handle and its clones.
    pub fn usage(&self) -> &Usage {
        self.table.usage()
    }
}
