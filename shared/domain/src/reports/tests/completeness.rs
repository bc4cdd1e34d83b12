use proptest::prelude::*;

use crate::details::Details;
use crate::reports::completeness::{Completeness, MAX_GAPS, completeness};
use crate::reports::tests::records::{Build, any_shuffled_ledger, kenyan, loan, record};
use crate::{Impact, Money, Record, TimeRange, Timestamp};

const ALL: TimeRange = TimeRange { start: None, end: None };

fn of(records: &[Record]) -> Completeness {
    completeness(records, &kenyan(), ALL)
}

fn number(completeness: &Completeness) -> Option<String> {
    completeness.completeness.map(|number| number.to_string())
}

fn wallet(minute: u32) -> Record {
    record("mpesa", &format!("2021-10-08T10:{minute:02}:00Z")).currency("KES")
}

#[test]
fn balances_that_follow_from_one_another_are_complete() {
    let found = of(&[
        wallet(0).balance("1000"),
        wallet(10).debit("300").balance("700"),
        wallet(20).credit("50.50"),
        wallet(30).debit("0.50").balance("750"),
    ]);
    assert_eq!(number(&found), Some("1.0".into()));
    let sums = found.by_currency[0].sums;
    assert_eq!((sums.steps, sums.explained_steps), (2, 2));
    assert_eq!(
        (sums.told_in.to_string(), sums.told_out.to_string()),
        ("50.5".into(), "300.5".into())
    );
    assert!(found.gaps.is_empty());
}

#[test]
fn a_salary_that_was_not_told_is_missing() {
    let found = of(&[
        wallet(0).id("a").balance("1000"),
        wallet(10).id("b").debit("500").balance("10500"),
    ]);
    // 500 of 10,500 are told.
    assert_eq!(number(&found), Some("0.0476".into()));
    assert_eq!(found.by_account[0].sums.missing_in.to_string(), "10000.0");
    let [gap] = found.gaps.as_slice() else {
        panic!("{:?}", found.gaps)
    };
    assert_eq!(gap.difference.to_string(), "10000.0");
    assert_eq!(
        (gap.after_record_id.to_string(), gap.before_record_id.to_string()),
        ("a".into(), "b".into())
    );
}

#[test]
fn a_stated_fee_is_told() {
    let mut paid = wallet(10).debit("300").balance("677");
    paid.details = Details {
        fee: Some("23".parse().expect("money")),
        ..Details::default()
    }
    .into();
    let found = of(&[wallet(0).balance("1000"), paid]);
    assert_eq!(number(&found), Some("1.0".into()));
    assert_eq!(found.by_currency[0].sums.told_out.to_string(), "323.0");
}

#[test]
fn a_fee_that_the_record_does_not_state_is_missing_too() {
    let found = of(&[wallet(0).balance("1000"), wallet(10).debit("300").balance("677")]);
    // 300 of 323 are told.
    assert_eq!(number(&found), Some("0.9288".into()));
    assert_eq!(found.by_currency[0].sums.missing_out.to_string(), "23.0");
    assert_eq!(found.gaps[0].difference.to_string(), "-23.0");
}

#[test]
fn a_disbursement_raises_the_amount_owed() {
    let loan = |minute: u32| loan("tala", &format!("2021-10-08T10:{minute:02}:00Z")).currency("KES");
    let found = of(&[
        loan(0).balance("0"),
        loan(10).debit("1000").balance("1000"),
        loan(20).credit("400").balance("600"),
    ]);
    assert_eq!(number(&found), Some("1.0".into()));
}

#[test]
fn two_messages_of_one_moment_may_arrive_in_either_order() {
    let in_order = |seconds: i64| {
        let later = wallet(10).timestamp.plus_seconds(seconds);
        [
            wallet(0).balance("100"),
            wallet(10).debit("20").balance("70"),
            Record {
                timestamp: later,
                ..wallet(11).debit("10").balance("90")
            },
            wallet(20).debit("5").balance("65"),
        ]
    };
    assert_eq!(number(&of(&in_order(0))), Some("1.0".into()));
    assert_eq!(number(&of(&in_order(120))), Some("1.0".into()));
    assert_eq!(of(&in_order(120)).by_currency[0].sums.explained_steps, 3);
    assert_eq!(of(&in_order(121)).by_currency[0].sums.explained_steps, 0);
    // The first two of a ledger have no earlier balance, but a later one.
    assert_eq!(number(&of(&in_order(60)[1..])), Some("1.0".into()));
}

#[test]
fn a_swap_that_explains_only_one_step_is_not_a_swap() {
    // 100 → 90 would be explained by the second record first, but 90 → 70 by no record.
    let found = of(&[
        wallet(10).balance("100"),
        wallet(11).debit("25").balance("70"),
        wallet(12).debit("10").balance("90"),
    ]);
    assert_eq!(found.by_currency[0].sums.explained_steps, 0);
    assert_eq!(found.gaps.len(), 2);
}

