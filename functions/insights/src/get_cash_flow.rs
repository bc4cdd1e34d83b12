//! The cash flow of a user.

use axum::extract::State;
use axum::response::Response;
use daftari_domain::Money;
use daftari_domain::insights::{CashFlowReport, cash_flow, lookback};
use daftari_platform::http::{AsOfQuery, CurrencyQuery, Query, UserAccess, all, json_answer, routes};
use daftari_platform::openapi::UserPath;
use daftari_platform::{Error, Platform, query_parameters};

use crate::selection::read_instant;

query_parameters! {
    /// The threshold of low balances.
    pub(crate) struct ThresholdQuery {
        /// The balance up to which a date counts as low. Left out, it is 5 % of the median inflow of the last full
        /// periods of 30 days, 3 at most.
        threshold: Option<Money>,
    }
}

/// Money in and out of depository accounts, balances, and days without transactions.
///
/// For the last 30, 60 and 90 days and each calendar month, by currency. Transfers between accounts of the user are
/// left out and reported separately.
#[utoipa::path(
    get, path = routes::GET_CASH_FLOW.path, tag = "Insights",
    params(UserPath, ThresholdQuery, AsOfQuery, CurrencyQuery),
    responses((status = 200, description = "The cash flow", body = CashFlowReport))
)]
pub(crate) async fn get_cash_flow(
    State(platform): State<Platform>,
    access: UserAccess,
    query: Query<(ThresholdQuery, AsOfQuery, CurrencyQuery)>,
) -> Result<Response, Error> {
    let (as_of, currency, threshold) = query.read(|values| {
        all((
            read_instant(values, platform.now()),
            values.currency(),
            values.parsed("threshold"),
        ))
    })?;
    let (ledger, unrecognized) = access.ledger_and_unrecognized(lookback(as_of)).await?;
    let records = ledger.records()?;
    let mut report = cash_flow(&records, &ledger.subject(), as_of, currency, threshold);
    report.meta.count_unread(&unrecognized);
    json_answer(&report)
}
