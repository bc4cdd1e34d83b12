//! Credit reports of a user: at once, as of any instant, and frozen.

mod get_alternative_credit_report;
mod get_credit_report;
mod get_frozen_credit_report;
mod post_credit_report;
mod report;

use daftari_platform::Platform;
use daftari_platform::http::{self, FunctionService};

daftari_platform::endpoints! {
    GET_ALTERNATIVE_CREDIT_REPORT => get_alternative_credit_report,
    GET_CREDIT_REPORT => get_credit_report,
    POST_CREDIT_REPORT => post_credit_report,
    GET_FROZEN_CREDIT_REPORT => get_frozen_credit_report,
}

/// The function as a service.
pub fn service(platform: Platform) -> FunctionService {
    http::service(endpoints(), platform)
}
