//! Features under the path of a country, for clients of the hosted service.

use axum::extract::State;
use axum::response::Response;
use daftari_domain::insights::FeatureReport;
use daftari_platform::http::{Access, AsOfQuery, CurrencyQuery, Query, routes};
use daftari_platform::{Error, Platform};

use crate::country::{CountryPath, KnownCountry};
use crate::features::answer_identified;
use crate::identify::IdentifierQuery;
use crate::selection::{FeaturesQuery, SelectionQuery};

/// The features of the user in the query, under the path of a country.
///
/// For clients of the hosted service. The country selects nothing: the answer is that of `GET_FEATURES`.
#[utoipa::path(
    get, path = routes::GET_COUNTRY_FEATURES.path, tag = "Insights",
    params(CountryPath, IdentifierQuery, SelectionQuery, AsOfQuery, CurrencyQuery),
    responses((status = 200, description = "The features", body = FeatureReport))
)]
pub(crate) async fn get_country_features(
    State(platform): State<Platform>,
    access: Access,
    _: KnownCountry,
    query: Query<(IdentifierQuery, FeaturesQuery)>,
) -> Result<Response, Error> {
    answer_identified(&platform, access, &query, None).await
}
