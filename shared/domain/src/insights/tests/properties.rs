use proptest::prelude::*;
use serde_json::Value;

use crate::insights::movements::{Nature, movements};
use crate::insights::{Confidence, affordability, cash_flow, income, recurring};
use crate::reports::Subject;
use crate::reports::survey::Survey;
use crate::reports::tests::records::{any_ledger, any_shuffled_ledger, any_subject, json};
use crate::{Impact, Money, Record, Timestamp};

use super::affordability::request;

fn instant() -> impl Strategy<Value = Timestamp> {
    (1_599_000_000_i64..1_650_000_000).prop_map(|seconds| Timestamp::from_unix_seconds(seconds).expect("timestamp"))
}

/// All answers.
fn answers(records: &[Record], subject: &Subject, as_of: Timestamp) -> [Value; 4] {
    [
        json(&income(records, subject, as_of, None, Confidence::Low)),
        json(&recurring(records, subject, as_of, None, None)),
        json(&cash_flow(records, subject, as_of, None, None)),
        json(&affordability(records, subject, as_of, &request(""))),
    ]
}

/// The records with all amounts and balances times ten.
fn tenfold(records: &[Record]) -> Vec<Record> {
    let scale = |money: Money| Money::new(money.decimal() * rust_decimal::Decimal::TEN).expect("money");
    let scaled = records.iter().map(|record| Record {
        amount: record.amount.map(scale),
        balance: record.balance.map(scale),
        ..record.clone()
    });
    scaled.collect()
}

const MONEY: [&str; 20] = [
    "monthly_average",
    "monthly_average_regular",
    "monthly_average_irregular",
    "expected_monthly",
    "HIGH",
    "MEDIUM",
    "median_amount",
    "average_amount",
    "last_amount",
    "total_amount",
    "total",
    "inflow",
    "outflow",
    "net",
    "loan_disbursed",
    "loan_repaid",
    "betting",
    "min_balance",
    "starting_balance",
    "ending_balance",
];
/// Money that is a quotient: rounding may differ by a unit of the last place.
const ROUNDED: [&str; 3] = ["average_daily_balance", "trend", "threshold"];

fn assert_scaled(name: &str, one: &Value, ten: &Value) {
    match (one, ten) {
        (Value::Object(one), Value::Object(ten)) => {
            assert_eq!(one.keys().collect::<Vec<_>>(), ten.keys().collect::<Vec<_>>());
            for (name, value) in one {
                assert_scaled(name, value, &ten[name]);
            }
        }
        (Value::Array(one), Value::Array(ten)) => {
            assert_eq!(one.len(), ten.len(), "{name}");
            for (one, ten) in one.iter().zip(ten) {
                assert_scaled(name, one, ten);
            }
        }
        (Value::Number(one), Value::Number(ten)) if MONEY.contains(&name) || ROUNDED.contains(&name) => {
            let decimal = |number: &serde_json::Number| {
                let text = number.to_string();
                let parsed = rust_decimal::Decimal::from_str_exact(&text);
                parsed
                    .or_else(|_| rust_decimal::Decimal::from_scientific(&text))
                    .expect("a number")
            };
            let apart = (decimal(one) * rust_decimal::Decimal::TEN - decimal(ten)).abs();
            assert!(apart <= rust_decimal::Decimal::new(1, 5), "{name}: {one} {ten}");
        }
        _ if name == "stream_id" => {}
        _ => assert_eq!(one, ten, "{name}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_of_records_never_matters((one, other) in any_shuffled_ledger(), subject in any_subject(), as_of in instant()) {
        prop_assert_eq!(answers(&one, &subject, as_of), answers(&other, &subject, as_of));
    }

    #[test]
    fn only_records_of_the_lookback_count(records in any_ledger(), subject in any_subject(), as_of in instant()) {
        let start = as_of.plus_seconds(-365 * 86_400);
        let inside = records.iter().filter(|record| start < record.timestamp && record.timestamp <= as_of);
        let inside: Vec<Record> = inside.cloned().collect();
        prop_assert_eq!(answers(&records, &subject, as_of), answers(&inside, &subject, as_of));
    }

    #[test]
    fn scaling_amounts_scales_money_and_leaves_the_rest(records in any_ledger(), subject in any_subject(), as_of in instant()) {
        let scaled = tenfold(&records);
        let [one, .., flow, _] = answers(&records, &subject, as_of);
        let [ten, .., ten_flow, _] = answers(&scaled, &subject, as_of);
        // Without a token, the id of a stream follows its amounts, and it orders streams of equal money.
        if one["streams"].as_array().map_or(0, Vec::len) <= 1 {
            assert_scaled("", &one, &ten);
        }
        assert_scaled("", &one["summary"], &ten["summary"]);
        assert_scaled("", &one["excluded"], &ten["excluded"]);
        assert_scaled("", &flow, &ten_flow);
    }

    #[test]
    fn every_credit_is_income_or_excluded_once(records in any_ledger(), subject in any_subject(), as_of in instant()) {
        let report = income(&records, &subject, as_of, None, Confidence::Low);
        let start = as_of.plus_seconds(-365 * 86_400);
        let inside: Vec<Record> = records.into_iter().filter(|record| start < record.timestamp && record.timestamp <= as_of).collect();
        let survey = Survey::of(inside.iter(), subject.country_currency());
        let all = movements(&survey);
        let credits: Vec<_> = all.iter().filter(|movement| movement.impact == Impact::Credit && movement.currency == report.currency).collect();
        let excluded: u64 = report.excluded.iter().map(|row| row.count).sum();
        prop_assert_eq!(report.summary.income_transactions + excluded, credits.len() as u64);
        let own: Vec<_> = credits.iter().filter(|movement| movement.nature == Nature::OwnTransfer).map(|movement| &movement.record.id).collect();
        for stream in &report.streams {
            prop_assert!(stream.record_ids.iter().all(|id| !own.contains(&id)));
        }
    }

    #[test]
    fn matched_transfers_take_as_much_from_debits_as_from_credits(records in any_ledger(), subject in any_subject(), as_of in instant()) {
        let own = cash_flow(&records, &subject, as_of, None, None).flow.own_transfers;
        prop_assert_eq!(own.credit, own.debit);
    }
}
