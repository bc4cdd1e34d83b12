//! The table of the tests: on the embedded engine, or on the one that the environment names.

use std::collections::HashMap;
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Credentials;
use daftari_infra::template::{TEMPLATE, table_shape};
use daftari_local::Engine;
use daftari_platform::store::Store;
use daftari_platform::store::create_table::create_table;
use serde_json::Value;
use uuid::Uuid;

/// Endpoints of other engines, separated by commas, which take turns: a test's table is on one. If it is not set, every
/// test starts an embedded engine.
const ENDPOINTS: &str = "DAFTARI_TEST_DYNAMODB";
/// File with credentials for the other engine: `{"<function>": {"access_key": "...", "secret_key": "..."}}`, and the
/// same for [`ADMIN`].
const CREDENTIALS: &str = "DAFTARI_TEST_CREDENTIALS";
/// File that gets one line per skipped test.
const SKIPPED: &str = "DAFTARI_TEST_SKIPPED";

/// Name of the credentials that create tables, prepare data and inspect items.
const ADMIN: &str = "admin";

/// A separate table for one test.
pub struct Database {
    engine: Option<Engine>,
    endpoint: String,
    table: String,
    /// By function. Empty if the engine does not check credentials.
    credentials: HashMap<String, Credentials>,
}

impl Database {
    /// An empty table.
    pub(crate) async fn start() -> Self {
        let database = match next_endpoint() {
            None => {
                let engine = Engine::start(None, 0).await.expect("engine");
                Self {
                    endpoint: engine.endpoint(),
                    engine: Some(engine),
                    table: "daftari-test".to_owned(),
                    credentials: HashMap::new(),
                }
            }
            Some(endpoint) => Self {
                engine: None,
                endpoint,
                table: format!("daftari-test-{}", Uuid::new_v4().simple()),
                credentials: credentials(),
            },
        };
        let shape = table_shape(TEMPLATE).expect("table of the template");
        let created = create_table(&database.client().await, &database.table, &shape).await;
        assert!(created.expect("table"), "{} is new", database.table);
        database
    }

    /// Whether it is the embedded engine.
    pub const fn is_embedded(&self) -> bool {
        self.engine.is_some()
    }

    /// The URL on which the engine listens.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// A client that may do anything.
    pub async fn client(&self) -> Client {
        let client = daftari_local::engine::client(&self.endpoint).await;
        self.client_of(ADMIN, client)
    }

    /// The table as each function reaches it, through an endpoint of the engine or of a proxy in front of it.
    pub(crate) async fn stores(&self, endpoint: &str) -> Stores {
        let client = daftari_local::engine::client(endpoint).await;
        let store = |name| Store::new(self.client_of(name, client.clone()), self.table.clone());
        Stores {
            admin: store(ADMIN),
            functions: self
                .credentials
                .keys()
                .map(|name| (name.clone(), store(name)))
                .collect(),
        }
    }

    /// The client with a function's credentials.
    fn client_of(&self, name: &str, client: Client) -> Client {
        if self.credentials.is_empty() {
            return client;
        }
        let credentials = self.credentials.get(name);
        let credentials = credentials.unwrap_or_else(|| panic!("{CREDENTIALS}: no credentials of {name}"));
        let config = client.config().to_builder();
        Client::from_conf(config.credentials_provider(credentials.clone()).build())
    }
}

/// The table, with each function's credentials.
#[derive(Clone)]
pub(crate) struct Stores {
    pub(crate) admin: Store,
    functions: HashMap<String, Store>,
}

impl Stores {
    pub(crate) fn of(&self, function: &str) -> Store {
        if self.functions.is_empty() {
            return self.admin.clone();
        }
        let store = self.functions.get(function);
        store
            .unwrap_or_else(|| panic!("{CREDENTIALS}: no credentials of {function}"))
            .clone()
    }
}

/// Whether to skip a test because the engine is not the embedded one and lacks a needed feature. Reports the skip even
/// though the output of passing tests is captured.
#[must_use]
pub fn skipped_elsewhere(test: &str, because: &str) -> bool {
    let Some(endpoints) = variable(ENDPOINTS) else {
        return false;
    };
    let line = format!("SKIPPED on {endpoints}: {test}: {because}\n");
    std::io::stderr().write_all(line.as_bytes()).expect("standard error");
    if let Some(file) = variable(SKIPPED) {
        let file = std::fs::File::options().append(true).create(true).open(file);
        let written = file.and_then(|mut file| file.write_all(line.as_bytes()));
        written.unwrap_or_else(|error| panic!("{SKIPPED}: {error}"));
    }
    true
}

/// The engine of the next test, if it is not an embedded one.
fn next_endpoint() -> Option<String> {
    static TURN: AtomicUsize = AtomicUsize::new(0);
    let endpoints = variable(ENDPOINTS)?;
    let endpoints: Vec<&str> = endpoints.split(',').collect();
    let turn = TURN.fetch_add(1, Ordering::Relaxed);
    Some(endpoints[turn % endpoints.len()].to_owned())
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn credentials() -> HashMap<String, Credentials> {
    let path = variable(CREDENTIALS).unwrap_or_else(|| panic!("{CREDENTIALS} is not set"));
    let text = std::fs::read_to_string(&path);
    let text = text.unwrap_or_else(|error| panic!("{CREDENTIALS}: {path}: {error}"));
    let all: HashMap<String, Value> =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{CREDENTIALS}: {error}"));
    let read = |(name, of): (String, Value)| {
        let text = |member: &str| {
            let text = of[member].as_str().map(str::to_owned);
            text.unwrap_or_else(|| panic!("{CREDENTIALS}: {name} has no {member}"))
        };
        let read = Credentials::new(text("access_key"), text("secret_key"), None, None, "test");
        (name, read)
    };
    all.into_iter().map(read).collect()
}
