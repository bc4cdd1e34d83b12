//! The worked example of docs/API.md is what the service answers.

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
    let at = "utc_time=2025-11-10T00:00:00Z";
    for (shown, product) in [(features, "features"), (income, "income")] {
        let answer = lender.get(&format!("{path}/{product}?{at}")).await.expect_status(200);
        assert_shown(shown, &answer.json(), product);
    }
    let answer = lender
        .post(&format!("{path}/affordability"), request)
        .await
        .expect_status(200);
    assert_shown(affordability, &answer.json(), "affordability");
    if std::env::var_os("WRITE_EXAMPLES").is_some() {
        let some = "features=net_cash_flow,sum_of_credits,average_end_of_day_depository_balance,count_betting_and_lottery_events,debt_to_income_ratio_latest,data_recency_minutes";
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../functions/docs/tests/openapi/examples/");
        let client = lender.tenant.organization().to_string();
        for (name, asked) in [
            ("get_user_features", format!("{path}/features?{at}&{some}")),
            ("get_features", format!("/features?user_uuid={user}&{at}&{some}")),
            ("get_country_features", format!("/kenya/features?user_uuid={user}&{at}&{some}")),
            ("get_feature_group", format!("/kenya/features/data-quality?user_uuid={user}&{at}")),
            ("get_completeness", format!("{path}/completeness")),
            ("get_income", format!("{path}/income?{at}")),
            ("get_recurring", format!("{path}/recurring?{at}")),
            ("get_cash_flow", format!("{path}/cash-flow?{at}")),
            ("post_affordability", String::new()),
        ] {
            let json = if asked.is_empty() { answer.json() } else { lender.get(&asked).await.expect_status(200).json() };
            let text = serde_json::to_string_pretty(&json).expect("json");
            let text = text.replace(&user, "958a5ae8-f3a3-41d5-ae48-177fdc19e3f4").replace(&client, "1d4f2f0c-6a3e-4a0e-9d53-0b7f5f5b7a10");
            std::fs::write(format!("{folder}{name}.json"), text + "\n").expect("written");
        }
        std::fs::write(format!("{folder}post_affordability.request.json"), serde_json::to_string_pretty(request).expect("json") + "\n").expect("written");
    }
}
