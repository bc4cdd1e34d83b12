//! Debt to income, summaries, credit reports.

use daftari_platform::identity::Environment;
use daftari_tests::records::{bare, five_accounts, record, with};
use daftari_tests::{Answer, Lender, NOW, TestApp};
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

/// Credits and debits of one wallet, as the contract's examples have them.
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

#[tokio::test]
async fn dti_is_the_quotient_of_debits_to_credits() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254700000001").await;
    lender.append(&user, &wallet()).await;
    let answer = lender.get(&format!("/users/{user}/dti")).await;
    let currency = json!({"currency": "KES", "dti": 0.872_354, "status": "ok", "debit_cashflow": 6800.0,
        "credit_cashflow": 7795.0, "debit_count": 1, "credit_count": 3});
    let mut expected = currency.clone();
    expected["_meta"] = json!({"user_uuid": user, "client_uuid": client(&lender), "utc_starttime": null,
        "utc_endtime": null, "latest_record_at": "2021-10-08T10:41:25+00:00"});
    expected["by_currency"] = json!([currency]);
    expected["by_account"] = json!([{"institution_id": "mpesa", "account_id": "default",
        "account_type": "depository", "currency": "KES", "debit_cashflow": 6800.0, "credit_cashflow": 7795.0,
        "debit_count": 1, "credit_count": 3}]);
    assert_eq!(answer.expect_status(200).json(), expected);
}

#[tokio::test]
async fn dti_without_credit_or_data_is_null_and_says_so() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254700000001").await;
    let dti = |query: &str| {
        let path = format!("/users/{user}/dti{query}");
        let lender = lender.clone();
        async move { lender.get(&path).await.expect_status(200).json() }
    };
    let empty = dti("").await;
    assert_eq!(
        (&empty["dti"], &empty["status"], &empty["currency"]),
        (&Value::Null, &json!("no_data"), &json!("KES"))
    );
    assert_eq!(empty["by_currency"], json!([]));
    assert_eq!(empty["_meta"]["latest_record_at"], Value::Null);
    lender.append(&user, &wallet()).await;
    let october = dti("?utc_starttime=2021-10-08&utc_endtime=2021-10-08").await;
    assert_eq!(
        (
            &october["dti"],
            &october["status"],
            &october["debit_cashflow"]
        ),
        (&Value::Null, &json!("no_credit"), &json!(6800.0))
    );
    assert_eq!(
        october["_meta"]["utc_endtime"],
        json!("2021-10-08T23:59:59+00:00")
    );
    let dollars = dti("?currency=USD").await;
    assert_eq!(
        (&dollars["currency"], &dollars["status"]),
        (&json!("USD"), &json!("no_data"))
    );
    assert_eq!(dollars["by_currency"][0]["currency"], json!("KES"));
}

#[tokio::test]
async fn the_transactions_summary_counts_and_adds_up() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254700000001").await;
    lender.append(&user, &wallet()).await;
    let answer = lender
        .get(&format!("/users/{user}/transactions-summary"))
        .await;
    let credit = json!({"count": 3, "total": 7795.0, "average": 2_598.333_333, "median": 3000.0, "largest": 4359.0});
    let debit = json!({"count": 1, "total": 6800.0, "average": 6800.0, "median": 6800.0, "largest": 6800.0});
    let flow = |count: u64, total: f64| json!({"count": count, "total": total});
    let expected = json!({
        "_meta": {"user_uuid": user, "client_uuid": client(&lender), "utc_starttime": null, "utc_endtime": null,
            "latest_record_at": "2021-10-08T10:41:25+00:00"},
        "currency": "KES", "total_transactions_count": 4, "credit": credit, "debit": debit, "net": 995.0,
        "by_currency": [{"currency": "KES", "credit": credit, "debit": debit, "net": 995.0}],
        "by_account": [{"institution_id": "mpesa", "account_id": "default", "account_type": "depository",
            "currency": "KES", "credit": flow(3, 7795.0), "debit": flow(1, 6800.0), "net": 995.0,
            "first_timestamp": "2021-09-24T06:31:23+00:00", "last_timestamp": "2021-10-08T10:41:25+00:00"}],
        "by_month": [
            {"month": "2021-09", "currency": "KES", "credit": flow(1, 4359.0), "debit": flow(0, 0.0), "net": 4359.0},
            {"month": "2021-10", "currency": "KES", "credit": flow(2, 3436.0), "debit": flow(1, 6800.0),
             "net": -3364.0}],
        "by_label": [{"label": "POS", "currency": "KES", "credit": flow(0, 0.0), "debit": flow(1, 6800.0)}],
    });
    assert_eq!(answer.expect_status(200).json(), expected);
}

