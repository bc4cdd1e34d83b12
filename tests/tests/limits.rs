//! A ledger stays readable: for any data of a lender or phone, every route of the user answers, and the whole history
//! fits into the memory of a function.
//!
//! `DAFTARI_TEST_HEAVIEST=1` writes the heaviest history with all of its months, which takes some minutes.

use daftari_domain::ledger::limits::{
    ACCOUNT_WEIGHT, MAX_LEDGER_WEIGHT, MAX_MONTH_WEIGHT, MAX_RESERVED_WEIGHT, MEMORY_PER_WEIGHT, MONTH_ALLOWANCE,
    weight,
};
use daftari_domain::{Label, LabelSet, NewRecord, Record, RecordId, TimeRange, Timestamp};
use daftari_platform::Code;
use daftari_platform::http::routes::{FUNCTIONS, GET_FROZEN_CREDIT_REPORT, POST_AFFORDABILITY};
use daftari_platform::store::Rejection;
use daftari_tests::samples::Samples;
use daftari_tests::{Lender, TestApp, records, skipped_elsewhere};
use peak_alloc::PeakAlloc;
use serde_json::{Value, json};

/// Counts the allocations of this process: the functions, their client, and the engine's HTTP server. SQLite keeps the
/// table in memory that is not counted.
#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

/// Memory in addition to the records: the runtime, connections, an answer, and fragmentation of the allocator.
const BASE_BYTES: usize = 40_000_000;

/// Half the memory that the template gives the smallest function that reads ledgers.
const FUNCTION_BYTES: usize = 256_000_000;

const _: () = assert!(MAX_LEDGER_WEIGHT * (MEMORY_PER_WEIGHT + 1) + BASE_BYTES < FUNCTION_BYTES);

/// Checks that peak memory stays within the share of a history of that weight, so that the heaviest history fits.
fn assert_fits_into_a_function(what: &str, weight: usize) {
    let peak = ALLOCATED.peak_usage();
    println!("{what}: {peak} bytes at most, for a weight of {weight}");
    assert!(
        peak < weight * (MEMORY_PER_WEIGHT + 1) + BASE_BYTES,
        "{what}: {peak} bytes"
    );
}

/// The paths of every route that reads a user, except those of frozen reports.
async fn paths_of(lender: &Lender, user: &str) -> Vec<String> {
    let accounts = lender.get(&format!("/users/{user}/accounts")).await;
    let account = accounts.at("/accounts/0/acct_uuid");
    let values = [("acct_uuid", account.as_str().expect("account"))];
    let samples = Samples::read();
    let routes = FUNCTIONS.iter().flat_map(|function| function.routes);
    routes
        .filter(|route| route.method == "GET" && samples.names_a_user(route))
        .filter(|route| route.path != GET_FROZEN_CREDIT_REPORT.path)
        .map(|route| samples.path(route, user, &values))
        .collect()
}

async fn assert_every_route_answers(lender: &Lender, user: &str) {
    for path in paths_of(lender, user).await {
        let _ = lender.get(&path).await.expect_status(200);
    }
    let samples = Samples::read();
    let loan = samples.body(&POST_AFFORDABILITY, user).expect("a loan");
    let path = samples.path(&POST_AFFORDABILITY, user, &[]);
    let _ = lender.post(&path, &loan).await.expect_status(200);
    let frozen = lender.post_nothing(&format!("/users/{user}/creditreport")).await;
    let frozen = frozen.expect_status(201);
    let _ = lender.get(frozen.header("location")).await.expect_status(200);
}

/// A month is readable: all of its pages, also if the answer is short.
async fn assert_month_answers(lender: &Lender, user: &str, month: &str) {
    // Later days of the month have no records.
    let range = format!("utc_starttime={month}-01&utc_endtime={month}-28");
    let ledger = lender.get(&format!("/users/{user}/ledger?{range}&limit=1")).await;
    let _ = ledger.expect_status(200);
}

/// Just below the limit of a request body.
const REQUEST_BYTES: usize = 1_000_000;

