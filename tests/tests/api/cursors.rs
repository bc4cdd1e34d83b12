//! After "304 Not Modified", the cursor in the client's cached page still works.

use daftari_tests::{TestApp, records};

/// Lifetime of a cursor.
const LIFETIME_SECONDS: i64 = 24 * 60 * 60;

#[tokio::test]
async fn a_page_confirmed_as_unchanged_has_a_cursor_that_lives_on() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    lender.append(&user, &records::history(5, 86_400)).await;
    let path = format!("/users/{user}/ledger?limit=2");
    let mut page = lender.get(&path).await.expect_status(200);
    let mut confirmed = 0;
    for _ in 0..60 {
        // A client that asks once an hour with a fresh token.
        app.clock.advance(60 * 60);
        let lender = app.lender_of(lender.tenant.organization(), lender.tenant.environment());
        let answer = lender.get_with(&path, "if-none-match", page.header("etag")).await;
        if answer.status == 304 {
            confirmed += 1;
        } else {
            page = answer.expect_status(200);
        }
        let cursor = page.at("/next_cursor");
        let cursor = cursor.as_str().expect("cursor");
        app.clock.advance(LIFETIME_SECONDS / 2 - 60 * 60);
        let later = app.lender_of(lender.tenant.organization(), lender.tenant.environment());
        let _ = later.get(&format!("{path}&cursor={cursor}")).await.expect_status(200);
        app.clock.advance(60 * 60 - LIFETIME_SECONDS / 2);
    }
    assert!(confirmed > 50, "an unchanged page is seldom sent again: {confirmed}");
}
