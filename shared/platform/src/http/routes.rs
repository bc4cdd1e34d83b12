//! The functions and the routes that each serves: the only list of both.
//!
//! A router takes handlers only for these rows ([`super::Endpoints`]), and checks the guard of the row before the
//! handler runs. OpenAPI annotations take their paths from here. The gateway's routes, in the SAM template and on a
//! developer's machine, are made from the rows. The policy matrix walks them.

use std::fmt;

use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter, on};
use http::Method;

use super::Guard;
use crate::identity::Scope;
use crate::store::WarmUp;

const READS: Guard = Guard::Scope(Scope::Read);
const INGESTS: Guard = Guard::Scope(Scope::Ingest);
const ERASES: Guard = Guard::Scope(Scope::Erase);
const SENDS_MESSAGES: Guard = Guard::ScopeOrUserToken(Scope::Ingest);
const CREDENTIALS: Guard = Guard::Credentials;
const PUBLIC: Guard = Guard::Public;

/// A function of the service: one Lambda.
#[derive(Debug)]
pub struct Function {
    /// Its name, which is also the name of its crate and its binary, and its name in metrics.
    pub name: &'static str,
    /// The reads that warm up its connection to the table; `None` for a function without the table.
    pub warm_up: Option<WarmUp>,
    /// The routes it serves; empty if it takes events of another kind. `HEAD` is answered wherever `GET` is.
    pub routes: &'static [&'static Route],
}

/// One method of one path. Only this file can make one.
#[derive(Debug)]
pub struct Route {
    /// Its name here, `GET_DTI`, by which the annotations of other handlers mention it.
    pub name: &'static str,
    /// The method.
    pub method: Method,
    /// The path, with parameters in braces.
    pub path: &'static str,
    /// The access that the caller needs.
    pub guard: Guard,
    /// The method in axum's type.
    filter: MethodFilter,
}

/// `GET /users/{user_uuid}`
impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

impl Route {
    /// Whether the OpenAPI document describes the row.
    pub fn is_described(&self) -> bool {
        !UNDESCRIBED.iter().any(|other| std::ptr::eq(*other, self))
    }

    /// The handler for the method of the row only.
    pub(super) fn served_by<T: 'static, S>(&self, handler: impl Handler<T, S>) -> MethodRouter<S>
    where
        S: Clone + Send + Sync + 'static,
    {
        on(self.filter, handler)
    }

    /// The path with values for its parameters.
    pub fn path_with(&self, values: &[(&str, String)]) -> String {
        let path = self.path.to_owned();
        let filled = values
            .iter()
            .fold(path, |path, (name, value)| path.replace(&format!("{{{name}}}"), value));
        debug_assert!(!filled.contains('{'), "{filled} has a parameter without a value");
        filled
    }
}

