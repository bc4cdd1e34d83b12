//! Reading ledgers.

use daftari_tests::{Lender, TestApp, records};
use http::Method;
use serde_json::{Value, json};

fn ids(records: &[Value]) -> Vec<&str> {
    records
        .iter()
        .map(|record| record["id"].as_str().expect("id"))
        .collect()
}

async fn listed(lender: &Lender, user: &str, query: &str) -> Vec<Value> {
    let answer = lender
        .get(&format!("/users/{user}/ledger?{query}"))
        .await
        .expect_status(200);
    answer.at("/records").as_array().expect("records").clone()
}

#[tokio::test]
async fn a_ledger_reads_as_the_public_reference_shows_it() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let later = json!({
        "id": "dd9bfad8a88f838d53f63b85c109dcf1", "timestamp": "2021-10-08T10:41:25+00:00",
        "institution_id": "mpesa", "account_id": "default", "account_type": "depository", "amount": 6800.0,
        "balance": 6324.13, "currency": "KES", "impact": "DEBIT", "labels": [],
    });
    let earlier = json!({
        "id": "fd5476336f8cd261e394c050ccfff038", "timestamp": "2021-09-24T06:31:23+00:00",
        "institution_id": "mpesa", "account_id": "default", "account_type": "depository", "amount": 4359.0,
        "balance": 4359.0, "currency": "KES", "impact": "CREDIT", "labels": [],
    });
    lender.append(&user, &[earlier.clone(), later.clone()]).await;
    let answer = lender.get(&format!("/users/{user}/ledger")).await.expect_status(200);
    assert_eq!(
        answer.json(),
        json!({ "records": [later, earlier], "next_cursor": null })
    );
    insta::assert_snapshot!(answer.text);
}

#[tokio::test]
async fn records_of_one_second_are_ordered_by_id_descending() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let at = "2021-10-08T10:41:25Z";
    lender
        .append(
            &user,
            &[
                records::record("b", at),
                records::record("c", at),
                records::record("a", at),
            ],
        )
        .await;
    assert_eq!(ids(&lender.ledger(&user).await), ["c", "b", "a"]);
}

#[tokio::test]
async fn every_filter_selects() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let set = |id: &str, at: &str, members: Value| records::with(records::record(id, at), &members);
    lender
        .append(
            &user,
            &[
                set(
                    "a",
                    "2021-08-31T23:59:59Z",
                    json!({ "institution_id": "equitybank", "account_id": "1234" }),
                ),
                set(
                    "b",
                    "2021-09-01T00:00:00Z",
                    json!({ "impact": "DEBIT", "labels": ["POS", "ATM"] }),
                ),
                set(
                    "c",
                    "2021-09-30T12:00:00Z",
                    json!({ "account_type": "loan", "labels": ["LoanRepaid"] }),
                ),
                set(
                    "d",
                    "2021-10-01T00:00:00Z",
                    json!({ "account_type": "revolving_loan", "amount": null, "impact": null }),
                ),
            ],
        )
        .await;
    for (query, expected) in [
        ("", vec!["d", "c", "b", "a"]),
        ("utc_starttime=2021-09-01T00:00:00", vec!["d", "c", "b"]),
        ("utc_endtime=2021-09-01T00:00:00Z", vec!["b", "a"]),
        (
            "utc_starttime=2021-09-01T00:00:00&utc_endtime=2021-09-30T15:00:00%2B03:00",
            vec!["c", "b"],
        ),
        ("utc_starttime=2021-09-01&utc_endtime=2021-09-30", vec!["c", "b"]),
        ("utc_starttime=2030-01-01T00:00:00", vec![]),
        ("utc_endtime=1901-01-01T00:00:00", vec![]),
        ("institution_id=equitybank", vec!["a"]),
        ("account_id=1234", vec!["a"]),
        ("account_types=loan", vec!["c"]),
        ("account_types=revolvingloan", vec!["d"]),
        ("account_types=loan&account_types=revolving_loan", vec!["d", "c"]),
        ("account_types=mobilemoney", vec!["b", "a"]),
        ("labels=ATM", vec!["b"]),
        ("labels=LoanRepaid&labels=POS", vec!["c", "b"]),
        ("impact=DEBIT", vec!["b"]),
        ("impact=CREDIT&institution_id=mpesa", vec!["c"]),
    ] {
        assert_eq!(ids(&listed(&lender, &user, query).await), expected, "{query}");
    }
}

