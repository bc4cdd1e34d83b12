//! Appending to a user's ledger: records, and messages that become records; and the wordings that are not read.

mod learning;
mod messages;
mod records;
mod rehearsal;
mod rejected;
mod unrecognized;
mod wire;

use daftari_platform::cursor::CursorKey;
use daftari_platform::http::{Endpoints, FunctionService, routes};
use daftari_platform::{Platform, http as edge};

pub use rehearsal::rehearse;

/// The function as a service.
pub fn service(platform: Platform, cursors: CursorKey) -> FunctionService {
    let endpoints = Endpoints::new()
        .serve(&routes::POST_LEDGER, records::post_ledger)
        .serve(&routes::POST_MESSAGES, messages::post_messages)
        .serve(&routes::GET_UNRECOGNIZED, unrecognized::get_unrecognized)
        .sharing(cursors);
    edge::service(endpoints, platform)
}

/// The function's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(records::post_ledger, messages::post_messages, unrecognized::get_unrecognized))]
pub struct ApiDoc;
