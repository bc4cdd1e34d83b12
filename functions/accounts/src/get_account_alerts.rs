//! The alerts of an account.

use axum::response::Response;
use daftari_domain::views::accounts;
use daftari_platform::Error;
use daftari_platform::http::{LabelsQuery, PageQuery, Query, RangeQuery, UserAccess, all, json_answer, routes};
use daftari_platform::openapi::UserPath;

use crate::account::{Acct, AcctPath, account_page};

/// A page of an account's alerts, newest first, 1,000 per page.
///
/// The records with a label and their text, in the shape for clients up to version 0.0.6. Read the pages up to
/// `max_pages`.
#[utoipa::path(
    get, path = routes::GET_ACCOUNT_ALERTS.path, tag = "Accounts",
    params(UserPath, AcctPath, RangeQuery, LabelsQuery, PageQuery),
    responses((status = 200, description = "The page", body = accounts::AlertsPage))
)]
pub(crate) async fn get_account_alerts(
    access: UserAccess,
    Acct(acct_uuid): Acct,
    query: Query<(RangeQuery, LabelsQuery, PageQuery)>,
) -> Result<Response, Error> {
    let asked = query.read(|values| all((values.alert_filter(), values.page())))?;
    let (request, subject, records) = account_page(&access, acct_uuid, asked).await?;
    json_answer(&accounts::alerts(&records, &subject, &request))
}
