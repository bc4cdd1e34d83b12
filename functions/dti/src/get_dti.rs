//! Debt to income.

use axum::response::Response;
use daftari_domain::reports::DtiReport;
use daftari_domain::reports::dti;
use daftari_platform::Error;
use daftari_platform::http::{CurrencyQuery, Query, RangeQuery, UserAccess, all, json_answer, routes};
use daftari_platform::openapi::UserPath;

/// Debt to income by the public definition, and repayments divided by income.
///
/// `dti` is debit cashflow divided by credit cashflow, over all accounts, for a period. It counts a received loan as
/// money paid out, a repayment as income of the loan account, and a transfer between own accounts on both sides.
/// `repayment_to_income` is the share of the income that goes to lenders. Income excludes received loans and
/// transfers between the user's own accounts. Winnings, refunds and cash paid in are part of it.
#[utoipa::path(
    get, path = routes::GET_DTI.path, tag = "Reports",
    params(UserPath, RangeQuery, CurrencyQuery),
    responses((status = 200, description = "The quotients and the sums they are computed from", body = DtiReport))
)]
pub(crate) async fn get_dti(access: UserAccess, query: Query<(RangeQuery, CurrencyQuery)>) -> Result<Response, Error> {
    let (range, currency) = query.read(|values| all((values.utc_range(), values.currency())))?;
    let (ledger, unrecognized) = access.ledger_and_unrecognized(range).await?;
    let records = ledger.records()?;
    let mut report = dti(&records, &ledger.subject(), range, currency);
    report.meta.count_unread(&unrecognized);
    json_answer(&report)
}
