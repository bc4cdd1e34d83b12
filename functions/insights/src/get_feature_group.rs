//! Features of a group, for clients of the hosted service.

use axum::extract::{FromRequestParts, State};
use axum::response::Response;
use daftari_domain::insights::FeatureReport;
use daftari_domain::insights::features::catalog::Group;
use daftari_platform::http::{Access, AsOfQuery, CurrencyQuery, Query, path_parameter, routes};
use daftari_platform::wording::Quoted;
use daftari_platform::{Code, Error, Platform, shown};
use http::request::Parts;
use utoipa::IntoParams;

use crate::country::{CountryPath, KnownCountry};
use crate::features::answer_identified;
use crate::identify::IdentifierQuery;
use crate::selection::{FeaturesQuery, SelectionQuery};

/// A group in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "a declaration: the value is read from the path by name")]
pub(crate) struct GroupPath {
    /// A group of features: `data-quality` or `communication`. Another word is a 404 (`unknown_group`).
    #[param(example = "data-quality")]
    group: String,
}

/// The features of a group.
///
/// For clients of the hosted service. The answer is that of `GET_FEATURES`, with the features of one group only.
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

/// The group in the path.
pub(crate) struct KnownGroup(Group);

impl<S: Send + Sync> FromRequestParts<S> for KnownGroup {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let name = path_parameter(parts, state, "group").await?;
        let group = Group::ALL.into_iter().find(|group| group.name() == name);
        group.map(Self).ok_or_else(|| {
            let known = Group::ALL.map(Group::name).join(" and ");
            let detail = shown!("there is no such group: the groups are {}", Quoted(&known));
            Error::refused(Code::UnknownGroup, detail)
        })
    }
}
