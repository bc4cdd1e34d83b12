//! What each function serves. Each function exports its own list as `ROUTES`, and all of them say which methods a path
//! has, whichever function serves it.

use http::Method;

use super::{Guard, Route};
use crate::identity::Scope;

const READS: Guard = Guard::Scope(Scope::Read);
const INGESTS: Guard = Guard::Scope(Scope::Ingest);

const fn get(path: &'static str, guard: Guard) -> Route {
    Route::new(Method::GET, path, guard)
}

const fn post(path: &'static str, guard: Guard) -> Route {
    Route::new(Method::POST, path, guard)
}

/// The institutions a user banks with, and what happened there.
pub const ACCOUNTS: &[Route] = &[
    get("/users/{user_uuid}/institutions", READS),
    get(
        "/users/{user_uuid}/institutions/{institution_id}/transactions",
        READS,
    ),
    get(
        "/users/{user_uuid}/institutions/{institution_id}/balances",
        READS,
    ),
    get(
        "/users/{user_uuid}/institutions/{institution_id}/alerts",
        READS,
    ),
    get("/users/{user_uuid}/accounts", READS),
    get(
        "/users/{user_uuid}/accounts/{acct_uuid}/transactions",
        READS,
    ),
    get("/users/{user_uuid}/accounts/{acct_uuid}/balances", READS),
    get("/users/{user_uuid}/accounts/{acct_uuid}/alerts", READS),
];

/// Sign-in.
pub const AUTH: &[Route] = &[
    get("/auth", Guard::Credentials),
    post("/auth", Guard::Credentials),
    post("/auth/user-token", INGESTS),
    get("/.well-known/jwks.json", Guard::Public),
];

/// Credit reports.
pub const CREDIT_REPORT: &[Route] = &[
    get("/creditreport/alternative", READS),
    get("/users/{user_uuid}/creditreport", READS),
    post("/users/{user_uuid}/creditreport", READS),
    get("/users/{user_uuid}/creditreport/{id}", READS),
];

/// The OpenAPI document and its pages.
pub const DOCS: &[Route] = &[
    get("/openapi.json", Guard::Public),
    get("/docs", Guard::Public),
    get("/docs/{file}", Guard::Public),
];

/// Debt to income.
pub const DTI: &[Route] = &[get("/users/{user_uuid}/dti", READS)];

/// Appending to a ledger.
pub const INGEST: &[Route] = &[
    post("/users/{user_uuid}/ledger", INGESTS),
    post(
        "/users/{user_uuid}/messages",
        Guard::ScopeOrUserToken(Scope::Ingest),
    ),
];

/// Reading a ledger.
pub const LEDGER: &[Route] = &[get("/users/{user_uuid}/ledger", READS)];

/// Summaries of transactions and alerts.
pub const SUMMARIES: &[Route] = &[
    get("/users/{user_uuid}/transactions-summary", READS),
    get("/users/{user_uuid}/alerts-summary", READS),
];

/// The phone users of a tenant.
pub const USERS: &[Route] = &[
    get("/users", READS),
    post("/users", INGESTS),
    get("/users/{user_uuid}", READS),
    Route::new(
        Method::DELETE,
        "/users/{user_uuid}",
        Guard::Scope(Scope::Erase),
    ),
    get("/users/{user_uuid}/export", READS),
];

/// The routes of all functions.
const ALL: [&[Route]; 9] = [
    ACCOUNTS,
    AUTH,
    CREDIT_REPORT,
    DOCS,
    DTI,
    INGEST,
    LEDGER,
    SUMMARIES,
    USERS,
];

/// The methods of a path, as an `Allow` header has them: `HEAD` is answered wherever `GET` is. `None` for a path that no
/// function serves.
pub(super) fn allowed(path: &str) -> Option<String> {
    let of_path = ALL.into_iter().flatten().filter(|route| route.path == path);
    let mut methods: Vec<&str> = Vec::new();
    for route in of_path {
        methods.push(route.method.as_str());
        if route.method == Method::GET {
            methods.push(Method::HEAD.as_str());
        }
    }
    (!methods.is_empty()).then(|| methods.join(","))
}
