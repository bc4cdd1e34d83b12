//! `GET /users/{user_uuid}/accounts/{acct_uuid}/alerts`

use axum::response::Response;
use daftari_domain::views::older::{self, PageRequest};
use daftari_platform::Error;
use daftari_platform::http::{Query, ReadsData, UserAccess, json_answer};

use super::{AcctUuid, account_ledger};

/// A page of the alerts of an account, newest first, 1,000 a page: the records with a label.
pub(crate) async fn get_alerts(
    access: UserAccess<ReadsData>,
    AcctUuid(acct_uuid): AcctUuid,
    query: Query,
) -> Result<Response, Error> {
    let request = PageRequest {
        acct_uuid,
        filter: query.alert_filter()?,
        page: query.page()?,
    };
    let (subject, records) = account_ledger(&access, acct_uuid, request.filter.range).await?;
    json_answer(&older::alerts(&records, &subject, &request))
}