/// A body with a list of as many elements as fit.
fn batch(list: &str, element: impl Fn(usize) -> String) -> String {
    let mut body = format!(r#"{{"{list}":["#);
    let mut elements = 0;
    loop {
        let next = element(elements);
        if body.len() + next.len() + 3 > REQUEST_BYTES || elements == 1_000 {
            body.push_str("]}");
            return body;
        }
        if elements > 0 {
            body.push(',');
        }
        body.push_str(&next);
        elements += 1;
    }
}

/// The month of a batch of compressible records: mostly the same one, sometimes one of many others.
fn month_of_records(number: usize) -> String {
    if number.is_multiple_of(3) {
        format!("{}-{:02}", 2000 + number % 20, number % 12 + 1)
    } else {
        "2021-10".to_owned()
    }
}

/// Records with texts that compress a thousandfold.
fn compressible_records(number: usize) -> String {
    let text = "x".repeat(1_600);
    let month = month_of_records(number);
    batch("records", |at| {
        let at = number * 1_000 + at;
        let (hour, minute, second) = (at / 3_600 % 24, at / 60 % 60, at % 60);
        format!(
            r#"{{"id":"{at:x}","timestamp":"{month}-05T{hour:02}:{minute:02}:{second:02}Z","institution_id":"mpesa","account_type":"depository","labels":["ATM"],"body":"{text}"}}"#
        )
    })
}

const MONTH_OF_MESSAGES: &str = "2021-09";

/// Messages of a phone that consist almost only of invisible characters.
fn invisible_messages(number: usize) -> String {
    let text = format!(
        "Hi Peris, your TALA loan of KES 9,200 is due tomorrow. Pay.{}",
        "\u{200b}".repeat(1_540)
    );
    batch("messages", |at| {
        let at = number * 1_000 + at;
        let (hour, minute, second) = (at / 3_600 % 24, at / 60 % 60, at % 60);
        format!(
            r#"{{"id":"{at:x}","sender":"TALA","received_at":"{MONTH_OF_MESSAGES}-06T{hour:02}:{minute:02}:{second:02}Z","body":"{text}"}}"#
        )
    })
}

#[tokio::test]
async fn a_ledger_stays_readable_after_a_hundred_megabytes_of_highly_compressible_records() {
    if skipped_elsewhere(
        "limits: a_ledger_stays_readable_after_a_hundred_megabytes_of_highly_compressible_records",
        "a hundred megabytes take an engine in Python too long",
    ) {
        return;
    }
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let token = lender.post("/auth/user-token", &json!({ "user_uuid": user })).await;
    let mut phone = lender.clone();
    phone.token = token
        .expect_status(201)
        .at("/access_token")
        .as_str()
        .expect("token")
        .to_owned();
    let (mut sent, mut number) = (0, 0);
    let mut codes = std::collections::BTreeSet::new();
    let mut recorded = 0;
    while sent < 100_000_000 {
        let (records, messages) = (compressible_records(number), invisible_messages(number));
        sent += records.len() + messages.len();
        let records = lender.post_text(&format!("/users/{user}/ledger"), records).await;
        let messages = phone.post_text(&format!("/users/{user}/messages"), messages).await;
        for answer in [records.expect_status(200), messages.expect_status(200)] {
            for rejected in answer.at("/rejected").as_array().expect("rejected") {
                codes.insert(rejected["code"].as_str().expect("code").to_owned());
            }
            recorded += answer.at("/recorded").as_u64().unwrap_or(0);
        }
        // A batch can only damage the months that it changes, so these are read after each batch. The routes that read
        // the whole history take seconds, so they follow after each tenth.
        assert_month_answers(&lender, &user, &month_of_records(number)).await;
        assert_month_answers(&lender, &user, MONTH_OF_MESSAGES).await;
        number += 1;
        if number.is_multiple_of(10) {
            assert_every_route_answers(&lender, &user).await;
        }
    }
    assert_every_route_answers(&lender, &user).await;
    assert!(recorded > 2_000, "the phone's messages are read: {recorded}");
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), ["ledger_full", "month_full"]);
    let alerts = lender.get(&format!("/users/{user}/institutions/tala_ke/alerts")).await;
    assert_eq!(
        alerts.at("/alerts/0/body"),
        "Hi Peris, your TALA loan of KES 9,200 is due tomorrow. Pay."
    );
    assert_fits_into_a_function("100 MB sent", MAX_RESERVED_WEIGHT);
}

/// A record of a month whose weight is mostly the weight of its text.
fn heavy(month: &str, number: usize) -> Value {
    let (day, hour, minute) = (number / 1_000 + 1, number / 60 % 24, number % 60);
    json!({
        "id": format!("{number:06}"), "timestamp": format!("{month}-{day:02}T{hour:02}:{minute:02}:00Z"),
        "institution_id": "mpesa", "account_type": "depository", "labels": ["ATM"], "body": "x".repeat(1_600),
    })
}

/// Sends records, and returns how many were accepted, how many existed, and the rejections.
async fn send(lender: &Lender, path: &str, records: &[Value]) -> (u64, u64, Vec<Value>) {
    let answer = lender
        .post(path, &json!({ "records": records }))
        .await
        .expect_status(200);
    let count = |name: &str| answer.at(name).as_u64().expect("count");
    let rejected = answer.at("/rejected").as_array().expect("rejected").clone();
    (count("/accepted"), count("/duplicates"), rejected)
}

