use proptest::prelude::*;
use proptest::sample::Index;
use rust_decimal::Decimal;
use serde_json::Value;

use super::affordability::request;
use super::golden::user;
use crate::insights::features::FeatureRequest;
use crate::insights::income::ExclusionReason;
use crate::insights::movements::{Nature, movements};
use crate::insights::{
    AffordabilityRequest, Confidence, IncomeReport, affordability, cash_flow, features, income, recurring,
};
use crate::ledger::codec;
use crate::reports::completeness::StepFigures;
use crate::reports::survey::Survey;
use crate::reports::tests::records::{Build, any_ledger, any_shuffled_ledger, any_subject, json, kenyan, record};
use crate::reports::{Subject, completeness};
use crate::unrecognized::UnrecognizedMessages;
use crate::{CounterpartyKind, Details, Impact, Money, Record, TimeRange, Timestamp};

fn instant() -> impl Strategy<Value = Timestamp> {
    (1_599_000_000_i64..1_650_000_000).prop_map(|seconds| Timestamp::from_unix_seconds(seconds).expect("timestamp"))
}

/// All answers.
fn answers(records: &[Record], subject: &Subject, as_of: Timestamp) -> [Value; 4] {
    [
        json(&income(records, subject, as_of, None, Confidence::Low)),
        json(&recurring(records, subject, as_of, None, None)),
        json(&cash_flow(records, subject, as_of, None, None)),
        json(&affordability(
            records,
            subject,
            as_of,
            &request(""),
            &UnrecognizedMessages::default(),
        )),
    ]
}

/// The records with all amounts and balances times ten.
fn tenfold(records: &[Record]) -> Vec<Record> {
    let scale = |money: Money| Money::new(money.decimal() * rust_decimal::Decimal::TEN).expect("money");
    let with_fee = |record: &Record| Details {
        fee: record.details.fee.map(scale),
        ..(*record.details).clone()
    };
    let scaled = records.iter().map(|record| Record {
        amount: record.amount.map(scale),
        balance: record.balance.map(scale),
        details: with_fee(record).into(),
        ..record.clone()
    });
    scaled.collect()
}

const MONEY: [&str; 27] = [
    "monthly",
    "stressed",
    "told_in",
    "told_out",
    "missing_in",
    "missing_out",
    "difference",
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

fn decimal(number: &serde_json::Number) -> Decimal {
    let text = number.to_string();
    let parsed = Decimal::from_str_exact(&text);
    parsed.or_else(|_| Decimal::from_scientific(&text)).expect("a number")
}

fn assert_scaled(name: &str, one: &Value, ten: &Value) {
    match (one, ten) {
        (Value::Object(one), Value::Object(ten)) => {
            assert_eq!(one.keys().collect::<Vec<_>>(), ten.keys().collect::<Vec<_>>());
            for (name, value) in one {
                assert_scaled(name, value, &ten[name]);
            }
        }
        // Without a token, the id of a stream follows its amounts.
        _ if name == "stream_id" => {}
        (Value::Array(one), Value::Array(ten)) if name == "stream_ids" => assert_eq!(one.len(), ten.len()),
        (Value::Array(one), Value::Array(ten)) => {
            assert_eq!(one.len(), ten.len(), "{name}");
            for (one, ten) in one.iter().zip(ten) {
                assert_scaled(name, one, ten);
            }
        }
        (Value::Number(one), Value::Number(ten)) if MONEY.contains(&name) || ROUNDED.contains(&name) => {
            let apart = (decimal(one) * Decimal::TEN - decimal(ten)).abs();
            assert!(apart <= Decimal::new(1, 5), "{name}: {one} {ten}");
        }
        _ => assert_eq!(one, ten, "{name}"),
    }
}

/// The records after storage in pages that are split at these places, read from the last page to the first.
fn through_pages(records: &[Record], cuts: &[Index]) -> Vec<Record> {
    let mut records = records.to_vec();
    records.sort_by(|one, other| one.position().cmp(&other.position()));
    let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(records.len() + 1)).collect();
    places.extend([0, records.len()]);
    places.sort_unstable();
    let pages = places.windows(2).filter(|ends| ends[0] < ends[1]);
    let pages = pages.map(|ends| {
        let page = &records[ends[0]..ends[1]];
        let bytes = codec::encode(page, &vec![1; page.len()]).expect("a page");
        codec::decode(&bytes).expect("records")
    });
    let pages: Vec<Vec<Record>> = pages.collect();
    pages.into_iter().rev().flatten().collect()
}