#[tokio::test]
async fn bad_filters_name_their_parameter() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    for (query, parameter) in [
        ("labels=Nope", "labels"),
        ("labels=pos", "labels"),
        ("account_types=savings", "account_types"),
        ("impact=UP", "impact"),
        ("institution_id=M%20PESA", "institution_id"),
        ("utc_starttime=now", "utc_starttime"),
        (
            "utc_starttime=2021-10-02T00:00:00&utc_endtime=2021-10-01T00:00:00",
            "utc_starttime",
        ),
        ("limit=0", "limit"),
        ("limit=-5", "limit"),
        ("limit=%2B1", "limit"),
        ("limit=1000000", "limit"),
        ("cursor=nonsense", "cursor"),
    ] {
        let answer = lender.get(&format!("/users/{user}/ledger?{query}")).await;
        let answer = answer.expect_problem(400, "invalid_request");
        assert_eq!(answer.at("/errors/0/pointer"), parameter, "{query}");
    }
    let unknown = lender.get(&format!("/users/{user}/ledger?labels=Nope")).await;
    assert!(
        unknown
            .at("/detail")
            .as_str()
            .expect("detail")
            .contains("LoanRepaymentReminder")
    );
}

async fn walk(lender: &Lender, user: &str, query: &str) -> Vec<String> {
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let answer = lender
            .get(&format!("/users/{user}/ledger?{query}&cursor={cursor}"))
            .await
            .expect_status(200);
        let records = answer.at("/records");
        seen.extend(
            records
                .as_array()
                .expect("records")
                .iter()
                .map(|record| record["id"].as_str().expect("id").to_owned()),
        );
        match answer.at("/next_cursor") {
            Value::String(next) => cursor = next,
            _ => return seen,
        }
    }
}

#[tokio::test]
async fn pages_put_together_are_the_whole() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    for batch in records::history(300, 40_000).chunks(100) {
        lender.append(&user, batch).await;
    }
    let whole: Vec<_> = ids(&lender.ledger(&user).await)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(whole.len(), 300);
    for limit in [1, 7, 100, 299, 300, 301] {
        assert_eq!(walk(&lender, &user, &format!("limit={limit}")).await, whole, "{limit}");
    }
    let credits = walk(&lender, &user, "limit=7&impact=CREDIT").await;
    let expected: Vec<_> = ids(&listed(&lender, &user, "impact=CREDIT").await)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(credits, expected);
}

