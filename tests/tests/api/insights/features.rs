//! Features of a user.

use daftari_tests::records::{bare, with};
use daftari_tests::{Lender, TestApp};
use serde_json::{Value, json};

const AT: &str = "utc_time=2021-11-01T00:00:00Z";

/// A wallet with a credit and a bet, and a loan, in October 2021.
fn october() -> Vec<Value> {
    let kes = |institution: &str, at: &str, members: Value| {
        let record = bare(institution, at, &json!({ "currency": "KES" }));
        with(record, &members)
    };
    vec![
        kes(
            "mpesa",
            "2021-10-04T07:00:00Z",
            json!({"impact": "CREDIT", "amount": 3000, "balance": 3500}),
        ),
        kes(
            "mpesa",
            "2021-10-20T11:00:00Z",
            json!({"impact": "DEBIT", "amount": 1000, "balance": 2500, "labels": ["BettingAndLottery"]}),
        ),
        kes(
            "okash",
            "2021-10-05T10:00:00Z",
            json!({"account_type": "loan", "impact": "DEBIT", "amount": 5000, "balance": 5000, "labels": ["LoanDisbursed"]}),
        ),
    ]
}

async fn mercy(app: &TestApp) -> (Lender, String) {
    let lender = app.lender().await;
    let user = lender
        .register_as(
            json!({"phone_number": "254123456789", "first_name": "Mercy", "last_name": "Otieno",
            "external_id": "m-1", "device_id": "phone-7"}),
        )
        .await;
    lender.append(&user, &october()).await;
    (lender, user)
}

#[tokio::test]
async fn features_of_a_user_have_the_public_shape() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    let answer = lender
        .get(&format!(
            "/users/{user}/features?{AT}&features=net_cash_flow,count_opened_loans_0_30,data_recency_minutes"
        ))
        .await
        .expect_status(200);
    let expected = json!({
        "net_cash_flow_0_30": 2000.0, "net_cash_flow_31_90": null, "net_cash_flow_0_90": 2000.0,
        "count_opened_loans_0_30": 1, "data_recency_minutes": 16_620,
    });
    assert_eq!(answer.at("/features"), expected);
    let person = json!({"uuid": user, "first_name": "Mercy", "last_name": "Otieno", "phone_number": "254123456789",
        "external_id": "m-1"});
    assert_eq!(answer.at("/user"), person);
    assert_eq!(answer.at("/_meta/utc_time"), "2021-11-01T00:00:00+00:00");
    assert_eq!(answer.at("/_meta/currency"), "KES");
    assert_eq!(answer.at("/_meta/latest_record_at"), "2021-10-20T11:00:00+00:00");
    assert_eq!(answer.at("/_meta/history_days"), 28);
    assert_eq!(answer.at("/_meta/completeness"), 1.0);
    assert_eq!(answer.at("/insights/gambling_rate_30d"), 1.0);
    assert_eq!(answer.at("/insights/active_lenders_30d"), 1);
    let not_served = answer.at("/_meta/not_served").as_array().expect("names").clone();
    assert!(not_served.contains(&json!("loan_sharks_fes_ratio")));
}

#[tokio::test]
async fn a_user_is_named_in_exactly_one_way() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    let expected = lender
        .get(&format!("/users/{user}/features?{AT}"))
        .await
        .expect_status(200)
        .json();
    for path in ["/features", "/kenya/features", "/srilanka/features"] {
        for one in [
            format!("user_uuid={user}"),
            "phone_number=254123456789".to_owned(),
            "phone_number=%2B254%20123%20456%20789".to_owned(),
            "phone_number=0123456789".to_owned(),
            "external_id=m-1".to_owned(),
        ] {
            let answer = lender.get(&format!("{path}?{AT}&{one}")).await.expect_status(200);
            assert_eq!(answer.json(), expected, "{path} {one}");
        }
        for several in [
            "",
            "user_uuid=",
            &format!("user_uuid={user}&external_id=m-1"),
            "phone_number=254123456789&external_id=m-1",
        ] {
            let answer = lender.get(&format!("{path}?{AT}&{several}")).await;
            answer.expect_problem(400, "one_user_identifier");
        }
        for nobody in [
            "phone_number=254700000009",
            "external_id=m-2",
            "user_uuid=x",
            "user_uuid=958a5ae8-f3a3-41d5-ae48-177fdc19e3f4",
        ] {
            let answer = lender.get(&format!("{path}?{AT}&{nobody}")).await;
            answer.expect_problem(404, "not_found");
        }
        lender
            .get(&format!("{path}?phone_number=x"))
            .await
            .expect_problem(400, "invalid_request");
    }
    let stranger = app.lender().await;
    for one in ["phone_number=254123456789", "external_id=m-1"] {
        stranger
            .get(&format!("/features?{one}"))
            .await
            .expect_problem(404, "not_found");
    }
    lender
        .register_as(json!({"phone_number": "254700000008", "external_id": "m-1"}))
        .await;
    let answer = lender.get("/features?external_id=m-1").await;
    let answer = answer.expect_problem(400, "invalid_request");
    assert!(answer.at("/detail").as_str().expect("detail").contains("several users"));
}