/// A transfer between two accounts: the seconds from its first side to the instant of the figures, those between its
/// sides, and its direction.
#[derive(Clone, Copy, Debug)]
struct Transfer {
    age: i64,
    apart: i64,
    is_back: bool,
}

impl Transfer {
    /// Both sides, with a sum that no other record has.
    fn sides(self, number: usize, as_of: Timestamp) -> [Record; 2] {
        let accounts = if self.is_back {
            ["kcb", "equitybank"]
        } else {
            ["equitybank", "kcb"]
        };
        let debited = as_of.plus_seconds(-self.age - self.apart.max(0));
        let credited = debited.plus_seconds(self.apart);
        let side = |institution, at: Timestamp, id| record(institution, &at.to_string()).currency("KES").id(id);
        let sum = format!("{}.77", 900_000 + number);
        [
            side(accounts[0], debited, &format!("sent-{number}")).debit(&sum),
            side(accounts[1], credited, &format!("received-{number}")).credit(&sum),
        ]
    }
}

/// An institution that no generated record has. Its account has balances but no debit.
const UNTOLD: &str = "untoldbank";

/// A transfer with only one message: the credit at an institution, while the balance of the paying account falls by its
/// sum. The credit is anywhere between the two balances, or up to ten minutes outside.
#[derive(Clone, Copy, Debug)]
struct UntoldTransfer {
    age: i64,
    lasts: i64,
    place: i64,
}

impl UntoldTransfer {
    fn records(self, number: usize, as_of: Timestamp) -> [Record; 3] {
        let from = as_of.plus_seconds(-self.age - self.lasts - 600);
        let credited = from.plus_seconds(-600 + self.place % (self.lasts + 1_201));
        let sum = format!("{}.77", 900_000 + number);
        let balance = |at: Timestamp, id, balance: &str| {
            let record = record(UNTOLD, &at.to_string()).account(&number.to_string());
            record.currency("KES").id(&format!("{id}-{number}")).balance(balance)
        };
        let credit = record("kcb", &credited.to_string()).currency("KES");
        let credit = credit.id(&format!("received-{number}")).credit(&sum);
        [
            balance(from, "before", &sum),
            balance(from.plus_seconds(self.lasts), "after", "0"),
            super::with(credit, CounterpartyKind::Institution, None),
        ]
    }
}

fn untold_transfers() -> impl Strategy<Value = Vec<UntoldTransfer>> {
    let transfer = (0_i64..250 * 86_400, 1_i64..=30 * 86_400, 0_i64..40 * 86_400);
    let transfer = transfer.prop_map(|(age, lasts, place)| UntoldTransfer { age, lasts, place });
    prop::collection::vec(transfer, 1..4)
}

fn transfers() -> impl Strategy<Value = Vec<Transfer>> {
    let transfer = (0_i64..300 * 86_400, -600_i64..=600, any::<bool>());
    let transfer = transfer.prop_map(|(age, apart, is_back)| Transfer { age, apart, is_back });
    prop::collection::vec(transfer, 1..5)
}