#[tokio::test]
async fn a_write_between_two_pages_neither_hides_nor_repeats_another_record() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let at = |second: u32| format!("2021-10-08T10:00:{second:02}Z");
    let old: Vec<_> = (10..20).map(|n| records::record(&format!("old{n}"), &at(n))).collect();
    lender.append(&user, &old).await;
    let first = lender
        .get(&format!("/users/{user}/ledger?limit=4"))
        .await
        .expect_status(200);
    let cursor = first.at("/next_cursor").as_str().expect("cursor").to_owned();
    let new: Vec<_> = (5..25).map(|n| records::record(&format!("new{n}"), &at(n))).collect();
    lender.append(&user, &new).await;
    let rest = listed(&lender, &user, &format!("cursor={cursor}")).await;
    let mut seen = ids(first.at("/records").as_array().expect("records"))
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>();
    seen.extend(ids(&rest).iter().map(ToString::to_string));
    let old_seen: Vec<_> = seen.iter().filter(|id| id.starts_with("old")).cloned().collect();
    assert_eq!(old_seen, (10..20).rev().map(|n| format!("old{n}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_cursor_is_valid_for_its_own_list_only() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let neighbor = lender.register("254123456780").await;
    lender.append(&user, &records::history(5, 60)).await;
    lender.append(&neighbor, &records::history(5, 60)).await;
    let cursor_of = |answer: daftari_tests::Answer| answer.at("/next_cursor").as_str().expect("cursor").to_owned();
    let cursor = cursor_of(lender.get(&format!("/users/{user}/ledger?limit=2")).await);
    let refused = async |lender: &Lender, path: String| {
        lender.get(&path).await.expect_problem(400, "invalid_request");
    };
    refused(&lender, format!("/users/{neighbor}/ledger?cursor={cursor}")).await;
    refused(&lender, format!("/users/{user}/ledger?impact=DEBIT&cursor={cursor}")).await;
    refused(&lender, format!("/users/{user}/export?cursor={cursor}")).await;
    let mut changed = cursor.clone();
    let last = changed.pop().expect("text");
    changed.push(if last == 'A' { 'B' } else { 'A' });
    refused(&lender, format!("/users/{user}/ledger?cursor={changed}")).await;
    app.clock.advance(24 * 60 * 60);
    let fresh = app.lender_of(lender.tenant.organization(), lender.tenant.environment());
    let _ = fresh
        .get(&format!("/users/{user}/ledger?cursor={cursor}"))
        .await
        .expect_status(200);
    app.clock.advance(1);
    refused(&fresh, format!("/users/{user}/ledger?cursor={cursor}")).await;
}

#[tokio::test]
async fn an_unchanged_ledger_answers_not_modified() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register_with_a_record().await;
    let path = format!("/users/{user}/ledger");
    let tag = lender.get(&path).await.expect_status(200).header("etag").to_owned();
    assert!(tag.starts_with("W/\""), "{tag}");
    let unchanged = lender.get_with(&path, "if-none-match", &tag).await;
    assert_eq!((unchanged.status.as_u16(), unchanged.text.as_str()), (304, ""));
    assert_eq!(unchanged.header("etag"), tag);
    let other = lender
        .get_with(&format!("{path}?impact=DEBIT"), "if-none-match", &tag)
        .await;
    assert_eq!(other.status, 200);
    lender
        .append(&user, &[records::record("a", "2021-10-08T10:41:25Z")])
        .await;
    assert_eq!(lender.get_with(&path, "if-none-match", &tag).await.status, 304);
    lender
        .append(&user, &[records::record("b", "2021-10-08T10:41:25Z")])
        .await;
    assert_eq!(lender.get_with(&path, "if-none-match", &tag).await.status, 200);
}

#[tokio::test]
async fn include_takes_known_words_and_names_unknown_ones() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register_with_a_record().await;
    let path = format!("/users/{user}/ledger");
    let plain = lender.get(&path).await.expect_status(200);
    let nothing = lender.get(&format!("{path}?include=")).await.expect_status(200);
    assert_eq!(nothing.text, plain.text);
    let tag = |answer: &daftari_tests::Answer| answer.header("etag").to_owned();
    let details = lender.get(&format!("{path}?include=details")).await.expect_status(200);
    let twice = lender.get(&format!("{path}?include=details,details")).await;
    assert_eq!(tag(&twice.expect_status(200)), tag(&details));
    // An answer in another shape has another tag.
    assert_ne!(tag(&details), tag(&plain));
    let unknown = lender.get(&format!("{path}?include=detials,details,salt")).await;
    let unknown = unknown.expect_problem(400, "invalid_request");
    for (at, word) in ["detials", "salt"].iter().enumerate() {
        assert_eq!(unknown.at(&format!("/errors/{at}/pointer")), "include");
        let detail = unknown.at(&format!("/errors/{at}/detail"));
        let detail = detail.as_str().expect("detail");
        assert!(
            detail.starts_with(&format!("has an unknown word `{word}`: it takes details")),
            "{detail}"
        );
    }
    let listed = lender
        .get(&format!("{path}?include=details,completeness"))
        .await
        .expect_status(200);
    let repeated = lender
        .get(&format!("{path}?include=details&include=completeness"))
        .await
        .expect_status(200);
    assert_eq!(repeated.text, listed.text);
    assert_ne!(listed.text, details.text);
}

