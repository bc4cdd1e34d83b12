//! Institutions and accounts: two keys to the same records.

mod institutions;
mod lists;

use daftari_tests::records::five_accounts;
use daftari_tests::{Lender, TestApp};
use uuid::Uuid;

async fn mercy(app: &TestApp) -> (Lender, String) {
    let lender = app.lender().await;
    let user = lender.register_mercy().await;
    lender.append(&user, &five_accounts()).await;
    (lender, user)
}

fn acct_uuid(user: &str, institution: &str) -> Uuid {
    let user: Uuid = user.parse().expect("uuid");
    Uuid::new_v5(&user, institution.as_bytes())
}
