//! Common mistakes of clients, and the answers to them.

mod bodies;
mod cases;
mod elements;
mod queries;

use daftari_tests::{Lender, TestApp};

const AT: &str = "2021-10-08T10:41:25Z";

async fn lender() -> (TestApp, Lender, String) {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    (app, lender, user)
}