/// Number of credits that are excluded from income as own transfers.
fn own_transfers(report: &IncomeReport) -> u64 {
    let row = report
        .excluded
        .iter()
        .find(|row| row.reason == ExclusionReason::OwnTransfer);
    row.map_or(0, |row| row.count)
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
        let [mut all, mut recent] = [&records, &inside].map(|records| answers(records, &subject, as_of));
        // An account that was late or defaulted before is a reason, and what is owed may follow from older records. An
        // answer has only the weightiest reasons.
        let of_other_facts = |reasons: Value| {
            let reasons = reasons.as_array().expect("a list").clone().into_iter();
            reasons.filter(|reason| !["DEFAULT_RECENT", "DELINQUENCY_RECENT", "DEBT_UNKNOWN"].contains(&reason["code"].as_str().expect("a code")))
        };
        let [one, other] = [&mut all[3], &mut recent[3]].map(|answer| of_other_facts(answer["reasons"].take()));
        for (one, other) in one.zip(other) {
            prop_assert_eq!(one, other);
        }
        prop_assert_eq!(all, recent);
    }

    /// The pages of a ledger come in any order, and two pages may share a second.
    #[test]
    fn the_cuts_of_pages_never_matter(
        records in any_ledger(), cuts in prop::collection::vec(any::<Index>(), 0..6), subject in any_subject(), as_of in instant(),
    ) {
        let paged = through_pages(&records, &cuts);
        prop_assert_eq!(paged.len(), records.len());
        prop_assert_eq!(answers(&paged, &subject, as_of), answers(&records, &subject, as_of));
        let range = TimeRange { start: None, end: Some(as_of) };
        prop_assert_eq!(completeness(&paged, &subject, range), completeness(&records, &subject, range));
        let features = |records: &[Record]| features(records, &subject, user(), None, &FeatureRequest::at(as_of));
        prop_assert_eq!(features(&paged), features(&records));
    }

    #[test]
    fn scaling_amounts_scales_money_and_leaves_the_rest(records in any_ledger(), subject in any_subject(), as_of in instant()) {
        let scaled = tenfold(&records);
        let [mut one, mut recurring, flow, _] = answers(&records, &subject, as_of);
        let [mut ten, mut ten_recurring, ten_flow, _] = answers(&scaled, &subject, as_of);
        // The ids order streams with equal money.
        for answer in [&mut one, &mut ten, &mut recurring, &mut ten_recurring] {
            let streams = answer["streams"].as_array_mut().expect("streams");
            streams.sort_by_key(|stream| stream["record_ids"].to_string());
        }
        assert_scaled("", &one, &ten);
        assert_scaled("", &recurring, &ten_recurring);
        assert_scaled("", &flow, &ten_flow);
        let range = TimeRange { start: None, end: Some(as_of) };
        let of = |records: &[Record]| json(&completeness(records, &subject, range));
        assert_scaled("", &of(&records), &of(&scaled));
    }

    /// Instalment, room and largest principal are rounded to the minor unit, so they may differ by that much. The loan
    /// has no interest, so its instalment is exact.
    #[test]
    fn scaling_amounts_and_the_loan_scales_affordability(records in any_ledger(), as_of in instant(), cents in 1_u32..90_000_000) {
        let answer = |records: &[Record], factor: u32| {
            let loan = format!(
                r#"{{"principal":{},"fees":{},"currency":"KES","interest_rate":0,"term":1,"income_basis":"all","max_age_days":365}}"#,
                Decimal::new(i64::from(cents), 2) * Decimal::from(factor), factor
            );
            json(&affordability(records, &kenyan(), as_of, &AffordabilityRequest::read(&loan).expect("valid"), &UnrecognizedMessages::default()))
        };
        let (one, ten) = (answer(&records, 1), answer(&tenfold(&records), 10));
        let money = |answer: &Value, name: &str| answer[name].as_number().map(decimal);
        for name in ["instalment", "room", "max_principal", "total_cost_of_credit"] {
            let (one, ten) = (money(&one, name), money(&ten, name));
            prop_assert_eq!(one.is_some(), ten.is_some());
            let apart = (one.unwrap_or_default() * Decimal::TEN - ten.unwrap_or_default()).abs();
            prop_assert!(apart <= Decimal::new(1, 1), "{} {:?} {:?}", name, one, ten);
        }
        for name in ["status", "policy", "income", "debt_service", "disposable"] {
            assert_scaled(name, &one[name], &ten[name]);
        }
        // Near the limit, the rounding decides.
        let room = money(&one, "room").unwrap_or_default();
        prop_assume!((money(&one, "instalment").unwrap_or_default() - room).abs() > Decimal::new(1, 1));
        prop_assert_eq!(&one["can_afford"], &ten["can_afford"]);
        let reasons = |answer: &Value| answer["reasons"].as_array().expect("a list").clone();
        for (one, ten) in reasons(&one).iter().zip(&reasons(&ten)) {
            prop_assert_eq!(&one["code"], &ten["code"]);
            let is_money = ["INCOME_LOW", "DISPOSABLE_LOW"].contains(&one["code"].as_str().expect("a code"));
            let factor = if is_money { Decimal::TEN } else { Decimal::ONE };
            for name in ["value", "limit"] {
                // Shares are quotients of rounded averages.
                let (one, ten) = (money(one, name).unwrap_or_default(), money(ten, name).unwrap_or_default());
                prop_assert!((one * factor - ten).abs() <= Decimal::new(2, 5), "{}: {} {}", name, one, ten);
            }
        }
        prop_assert_eq!(reasons(&one).len(), reasons(&ten).len());
    }

    #[test]
    fn own_transfers_never_count_as_income(records in any_ledger(), transfers in transfers(), as_of in instant()) {
        let pairs = transfers.iter().enumerate().flat_map(|(number, one)| one.sides(number, as_of));
        let pairs: Vec<Record> = pairs.collect();
        let with_pairs = [records.as_slice(), &pairs].concat();
        let kes = Some("KES".parse().expect("KES"));
        let of = |records: &[Record]| income(records, &kenyan(), as_of, kes, Confidence::Low);
        let (before, after) = (of(&records), of(&with_pairs));
        prop_assert_eq!(after.summary.income_transactions, before.summary.income_transactions);
        prop_assert_eq!(own_transfers(&after), own_transfers(&before) + pairs.len() as u64 / 2);
        let inflow = |records: &[Record]| {
            let report = cash_flow(records, &kenyan(), as_of, kes, None);
            report.flow.months.iter().map(|month| month.inflow.0 - month.outflow.0).sum::<Decimal>()
        };
        prop_assert_eq!(inflow(&with_pairs), inflow(&records));
    }

    #[test]
    fn transfers_that_a_balance_proves_never_count_as_income(
        records in any_ledger(), transfers in untold_transfers(), as_of in instant(),
    ) {
        let proven = transfers.iter().enumerate().flat_map(|(number, one)| one.records(number, as_of));
        let with_proven = [records.as_slice(), &proven.collect::<Vec<_>>()].concat();
        let kes = Some("KES".parse().expect("KES"));
        let of = |records: &[Record]| income(records, &kenyan(), as_of, kes, Confidence::Low);
        let (before, after) = (of(&records), of(&with_proven));
        prop_assert_eq!(after.summary.income_transactions, before.summary.income_transactions);
        prop_assert_eq!(own_transfers(&after), own_transfers(&before) + transfers.len() as u64);
    }

    #[test]
    fn every_credit_is_income_or_excluded_once(records in any_ledger(), subject in any_subject(), as_of in instant()) {
        let report = income(&records, &subject, as_of, None, Confidence::Low);
        let start = as_of.plus_seconds(-365 * 86_400);
        let inside: Vec<Record> = records.into_iter().filter(|record| start < record.timestamp && record.timestamp <= as_of).collect();
        let survey = Survey::of(inside.iter(), subject.country_currency());
        let all = movements(&survey, &StepFigures::of(&survey).untold_falls);
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
