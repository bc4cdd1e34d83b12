//! Appending to a user's ledger: records, and messages that become records.

mod messages;
mod records;
mod rehearsal;
mod rejected;
mod wire;

use daftari_platform::http::{Endpoints, FunctionService, routes};
use daftari_platform::identity::CounterpartyKey;
use daftari_platform::{Platform, http as edge};

pub use rehearsal::rehearse;

/// The function as a service.
pub fn service(platform: Platform, counterparties: CounterpartyKey) -> FunctionService {
    let endpoints = Endpoints::new()
        .serve(&routes::POST_LEDGER, records::post_ledger)
        .serve(&routes::POST_MESSAGES, messages::post_messages)
        .sharing(counterparties);
    edge::service(endpoints, platform)
}

/// The function's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(records::post_ledger, messages::post_messages))]
pub struct ApiDoc;
