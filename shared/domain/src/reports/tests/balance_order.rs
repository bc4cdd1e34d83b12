//! The order of records of one second.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::details::Details;
use crate::reports::balance_order;
use crate::reports::completeness::completeness;
use crate::reports::credit_report::{Person, credit_report};
use crate::reports::survey::{Entry, Survey};
use crate::reports::tests::records::{Build, any_shuffled_ledger, at, kenyan, loan, record};
use crate::{AccountType, Impact, Money, Record, TimeRange};

const NOON: &str = "2021-10-08T12:00:00";

fn wallet(id: &str) -> Record {
    record("mpesa", NOON).currency("KES").id(id)
}

/// The balance before noon.
fn earlier(balance: &str) -> Record {
    record("mpesa", "2021-10-08T11:00:00")
        .currency("KES")
        .id("earlier")
        .balance(balance)
}

fn oldest_first(records: &[Record]) -> Vec<&Record> {
    let survey = Survey::of(records.iter(), None);
    let entries = balance_order::oldest_first(survey.entries());
    entries.into_iter().map(|entry| entry.record).collect()
}

/// The ids in order.
fn ids(records: &[Record]) -> String {
    let records = oldest_first(records);
    let ids: Vec<String> = records.iter().map(|record| record.id.to_string()).collect();
    ids.join(" ")
}

fn with_fee(record: Record, fee: &str) -> Record {
    let details = Details {
        fee: Some(fee.parse().expect("fee")),
        ..Details::default()
    };
    Record {
        details: details.into(),
        ..record
    }
}

#[test]
fn each_balance_follows_from_the_one_before_by_amount_and_fee() {
    // 100 → 90 → 67 → 117.
    let records = [
        wallet("c").debit("10").balance("90"),
        with_fee(wallet("a").debit("20").balance("67"), "3"),
        wallet("b").credit("50").balance("117"),
    ];
    assert_eq!(ids(&records), "c a b");
    let without_fee = [records[0].clone(), wallet("a").debit("20").balance("67")];
    assert_eq!(ids(&without_fee), "a c");
}

#[test]
fn debt_rises_with_a_debit() {
    let records = [
        wallet("b")
            .of_type(AccountType::RevolvingLoan)
            .debit("10")
            .balance("40"),
        wallet("a")
            .of_type(AccountType::RevolvingLoan)
            .debit("20")
            .balance("60"),
    ];
    assert_eq!(ids(&records), "b a");
}

#[test]
fn balances_that_prove_nothing_leave_the_order_of_the_ledger() {
    for records in [
        [wallet("a").balance("90"), wallet("b").balance("70")],
        [
            wallet("a").debit("5").balance("90"),
            wallet("b").debit("5").balance("70"),
        ],
        // Both from 100: no order makes both true.
        [
            wallet("a").debit("10").balance("90"),
            wallet("b").debit("20").balance("80"),
        ],
        // There and back: either may be the first.
        [
            wallet("a").credit("10").balance("100"),
            wallet("b").debit("10").balance("90"),
        ],
        // Records of other accounts and other currencies do not follow.
        [
            wallet("a").account("2").debit("10").balance("80"),
            wallet("b").debit("10").balance("90"),
        ],
        [
            wallet("a").currency("USD").debit("10").balance("80"),
            wallet("b").debit("10").balance("90"),
        ],
    ] {
        assert_eq!(ids(&records), "a b", "{records:?}");
    }
}

#[test]
fn the_balance_before_the_second_tells_where_a_round_trip_begins() {
    let there_and_back = |before: &str| {
        ids(&[
            wallet("a").credit("10").balance("100"),
            wallet("b").debit("10").balance("90"),
            earlier(before),
        ])
    };
    assert_eq!(there_and_back("90"), "earlier a b");
    assert_eq!(there_and_back("100"), "earlier b a");
    assert_eq!(there_and_back("70"), "earlier a b");
    // Movements since the earlier balance count too.
    let with_movement = [
        wallet("a").credit("10").balance("100"),
        wallet("b").debit("10").balance("90"),
        earlier("80"),
        record("mpesa", "2021-10-08T11:30:00")
            .currency("KES")
            .id("moved")
            .credit("20"),
    ];
    assert_eq!(ids(&with_movement), "earlier moved b a");
}

#[test]
fn after_a_gap_the_chain_that_begins_at_the_balance_before_comes_first() {
    // 100 → 90 → 80, then a message is missing, then 60 → 50.
    let records = [
        earlier("100"),
        wallet("a").debit("10").balance("50"),
        wallet("d").debit("10").balance("80"),
        wallet("e").debit("10").balance("90"),
    ];
    assert_eq!(ids(&records), "earlier e d a");
    // Without the balance before, the last id decides between the two chains.
    assert_eq!(ids(&records[1..]), "a e d");
}

#[test]
fn records_without_a_balance_keep_their_places() {
    let records = [
        wallet("a").debit("10").balance("80"),
        wallet("b").credit("1"),
        wallet("c").debit("10").balance("90"),
    ];
    assert_eq!(ids(&records), "c b a");
}

