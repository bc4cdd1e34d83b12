//! Credit reports of a user: at once, as of any instant, and frozen.

mod alternative;
mod create;
mod frozen;
mod get;
mod report;

use daftari_platform::Platform;
use daftari_platform::http::{self, FunctionService};

daftari_platform::endpoints! {
    GET_ALTERNATIVE_CREDIT_REPORT => alternative::get_alternative,
    GET_CREDIT_REPORT => get::get_report,
    POST_CREDIT_REPORT => create::post_report,
    GET_FROZEN_CREDIT_REPORT => frozen::get_frozen_report,
}

/// The function as a service.
pub fn service(platform: Platform) -> FunctionService {
    http::service(endpoints(), platform)
}
