//! The institutions of a user, and the lists below each.

pub(crate) mod alerts;
pub(crate) mod balances;
pub(crate) mod transactions;

use axum::extract::FromRequestParts;
use axum::response::Response;
use daftari_domain::views::institutions;
use daftari_domain::{InstitutionId, TimeRange};
use daftari_platform::Error;
use daftari_platform::http::{Query, UserAccess, json_answer, path_parameter, routes};
use daftari_platform::openapi::UserPath;
use http::request::Parts;
use utoipa::IntoParams;

/// The institutions where the user has a record.
///
/// Each with its accounts, their types and the most common currency. The lists of an institution are below
/// `/institutions/{institution_id}`.
#[utoipa::path(
    get, path = routes::GET_INSTITUTIONS.path, tag = "Institutions",
    params(UserPath),
    responses((status = 200, description = "The institutions, by id", body = institutions::InstitutionsView))
)]
pub(crate) async fn get_institutions(access: UserAccess, _: Query) -> Result<Response, Error> {
    let ledger = access.ledger(TimeRange::default()).await?;
    let records = ledger.records()?;
    json_answer(&institutions::institutions(&records, &ledger.subject()))
}

/// The institution in the path, for the OpenAPI document.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "a declaration: the value is read from the path by name")]
pub(crate) struct InstitutionPath {
    /// The institution. Without records of the user, the list is empty.
    #[param(example = "mpesa")]
    institution_id: InstitutionId,
}

/// The institution in the path. An id that no institution can have is refused, as in a query. For any other institution
/// without records of the user, the lists are empty.
pub(crate) struct Institution(InstitutionId);

impl<S: Send + Sync> FromRequestParts<S> for Institution {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let name = "institution_id";
        let id = path_parameter(parts, state, name).await.unwrap_or_default();
        let id = id.parse().map_err(|error| Error::invalid(name, error));
        id.map(Self)
    }
}