#[tokio::test]
async fn a_summary_of_nothing_is_empty_and_not_an_error() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254700000001").await;
    let none = json!({"count": 0, "total": 0.0, "average": null, "median": null, "largest": null});
    let answer = lender
        .get(&format!("/users/{user}/transactions-summary"))
        .await
        .expect_status(200);
    assert_eq!(answer.at("/credit"), none);
    assert_eq!(answer.at("/debit"), none);
    for list in ["/by_currency", "/by_account", "/by_month", "/by_label"] {
        assert_eq!(answer.at(list), json!([]), "{list}");
    }
    let answer = lender.get(&format!("/users/{user}/alerts-summary")).await;
    let expected = json!({
        "_meta": {"user_uuid": user, "client_uuid": client(&lender), "utc_starttime": null, "utc_endtime": null,
            "latest_record_at": null},
        "total_alerts_count": 0, "by_label": [], "by_institution": [], "by_month": [],
    });
    assert_eq!(answer.expect_status(200).json(), expected);
}

#[tokio::test]
async fn the_alerts_summary_counts_an_alert_once_under_each_label() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254700000001").await;
    let records = [
        bare(
            "mpesa",
            "2021-08-01T00:00:00",
            &json!({"labels": ["InsufficientFunds"]}),
        ),
        bare(
            "mpesa",
            "2021-10-01T00:00:00",
            &json!({"labels": ["InsufficientFunds", "POS"]}),
        ),
        bare("kcb", "2021-10-02T00:00:00", &json!({"labels": ["POS"]})),
        record("no-alert", "2021-10-03T00:00:00"),
    ];
    lender.append(&user, &records).await;
    let answer = lender
        .get(&format!("/users/{user}/alerts-summary"))
        .await
        .expect_status(200);
    assert_eq!(answer.at("/total_alerts_count"), json!(3));
    assert_eq!(
        answer.at("/by_label"),
        json!([
            {"label": "InsufficientFunds", "count": 2, "first_timestamp": "2021-08-01T00:00:00+00:00",
             "last_timestamp": "2021-10-01T00:00:00+00:00", "institution_ids": ["mpesa"]},
            {"label": "POS", "count": 2, "first_timestamp": "2021-10-01T00:00:00+00:00",
             "last_timestamp": "2021-10-02T00:00:00+00:00", "institution_ids": ["kcb", "mpesa"]},
        ])
    );
    assert_eq!(
        answer.at("/by_institution"),
        json!([
            {"institution_id": "kcb", "count": 1, "labels": {"POS": 1}},
            {"institution_id": "mpesa", "count": 2, "labels": {"InsufficientFunds": 2, "POS": 1}},
        ])
    );
    assert_eq!(
        answer.at("/by_month"),
        json!([
            {"month": "2021-08", "count": 1, "labels": {"InsufficientFunds": 1}},
            {"month": "2021-09", "count": 0, "labels": {}},
            {"month": "2021-10", "count": 2, "labels": {"InsufficientFunds": 1, "POS": 2}},
        ])
    );
}

