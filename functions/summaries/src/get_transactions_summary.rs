//! The summary of transactions.

use axum::response::Response;
use daftari_domain::reports::TransactionsSummary;
use daftari_domain::reports::transactions_summary;
use daftari_platform::Error;
use daftari_platform::http::{CurrencyQuery, Query, RangeQuery, UserAccess, all, json_answer, routes};
use daftari_platform::openapi::UserPath;

/// Counts and sums of transactions by currency, account, month and label.
///
/// Amounts of different currencies are never added up: the top-level figures are in the report currency, and
/// `by_currency` has all currencies. A record with an amount but no impact is not a transaction.
#[utoipa::path(
    get, path = routes::GET_TRANSACTIONS_SUMMARY.path, tag = "Reports",
    params(UserPath, RangeQuery, CurrencyQuery),
    responses((status = 200, description = "The summary", body = TransactionsSummary))
)]
pub(crate) async fn get_transactions_summary(
    access: UserAccess,
    query: Query<(RangeQuery, CurrencyQuery)>,
) -> Result<Response, Error> {
    let (range, currency) = query.read(|values| all((values.utc_range(), values.currency())))?;
    let (ledger, unrecognized) = access.ledger_and_unrecognized(range).await?;
    let records = ledger.records()?;
    let mut report = transactions_summary(&records, &ledger.subject(), range, currency);
    report.meta.count_unread(&unrecognized);
    json_answer(&report)
}