#[tokio::test]
async fn groups_have_their_features_and_other_words_are_404() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    let path = |path: &str| format!("{path}?user_uuid={user}&{AT}");
    let names = async |group: &str| {
        let answer = lender
            .get(&path(&format!("/uganda/features/{group}")))
            .await
            .expect_status(200);
        let features = answer.at("/features").as_object().expect("features").clone();
        features.keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(
        names("data-quality").await,
        [
            "data_density_0_30",
            "data_density_0_90",
            "data_density_31_90",
            "data_oldest_minutes",
            "data_recency_minutes"
        ]
    );
    assert!(names("communication").await.iter().all(|name| name.contains("airtime")));
    for group in ["financial", "utilities", "Data-Quality"] {
        lender
            .get(&path(&format!("/kenya/features/{group}")))
            .await
            .expect_problem(404, "unknown_group");
    }
    for elsewhere in [
        "/france/features",
        "/Kenya/features",
        "/france/features/communication",
        "/users/features/x",
    ] {
        lender.get(&path(elsewhere)).await.expect_problem(404, "not_found");
    }
    lender.get("/users/features").await.expect_problem(404, "not_found");
    let outside = lender
        .get(&format!(
            "{}&features=net_cash_flow",
            path("/kenya/features/communication")
        ))
        .await;
    outside.expect_problem(400, "unknown_feature");
}

#[tokio::test]
async fn unknown_features_are_named() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    let get = async |query: &str| lender.get(&format!("/users/{user}/features?{query}")).await;
    for (name, reason) in [
        ("net_cash_flows", "is unknown: did you mean `net_cash_flow`?"),
        ("net_cash_flows_0_30", "is unknown: did you mean `net_cash_flow_0_30`?"),
        ("net_cash_flow_0_60", "is unknown: did you mean `net_cash_flow_0_30` or"),
        ("cash_flow", "is unknown: did you mean `net_cash_flow`?"),
        (
            "data_recency_minutes_0_30",
            "is unknown: did you mean `data_recency_minutes`?",
        ),
        ("credit_score", "is unknown: docs/FEATURES.md lists the names"),
        (
            "history_days",
            "is one of `insights`, which cannot be selected: leave it out",
        ),
        (
            "gambling_rate_90d",
            "is one of `insights`, which cannot be selected: leave it out",
        ),
        (
            "loan_sharks_fes_ratio_0_30",
            "is not served: no public list of loan sharks",
        ),
    ] {
        let answer = get(&format!("features=sum_of_credits,{name}"))
            .await
            .expect_problem(400, "unknown_feature");
        assert_eq!(answer.at("/errors/0/pointer"), "features");
        let detail = answer.at("/errors/0/detail").as_str().expect("detail").to_owned();
        assert!(detail.starts_with(&format!("{name} {reason}")), "{detail}");
    }
    let long = "x".repeat(2_000);
    get(&format!("features={long}"))
        .await
        .expect_problem(400, "unknown_feature");
    for (query, parameter) in [
        ("all_time=sometimes", "all_time"),
        ("threshold=x", "threshold"),
        ("threshold=1e20", "threshold"),
        ("institutions=MPESA", "institutions"),
        ("currency=KSH", "currency"),
        ("utc_time=x", "utc_time"),
        ("window=0_30", "window"),
    ] {
        let answer = get(query).await.expect_problem(400, "invalid_request");
        assert_eq!(answer.at("/errors/0/pointer"), parameter);
    }
    let many = vec!["mpesa"; 101].join(",");
    get(&format!("institutions={many}"))
        .await
        .expect_problem(400, "invalid_request");
}

