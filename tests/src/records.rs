//! Records for requests.

use daftari_domain::Record;
use serde_json::{Value, json};

/// A depository credit of 100.00 with the given id and time.
pub fn record(id: &str, timestamp: &str) -> Value {
    json!({
        "id": id, "timestamp": timestamp, "institution_id": "mpesa", "account_id": "default",
        "account_type": "depository", "amount": 100.0, "balance": 100.0, "currency": "KES",
        "impact": "CREDIT", "labels": [],
    })
}

/// The record with some members replaced.
#[must_use]
pub fn with(mut record: Value, members: &Value) -> Value {
    for (name, value) in members.as_object().expect("members") {
        record[name] = value.clone();
    }
    record
}

/// A record with `members` and an id of institution and time.
pub fn bare(institution: &str, timestamp: &str, members: &Value) -> Value {
    let record = json!({
        "id": format!("{institution}@{timestamp}"), "timestamp": timestamp,
        "institution_id": institution, "account_type": "depository",
    });
    with(record, members)
}

/// Records of the five accounts in the public reference's credit report.
pub fn five_accounts() -> Vec<Value> {
    let loan = |institution, timestamp, members: &Value| {
        bare(institution, timestamp, &with(json!({"account_type": "loan"}), members))
    };
    vec![
        bare(
            "mpesa",
            "2021-10-12T09:15:00",
            &json!({"impact": "CREDIT", "amount": 15000, "balance": 15210, "currency": "KES"}),
        ),
        bare(
            "mpesa",
            "2021-10-18T20:27:29",
            &json!({"impact": "DEBIT", "amount": 1806, "balance": 13404, "currency": "KES"}),
        ),
        loan(
            "credithela",
            "2021-10-18T08:23:08",
            &json!({"account_id": "5755581653", "impact": "DEBIT", "amount": 500, "currency": "KES",
                "labels": ["LoanDisbursed"], "body": "You have received a loan of Ksh 500."}),
        ),
        loan("credithela", "2021-10-18T08:21:21", &json!({"labels": ["LoanRepaid"]})),
        loan("okash", "2021-10-10T12:00:00", &json!({"labels": ["LoanApproved"]})),
        loan(
            "okash",
            "2021-10-17T19:52:41",
            &json!({"impact": "DEBIT", "amount": 8800, "balance": 8800, "currency": "KES"}),
        ),
        loan(
            "okoajahazi",
            "2021-10-16T07:00:00",
            &json!({"impact": "DEBIT", "amount": 50, "balance": 55, "currency": "KES"}),
        ),
        loan(
            "okoajahazi",
            "2021-10-18T09:28:44",
            &json!({"impact": "CREDIT", "amount": 55, "currency": "KES", "labels": ["LoanRepaid"]}),
        ),
    ]
}

/// `count` records with 32-hex ids, from 2019-11-01 on at intervals of `step_seconds`, at two institutions.
pub fn history(count: u64, step_seconds: u64) -> Vec<Value> {
    let start: daftari_domain::Timestamp = "2019-11-01T00:00:00Z".parse().expect("start");
    (0..count)
        .map(|n| {
            // An odd multiplier permutes the numbers, so the ids are distinct and unordered.
            let high = (n + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let low = (n + 1).wrapping_mul(0xBF58_476D_1CE4_E5B9).rotate_left(17);
            let cents = high % 1_000_000;
            let balance = low % 10_000_000;
            json!({
                "id": format!("{high:016x}{low:016x}"),
                "timestamp": start.plus_seconds(i64::try_from(n * step_seconds).expect("seconds")),
                "institution_id": if high.is_multiple_of(2) { "mpesa" } else { "equitybank" },
                "account_type": "depository",
                "amount": money(cents), "balance": money(balance),
                "currency": "KES",
                "impact": if low.is_multiple_of(2) { "CREDIT" } else { "DEBIT" },
            })
        })
        .collect()
}

fn money(cents: u64) -> Value {
    let text = format!("{}.{:02}", cents / 100, cents % 100);
    serde_json::from_str(&text).expect("number")
}

/// `count` printable ASCII characters that hardly compress and need no JSON escapes.
pub fn incompressible(seed: u64, count: usize) -> String {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let characters = std::iter::from_fn(|| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        Some(char::from(b'0' + u8::try_from((state >> 33) % 74).expect("small")))
    });
    characters.filter(|c| *c != '\\').take(count).collect()
}

/// A record of [`history`] as a domain type.
pub fn parsed(json: &Value) -> Record {
    let text = |name: &str| json[name].as_str().expect("text");
    Record {
        id: text("id").parse().expect("id"),
        timestamp: text("timestamp").parse().expect("timestamp"),
        institution_id: text("institution_id").parse().expect("institution"),
        account_id: daftari_domain::AccountId::default(),
        account_type: text("account_type").parse().expect("type"),
        amount: json["amount"].to_string().parse().ok(),
        balance: json["balance"].to_string().parse().ok(),
        currency: text("currency").parse().ok(),
        impact: text("impact").parse().ok(),
        labels: daftari_domain::LabelSet::EMPTY,
        body: None,
        details: daftari_domain::KeptDetails::NONE,
    }
}
