//! The institution that a path names.

use axum::extract::FromRequestParts;
use daftari_domain::views::Warning;
use daftari_domain::{InstitutionId, Record};
use daftari_platform::Error;
use daftari_platform::http::{path_parameter, unknown_institutions};
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
    /// The hint that it may be misspelt, given the records of the time asked for.
    pub(crate) fn warnings(&self, records: &[Record]) -> Vec<Warning> {
        unknown_institutions(PARAMETER, [&self.0], records)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Institution {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let id = path_parameter(parts, state, PARAMETER).await.unwrap_or_default();
        let id = id.parse().map_err(|error| Error::invalid(PARAMETER, error));
        id.map(Self)
    }
}