#[tokio::test]
async fn a_full_month_refuses_more_and_nothing_else_is_refused() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let path = format!("/users/{user}/ledger");
    let first: NewRecord = serde_json::from_value(heavy("2021-10", 0)).expect("record");
    let each = weight(&Record::from(first));
    let room = (MAX_MONTH_WEIGHT - ACCOUNT_WEIGHT) / each;
    let all: Vec<Value> = (0..room + 100).map(|number| heavy("2021-10", number)).collect();
    let (mut accepted, mut rejected) = (0, Vec::new());
    for batch in all.chunks(500) {
        let (more, known, refused) = send(&lender, &path, batch).await;
        assert_eq!(known, 0);
        accepted += more;
        rejected.extend(refused);
    }
    assert_eq!(accepted, room as u64, "the month is filled to its limit");
    assert_eq!(rejected.len(), 100);
    for rejected in &rejected {
        let place = format!("/records/{}", rejected["index"]);
        assert_eq!([&rejected["code"], &rejected["pointer"]], ["month_full", &place]);
        assert_eq!(rejected["detail"], Code::MonthFull.meaning());
    }
    // A message of the month is refused for the same reason.
    let message = json!({
        "sender": "TALA", "received_at": "2021-10-06T10:00:00Z",
        "body": "Hi Peris, your TALA loan of KES 9,200 is due tomorrow. Pay.",
    });
    let messages = json!({ "messages": [message] });
    let answer = lender.post(&format!("/users/{user}/messages"), &messages).await;
    let answer = answer.expect_status(200);
    assert_eq!(answer.at("/rejected/0/code"), "month_full", "{}", answer.text);
    // The stored records are known, and other months have room.
    assert_eq!(send(&lender, &path, &all[..500]).await, (0, 500, Vec::new()));
    assert_eq!(send(&lender, &path, &[heavy("2021-11", 0)]).await, (1, 0, Vec::new()));
    let october = TimeRange {
        start: None,
        end: "2021-10-31T23:59:59Z".parse().ok(),
    };
    let ledger = app.store.ledger(lender.user_key(&user), october).await;
    let ledger = ledger.expect("read").expect("user");
    assert_eq!(ledger.records().expect("records").len(), room);
    assert_month_answers(&lender, &user, "2021-10").await;
}

/// Text that hardly compresses: letters of a large script in pseudo-random order.
fn incompressible(seed: usize) -> String {
    let mut state = (seed as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let letters = (0..1_400).map(|_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let letter = 0x4E00 + u32::try_from((state >> 33) % 20_000).expect("small");
        char::from_u32(letter).expect("a letter")
    });
    letters.collect()
}

#[tokio::test]
async fn rejected_records_take_no_room_from_later_ones() {
    if skipped_elsewhere(
        "limits: rejected_records_take_no_room_from_later_ones",
        "a hundred megabytes take an engine in Python too long",
    ) {
        return;
    }
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let path = format!("/users/{user}/ledger");
    for month in 0..16 {
        let at = format!("{}-{:02}-05T10:00:00Z", 2019 + month / 12, month % 12 + 1);
        let records = batch("records", |n| {
            let text = incompressible(month * 1_000 + n);
            format!(
                r#"{{"id":"{n:x}","timestamp":"{at}","institution_id":"mpesa","account_type":"depository","labels":["ATM"],"body":"{text}"}}"#
            )
        });
        let answer = lender.post_text(&path, records).await.expect_status(200);
        assert_eq!(answer.at("/accepted"), 0);
        assert_eq!(answer.at("/rejected/0/code"), "instant_full");
    }
    let ordinary = batch("records", |n| {
        let (day, hour, minute) = (n / 100 + 1, n / 60 % 24, n % 60);
        format!(
            r#"{{"id":"{n:x}","timestamp":"2021-10-{day:02}T{hour:02}:{minute:02}:00Z","institution_id":"mpesa","account_type":"depository","amount":5,"impact":"DEBIT"}}"#
        )
    });
    let answer = lender.post_text(&path, ordinary).await.expect_status(200);
    assert_eq!(answer.at("/accepted"), 1_000, "{}", answer.text);
}