#[tokio::test]
async fn the_report_of_the_public_reference_comes_out_on_every_route() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    let report = lender
        .get(&format!("/users/{user}/creditreport"))
        .await
        .expect_status(200)
        .json();
    assert_eq!(
        report["meta"],
        json!({"created_at": NOW, "user_uuid": user, "client_uuid": client(&lender), "currency": "KES",
            "latest_record_at": "2021-10-18T20:27:29+00:00"})
    );
    assert_eq!(
        report["user"],
        json!({"first_name": "Mercy", "last_name": "Otieno", "phone_number": "254123456789"})
    );
    assert_eq!(
        report["depository"],
        json!({"total_balances": 13404.0, "total_accounts": 1, "accounts": [{"institution_id": "mpesa",
            "account_id": "default", "balance": 13404.0, "iso_currency_code": "KES",
            "updated_at": "2021-10-18T20:27:29+00:00"}]})
    );
    let loan = &report["loan"];
    for (field, value) in [
        ("open_accounts", json!(2)),
        ("open_balances", json!(9300.0)),
        ("nonperforming_accounts", json!(0)),
        ("nonperforming_balances", json!(0.0)),
        ("defaulted_accounts", json!(0)),
        ("defaulted_balances", json!(0.0)),
        ("closed_accounts", json!(2)),
    ] {
        assert_eq!(loan[field], value, "{field}");
    }
    assert_eq!(
        loan["accounts"][0],
        json!({"institution_id": "credithela", "account_id": "5755581653", "account_type": "loan",
            "status": "open", "principal": 500.0, "balance": 500.0, "iso_currency_code": "KES",
            "updated_at": "2021-10-18T08:23:08+00:00", "status_reason": {
                "record_id": "credithela@2021-10-18T08:23:08", "label": "LoanDisbursed",
                "timestamp": "2021-10-18T08:23:08+00:00"}})
    );
    assert_eq!(
        report["tradelines"]["open"][0]["date"],
        json!("2021-10-18T08:23:08")
    );
    assert_eq!(report["loan_repayments"].as_array().map(Vec::len), Some(1));
    let alternative = lender
        .get(&format!("/creditreport/alternative?user_uuid={user}"))
        .await;
    assert_eq!(alternative.expect_status(200).json(), report);
    let created = lender
        .post_nothing(&format!("/users/{user}/creditreport"))
        .await
        .expect_status(201);
    let frozen = lender
        .get(created.header("location"))
        .await
        .expect_status(200);
    assert_eq!(
        frozen.json(),
        json!({"credit_report_status": "SUCCEEDED", "credit_report": report})
    );
}

#[tokio::test]
async fn a_report_stands_for_an_instant_but_never_for_the_future() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    let report = |query: &str| {
        let path = format!("/users/{user}/creditreport{query}");
        let lender = lender.clone();
        async move { lender.get(&path).await.expect_status(200).json() }
    };
    let now = report("").await;
    for future in ["2021-11-17T00:00:00", "2999-01-01", "2021-11-16T21:00:01Z"] {
        assert_eq!(
            report(&format!("?utc_time={future}")).await,
            now,
            "{future}"
        );
    }
    let before = report("?utc_time=2021-10-18T20:27:28").await;
    assert_eq!(before["depository"]["total_balances"], json!(15210.0));
    assert_eq!(
        before["meta"]["created_at"],
        json!("2021-10-18T20:27:28+00:00")
    );
    // A date alone is its last second; offsets are understood.
    for (text, instant) in [
        ("2021-10-18", "2021-10-18T23:59:59+00:00"),
        ("2021-10-18T23:27:29%2B03:00", "2021-10-18T20:27:29+00:00"),
    ] {
        let at = report(&format!("?utc_time={text}")).await;
        assert_eq!(at["meta"]["created_at"], json!(instant));
        assert_eq!(at["depository"]["total_balances"], json!(13404.0));
    }
    for early in [
        "2021-10-01T00:00:00",
        "1969-12-31T23:59:59",
        "0001-01-01T00:00:00",
    ] {
        let empty = report(&format!("?utc_time={early}")).await;
        assert_eq!(empty["meta"]["latest_record_at"], Value::Null, "{early}");
        assert_eq!(
            empty["depository"],
            json!({"total_balances": 0.0, "total_accounts": 0, "accounts": []})
        );
        assert_eq!(empty["loan"]["accounts"], json!([]));
        assert_eq!(empty["totals_by_currency"], json!([]));
        assert_eq!(
            empty["tradelines"],
            json!({"open": [], "late_payments": [], "default": [], "closed": []})
        );
    }
}

