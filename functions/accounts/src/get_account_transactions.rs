//! The transactions of an account.

use axum::response::Response;
use daftari_domain::views::accounts;
use daftari_platform::Error;
use daftari_platform::http::{
    AccountTypesQuery, LabelsQuery, PageQuery, Query, RangeQuery, UserAccess, all, json_answer, routes,
};
use daftari_platform::openapi::UserPath;

use crate::account::{Acct, AcctPath, account_page};

/// A page of an account's transactions, newest first, 1,000 per page.
///
/// The records with an amount and an impact, in the shape for clients up to version 0.0.6. Read the pages up to
/// `max_pages`.
#[utoipa::path(
    get, path = routes::GET_ACCOUNT_TRANSACTIONS.path, tag = "Accounts",
    params(UserPath, AcctPath, RangeQuery, LabelsQuery, AccountTypesQuery, PageQuery),
    responses((status = 200, description = "The page", body = accounts::TransactionsPage))
)]
pub(crate) async fn get_account_transactions(
    access: UserAccess,
    Acct(acct_uuid): Acct,
    query: Query<(RangeQuery, LabelsQuery, AccountTypesQuery, PageQuery)>,
) -> Result<Response, Error> {
    let asked = query.read(|values| all((values.list_filter(), values.page())))?;
    let (request, subject, records) = account_page(&access, acct_uuid, asked).await?;
    json_answer(&accounts::transactions(&records, &subject, &request))
}