#[tokio::test]
async fn a_text_without_visible_characters_is_not_stored() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let spaces = " ".repeat(1_500);
    let record = |id: &str, body: &str| {
        records::with(
            records::record(id, "2021-10-08T10:41:25Z"),
            &json!({ "labels": ["ATM"], "body": body }),
        )
    };
    let sent = [
        record("1", "\u{200b}\u{200e}"),
        record("2", &format!("\u{200b}{spaces}")),
        record("3", &format!("\u{200b}{spaces}Ksh5 withdrawn")),
    ];
    lender.append(&user, &sent).await;
    let unlabelled = records::with(
        records::record("4", "2021-10-08T10:41:25Z"),
        &json!({ "body": "\u{200b} " }),
    );
    lender.append(&user, &[unlabelled]).await;
    let path = format!("/users/{user}/institutions/mpesa/alerts");
    let alerts = lender.get(&path).await.expect_status(200).at("/alerts");
    let alerts = alerts.as_array().expect("alerts").iter();
    let bodies: Vec<_> = alerts.map(|alert| alert["body"].clone()).collect();
    assert_eq!(bodies, ["Ksh5 withdrawn", "", ""]);
}

/// The lightest possible record. It uses the most memory per byte of weight.
fn light(n: u64, at: Timestamp) -> Record {
    let high = (n + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let low = (n + 1).wrapping_mul(0xBF58_476D_1CE4_E5B9).rotate_left(17);
    let mut id = [0; 16];
    id[..8].copy_from_slice(&high.to_be_bytes());
    id[8..].copy_from_slice(&low.to_be_bytes());
    Record {
        id: RecordId::from_bytes(id),
        timestamp: at,
        amount: None,
        balance: None,
        impact: None,
        currency: None,
        labels: LabelSet::EMPTY.with(Label::Atm),
        ..records::parsed(&records::record("any", "2021-10-01T00:00:00Z"))
    }
}

/// Appends `count` light records to a month. Returns the rejections.
async fn fill(app: &TestApp, lender: &Lender, user: &str, month: &str, count: u64) -> Vec<Rejection> {
    let start: Timestamp = format!("{month}-01T00:00:00Z").parse().expect("month");
    let first = u64::try_from(start.unix_seconds()).expect("after 1970") << 20;
    let records = (0..count).map(|n| light(first + n, start.plus_seconds(i64::try_from(n * 8).expect("n"))));
    let appended = app.store.append(lender.user_key(user), records.collect()).await;
    let appended = appended.expect("stored").expect("user");
    appended.outcomes.into_iter().filter_map(Result::err).collect()
}

#[tokio::test]
async fn the_heaviest_history_that_can_be_written_fits_into_a_function() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    // A full month, and months within their allowance. By default a few; with `DAFTARI_TEST_HEAVIEST` all of them, of
    // which some come after another month has filled the ledger.
    let all = std::env::var("DAFTARI_TEST_HEAVIEST").is_ok();
    let rejected = fill(&app, &lender, &user, "2021-05", 270_000).await;
    assert!((1..30_000).contains(&rejected.len()), "{}", rejected.len());
    assert!(rejected.iter().all(|rejection| *rejection == Rejection::MonthFull));
    if all {
        let rejected = fill(&app, &lender, &user, "2021-06", 270_000).await;
        assert!(rejected.len() > 10_000, "{}", rejected.len());
        assert!(rejected.iter().all(|rejection| *rejection == Rejection::LedgerFull));
    }
    let years = if all { 1970..2021 } else { 2019..2021 };
    let allowance = (MONTH_ALLOWANCE - ACCOUNT_WEIGHT) / weight(&light(0, Timestamp::EPOCH));
    let allowance = u64::try_from(allowance).expect("records");
    let months = years.flat_map(|year| (1..=12).map(move |month| format!("{year}-{month:02}")));
    let months: Vec<String> = months.collect();
    for month in &months {
        assert_eq!(fill(&app, &lender, &user, month, allowance).await, []);
    }
    // A full month still recognises its own records, and accepts no more.
    assert_eq!(fill(&app, &lender, &user, "2021-05", 1_000).await, []);
    let late = "2021-05-31T00:00:00Z".parse().expect("timestamp");
    let more = app.store.append(lender.user_key(&user), vec![light(7, late)]).await;
    assert_eq!(
        more.expect("answer").expect("user").outcomes,
        [Err(Rejection::MonthFull)]
    );
    let full = if all { MAX_RESERVED_WEIGHT } else { MAX_MONTH_WEIGHT };
    let weight = full + months.len() * MONTH_ALLOWANCE;
    for path in paths_of(&lender, &user).await {
        ALLOCATED.reset_peak_usage();
        let _ = lender.get(&path).await.expect_status(200);
        assert_fits_into_a_function(&path, weight);
    }
}
