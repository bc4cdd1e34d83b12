//! `GET /users/{user_uuid}/dti`

use axum::response::Response;
use daftari_domain::reports::dti;
use daftari_platform::Error;
use daftari_platform::http::{Query, ReadsData, UserAccess, json_answer};

/// Debt to income: the quotient of debit cashflow to credit cashflow, over all accounts, for some period of time.
pub(crate) async fn get_dti(
    access: UserAccess<ReadsData>,
    query: Query,
) -> Result<Response, Error> {
    let (range, currency) = (query.utc_range()?, query.currency()?);
    let ledger = access.ledger(range).await?;
    let records = ledger.records()?;
    json_answer(&dti(&records, &ledger.subject(), range, currency))
}
