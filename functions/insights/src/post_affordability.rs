//! Whether a loan fits into income and cash flow.

use axum::extract::State;
use axum::response::Response;
use daftari_domain::TimeRange;
use daftari_domain::insights::affordability::request::{AffordabilityBody, FIELDS};
use daftari_domain::insights::{AffordabilityReport, AffordabilityRequest, affordability};
use daftari_platform::error::FieldError;
use daftari_platform::http::{JsonBody, Object, Query, UserAccess, all, json_answer, routes};
use daftari_platform::openapi::UserPath;
use daftari_platform::{Code, Error, Platform};
use serde::Deserialize;
use serde_json::value::RawValue;

/// The body, which the domain parses.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct LoanBody(Box<RawValue>);

impl Object for LoanBody {
    const REQUIRED: &'static [(&'static str, &'static str)] = &[];

    fn fields() -> &'static [&'static str] {
        &FIELDS
    }
}

/// Whether the instalment of a loan fits into income and cash flow.
///
/// By the lender's own policy in the body. It is arithmetic on the lender's figures and not a decision: each figure
/// comes with its evidence, and the lender decides. Nothing is stored.
#[utoipa::path(
    post, path = routes::POST_AFFORDABILITY.path, tag = "Insights",
    params(UserPath), request_body = AffordabilityBody,
    responses((status = 200, description = "The figures", body = AffordabilityReport))
)]
pub(crate) async fn post_affordability(
    State(platform): State<Platform>,
    access: UserAccess,
    query: Result<Query<(), LoanBody>, Error>,
    body: Result<JsonBody<LoanBody>, Error>,
) -> Result<Response, Error> {
    let (_, request) = all((query, body.and_then(|JsonBody(body)| read_request(&body))))?;
    let now = platform.now();
    let as_of = request.utc_time.map_or(now, |at| at.min(now));
    // The whole ledger: an account that defaulted before the lookback is still defaulted.
    let (ledger, unrecognized) = access.ledger_and_unrecognized(TimeRange::up_to(as_of)).await?;
    let records = ledger.records()?;
    let subject = ledger.subject();
    json_answer(&affordability(&records, &subject, as_of, &request, &unrecognized))
}

fn read_request(LoanBody(body): &LoanBody) -> Result<AffordabilityRequest, Error> {
    AffordabilityRequest::read(body.get()).map_err(|faults| {
        let faults = faults.into_iter().map(FieldError::from);
        Error::invalid_fields(Code::InvalidBody, faults.collect())
    })
}
