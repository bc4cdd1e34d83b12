use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;

use super::golden::user;
use crate::insights::features::catalog::{Feature, SPANS, Windows};
use crate::insights::features::{FeatureRequest, SharedDevice};
use crate::insights::indicators::{DAYS, Indicator};
use crate::insights::window::Window;
use crate::insights::{FeatureReport, NullRule, Unit, Value, features};
use crate::reports::Subject;
use crate::reports::tests::records::{Build, any_ledger, any_subject, kenyan, record};
use crate::{AccountType, Money, Record, Timestamp};

const START: i64 = 1_600_000_000;
const DAY: i64 = 86_400;

/// A ledger of about 130 days, in arbitrary order, with distinct ids.
fn dense_ledger() -> impl Strategy<Value = Vec<Record>> {
    any_ledger().prop_map(|mut records| {
        for record in &mut records {
            let seconds = START + (record.timestamp.unix_seconds() - START) / 4;
            record.timestamp = Timestamp::from_unix_seconds(seconds).expect("timestamp");
        }
        records
    })
}

/// Instants within the ledger and after it, some at midnight and some at the second of a window's edge.
fn instant() -> impl Strategy<Value = Timestamp> {
    let offset = select(vec![0, 1, 43_200, 86_399]);
    (0_i64..200, offset).prop_map(|(day, offset)| {
        let midnight = (START / DAY + day) * DAY;
        Timestamp::from_unix_seconds(midnight + offset).expect("timestamp")
    })
}

fn report(records: &[Record], subject: &Subject, at: Timestamp) -> FeatureReport {
    let request = FeatureRequest {
        all_time: true,
        ..FeatureRequest::at(at)
    };
    features(records, subject, user(), Some(&SharedDevice::default()), &request)
}

fn feature(report: &FeatureReport, feature: Feature, span: usize) -> Value {
    let name = feature.full_name(Some(&SPANS[span]));
    report.features.0.get(&name).expect("a feature")
}

fn number(value: Value) -> Decimal {
    match value {
        Value::Null => Decimal::ZERO,
        Value::Whole(number) => number.into(),
        Value::Number(number) => number.0,
        Value::Currency(_) => panic!("not a number"),
    }
}

fn scaled(records: &[Record], factor: u32) -> Vec<Record> {
    let scale = |money: Money| Money::new(money.decimal() * Decimal::from(factor)).expect("money");
    let mut records = records.to_vec();
    for record in &mut records {
        record.amount = record.amount.map(scale);
        record.balance = record.balance.map(scale);
    }
    records
}

/// Features that add up from window to window.
const SUMS: [Feature; 14] = [
    Feature::AirtimePurchases,
    Feature::Bets,
    Feature::InsufficientFunds,
    Feature::Overdrafts,
    Feature::LoansOpened,
    Feature::LoanRepayments,
    Feature::OpenedLessDelinquent,
    Feature::DepositoryTransactions,
    Feature::NetCashFlow,
    Feature::SumOfCredits,
    Feature::SumOfDebits,
    Feature::OwnTransfers,
    Feature::SumOfLoanDebits,
    Feature::SumOfAirtimeCredits,
];

