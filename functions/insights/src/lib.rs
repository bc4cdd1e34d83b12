//! Insights into a user: features, completeness, income, cash flow and affordability.

mod affordability;
mod cash_flow;
mod completeness;
mod country;
mod features;
mod identify;
mod income;
mod recurring;
mod request;

use daftari_platform::Platform;
use daftari_platform::http::{self, FunctionService};

daftari_platform::endpoints! {
    GET_USER_FEATURES => features::get_user_features,
    GET_FEATURES => features::get_features,
    GET_COUNTRY_FEATURES => country::get_country_features,
    GET_FEATURE_GROUP => country::get_feature_group,
    GET_COMPLETENESS => completeness::get_completeness,
    GET_INCOME => income::get_income,
    GET_RECURRING => recurring::get_recurring,
    GET_CASH_FLOW => cash_flow::get_cash_flow,
    POST_AFFORDABILITY => affordability::post_affordability,
}

/// The function as a service.
pub fn service(platform: Platform) -> FunctionService {
    http::service(endpoints(), platform)
}
