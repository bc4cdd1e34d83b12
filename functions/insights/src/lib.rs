//! Insights into a user: features, completeness, income, cash flow and affordability.

mod completeness;
mod country;
mod features;
mod identify;
mod request;

use daftari_platform::Platform;
use daftari_platform::http::{self, FunctionService};

daftari_platform::endpoints! {
    GET_USER_FEATURES => features::get_user_features,
    GET_FEATURES => features::get_features,
    GET_COUNTRY_FEATURES => country::get_country_features,
    GET_FEATURE_GROUP => country::get_feature_group,
    GET_COMPLETENESS => completeness::get_completeness,
}

/// The function as a service.
pub fn service(platform: Platform) -> FunctionService {
    http::service(endpoints(), platform)
}
