//! `GET /users/{user_uuid}/institutions/{institution_id}/balances`

use axum::response::Response;
use daftari_domain::views::newer;
use daftari_platform::Error;
use daftari_platform::http::{Query, ReadsData, UserAccess, json_answer};

use super::Institution;

/// A page of the balances at an institution, newest first, 1,000 a page: the records with a balance.
pub(crate) async fn get_balances(
    access: UserAccess<ReadsData>,
    Institution(id): Institution,
    query: Query,
) -> Result<Response, Error> {
    let (filter, page) = (query.list_filter()?, query.page()?);
    let ledger = access.ledger(filter.range).await?;
    let records = ledger.records()?;
    json_answer(&newer::balances(&records, id.as_ref(), &filter, page))
}
