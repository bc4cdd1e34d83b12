//! Features under the path of a country, for clients of the hosted service.

use axum::extract::{FromRequestParts, State};
use axum::response::Response;
use daftari_domain::insights::FeatureReport;
use daftari_domain::insights::features::table::Group;
use daftari_platform::http::{Access, AsOfQuery, CurrencyQuery, Query, path_parameter, routes};
use daftari_platform::{Code, Error, Platform};
use http::request::Parts;
use utoipa::IntoParams;

use crate::features::answer_identified;
use crate::identify::IdentifierQuery;
use crate::request::{FeaturesQuery, SelectionQuery};

/// The words of countries. They select nothing.
const COUNTRIES: [&str; 10] = [
    "kenya", "nigeria", "ghana", "uganda", "tanzania", "rwanda", "ethiopia", "zambia", "india", "srilanka",
];

/// A country in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "a declaration: the value is read from the path by name")]
pub(crate) struct CountryPath {
    /// A country of the hosted service: `kenya`, `nigeria`, `ghana`, `uganda`, `tanzania`, `rwanda`, `ethiopia`,
    /// `zambia`, `india` or `srilanka`. It selects nothing: the answer is the same for each. Another word is a 404.
    #[param(example = "kenya")]
    country: String,
}

/// A group in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "a declaration: the value is read from the path by name")]
pub(crate) struct GroupPath {
    /// A group of features: `data-quality` or `communication`. Another word is a 404 (`unknown_group`).
    #[param(example = "data-quality")]
    group: String,
}

/// The features of the user in the query, under the path of a country.
///
/// For clients of the hosted service. The country selects nothing: the answer is that of `GET /features`.
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

/// The features of a group.
///
/// For clients of the hosted service. The answer is that of `GET /features`, with the features of one group only.
#[utoipa::path(
    get, path = routes::GET_FEATURE_GROUP.path, tag = "Insights",
    params(CountryPath, GroupPath, IdentifierQuery, SelectionQuery, AsOfQuery, CurrencyQuery),
    responses((status = 200, description = "The features", body = FeatureReport))
)]
pub(crate) async fn get_feature_group(
    State(platform): State<Platform>,
    access: Access,
    _: KnownCountry,
    KnownGroup(group): KnownGroup,
    query: Query<(IdentifierQuery, FeaturesQuery)>,
) -> Result<Response, Error> {
    answer_identified(&platform, access, &query, Some(group)).await
}

/// The path names a known country.
pub(crate) struct KnownCountry;

impl<S: Send + Sync> FromRequestParts<S> for KnownCountry {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let country = path_parameter(parts, state, "country").await;
        let is_known = country.is_some_and(|country| COUNTRIES.contains(&country.as_str()));
        is_known
            .then_some(Self)
            .ok_or(Error::NoSuchPath { nearest: Vec::new() })
    }
}

/// The group in the path.
pub(crate) struct KnownGroup(Group);

impl<S: Send + Sync> FromRequestParts<S> for KnownGroup {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let name = path_parameter(parts, state, "group").await.unwrap_or_default();
        let group = Group::ALL.into_iter().find(|group| group.name() == name);
        group.map(Self).ok_or_else(|| {
            let known = Group::ALL.map(Group::name).join(" and ");
            Error::refused(
                Code::UnknownGroup,
                format!("there is no such group: the groups are {known}"),
            )
        })
    }
}