/// Declares functions with their routes, and the list of them all.
macro_rules! functions {
    ($(
        $(#[doc = $about:literal])*
        $function:ident = $name:literal, $warm_up:expr => {
            $($route:ident = $method:ident $path:literal, $guard:expr;)*
        }
    )*) => {
        $($(
            #[doc = concat!("`", stringify!($method), " ", $path, "`")]
            pub static $route: Route = Route {
                name: stringify!($route),
                method: Method::$method,
                path: $path,
                guard: $guard,
                filter: MethodFilter::$method,
            };
        )*)*
        $(
            $(#[doc = $about])*
            pub static $function: Function = Function { name: $name, warm_up: $warm_up, routes: &[$(&$route),*] };
        )*
        /// Every function.
        pub static FUNCTIONS: &[&Function] = &[$(&$function),*];
    };
}

functions! {
    /// The phone users of a tenant.
    USERS = "users", Some(WarmUp::Ledgers) => {
        GET_USERS = GET "/users", READS;
        POST_USER = POST "/users", INGESTS;
        GET_USER = GET "/users/{user_uuid}", READS;
        DELETE_USER = DELETE "/users/{user_uuid}", ERASES;
        GET_EXPORT = GET "/users/{user_uuid}/export", READS;
    }

    /// Sign-in.
    AUTH = "auth", Some(WarmUp::Items) => {
        GET_TOKENS = GET "/auth", CREDENTIALS;
        POST_TOKEN = POST "/auth", CREDENTIALS;
        POST_USER_TOKEN = POST "/auth/user-token", INGESTS;
        GET_JWKS = GET "/.well-known/jwks.json", PUBLIC;
    }

    /// Reading a ledger.
    LEDGER = "ledger", Some(WarmUp::Ledgers) => {
        GET_LEDGER = GET "/users/{user_uuid}/ledger", READS;
    }

    /// Appending to a ledger.
    INGEST = "ingest", Some(WarmUp::Ledgers) => {
        POST_MESSAGES = POST "/users/{user_uuid}/messages", SENDS_MESSAGES;
        POST_LEDGER = POST "/users/{user_uuid}/ledger", INGESTS;
        GET_UNRECOGNIZED = GET "/messages/unrecognized", READS;
    }

    /// The accounts of a user by institution, and their activity.
    ACCOUNTS = "accounts", Some(WarmUp::Ledgers) => {
        GET_INSTITUTIONS = GET "/users/{user_uuid}/institutions", READS;
        GET_INSTITUTION_TRANSACTIONS = GET "/users/{user_uuid}/institutions/{institution_id}/transactions", READS;
        GET_INSTITUTION_BALANCES = GET "/users/{user_uuid}/institutions/{institution_id}/balances", READS;
        GET_INSTITUTION_ALERTS = GET "/users/{user_uuid}/institutions/{institution_id}/alerts", READS;
        GET_ACCOUNTS = GET "/users/{user_uuid}/accounts", READS;
        GET_ACCOUNT_TRANSACTIONS = GET "/users/{user_uuid}/accounts/{acct_uuid}/transactions", READS;
        GET_ACCOUNT_BALANCES = GET "/users/{user_uuid}/accounts/{acct_uuid}/balances", READS;
        GET_ACCOUNT_ALERTS = GET "/users/{user_uuid}/accounts/{acct_uuid}/alerts", READS;
    }

    /// Credit reports.
    CREDIT_REPORT = "credit-report", Some(WarmUp::Ledgers) => {
        GET_ALTERNATIVE_CREDIT_REPORT = GET "/creditreport/alternative", READS;
        GET_CREDIT_REPORT = GET "/users/{user_uuid}/creditreport", READS;
        POST_CREDIT_REPORT = POST "/users/{user_uuid}/creditreport", READS;
        GET_FROZEN_CREDIT_REPORT = GET "/users/{user_uuid}/creditreport/{id}", READS;
    }

    /// Debt to income.
    DTI = "dti", Some(WarmUp::Ledgers) => {
        GET_DTI = GET "/users/{user_uuid}/dti", READS;
    }

    /// Summaries of transactions and alerts.
    SUMMARIES = "summaries", Some(WarmUp::Ledgers) => {
        GET_TRANSACTIONS_SUMMARY = GET "/users/{user_uuid}/transactions-summary", READS;
        GET_ALERTS_SUMMARY = GET "/users/{user_uuid}/alerts-summary", READS;
    }

    /// Features, completeness, income, cash flow and affordability.
    INSIGHTS = "insights", Some(WarmUp::Ledgers) => {
        GET_USER_FEATURES = GET "/users/{user_uuid}/features", READS;
        GET_FEATURES = GET "/features", READS;
        GET_COUNTRY_FEATURES = GET "/{country}/features", READS;
        GET_FEATURE_GROUP = GET "/{country}/features/{group}", READS;
        GET_COMPLETENESS = GET "/users/{user_uuid}/completeness", READS;
        GET_INCOME = GET "/users/{user_uuid}/income", READS;
        GET_RECURRING = GET "/users/{user_uuid}/recurring", READS;
        GET_CASH_FLOW = GET "/users/{user_uuid}/cash-flow", READS;
        POST_AFFORDABILITY = POST "/users/{user_uuid}/affordability", READS;
    }

    /// The OpenAPI document and its pages, the root, and the routes for monitors.
    DOCS = "docs", None => {
        GET_DOCUMENT = GET "/openapi.json", PUBLIC;
        GET_PAGE = GET "/docs", PUBLIC;
        GET_FILE = GET "/docs/{file}", PUBLIC;
        GET_ROOT = GET "/", PUBLIC;
        GET_HEALTH = GET "/health", PUBLIC;
        GET_VERSION = GET "/version", PUBLIC;
    }

    /// The console: a web page for the staff of a lender.
    CONSOLE = "console", None => {
        GET_CONSOLE = GET "/console", PUBLIC;
        GET_CONSOLE_FILE = GET "/console/{file}", PUBLIC;
    }

    /// Counting users after a burst of registrations, on a schedule.
    COUNT_USERS = "count-users", Some(WarmUp::Ledgers) => {}
}

/// The rows that the OpenAPI document leaves out: the document itself, pages and their files.
pub static UNDESCRIBED: &[&Route] = &[&GET_DOCUMENT, &GET_PAGE, &GET_FILE, &GET_CONSOLE, &GET_CONSOLE_FILE];

/// The function that answers for paths without a route. Most such requests are scans, so it has no table and no keys.
pub static FALLBACK: &Function = &DOCS;

/// The row of a request's method and matched path.
pub(super) fn find(method: &Method, path: &str) -> Option<&'static Route> {
    let method = if method == Method::HEAD { &Method::GET } else { method };
    let mut routes = FUNCTIONS.iter().flat_map(|function| function.routes.iter().copied());
    routes.find(|route| route.path == path && route.method == *method)
}

/// The methods of a path: `HEAD` is answered wherever `GET` is.
pub(super) fn allowed(path: &str) -> Vec<&'static str> {
    let routes = FUNCTIONS.iter().flat_map(|function| function.routes);
    let mut methods = Vec::new();
    for route in routes.filter(|route| route.path == path) {
        methods.push(route.method.as_str());
        if route.method == Method::GET {
            methods.push(Method::HEAD.as_str());
        }
    }
    methods
}
