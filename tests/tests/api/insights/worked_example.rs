//! The service returns the answers of the worked example in docs/API.md.

use daftari_tests::TestApp;
use serde_json::Value;

/// The JSON of the section's code blocks, in order.
fn blocks() -> Vec<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/API.md");
    let page = std::fs::read_to_string(path).expect("docs/API.md");
    let (_, section) = page.split_once("## From SMS to affordability\n").expect("the section");
    let section = section.split("\n## ").next().unwrap_or_default();
    let blocks = section.split("```json\n").skip(1);
    let blocks = blocks.map(|block| block.split("```").next().unwrap_or_default());
    blocks.map(|block| serde_json::from_str(block).expect("JSON")).collect()
}

/// Every member of `shown` has that value in `answer`.
fn assert_shown(shown: &Value, answer: &Value, place: &str) {
    match (shown, answer) {
        (Value::Object(members), Value::Object(_)) => {
            for (name, shown) in members {
                assert_shown(shown, &answer[name], &format!("{place}/{name}"));
            }
        }
        (Value::Array(shown), Value::Array(answer)) => {
            assert_eq!(shown.len(), answer.len(), "{place}");
            for (index, (shown, answer)) in shown.iter().zip(answer).enumerate() {
                assert_shown(shown, answer, &format!("{place}/{index}"));
            }
        }
        _ => assert_eq!(shown, answer, "{place}"),
    }
}

#[tokio::test]
async fn messages_become_features_income_and_affordability() {
    let blocks = blocks();
    let [messages, features, income, request, affordability] = blocks.as_slice() else {
        panic!("{} blocks", blocks.len());
    };
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254700000001").await;
    let path = format!("/users/{user}");
    let sent = lender
        .post(&format!("{path}/messages"), messages)
        .await
        .expect_status(200);
    assert_eq!(sent.at("/unrecognized"), 0, "{}", sent.text);
    let at = "utc_time=2021-11-10T00:00:00Z";
    for (shown, product) in [(features, "features"), (income, "income")] {
        let answer = lender.get(&format!("{path}/{product}?{at}")).await.expect_status(200);
        assert_shown(shown, &answer.json(), product);
    }
    let answer = lender
        .post(&format!("{path}/affordability"), request)
        .await
        .expect_status(200);
    assert_shown(affordability, &answer.json(), "affordability");
}
