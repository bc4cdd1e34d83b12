//! Log lines about messages, from which CloudWatch extracts metrics. A process can capture its log once, so this is a
//! single test.

use daftari_platform::telemetry::Metrics;
use daftari_tests::{Lender, Log, TestApp};
use serde_json::{Value, json};

fn message(number: usize, sender: &str, body: &str) -> Value {
    json!({ "sender": sender, "body": body, "received_at": format!("2021-10-08T10:{:02}:{:02}Z", number / 60, number % 60) })
}

#[tokio::test]
async fn messages_are_counted_by_sender_and_outcome() {
    let metrics = Metrics::Embedded {
        service: "daftari-prod".to_owned(),
        function: "ingest",
    };
    let log = Log::capture(metrics);
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let sent = "QJ812ABCDE Confirmed. Ksh1,250.00 sent to JANE WAMBUI 0722000111 on 8/10/21 at 1:41 PM. New M-PESA balance \
                is Ksh3,400.50. Transaction cost, Ksh23.00.";
    let odd = "QJ812ABCDZ Confirmed. Ksh77.00 went somewhere planted on 8/10/21.";
    let mut batch: Vec<Value> = (0..130).map(|number| message(number, "MPESA", sent)).collect();
    batch.extend((0..3).map(|number| message(number, "M-Pesa", odd)));
    batch.push(message(0, "KCB", "Your one-time password is 482910."));
    batch.push(message(0, "Planted Person", odd));
    let path = format!("/users/{user}/messages");
    let answer = lender.post(&path, &json!({ "messages": batch })).await;
    assert_eq!(answer.status, 200, "{}", answer.text);

    let lines = log.lines();
    let lines = lines.iter().filter(|line| line["target"] == "daftari::messages");
    let lines: Vec<&Value> = lines.collect();
    let count = |sender: &str, outcome: &str| -> u64 {
        let of = lines
            .iter()
            .filter(|line| line["sender"] == sender && line["outcome"] == outcome);
        of.map(|line| line["messages"].as_u64().expect("count")).sum()
    };
    assert_eq!(count("mpesa", "read"), 130);
    assert_eq!(count("mpesa", "unrecognized"), 3);
    assert_eq!(count("kcb", "not_financial"), 1);
    assert_eq!(count("other", "unrecognized") + count("other", "not_financial"), 1);
    for line in &lines {
        let values = line["UnreadPercent"].as_array();
        if line["outcome"] == "not_financial" {
            assert!(values.is_none() && line["_aws"].is_null(), "{line}");
            continue;
        }
        // The format takes up to 100 values of a metric.
        let values = values.expect("values");
        assert_eq!(values.len() as u64, line["messages"].as_u64().expect("count"));
        assert!(values.len() <= 100, "{}", values.len());
        let wanted = if line["outcome"] == "read" { 0 } else { 100 };
        assert!(values.iter().all(|value| *value == wanted), "{line}");
        let directive = &line["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(directive["Namespace"], "Daftari");
        assert_eq!(directive["Dimensions"], json!([["service", "sender"]]));
        assert_eq!(
            directive["Metrics"],
            json!([{ "Name": "UnreadPercent", "Unit": "Percent" }])
        );
        assert_eq!(line["service"], "daftari-prod");
    }
    checks_are_counted_by_sender_and_rule(&log, &lender, &user).await;
    for secret in ["planted", "Planted", "WAMBUI", "0722000111", "482910"] {
        assert!(!log.text().contains(secret), "{secret}");
    }
}

/// A balance that follows from the previous one, one that does not, and one without a previous balance.
async fn checks_are_counted_by_sender_and_rule(log: &Log, lender: &Lender, user: &str) {
    let before = log.lines().len();
    let paid = |minute: u32, balance: &str| {
        let body = format!(
            "Dear Customer, KES 100.00 has been debited from your account 12****789. Available balance is KES {balance}."
        );
        json!({ "sender": "KCB", "body": body, "received_at": format!("2021-10-09T10:{minute:02}:00Z") })
    };
    let batch = [paid(1, "900.00"), paid(2, "800.00"), paid(3, "350.00")];
    let path = format!("/users/{user}/messages");
    let answer = lender.post(&path, &json!({ "messages": batch })).await;
    assert_eq!(answer.at("/recorded"), 3, "{}", answer.text);
    let lines = log.lines();
    let lines: Vec<&Value> = lines[before..]
        .iter()
        .filter(|line| line["target"] == "daftari::checks")
        .collect();
    for (check, share) in [
        ("confirmed", Some(0)),
        ("contradicted", Some(100)),
        ("uncheckable", None),
    ] {
        let found: Vec<&&Value> = lines.iter().filter(|line| line["check"] == check).collect();
        let [line] = found.as_slice() else {
            panic!("{check}: {lines:?}");
        };
        assert_eq!([&line["sender"], &line["institution"]], ["kcb", "kcb"], "{line}");
        assert!(
            line["template"].as_str().is_some_and(|template| !template.is_empty()),
            "{line}"
        );
        assert_eq!(line["records"], 1, "{line}");
        let Some(share) = share else {
            assert!(line["_aws"].is_null(), "{line}");
            continue;
        };
        assert_eq!(line["ContradictedPercent"], json!([share]), "{line}");
        let directive = &line["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(directive["Dimensions"], json!([["service", "sender"]]));
        assert_eq!(
            directive["Metrics"],
            json!([{ "Name": "ContradictedPercent", "Unit": "Percent" }])
        );
    }
    // A single message is compared with the stored ones.
    let before = log.lines().len();
    let answer = lender.post(&path, &json!({ "messages": [paid(4, "250.00")] })).await;
    assert_eq!(answer.at("/recorded"), 1, "{}", answer.text);
    let lines = log.lines();
    let checks: Vec<&Value> = lines[before..]
        .iter()
        .filter(|line| line["target"] == "daftari::checks")
        .map(|line| &line["check"])
        .collect();
    assert_eq!(checks, ["confirmed"]);
}