proptest! {
    #[test]
    fn the_windows_are_disjoint_and_add_up(records in dense_ledger(), subject in any_subject(), at in instant()) {
        let [newest, older, whole, _] = SPANS.map(|span| span.window(at));
        for record in &records {
            let inside = |window: Window| window.contains(record.timestamp);
            prop_assert!(!(inside(newest) && inside(older)));
            prop_assert_eq!(inside(newest) || inside(older), inside(whole));
        }
        let report = report(&records, &subject, at);
        for sum in SUMS {
            let parts = number(feature(&report, sum, 0)) + number(feature(&report, sum, 1));
            prop_assert_eq!(parts, number(feature(&report, sum, 2)), "{:?}", sum);
        }
    }

    #[test]
    fn the_order_of_records_and_later_ones_change_nothing(records in dense_ledger(), subject in any_subject(), at in instant()) {
        let expected = report(&records, &subject, at);
        let mut other: Vec<Record> = records.iter().filter(|record| record.timestamp <= at).rev().cloned().collect();
        prop_assert_eq!(&report(&other, &subject, at), &expected);
        let half = other.len() / 2;
        other.rotate_left(half);
        let after = at.plus_seconds(1).to_string();
        other.push(record("mpesa", &after).id("later").credit("9").balance("9"));
        other.push(record("okash", &after).id("latest").of_type(AccountType::Loan).debit("9").balance("9"));
        prop_assert_eq!(&report(&other, &subject, at), &expected);
    }

    #[test]
    fn amounts_scale_money_and_nothing_else(records in dense_ledger(), subject in any_subject(), at in instant(), factor in 2_u32..9) {
        let (one, other) = (report(&records, &subject, at), report(&scaled(&records, factor), &subject, at));
        let units = |name: &str| {
            if let Some((feature, _)) = Feature::named(name) {
                return feature.definition().unit;
            }
            let found = Indicator::ALL.iter().find(|one| name.starts_with(one.definition().name));
            found.expect("an indicator").definition().unit
        };
        let pairs = |report: &FeatureReport| [report.features.0.0.clone(), report.insights.0.0.clone()].concat();
        for ((name, value), (_, scaled)) in pairs(&one).into_iter().zip(pairs(&other)) {
            let unit: Unit = units(&name);
            if unit.is_money() && value != Value::Null {
                // Each is rounded to a millionth.
                let difference = number(scaled) - number(value) * Decimal::from(factor);
                prop_assert!(difference.abs() <= Decimal::new(i64::from(factor), 6), "{name} {value:?} {scaled:?}");
            } else {
                prop_assert_eq!(value, scaled, "{}", name);
            }
        }
    }

    #[test]
    fn nothing_is_told_of_a_window_without_a_record(records in dense_ledger(), subject in any_subject(), at in instant()) {
        let report = report(&records, &subject, at);
        let is_empty = |window: Window| !records.iter().any(|record| window.contains(record.timestamp));
        for one in Feature::ALL.iter().copied().filter(|one| one.windows() == Windows::Spans) {
            for (index, span) in SPANS.iter().enumerate() {
                let is_null = feature(&report, one, index) == Value::Null;
                let is_empty = is_empty(span.window(at));
                match one.definition().null {
                    NullRule::NoRecord => prop_assert_eq!(is_null, is_empty, "{:?} {:?}", one, span),
                    // Balances of the days before a window are carried into all its dates.
                    _ if matches!(one, Feature::SlopeOfDepositoryBalance | Feature::SlopeOfLoanBalance | Feature::SharedDevices) => {}
                    _ => prop_assert!(is_null || !is_empty, "{one:?} {span:?}"),
                }
            }
        }
        for one in Indicator::ALL.iter().filter(|one| one.definition().null == NullRule::NoRecord) {
            for days in DAYS {
                let value = report.insights.0.get(&one.full_name(Some(days))).expect("an indicator");
                prop_assert_eq!(value == Value::Null, is_empty(Window::last(at, days.into())), "{:?} {}", one, days);
            }
        }
    }

    #[test]
    fn a_transfer_between_own_accounts_is_neither_inflow_nor_outflow(records in dense_ledger(), at in instant()) {
        // An amount and accounts that no other record has.
        let (sent, arrived) = (at.plus_seconds(-500).to_string(), at.plus_seconds(-20).to_string());
        let mut with_transfer = records.clone();
        with_transfer.push(record("mpesa", &sent).account("one").id("sent").debit("98765.4321").currency("KES"));
        with_transfer.push(record("equitybank", &arrived).account("other").id("arrived").credit("98765.4321").currency("KES"));
        let request = |at| FeatureRequest { currency: Some("KES".parse().expect("currency")), ..FeatureRequest::at(at) };
        let of = |records: &[Record]| features(records, &kenyan(), user(), None, &request(at));
        let (before, after) = (of(&records), of(&with_transfer));
        for name in ["total_inflow_amount_30d", "total_outflow_amount_90d", "max_inflow_amount_60d", "gambling_rate_30d"] {
            prop_assert_eq!(before.insights.0.get(name), after.insights.0.get(name), "{}", name);
        }
        let name = "sum_of_depository_transactions_between_user_accounts_0_30";
        let moved = |report: &FeatureReport| number(report.features.0.get(name).expect("a feature"));
        prop_assert_eq!(moved(&after) - moved(&before), Decimal::new(987_654_321, 4));
    }
}
