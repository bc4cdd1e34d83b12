//! The account that a path names, and its records.

use std::num::NonZeroU32;

use axum::extract::FromRequestParts;
use daftari_domain::ids::AcctUuid;
use daftari_domain::reports::Subject;
use daftari_domain::views::ListFilter;
use daftari_domain::views::accounts::{self, PageRequest};
use daftari_domain::{Record, TimeRange};
use daftari_platform::Error;
use daftari_platform::http::{UserAccess, path_parameter};
use http::request::Parts;
use utoipa::IntoParams;
use uuid::Uuid;

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
pub(crate) struct Acct(pub(crate) AcctUuid);

impl<S: Send + Sync> FromRequestParts<S> for Acct {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let text = path_parameter(parts, state, "acct_uuid").await?;
        text.parse().map(Self).map_err(|_| NO_ACCOUNT)
    }
}

const NO_ACCOUNT: Error = Error::NotFound { what: "account" };

/// The page of an account that a query asks for, and the records that it is made of.
pub(crate) async fn account_page(
    access: &UserAccess,
    acct_uuid: AcctUuid,
    (filter, page): (ListFilter, NonZeroU32),
) -> Result<(PageRequest, Subject, Vec<Record>), Error> {
    let request = PageRequest {
        acct_uuid,
        filter,
        page,
    };
    let (subject, records) = account_ledger(access, acct_uuid, filter.range).await?;
    Ok((request, subject, records))
}

/// The user's records within a range. The account must be at an institution of the directory, or at one that the user
/// has a record with, at any time.
async fn account_ledger(
    access: &UserAccess,
    acct: AcctUuid,
    range: TimeRange,
) -> Result<(Subject, Vec<Record>), Error> {
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
