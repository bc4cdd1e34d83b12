//! Features of the user in the query.

use axum::extract::State;
use axum::response::Response;
use daftari_domain::insights::FeatureReport;
use daftari_platform::http::{Access, AsOfQuery, CurrencyQuery, Query, routes};
use daftari_platform::{Error, Platform};

use crate::features::answer_identified;
use crate::identify::IdentifierQuery;
use crate::selection::{FeaturesQuery, SelectionQuery};

/// The features of the user in the query.
///
/// The same features as those below the path of the user. The query names the user by exactly one of `user_uuid`,
/// `phone_number` and `external_id`.
#[utoipa::path(
    get, path = routes::GET_FEATURES.path, tag = "Insights",
    params(IdentifierQuery, SelectionQuery, AsOfQuery, CurrencyQuery),
    responses((status = 200, description = "The features", body = FeatureReport))
)]
pub(crate) async fn get_features(
    State(platform): State<Platform>,
    access: Access,
    query: Query<(IdentifierQuery, FeaturesQuery)>,
) -> Result<Response, Error> {
    answer_identified(&platform, access, &query, None).await
}