#[tokio::test]
async fn completeness_is_told_where_it_is_asked_for() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let record = |id: &str, time: &str, amount: f64, balance: f64| {
        json!({ "id": id, "timestamp": format!("2021-10-{time}:00Z"), "institution_id": "mpesa", "account_type": "depository",
            "amount": amount, "impact": "DEBIT", "balance": balance, "currency": "KES" })
    };
    // Between b and c 10,000 came in that no message reports.
    let batch = [
        record("a", "01T08:00", 50.0, 1_000.0),
        record("b", "02T08:00", 300.0, 700.0),
        record("c", "03T08:00", 200.0, 10_500.0),
    ];
    lender.append(&user, &batch).await;
    let path = format!("/users/{user}/ledger");
    let plain = lender.get(&path).await.expect_status(200);
    assert_eq!(plain.json().as_object().expect("object").len(), 2);
    let told = lender
        .get(&format!("{path}?include=completeness"))
        .await
        .expect_status(200);
    assert_eq!(told.at("/records"), plain.at("/records"));
    let sums = json!({ "completeness": 0.0476, "steps": 2, "explained_steps": 1, "told_in": 0.0, "told_out": 500.0,
        "missing_in": 10_000.0, "missing_out": 0.0 });
    let account = json!({ "institution_id": "mpesa", "account_id": "default", "account_type": "depository" });
    let with = |mut row: Value, more: &Value| {
        let row_of = row.as_object_mut().expect("row");
        row_of.extend(more.as_object().expect("object").clone());
        row
    };
    let gap = json!({ "currency": "KES", "after_record_id": "b", "before_record_id": "c", "difference": 10_000.0,
        "from": "2021-10-02T08:00:00+00:00", "to": "2021-10-03T08:00:00+00:00" });
    let row = with(json!({ "currency": "KES" }), &sums);
    assert_eq!(
        told.at("/_meta"),
        json!({ "completeness": {
            "currency": "KES", "completeness": 0.0476,
            "by_currency": [row], "by_account": [with(row.clone(), &account)], "gaps": [with(gap, &account)] } })
    );
    // The other filters do not change it, and neither does a page; the range does.
    for query in ["impact=CREDIT", "limit=1", "labels=POS"] {
        let filtered = lender.get(&format!("{path}?include=completeness&{query}")).await;
        assert_eq!(filtered.expect_status(200).at("/_meta"), told.at("/_meta"), "{query}");
    }
    let first = lender
        .get(&format!("{path}?include=completeness&limit=2"))
        .await
        .expect_status(200);
    let cursor = first.at("/next_cursor");
    let cursor = cursor.as_str().expect("cursor");
    let rest = lender
        .get(&format!("{path}?include=completeness&cursor={cursor}"))
        .await
        .expect_status(200);
    assert_eq!(rest.at("/_meta"), told.at("/_meta"));
    assert_eq!(rest.at("/records/0/id"), "a");
    let earlier = lender
        .get(&format!("{path}?include=completeness&utc_endtime=2021-10-02"))
        .await;
    assert_eq!(earlier.expect_status(200).at("/_meta/completeness/completeness"), 1.0);
}

#[tokio::test]
async fn head_answers_as_get_without_a_body() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let path = format!("/users/{user}/ledger");
    let got = lender.get(&path).await;
    let head = lender
        .request(Method::HEAD, &path)
        .body(axum::body::Body::empty())
        .expect("request");
    let head = lender.send(head).await;
    assert_eq!((head.status.as_u16(), head.text.as_str()), (200, ""));
    assert_eq!(head.header("etag"), got.header("etag"));
}

#[tokio::test]
async fn a_ledger_too_large_for_one_answer_goes_on_behind_a_cursor() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    for batch in records::history(22_000, 2_900).chunks(1_000) {
        lender.append(&user, batch).await;
    }
    let first = lender.get(&format!("/users/{user}/ledger")).await.expect_status(200);
    // In a Lambda response every quote of the body takes two bytes. The whole must stay below 6 MiB.
    let escaped = serde_json::to_string(&first.text).expect("json").len();
    assert!(escaped < 6 * 1024 * 1024 - 100_000, "{escaped}");
    assert!(first.text.len() > 4_000_000, "{}", first.text.len());
    let cursor = first.at("/next_cursor").as_str().expect("cursor").to_owned();
    let rest = lender
        .get(&format!("/users/{user}/ledger?cursor={cursor}"))
        .await
        .expect_status(200);
    let count = |answer: &daftari_tests::Answer| answer.at("/records").as_array().expect("records").len();
    assert_eq!(count(&first) + count(&rest), 22_000);
    assert_eq!(rest.at("/next_cursor"), Value::Null);
}
