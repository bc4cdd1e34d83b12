//! Log lines from which CloudWatch extracts metrics (EMF).

use daftari_platform::telemetry::Metrics;
use daftari_tests::{Log, TestApp, skipped_elsewhere};
use serde_json::Value;

/// The requirements of the EMF specification:
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>
fn check(line: &Value) {
    let metadata = &line["_aws"];
    assert!(metadata["Timestamp"].as_u64().expect("milliseconds") > 1_600_000_000_000);
    let directives = metadata["CloudWatchMetrics"].as_array().expect("directives");
    assert_eq!(directives.len(), 1);
    let directive = &directives[0];
    assert_eq!(directive["Namespace"], "Daftari");
    for set in directive["Dimensions"].as_array().expect("dimensions") {
        for name in set.as_array().expect("a set") {
            let value = &line[name.as_str().expect("name")];
            assert!(value.as_str().is_some_and(|text| !text.is_empty()), "{name}");
        }
    }
    let metrics = directive["Metrics"].as_array().expect("metrics");
    assert_eq!(metrics.len(), 6);
    for metric in metrics {
        assert!(line[metric["Name"].as_str().expect("name")].is_number(), "{metric}");
        assert!(["Count", "Milliseconds"].contains(&metric["Unit"].as_str().expect("unit")));
    }
}

#[tokio::test]
async fn requests_are_counted_by_outcome_with_the_units_they_consume() {
    let name = "metrics: requests_are_counted_by_outcome_with_the_units_they_consume";
    if skipped_elsewhere(name, "only the embedded engine counts the capacity of transactions") {
        return;
    }
    let metrics = Metrics::Embedded {
        service: "daftari-prod".to_owned(),
        function: "ledger",
    };
    let log = Log::capture(metrics);
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register_with_a_record().await;
    let _ = lender.get(&format!("/users/{user}/ledger")).await.expect_status(200);
    let _ = lender.get("/users/unknown/ledger").await.expect_status(404);

    let lines = log.lines();
    assert_eq!(lines.len(), 4, "{lines:?}");
    for line in &lines {
        check(line);
        assert_eq!(line["Requests"], 1);
        assert_eq!(line["service"], "daftari-prod");
        assert_eq!(line["function"], "ledger");
        assert_eq!(line["ServerErrors"], 0);
        assert_eq!(line["DurationMs"], line["duration_ms"]);
    }
    let of = |name: &str| -> Vec<f64> {
        let values = lines.iter().map(|line| &line[name]);
        values.map(|value| value.as_f64().expect("number")).collect()
    };
    assert_eq!(of("ClientErrors"), [0.0, 0.0, 0.0, 1.0]);
    assert!(of("WriteUnits")[0] > 0.0 && of("WriteUnits")[1] > 0.0);
    assert_eq!(of("WriteUnits")[2..], [0.0, 0.0]);
    assert!(of("ReadUnits")[2] > 0.0);
    let cold: Vec<&Value> = lines.iter().map(|line| &line["cold"]).collect();
    assert_eq!(cold, [true, false, false, false]);
}
