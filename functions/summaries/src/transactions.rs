//! `GET /users/{user_uuid}/transactions-summary`

use axum::response::Response;
use daftari_domain::reports::transactions_summary;
use daftari_platform::Error;
use daftari_platform::http::{Query, ReadsData, UserAccess, json_answer};

/// Transactions counted and added up by currency, account, month and label.
pub(crate) async fn get_transactions_summary(
    access: UserAccess<ReadsData>,
    query: Query,
) -> Result<Response, Error> {
    let (range, currency) = (query.utc_range()?, query.currency()?);
    let ledger = access.ledger(range).await?;
    let records = ledger.records()?;
    let subject = ledger.subject();
    json_answer(&transactions_summary(&records, &subject, range, currency))
}