#[tokio::test]
async fn parameters_are_checked_and_named() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    for (path, pointer) in [
        ("dti?currency=KSH", "currency"),
        ("dti?currency=kes", "currency"),
        (
            "dti?utc_starttime=2021-10-02&utc_endtime=2021-10-01",
            "utc_starttime",
        ),
        ("dti?utc_endtime=soon", "utc_endtime"),
        ("transactions-summary?currency=XXXX", "currency"),
        ("transactions-summary?currency=KES&currency=USD", "currency"),
        ("alerts-summary?utc_starttime=x", "utc_starttime"),
        ("creditreport?utc_time=yesterday", "utc_time"),
        ("creditreport?currency=1", "currency"),
    ] {
        let answer = lender.get(&format!("/users/{user}/{path}")).await;
        let answer = answer.expect_problem(400, "invalid_request");
        assert_eq!(answer.at("/errors/0/pointer"), json!(pointer), "{path}");
    }
    let answer = lender.get("/creditreport/alternative").await;
    let answer = answer.expect_problem(400, "invalid_request");
    assert_eq!(answer.at("/errors/0/pointer"), json!("user_uuid"));
    for unknown in ["x", NOBODY, "958a5ae8f3a341d5ae48177fdc19e3f4"] {
        let path = format!("/creditreport/alternative?user_uuid={unknown}");
        let answer = lender.get(&path).await.expect_problem(404, "not_found");
        assert_eq!(answer.at("/detail"), json!("user not found"));
    }
}

#[tokio::test]
async fn the_currency_asked_for_is_that_of_the_sums() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    let dollars = json!({"impact": "CREDIT", "amount": 7.25, "balance": 7.25, "currency": "USD"});
    lender
        .append(&user, &[bare("eversend", "2021-10-19T00:00:00", &dollars)])
        .await;
    let report = lender
        .get(&format!("/users/{user}/creditreport?currency=USD"))
        .await
        .expect_status(200);
    assert_eq!(report.at("/meta/currency"), json!("USD"));
    assert_eq!(report.at("/depository/total_balances"), json!(7.25));
    assert_eq!(report.at("/depository/total_accounts"), json!(2));
    assert_eq!(
        report.at("/totals_by_currency"),
        json!([
            {"currency": "KES", "depository_balances": 13404.0, "open_balances": 9300.0,
             "nonperforming_balances": 0.0, "defaulted_balances": 0.0},
            {"currency": "USD", "depository_balances": 7.25, "open_balances": 0.0,
             "nonperforming_balances": 0.0, "defaulted_balances": 0.0},
        ])
    );
}

#[tokio::test]
async fn twenty_currencies_stand_side_by_side() {
    const CODES: [&str; 20] = [
        "AED", "BWP", "CDF", "DZD", "EGP", "ETB", "EUR", "GBP", "GHS", "KES", "MAD", "MZN", "NGN",
        "RWF", "TZS", "UGX", "USD", "XAF", "XOF", "ZAR",
    ];
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254700000001").await;
    let records: Vec<_> = (1_u32..)
        .zip(CODES)
        .map(|(amount, code)| {
            let members =
                json!({"impact": "CREDIT", "amount": amount, "balance": amount, "currency": code});
            bare(&format!("bank-{amount}"), "2021-10-01T00:00:00", &members)
        })
        .collect();
    lender.append(&user, &records).await;
    let answers = [
        ("dti", "/by_currency", "credit_cashflow"),
        ("transactions-summary", "/by_currency", "net"),
        ("creditreport", "/totals_by_currency", "depository_balances"),
    ];
    for (path, list, figure) in answers {
        let answer = lender.get(&format!("/users/{user}/{path}")).await;
        let rows = answer.expect_status(200).at(list);
        let rows = rows.as_array().expect("rows");
        let seen: Vec<_> = rows
            .iter()
            .map(|row| {
                (
                    row["currency"].as_str().unwrap_or_default(),
                    row[figure].clone(),
                )
            })
            .collect();
        let expected: Vec<_> = (1_u32..)
            .zip(CODES)
            .map(|(amount, code)| (code, json!(f64::from(amount))))
            .collect();
        assert_eq!(seen, expected, "{path}");
    }
}

