//! `GET /users/{user_uuid}/institutions`, and the lists below it.

pub(crate) mod alerts;
pub(crate) mod balances;
pub(crate) mod transactions;

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::response::Response;
use daftari_domain::views::newer;
use daftari_domain::{InstitutionId, TimeRange};
use daftari_platform::Error;
use daftari_platform::http::{LedgerAccess, ReadsData, json_answer, path_parameter};
#[cfg(feature = "openapi")]
use daftari_platform::openapi::UserPath;
use http::request::Parts;

/// The institutions the user has a record with.
#[cfg_attr(feature = "openapi", utoipa::path(
    get, path = "/users/{user_uuid}/institutions", tag = "Institutions",
    params(UserPath),
    responses((status = 200, description = "The institutions, by id", body = newer::InstitutionsView))
))]
pub(crate) async fn get_institutions(access: LedgerAccess<ReadsData>) -> Result<Response, Error> {
    let ledger = access.ledger(TimeRange::default()).await?;
    let records = ledger.records()?;
    json_answer(&newer::institutions(&records, &ledger.subject()))
}

/// The institution that the path names. None for a text that no institution can have as its id: like any other
/// institution the user has no record with, its lists are empty.
pub(crate) struct Institution(Option<InstitutionId>);

impl<S: Send + Sync> FromRequestParts<S> for Institution {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let id = path_parameter(parts, state, "institution_id").await;
        Ok(Self(id.and_then(|id| id.parse().ok())))
    }
}