#[tokio::test]
async fn windows_without_records_and_other_currencies_are_null() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    let features = async |query: &str| {
        let answer = lender
            .get(&format!("/users/{user}/features?{query}"))
            .await
            .expect_status(200);
        answer.json()
    };
    let count = |answer: &Value, name: &str| answer["features"][name].clone();
    // Before the first record.
    let early = features("utc_time=2021-10-04T06:59:59Z").await;
    let all = early["features"].as_object().expect("features");
    for (name, value) in all {
        let is_of_devices = name.starts_with("count_user_shared_device_ids");
        assert_eq!(value.is_null(), !is_of_devices, "{name} {value}");
    }
    assert_eq!(early["_meta"]["history_days"], Value::Null);
    // The first record only: at the last instant of the window.
    let first = features("utc_time=2021-10-04T07:00:00Z").await;
    assert_eq!(count(&first, "sum_of_credits_0_30"), 3000.0);
    assert_eq!(count(&first, "sum_of_debits_0_30"), Value::Null);
    assert_eq!(count(&first, "sum_of_atm_debits_0_30"), 0.0);
    assert_eq!(count(&first, "data_recency_minutes"), 0);
    // Nothing is in another currency: counts include all records, sums are null.
    let dollars = features(&format!("{AT}&currency=USD")).await;
    assert_eq!(count(&dollars, "sum_of_credits_0_30"), Value::Null);
    assert_eq!(count(&dollars, "count_transactions_depository_0_30"), 2);
    assert_eq!(dollars["_meta"]["other_currencies"], json!(["KES"]));
    // Institutions.
    let okash = features(&format!("{AT}&institutions=okash&institutions=nobody")).await;
    assert_eq!(count(&okash, "count_of_institutions_0_30"), 1);
    assert_eq!(count(&okash, "sum_of_credits_0_30"), Value::Null);
    let nobody = features(&format!("{AT}&institutions=nobody")).await;
    assert_eq!(count(&nobody, "count_of_institutions_0_30"), Value::Null);
    // A year.
    let january = bare(
        "mpesa",
        "2021-01-04T07:00:00Z",
        &json!({"impact": "CREDIT", "amount": 70, "currency": "KES"}),
    );
    lender.append(&user, &[january]).await;
    let year = features(&format!("{AT}&all_time=True")).await;
    assert_eq!(count(&year, "sum_of_credits_0_365"), 3070.0);
    assert_eq!(count(&year, "sum_of_credits_0_90"), 3000.0);
    assert_eq!(year["insights"].get("income_stability"), Some(&Value::Null));
    let named = features(&format!("{AT}&features=sum_of_credits_0_365")).await;
    assert_eq!(named["features"], json!({"sum_of_credits_0_365": 3070.0}));
    assert_eq!(named["insights"].get("income_stability"), None);
    // The future counts as now.
    let future = features("utc_time=2999-01-01T00:00:00Z").await;
    assert_eq!(future["_meta"]["utc_time"], daftari_tests::NOW);
}

#[tokio::test]
async fn users_of_one_device_are_counted() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    for (number, device) in [
        ("254700000001", "phone-7"),
        ("254700000002", "phone-7"),
        ("254700000003", "phone-70"),
    ] {
        lender
            .register_as(json!({"phone_number": number, "device_id": device}))
            .await;
    }
    let stranger = app.lender().await;
    stranger
        .register_as(json!({"phone_number": "254700000001", "device_id": "phone-7"}))
        .await;
    let path = format!("/users/{user}/features?features=count_user_shared_device_ids");
    let answer = lender.get(&path).await.expect_status(200);
    let expected = json!({"count_user_shared_device_ids_0_30": 2, "count_user_shared_device_ids_31_90": 0,
        "count_user_shared_device_ids_0_90": 2});
    assert_eq!(answer.at("/features"), expected);
    let other = lender.register("254700000004").await;
    let answer = lender
        .get(&format!(
            "/users/{other}/features?features=count_user_shared_device_ids_0_30"
        ))
        .await;
    assert_eq!(
        answer.expect_status(200).at("/features"),
        json!({"count_user_shared_device_ids_0_30": null})
    );
}
