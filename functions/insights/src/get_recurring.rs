//! The recurring payments of a user.

use axum::extract::State;
use axum::response::Response;
use daftari_domain::insights::{Direction, RecurringReport, lookback, recurring};
use daftari_platform::http::{AsOfQuery, CurrencyQuery, Query, UserAccess, all, json_answer, routes};
use daftari_platform::openapi::UserPath;
use daftari_platform::{Error, Platform, query_parameters};

use crate::selection::read_instant;

query_parameters! {
    /// Selects streams.
    pub(crate) struct DirectionQuery {
        /// `inflow` or `outflow`; left out, both.
        direction: Option<Direction>,
    }
}

/// Payments that recur, in and out: wages, rent, subscriptions, repayments.
///
/// Each stream has its rhythm, the next expected date and the evidence. The streams of money in are those of the
/// income.
#[utoipa::path(
    get, path = routes::GET_RECURRING.path, tag = "Insights",
    params(UserPath, DirectionQuery, AsOfQuery, CurrencyQuery),
    responses((status = 200, description = "The streams", body = RecurringReport))
)]
pub(crate) async fn get_recurring(
    State(platform): State<Platform>,
    access: UserAccess,
    query: Query<(DirectionQuery, AsOfQuery, CurrencyQuery)>,
) -> Result<Response, Error> {
    let (as_of, currency, direction) = query.read(|values| {
        all((
            read_instant(values, platform.now()),
            values.currency(),
            values.parsed("direction"),
        ))
    })?;
    let (ledger, unrecognized) = access.ledger_and_unrecognized(lookback(as_of)).await?;
    let records = ledger.records()?;
    let mut report = recurring(&records, &ledger.subject(), as_of, currency, direction);
    report.meta.count_unread(&unrecognized);
    json_answer(&report)
}
