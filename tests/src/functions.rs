//! Every function as a crate: how tests build its service, and its part of the OpenAPI document.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daftari_platform::config::Config;
use daftari_platform::cursor::CursorKey;
use daftari_platform::http::{Function, FunctionService, Operations, routes};
use daftari_platform::identity::{CounterpartyKey, SigningKeys};
use daftari_platform::{Clock, Platform};

use crate::database::Stores;

/// The parts of services.
pub(crate) struct Parts<'a> {
    pub(crate) config: &'a Config,
    pub(crate) stores: &'a Stores,
    pub(crate) clock: &'a Clock,
    pub(crate) keys: &'a SigningKeys,
}

impl Parts<'_> {
    /// A separate platform: in a deployment each function is a process with its own permissions.
    fn platform(&self, function: &Function) -> Platform {
        Platform::new(self.config, self.stores.of(function.name), self.clock.clone()).expect("platform")
    }

    fn issuer(&self) -> auth::Issuer {
        auth::Issuer::new(&self.config.issuer, self.keys).expect("issuer")
    }
}

fn cursors() -> CursorKey {
    CursorKey::from_base64(&STANDARD.encode([7; 32])).expect("cursor key")
}

fn counterparties() -> CounterpartyKey {
    CounterpartyKey::from_base64(&STANDARD.encode([8; 32])).expect("counterparty key")
}

/// A function that serves routes.
pub struct Served {
    /// Its name and its rows.
    pub function: &'static Function,
    /// Its part of the OpenAPI document; empty for a function of pages.
    pub operations: fn() -> Operations,
    pub(crate) service: fn(&Parts, &Function) -> FunctionService,
}

/// Every function that serves routes, in the order of the OpenAPI document.
pub static SERVED: &[Served] = &[
    Served {
        function: &routes::AUTH,
        operations: auth::operations,
        service: |parts, function| auth::service(parts.platform(function), parts.issuer()),
    },
    Served {
        function: &routes::USERS,
        operations: users::operations,
        service: |parts, function| users::service(parts.platform(function), cursors()),
    },
    Served {
        function: &routes::LEDGER,
        operations: ledger::operations,
        service: |parts, function| ledger::service(parts.platform(function), cursors()),
    },
    Served {
        function: &routes::INGEST,
        operations: ingest::operations,
        service: |parts, function| ingest::service(parts.platform(function), cursors(), counterparties()),
    },
    Served {
        function: &routes::ACCOUNTS,
        operations: accounts::operations,
        service: |parts, function| accounts::service(parts.platform(function)),
    },
    Served {
        function: &routes::CREDIT_REPORT,
        operations: credit_report::operations,
        service: |parts, function| credit_report::service(parts.platform(function)),
    },
    Served {
        function: &routes::DTI,
        operations: dti::operations,
        service: |parts, function| dti::service(parts.platform(function)),
    },
    Served {
        function: &routes::SUMMARIES,
        operations: summaries::operations,
        service: |parts, function| summaries::service(parts.platform(function)),
    },
    Served {
        function: &routes::INSIGHTS,
        operations: insights::operations,
        service: |parts, function| insights::service(parts.platform(function)),
    },
    Served {
        function: &routes::DOCS,
        operations: docs::operations,
        service: |parts, _| docs::service(&parts.config.edge),
    },
    Served {
        function: &routes::CONSOLE,
        operations: console::operations,
        service: |parts, _| console::service(&parts.config.edge),
    },
];
