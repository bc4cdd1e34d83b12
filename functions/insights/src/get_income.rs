//! The income of a user.

use axum::extract::State;
use axum::response::Response;
use daftari_domain::insights::{Confidence, IncomeReport, income, lookback};
use daftari_platform::http::{AsOfQuery, CurrencyQuery, Query, UserAccess, all, json_answer, routes};
use daftari_platform::openapi::UserPath;
use daftari_platform::{Error, Platform, query_parameters};

use crate::selection::read_instant;

query_parameters! {
    /// Selects streams.
    pub(crate) struct ConfidenceQuery {
        /// Streams of lower confidence are excluded from the list and from every figure. Left out, it is `LOW`: all
        /// count.
        minimum_confidence: Option<Confidence>,
    }
}

/// The income of a user over 365 days.
///
/// Streams of payments with their rhythm, the next expected date and the evidence, and averages. Transfers between
/// accounts of the user, loans and winnings do not count; `excluded` lists them.
#[utoipa::path(
    get, path = routes::GET_INCOME.path, tag = "Insights",
    params(UserPath, ConfidenceQuery, AsOfQuery, CurrencyQuery),
    responses((status = 200, description = "The income", body = IncomeReport))
)]
pub(crate) async fn get_income(
    State(platform): State<Platform>,
    access: UserAccess,
    query: Query<(ConfidenceQuery, AsOfQuery, CurrencyQuery)>,
) -> Result<Response, Error> {
    let (as_of, currency, minimum) = query.read(|values| {
        all((
            read_instant(values, platform.now()),
            values.currency(),
            values.parsed("minimum_confidence"),
        ))
    })?;
    let minimum = minimum.unwrap_or_default();
    let (ledger, unrecognized) = access.ledger_and_unrecognized(lookback(as_of)).await?;
    let records = ledger.records()?;
    let mut report = income(&records, &ledger.subject(), as_of, currency, minimum);
    report.meta.count_unread(&unrecognized);
    json_answer(&report)
}
