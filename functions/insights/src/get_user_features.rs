//! Features of the user in the path.

use axum::extract::State;
use axum::response::Response;
use daftari_domain::insights::FeatureReport;
use daftari_platform::http::{AsOfQuery, CurrencyQuery, Query, UserAccess, routes};
use daftari_platform::openapi::UserPath;
use daftari_platform::{Error, Platform};

use crate::features::answer;
use crate::selection::{FeaturesQuery, SelectionQuery, read_request};

/// Named figures in windows of 30 and 90 days, as the public reference names them.
///
/// `insights` has further figures. Windows end at `utc_time`. Every figure is computed from the ledger at the moment of
/// the request; docs/FEATURES.md defines each.
#[utoipa::path(
    get, path = routes::GET_USER_FEATURES.path, tag = "Insights",
    params(UserPath, SelectionQuery, AsOfQuery, CurrencyQuery),
    responses((status = 200, description = "The features", body = FeatureReport))
)]
pub(crate) async fn get_user_features(
    State(platform): State<Platform>,
    access: UserAccess,
    query: Query<FeaturesQuery>,
) -> Result<Response, Error> {
    let request = query.read(|values| read_request(values, None, platform.now()))?;
    answer(&access, &request).await
}
