//! Functions warm up their connection to the table, each under its own permissions.

use daftari_platform::http::routes;
use daftari_platform::telemetry::Metrics;
use daftari_tests::{Log, TestApp};

#[tokio::test]
async fn every_function_reads_a_missing_key_as_it_starts() {
    let captured = Log::capture(Metrics::None);
    let app = TestApp::start().await;
    for function in routes::FUNCTIONS {
        if let Some(reads) = function.warm_up {
            app.store_of(function.name).warm_up(reads).await;
            let refused = captured
                .lines()
                .into_iter()
                .any(|line| line["target"] == "daftari::start");
            assert!(!refused, "{}: {}", function.name, captured.text());
        }
    }
}