#[test]
fn a_second_of_thousands_of_records_is_ordered() {
    // Many balances are the same, and many records have the same movement.
    let mut balance = 0;
    let mut records: Vec<Record> = Vec::new();
    for step in 0..20_000_i32 {
        let before = balance;
        balance = if step % 3 == 0 {
            balance - 7
        } else {
            (balance + step) % 50
        };
        let moved = (balance - before).to_string();
        let id = format!("{:05}", (step * 7919) % 20_000);
        let one = match moved.strip_prefix('-') {
            Some(amount) => wallet(&id).debit(amount),
            None => wallet(&id).credit(&moved),
        };
        records.push(one.balance(&balance.to_string()));
    }
    records.push(earlier("0"));
    let ordered = oldest_first(&records);
    let last = ordered.last().and_then(|record| record.balance);
    assert_eq!(last.map(|money| money.to_string()), Some(format!("{balance}.0")));
    let all = TimeRange { start: None, end: None };
    let found = completeness(&records, &kenyan(), all);
    assert_eq!(found.by_currency[0].sums.explained_steps, 20_000);
}

/// A balance, movements of one second that follow from it, with ids in any order, and the last balance. The amounts are
/// small, so balances often repeat.
pub(crate) fn any_second() -> impl Strategy<Value = (Vec<Record>, Money)> {
    second_of(0..4)
}

fn second_of(amounts: std::ops::Range<i128>) -> impl Strategy<Value = (Vec<Record>, Money)> {
    let movements = prop::collection::vec((amounts, any::<bool>(), 0_i128..3), 1..12);
    let ids = Just((0..12).collect::<Vec<usize>>()).prop_shuffle();
    (movements, ids, select(vec!["depository", "loan"])).prop_map(|(movements, ids, kind)| {
        let is_loan = kind == "loan";
        let whole = |value: i128| Money::from_parts(value, 0).expect("money");
        let mut balance = 2;
        let first = earlier("2");
        let mut records = vec![if is_loan {
            first.of_type(AccountType::Loan)
        } else {
            first
        }];
        for ((amount, is_credit, fee), id) in movements.into_iter().zip(ids) {
            let impact = if is_credit { Impact::Credit } else { Impact::Debit };
            balance += if is_credit == is_loan { -amount } else { amount };
            let one = Record {
                amount: Some(whole(amount)),
                impact: Some(impact),
                ..wallet(&format!("{id:02}"))
            };
            let one = if is_loan {
                one.of_type(AccountType::Loan)
            } else {
                balance -= fee;
                with_fee(one, &fee.to_string())
            };
            records.push(Record {
                balance: Some(whole(balance)),
                ..one
            });
        }
        (records, whole(balance))
    })
}

proptest! {
    #[test]
    fn the_balance_of_a_second_is_the_one_that_the_others_lead_to((records, last) in any_second()) {
        let all = TimeRange { start: None, end: None };
        let found = completeness(&records, &kenyan(), all);
        prop_assert_eq!(found.gaps, vec![]);
        if records[0].account_type == AccountType::Depository {
            let report = credit_report(&records, &kenyan(), Person::default(), at("2021-11-08T12:00:00"), None);
            prop_assert_eq!(report.depository.accounts[0].balance, Some(last));
        }
    }

    #[test]
    fn only_rivals_of_one_account_and_currency_change_places((one, other) in any_shuffled_ledger()) {
        let survey = Survey::of(one.iter(), None);
        let mut before: Vec<Entry<'_>> = survey.entries().collect();
        before.sort_by(|a, b| a.record.position().cmp(&b.record.position()));
        let after = balance_order::oldest_first(survey.entries());
        let key = |entry: &Entry<'_>| (entry.account, entry.currency, entry.record.timestamp, entry.record.balance.is_some());
        for (place, (was, is)) in before.iter().zip(&after).enumerate() {
            prop_assert_eq!(key(was), key(is));
            let is_rival = |rival: &Entry<'_>| key(rival) == key(was);
            let rivals = before.iter().filter(|rival| is_rival(rival)).count();
            prop_assert!(was.record == is.record || (rivals > 1 && was.record.balance.is_some()), "{place}");
        }
        let set = |entries: &[Entry<'_>]| {
            let mut records: Vec<&Record> = entries.iter().map(|entry| entry.record).collect();
            records.sort_by(|a, b| a.position().cmp(&b.position()));
            records.into_iter().cloned().collect::<Vec<_>>()
        };
        prop_assert_eq!(set(&before), set(&after));
        prop_assert_eq!(oldest_first(&one), oldest_first(&other));
    }

    /// With this many different amounts, no balance repeats.
    #[test]
    fn a_missing_message_of_a_second_is_one_gap((records, last) in second_of(1..1_000_000_000), at in any::<Index>()) {
        prop_assume!(records.len() > 2);
        let mut records = records;
        records.remove(1 + at.index(records.len() - 2));
        let all = TimeRange { start: None, end: None };
        prop_assert_eq!(completeness(&records, &kenyan(), all).gaps.len(), 1);
        let last_of_second = oldest_first(&records).last().and_then(|record| record.balance);
        prop_assert_eq!(last_of_second, Some(last));
    }
}

#[test]
fn a_loan_is_ordered_by_rank_in_the_credit_report() {
    // Lent again after repayment: its balances prove the order, but the status of a loan follows the rank.
    let records = [
        loan("okash", NOON).id("a").debit("50").balance("50").currency("KES"),
        loan("okash", NOON).id("b").credit("30").balance("0").currency("KES"),
    ];
    let report = credit_report(&records, &kenyan(), Person::default(), at("2021-11-08T12:00:00"), None);
    assert_eq!(report.loan.closed_accounts, 1);
}
