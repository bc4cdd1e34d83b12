//! Records to send.

use serde_json::{Value, json};

/// A depository credit of 100.00 with the given id and time.
pub fn record(id: &str, timestamp: &str) -> Value {
    json!({
        "id": id, "timestamp": timestamp, "institution_id": "mpesa", "account_id": "default",
        "account_type": "depository", "amount": 100.0, "balance": 100.0, "currency": "KES",
        "impact": "CREDIT", "labels": [],
    })
}

/// The record with some members set.
#[must_use]
pub fn with(mut record: Value, members: &Value) -> Value {
    for (name, value) in members.as_object().expect("members") {
        record[name] = value.clone();
    }
    record
}

/// `count` records with 32-hex ids, `step_seconds` apart from 2019-11-01 on, at two institutions.
pub fn history(count: u64, step_seconds: u64) -> Vec<Value> {
    let start: daftari_domain::Timestamp = "2019-11-01T00:00:00Z".parse().expect("start");
    (0..count)
        .map(|n| {
            // An odd multiplier permutes the numbers: distinct ids without structure.
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
