//! Debt to income, summaries, credit reports.

mod credit_report;
mod dti;
mod edges;
mod frozen;
mod summaries;

use daftari_tests::records::{five_accounts, record, with};
use daftari_tests::{Lender, TestApp};
use serde_json::{Value, json};

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// A lender with Mercy and the ledger of the public reference.
async fn mercy(app: &TestApp) -> (Lender, String) {
    let lender = app.lender().await;
    let user = lender.register_mercy().await;
    lender.append(&user, &five_accounts()).await;
    (lender, user)
}

fn client(lender: &Lender) -> String {
    lender.tenant.organization().to_string()
}

/// Credits and debits of one wallet, as in the contract's examples.
fn wallet() -> Vec<Value> {
    let moved = |id: &str, at: &str, impact: &str, amount: f64| {
        with(
            record(id, at),
            &json!({"impact": impact, "amount": amount, "balance": null}),
        )
    };
    vec![
        moved("a", "2021-09-24T06:31:23", "CREDIT", 4359.0),
        moved("b", "2021-10-01T08:00:00", "CREDIT", 3000.0),
        moved("c", "2021-10-02T08:00:00", "CREDIT", 436.0),
        with(
            moved("d", "2021-10-08T10:41:25", "DEBIT", 6800.0),
            &json!({"labels": ["POS"]}),
        ),
    ]
}