#[test]
fn without_two_balances_of_one_account_nothing_is_known() {
    for records in [
        vec![],
        vec![wallet(0).balance("5")],
        vec![wallet(0).credit("5"), wallet(1).debit("5")],
        vec![wallet(0).balance("5"), wallet(1).account("2").balance("5")],
        vec![wallet(0).balance("5"), wallet(1).balance("5").currency("USD")],
    ] {
        let found = of(&records);
        assert_eq!((number(&found), found.by_currency.len()), (None, 0), "{records:?}");
    }
}

#[test]
fn steps_without_money_are_complete() {
    let found = of(&[wallet(0).balance("5"), wallet(1).balance("5")]);
    assert_eq!(number(&found), Some("1.0".into()));
}

#[test]
fn the_largest_gaps_of_each_currency_are_listed_newest_first() {
    let mut records: Vec<Record> = (0..40)
        .map(|minute| wallet(minute).balance(&(minute * minute).to_string()))
        .collect();
    for (minute, balance) in [(50, "0"), (51, "0.01")] {
        records.push(wallet(minute).currency("USD").balance(balance));
    }
    let found = of(&records);
    assert_eq!(found.gaps.len(), MAX_GAPS);
    assert!(found.gaps.is_sorted_by(|one, other| one.to >= other.to));
    assert_eq!(found.gaps[0].difference.to_string(), "0.01");
    // The differences of squares rise by 2 a minute, up to 77.
    assert_eq!(found.gaps[1].difference.to_string(), "77.0");
    assert_eq!(found.gaps[19].difference.to_string(), "41.0");
}

/// Movements of an account, each with the balance that follows, at most three minutes apart.
fn explained_ledger() -> impl Strategy<Value = Vec<Record>> {
    prop::collection::vec((1_i128..1_000_000, any::<bool>(), 0_i64..180), 3..40).prop_map(|movements| {
        let mut balance = 0_i128;
        let mut seconds = 1_630_000_000;
        let movements = movements.into_iter().enumerate();
        movements
            .map(|(at, (amount, is_credit, later))| {
                balance += if is_credit { amount } else { -amount };
                seconds += later;
                let money = |value| Some(Money::from_parts(value, 2).expect("money"));
                Record {
                    timestamp: Timestamp::from_unix_seconds(seconds).expect("timestamp"),
                    amount: money(amount),
                    balance: money(balance),
                    impact: Some(if is_credit { Impact::Credit } else { Impact::Debit }),
                    ..wallet(0).id(&format!("{at:04}"))
                }
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn an_explained_ledger_is_complete(records in explained_ledger()) {
        prop_assert_eq!(number(&of(&records)), Some("1.0".into()));
    }

    #[test]
    fn a_movement_that_is_removed_is_one_gap_of_its_amount(records in explained_ledger(), at in any::<prop::sample::Index>()) {
        let mut records = records;
        let removed = records.remove(1 + at.index(records.len() - 2));
        let found = of(&records);
        prop_assert_eq!(found.gaps.len(), 1);
        let size = found.gaps[0].difference.0.abs();
        prop_assert_eq!(Some(size), removed.amount.map(Money::decimal));
        prop_assert_eq!(found.gaps[0].difference.0.is_sign_positive(), removed.impact == Some(Impact::Credit));
        prop_assert!(found.completeness.is_some_and(|number| number.0 <= 1.into()));
    }

    #[test]
    fn neighbours_that_changed_places_are_still_explained(records in explained_ledger(), at in any::<prop::sample::Index>()) {
        let mut records = records;
        let at = 1 + at.index(records.len() - 2);
        let (one, other) = (records[at].timestamp, records[at + 1].timestamp);
        prop_assume!(other.unix_seconds() - one.unix_seconds() <= 120);
        prop_assume!(one != other);
        (records[at].timestamp, records[at + 1].timestamp) = (other, one);
        // Other records of the same second may come between them.
        prop_assume!(records[at - 1].timestamp != one);
        prop_assume!(records.get(at + 2).is_none_or(|next| next.timestamp != other));
        prop_assert_eq!(number(&of(&records)), Some("1.0".into()));
    }

    #[test]
    fn the_order_of_records_changes_nothing((one, other) in any_shuffled_ledger()) {
        prop_assert_eq!(of(&one), of(&other));
    }

    #[test]
    fn a_ledger_without_balances_has_no_completeness((mut records, _) in any_shuffled_ledger()) {
        for record in &mut records {
            record.balance = None;
        }
        prop_assert_eq!(number(&of(&records)), None);
    }

    #[test]
    fn the_completeness_is_a_share((records, _) in any_shuffled_ledger()) {
        let found = of(&records);
        for row in &found.by_currency {
            let share = row.sums.completeness.expect("a row has steps").0;
            prop_assert!(share >= 0.into() && share <= 1.into());
            let missing = row.sums.missing_in.0 + row.sums.missing_out.0;
            prop_assert_eq!(missing == 0.into(), row.sums.steps == row.sums.explained_steps);
        }
    }
}
