//! The institution that a path names.

use axum::extract::FromRequestParts;
use daftari_domain::views::Warning;
use daftari_domain::{InstitutionId, Record, TimeRange};
use daftari_platform::Error;
use daftari_platform::http::{UserAccess, path_parameter, read_institution, unknown_institutions};
use http::request::Parts;
use utoipa::IntoParams;

/// The institution in the path, for the OpenAPI document.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "a declaration: the value is read from the path by name")]
pub(crate) struct InstitutionPath {
    /// The institution. Without records of the user, the list is empty. If the directory does not have it either,
    /// `warnings` names the nearest ids.
    #[param(example = "mpesa")]
    institution_id: InstitutionId,
}

/// The institution in the path. An id that no institution can have is refused, as in a query. For any other institution
/// without records of the user, the lists are empty.
pub(crate) struct Institution(pub(crate) InstitutionId);

/// Its name in the path.
const PARAMETER: &str = "institution_id";

impl Institution {
    /// The user's records within a range, of every institution, and a warning if the id may be misspelt.
    pub(crate) async fn records(
        &self,
        access: &UserAccess,
        range: TimeRange,
    ) -> Result<(Vec<Record>, Vec<Warning>), Error> {
        let records = access.ledger(range).await?.records()?;
        let warnings = unknown_institutions(PARAMETER, [&self.0], &records);
        Ok((records, warnings))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Institution {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let id = path_parameter(parts, state, PARAMETER).await?;
        let id = read_institution(&id).map_err(|fault| Error::invalid(PARAMETER, fault));
        id.map(Self)
    }
}
