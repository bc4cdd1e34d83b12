//! The whole service in one process.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;

use daftari_domain::Timestamp;
use daftari_domain::ids::{LoginId, OrganizationId};
use daftari_platform::config::{Config, Edge};
use daftari_platform::identity::{
    Environment, FIRST_GENERATION, PasswordHash, SigningKeys, TokenIssuer, TokenVerifier,
};
use daftari_platform::proxies::TrustedProxies;
use daftari_platform::store::{Login, Organization, Store};
use daftari_platform::{Clock, Limits, Platform};
use uuid::Uuid;

use crate::database::{Database, Stores};
use crate::functions::{Parts, SERVED};
use crate::gateway::Gateway;
use crate::lender::Lender;

/// The time at which a test begins.
pub const NOW: &str = "2021-11-16T21:00:00+00:00";
/// The password of all logins of the tests.
pub const PASSWORD: &str = "correct horse battery staple";
const ISSUER: &str = "daftari";

/// The functions over an empty table, with a clock that only tests advance.
pub struct TestApp {
    /// The table's database. An embedded engine stops with the app.
    pub database: Database,
    /// Direct access to the table, for set-up and inspection.
    pub store: Store,
    /// All functions.
    pub gateway: Gateway,
    /// The clock.
    pub clock: Clock,
    /// The keys that sign tokens.
    pub keys: SigningKeys,
    /// Verifies tokens.
    pub verifier: TokenVerifier,
    config: Config,
    stores: Stores,
}

impl TestApp {
    /// Starts with a request budget that no test should reach.
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// Starts with a changed configuration.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let database = Database::start().await;
        let stores = database.stores(database.endpoint()).await;
        let store = stores.admin.clone();
        let keys = SigningKeys::generate().expect("keys");
        let mut config = Config {
            table: store.table_name().to_owned(),
            jwks: keys.to_jwks().expect("jwks"),
            issuer: ISSUER.to_owned(),
            edge: Edge {
                base_path: String::new(),
                time_budget: Duration::from_mins(1),
            },
            limits: Limits::NONE,
            trusted_proxies: TrustedProxies::default(),
        };
        change(&mut config);
        let clock = Clock::manual(NOW.parse::<Timestamp>().expect("now"));
        let gateway = gateway(&config, &stores, &clock, &keys);
        let verifier = Platform::new(&config, store.clone(), clock.clone())
            .expect("platform")
            .verifier()
            .clone();
        Self {
            database,
            store,
            gateway,
            clock,
            keys,
            verifier,
            config,
            stores,
        }
    }

    /// The functions over the same data through another endpoint, such as a failing proxy.
    pub async fn gateway_over(&self, endpoint: &str, time_budget: Duration) -> Gateway {
        let mut config = self.config.clone();
        config.edge.time_budget = time_budget;
        let stores = self.database.stores(endpoint).await;
        gateway(&config, &stores, &self.clock, &self.keys)
    }

    /// The platform of a function over the table.
    pub fn platform(&self) -> Platform {
        Platform::new(&self.config, self.store.clone(), self.clock.clone()).expect("platform")
    }

    /// The functions as separate, fresh processes: with empty caches.
    pub fn restarted(&self) -> Gateway {
        gateway(&self.config, &self.stores, &self.clock, &self.keys)
    }

    /// The table with the credentials of a function.
    pub fn store_of(&self, function: &str) -> Store {
        self.stores.of(function)
    }

    /// The same through another endpoint, such as a proxy.
    pub async fn store_over(&self, endpoint: &str, function: &str) -> Store {
        self.database.stores(endpoint).await.of(function)
    }

    /// All items of the table.
    pub async fn items(&self) -> Vec<HashMap<String, AttributeValue>> {
        let client = self.database.client().await;
        let scan = client
            .scan()
            .table_name(self.store.table_name())
            .into_paginator()
            .items()
            .send();
        scan.collect::<Result<_, _>>().await.expect("scan")
    }

    /// All items whose partition key contains the user.
    pub async fn items_of(&self, user: &str) -> Vec<HashMap<String, AttributeValue>> {
        let mut items = self.items().await;
        items.retain(|item| item["PK"].as_s().expect("PK").contains(user));
        items
    }

    /// Keys and sizes of the pages of a user's ledger, in order. Page lists are left out.
    pub async fn pages_of(&self, user: &str) -> Vec<(String, usize)> {
        let items = self.items_of(user).await;
        let pages = items
            .iter()
            .filter(|item| item["type"].as_s().is_ok_and(|kind| kind == "page"));
        let mut pages: Vec<_> = pages
            .map(|page| {
                let data = page["data"].as_b().expect("data").as_ref().len();
                (page["SK"].as_s().expect("SK").clone(), data)
            })
            .collect();
        pages.sort();
        pages
    }

    /// A lender of a new organization, in production.
    pub async fn lender(&self) -> Lender {
        let organization = self.organization("Test Lender").await;
        self.lender_of(organization.id, Environment::Production)
    }

    /// A new organization.
    pub async fn organization(&self, name: &str) -> Organization {
        let id = OrganizationId(Uuid::new_v4());
        let organization = Organization::new(id, name, "KE".parse().expect("country"));
        assert!(
            self.store
                .create_organization(&organization)
                .await
                .expect("organization")
        );
        organization
    }

    /// A lender with a token of the first generation for an organization.
    pub fn lender_of(&self, organization: OrganizationId, environment: Environment) -> Lender {
        let token = self.token(organization, environment);
        let principal = self.verifier.verify(&token, self.clock.now()).expect("token verifies");
        Lender::new(self.gateway.clone(), token, principal.tenant)
    }

    /// A token of the first generation.
    pub fn token(&self, organization: OrganizationId, environment: Environment) -> String {
        let issuer = TokenIssuer::new(ISSUER, &self.keys).expect("issuer");
        let login = (LoginId(Uuid::from_u128(1)), FIRST_GENERATION);
        let issued = issuer.api_token(login, (organization, 1), environment, self.clock.now());
        issued.expect("token").token
    }

    /// A login with [`PASSWORD`], of these organizations.
    pub async fn login(&self, email: &str, organizations: &[OrganizationId]) -> Login {
        let password = PasswordHash::new(PASSWORD).expect("hash");
        let login = Login::new(LoginId(Uuid::new_v4()), email, password, organizations.to_vec());
        assert!(self.store.create_login(&login).await.expect("login"));
        login
    }
}

fn gateway(config: &Config, stores: &Stores, clock: &Clock, keys: &SigningKeys) -> Gateway {
    let parts = Parts {
        config,
        stores,
        clock,
        keys,
    };
    let services = SERVED
        .iter()
        .map(|served| (served.function, (served.service)(&parts, served.function)));
    Gateway::new(services.collect())
}
