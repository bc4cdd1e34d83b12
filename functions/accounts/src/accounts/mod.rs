//! The accounts of a user, and the lists below each.

pub(crate) mod alerts;
pub(crate) mod balances;
pub(crate) mod transactions;

use axum::extract::FromRequestParts;
use axum::response::Response;
use daftari_domain::ids::parse_uuid;
use daftari_domain::reports::Subject;
use daftari_domain::views::accounts;
use daftari_domain::{Record, TimeRange};
use daftari_platform::Error;
use daftari_platform::http::{Query, UserAccess, json_answer, path_parameter, routes};
use daftari_platform::openapi::UserPath;
use http::request::Parts;
use utoipa::IntoParams;
use uuid::Uuid;

/// The institutions where the user has a record, as accounts.
///
/// The shape for clients up to version 0.0.6: an account is an institution of a user. New clients use `GET
/// /users/{user_uuid}/institutions`.
#[utoipa::path(
    get, path = routes::GET_ACCOUNTS.path, tag = "Accounts",
    params(UserPath),
    responses((status = 200, description = "The accounts, by institution id", body = accounts::AccountsView))
)]
pub(crate) async fn get_accounts(access: UserAccess, _: Query) -> Result<Response, Error> {
    let ledger = access.ledger(TimeRange::default()).await?;
    let records = ledger.records()?;
    json_answer(&accounts::accounts(&records, &ledger.subject()))
}

/// The account in the path, for the OpenAPI document.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "a declaration: the value is read from the path by name")]
pub(crate) struct AcctPath {
    /// The account, as the list of accounts shows it.
    #[param(example = "dedec5de-01cc-5d11-94e9-388f55b12336")]
    acct_uuid: Uuid,
}

/// The account that the path names.
pub(crate) struct AcctUuid(Uuid);

impl<S: Send + Sync> FromRequestParts<S> for AcctUuid {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let text = path_parameter(parts, state, "acct_uuid").await;
        let uuid = text.and_then(|text| parse_uuid(&text).ok());
        uuid.map(Self).ok_or(NO_ACCOUNT)
    }
}

const NO_ACCOUNT: Error = Error::NotFound { what: "account" };

/// The user's records within a range. The account must be at an institution of the directory, or at one that the user
/// has a record with, at any time.
async fn account_ledger(access: &UserAccess, acct: Uuid, range: TimeRange) -> Result<(Subject, Vec<Record>), Error> {
    let ledger = access.ledger(range).await?;
    let (subject, records) = (ledger.subject(), ledger.records()?);
    let user = subject.user_uuid;
    let has = |records: &[Record]| accounts::institution_of(records, user, acct).is_some();
    if accounts::in_directory(user, acct) || has(&records) {
        return Ok((subject, records));
    }
    // Only the whole history distinguishes an account without records in the range from an unknown one.
    if range != TimeRange::default() {
        let history = Box::pin(access.ledger(TimeRange::default())).await?;
        if has(&history.records()?) {
            return Ok((subject, records));
        }
    }
    Err(NO_ACCOUNT)
}