#[tokio::test]
async fn a_frozen_report_stays_as_it_is() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    let path = format!("/users/{user}/creditreport");
    let created = lender.post_nothing(&path).await.expect_status(201);
    let id = created
        .at("/credit_report_id")
        .as_str()
        .expect("id")
        .to_owned();
    assert_eq!(created.json(), json!({"credit_report_id": id}));
    let location = created.header("location").to_owned();
    assert_eq!(location, format!("{path}/{id}"));
    let first = lender.get(&location).await.expect_status(200).text;
    lender
        .append(&user, &[record("late", "2021-10-19T00:00:00")])
        .await;
    app.clock.advance(3_600);
    assert_eq!(lender.get(&location).await.expect_status(200).text, first);
    let upper = location.replace(&id, &id.to_uppercase());
    assert_eq!(lender.get(&upper).await.expect_status(200).text, first);
    let current = lender.get(&path).await.expect_status(200);
    assert_eq!(current.at("/depository/total_balances"), json!(100.0));
}

#[tokio::test]
async fn a_report_is_frozen_as_of_an_instant_and_without_a_body() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    let path = format!("/users/{user}/creditreport");
    let query = format!("{path}?utc_time=2021-10-12T09:15:00&currency=USD");
    let created = lender.post(&query, &json!({})).await.expect_status(201);
    let frozen = lender
        .get(created.header("location"))
        .await
        .expect_status(200);
    assert_eq!(
        frozen.at("/credit_report/meta/created_at"),
        json!("2021-10-12T09:15:00+00:00")
    );
    assert_eq!(frozen.at("/credit_report/meta/currency"), json!("USD"));
    let answer = lender.post(&path, &json!({"utc_time": "2021-10-12"})).await;
    let answer = answer.expect_problem(400, "invalid_body");
    assert_eq!(answer.at("/errors/0/pointer"), json!("/utc_time"));
    lender
        .post_text(&path, "{".to_owned())
        .await
        .expect_problem(400, "malformed_json");
    lender
        .post_nothing(&format!("{path}?utc_time=x"))
        .await
        .expect_problem(400, "invalid_request");
}

#[tokio::test]
async fn the_location_respects_the_base_path() {
    let app = TestApp::with(|config| "/beta".clone_into(&mut config.base_path)).await;
    let (lender, user) = mercy(&app).await;
    let path = format!("/users/{user}/creditreport");
    let created = lender.post_nothing(&path).await.expect_status(201);
    let location = created.header("location");
    let path = location.strip_prefix("/beta").expect("prefix");
    let _ = lender.get(path).await.expect_status(200);
}

#[tokio::test]
async fn unknown_reports_and_users_are_not_found() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    let path = format!("/users/{user}/creditreport");
    let created = lender.post_nothing(&path).await.expect_status(201);
    let id = created
        .at("/credit_report_id")
        .as_str()
        .expect("id")
        .to_owned();
    for unknown in ["x", NOBODY, &id.replace('-', ""), "REPORT"] {
        let answer = lender.get(&format!("{path}/{unknown}")).await;
        let answer = answer.expect_problem(404, "not_found");
        assert_eq!(
            answer.at("/detail"),
            json!("credit report not found"),
            "{unknown}"
        );
    }
    let other = lender.register("254700000009").await;
    let answer = lender
        .get(&format!("/users/{other}/creditreport/{id}"))
        .await;
    answer.expect_problem(404, "not_found");
    for path in [
        "dti",
        "transactions-summary",
        "alerts-summary",
        "creditreport",
    ] {
        let answer = lender.get(&format!("/users/{NOBODY}/{path}")).await;
        assert_eq!(
            answer.expect_problem(404, "not_found").at("/detail"),
            json!("user not found")
        );
    }
    let answer = lender
        .post_nothing(&format!("/users/{NOBODY}/creditreport"))
        .await;
    answer.expect_problem(404, "not_found");
}

#[tokio::test]
async fn tenants_see_nothing_of_each_other() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    let path = format!("/users/{user}/creditreport");
    let created = lender.post_nothing(&path).await.expect_status(201);
    let frozen = created.header("location");
    let organization = lender.tenant.organization();
    let strangers = [
        app.lender().await,
        app.lender_of(organization, Environment::Test),
    ];
    for stranger in strangers {
        for path in [
            frozen.to_owned(),
            path.clone(),
            format!("/users/{user}/dti"),
            format!("/users/{user}/transactions-summary"),
            format!("/users/{user}/alerts-summary"),
            format!("/users/{user}/institutions"),
            format!("/users/{user}/institutions/mpesa/transactions"),
            format!("/users/{user}/accounts"),
            format!("/creditreport/alternative?user_uuid={user}"),
        ] {
            let answer = stranger.get(&path).await.expect_problem(404, "not_found");
            assert_eq!(answer.at("/detail"), json!("user not found"), "{path}");
        }
        let answer = stranger.post_nothing(&path).await;
        answer.expect_problem(404, "not_found");
    }
}

