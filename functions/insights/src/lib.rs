//! Insights into a user: features, completeness, income, cash flow and affordability.

mod country;
mod features;
mod get_cash_flow;
mod get_completeness;
mod get_country_features;
mod get_feature_group;
mod get_features;
mod get_income;
mod get_recurring;
mod get_user_features;
mod identify;
mod post_affordability;
mod selection;

use daftari_platform::Platform;
use daftari_platform::http::{self, FunctionService};

daftari_platform::endpoints! {
    GET_USER_FEATURES => get_user_features,
    GET_FEATURES => get_features,
    GET_COUNTRY_FEATURES => get_country_features,
    GET_FEATURE_GROUP => get_feature_group,
    GET_COMPLETENESS => get_completeness,
    GET_INCOME => get_income,
    GET_RECURRING => get_recurring,
    GET_CASH_FLOW => get_cash_flow,
    POST_AFFORDABILITY => post_affordability,
}

/// The function as a service.
pub fn service(platform: Platform) -> FunctionService {
    http::service(endpoints(), platform)
}
