//! The cost of features in read units and queries.

use std::time::Duration;

use daftari_domain::insights::features::FeatureRequest;
use daftari_domain::{Record, TimeRange};
use daftari_platform::store::Usage;
use daftari_tests::interleave::Interleaved;
use daftari_tests::{TestApp, records, skipped_elsewhere};

/// Over two years, so that only a part of the ledger is read.
const SECONDS_APART: u64 = 6_300;

#[tokio::test]
async fn features_of_10_000_records_cost_at_most_25_read_units() {
    let name = "insights: features_of_10_000_records_cost_at_most_25_read_units";
    if skipped_elsewhere(name, "only the embedded engine counts capacity by size") {
        return;
    }
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let history = records::history(10_000, SECONDS_APART);
    let history: Vec<Record> = history.iter().map(records::parsed).collect();
    for batch in history.chunks(1_000) {
        let stored = app.store.append(lender.user_key(&user), batch.to_vec()).await;
        stored.expect("stored").expect("user");
    }
    let newest = history.iter().map(|record| record.timestamp).max().expect("records");
    let usual = FeatureRequest::at(newest).range();
    let days_100 = TimeRange {
        start: Some(newest.plus_seconds(-100 * 86_400)),
        end: Some(newest),
    };
    for (range, least, most) in [(days_100, 1_300, 25.0), (usual, 2_400, 25.0)] {
        let usage = Usage::default();
        // The user has no device, so the features read nothing else.
        let ledger = app.store.counting(&usage).ledger(lender.user_key(&user), range).await;
        let found = ledger.expect("read").expect("user").records().expect("records");
        assert!(found.len() >= least, "{} records", found.len());
        println!("{} records: {} read units", found.len(), usage.read_units());
        assert!(usage.read_units() <= most, "{} read units", usage.read_units());
    }
    let at = newest.to_string().replace('+', "%2B");
    let layer = Interleaved::start(app.database.endpoint()).await;
    let gateway = app.gateway_over(&layer.endpoint(), Duration::from_mins(1)).await;
    let counted = lender.through(&gateway);
    let answer = counted.get(&format!("/users/{user}/features?utc_time={at}")).await;
    let answer = answer.expect_status(200);
    assert_eq!(layer.queries(), 1);
    assert!(answer.at("/features/count_transactions_depository_0_90").as_u64() > Some(1_000));
}