async fn export(lender: &Lender, user: &str, cursor: &str) -> Answer {
    let path = format!("/users/{user}/export?cursor={cursor}");
    lender.get(&path).await.expect_status(200)
}

#[tokio::test]
async fn the_export_holds_frozen_reports_newest_first_and_erasure_deletes_them() {
    let app = TestApp::start().await;
    let (lender, user) = mercy(&app).await;
    assert_eq!(
        export(&lender, &user, "").await.at("/credit_reports"),
        json!([])
    );
    let path = format!("/users/{user}/creditreport");
    let mut ids = Vec::new();
    // More than are read at once.
    for _ in 0..130 {
        let created = lender.post_nothing(&path).await.expect_status(201);
        ids.insert(0, created.at("/credit_report_id"));
        app.clock.advance(1);
    }
    let answer = export(&lender, &user, "").await;
    assert_eq!(answer.at("/next_cursor"), Value::Null);
    assert_eq!(answer.at("/records").as_array().map(Vec::len), Some(8));
    let exported = answer.at("/credit_reports");
    let exported = exported.as_array().expect("reports");
    let seen: Vec<_> = exported
        .iter()
        .map(|report| report["credit_report_id"].clone())
        .collect();
    assert_eq!(seen, ids);
    assert_eq!(exported[129]["created_at"], json!(NOW));
    assert_eq!(
        exported[129]["credit_report"]["loan"]["open_balances"],
        json!(9300.0)
    );
    let frozen = format!("{path}/{}", ids[0].as_str().expect("id"));
    let _ = lender.get(&frozen).await.expect_status(200);
    let erased = lender.delete(&format!("/users/{user}")).await;
    assert_eq!(erased.status.as_u16(), 204);
    lender.get(&frozen).await.expect_problem(404, "not_found");
    let key = lender.user_key(&user);
    let (left, more) = app.store.reports(key, None, 10).await.expect("reports");
    assert!(left.is_empty() && !more);
    lender
        .post_nothing(&path)
        .await
        .expect_problem(404, "not_found");
}

#[tokio::test]
async fn a_large_export_shows_every_record_and_report_once() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254700000001").await;
    // Labelled records with long texts: more than one answer can hold.
    let text = "x".repeat(1_600);
    for batch in 0..8 {
        let records: Vec<_> = (0..500)
            .map(|n| {
                let members = json!({"labels": ["LoanRepayment"], "body": text, "account_type": "loan",
                    "impact": "CREDIT", "amount": n});
                with(bare(&format!("lender-{n}"), "2021-10-01T00:00:00", &members),
                    &json!({"id": format!("{batch}-{n}")}))
            })
            .collect();
        lender.append(&user, &records).await;
    }
    let path = format!("/users/{user}/creditreport");
    let mut ids = Vec::new();
    for _ in 0..6 {
        let created = lender.post_nothing(&path).await.expect_status(201);
        ids.insert(0, created.at("/credit_report_id"));
        app.clock.advance(1);
    }
    let (mut records, mut reports, mut answers) = (0, Vec::new(), 0);
    let mut cursor = String::new();
    loop {
        let answer = export(&lender, &user, &cursor).await;
        answers += 1;
        assert!(answer.text.len() < 6_000_000);
        records += answer.at("/records").as_array().expect("records").len();
        let found = answer.at("/credit_reports");
        let found = found.as_array().expect("reports").iter();
        reports.extend(found.map(|report| report["credit_report_id"].clone()));
        match answer.at("/next_cursor").as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    assert!(answers > 2, "{answers}");
    assert_eq!(records, 4_000);
    assert_eq!(reports, ids);
    // A cursor of the export is one of this user's export only.
    let answer = lender
        .get(&format!("/users/{user}/ledger?cursor={cursor}"))
        .await;
    answer.expect_problem(400, "invalid_request");
}
