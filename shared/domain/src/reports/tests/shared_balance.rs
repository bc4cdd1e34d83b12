//! Laws of shared balances. The rules themselves have cases in `insights/tests/rules/shared_balance.txt`.

use proptest::prelude::*;

use crate::reports::completeness::completeness;
use crate::reports::credit_report::{CreditReport, Person, credit_report};
use crate::reports::tests::records::{Build, kenyan, record};
use crate::{Money, Record, TimeRange, Timestamp};

const NAMES: [&str; 3] = ["default", "4471", "7654"];

/// Hundredths.
fn money(units: i64) -> String {
    format!("{}.{:02}", units / 100, units % 100)
}

/// Movements of accounts, each with its balance: the index of the account and the change in hundredths.
fn movements() -> impl Strategy<Value = Vec<(usize, i64)>> {
    let change = prop_oneof![1..999_999_i64, -999_999..-1_i64];
    prop::collection::vec((0..NAMES.len(), change), 2..20)
}

/// The records of the movements, an hour apart. `balance_of` is the place of the balance of an account.
fn ledger(movements: &[(usize, i64)], balance_of: impl Fn(usize) -> usize) -> (Vec<Record>, [i64; 3]) {
    let mut balances = [123_456_789, 234_567_891, 345_678_912];
    let records = (0..).zip(movements).map(|(hour, (account, change))| {
        let balance = &mut balances[balance_of(*account)];
        *balance += change;
        let amount = money(change.abs());
        let one = record("equitybank", "2021-10-01T00:00:00").account(NAMES[*account]);
        let one = if *change > 0 {
            one.credit(&amount)
        } else {
            one.debit(&amount)
        };
        let mut one = one.currency("KES").balance(&money(*balance)).id(&format!("{hour}"));
        one.timestamp = one.timestamp.plus_seconds(3_600 * hour);
        one
    });
    let records: Vec<Record> = records.collect();
    (records, balances)
}

fn report_of(records: &[Record]) -> CreditReport {
    let as_of = "2021-11-01T00:00:00Z".parse::<Timestamp>().expect("a time");
    credit_report(records, &kenyan(), Person::default(), as_of, None)
}

proptest! {
    #[test]
    fn the_names_of_an_account_change_no_sum(movements in movements()) {
        let (records, [balance, ..]) = ledger(&movements, |_| 0);
        let report = report_of(&records);
        prop_assert_eq!(report.depository.total_balances.0, money(balance).parse::<Money>().expect("money").decimal());
        let latest = records.last().map(|record| &record.account_id);
        for account in &report.depository.accounts {
            let other = latest.filter(|latest| **latest != account.account_id);
            prop_assert_eq!(account.same_balance_as.as_ref(), other);
        }
        let told = completeness(&records, &kenyan(), TimeRange { start: None, end: None });
        prop_assert_eq!(told.completeness.map(|share| share.to_string()), Some("1.0".to_owned()));
        prop_assert_eq!(told.by_account.len(), 1);
        prop_assert_eq!(told.by_account[0].sums.steps, records.len() as u64 - 1);
    }

    #[test]
    fn accounts_with_balances_of_their_own_add_up(movements in movements()) {
        let (records, balances) = ledger(&movements, |account| account);
        let report = report_of(&records);
        let seen = |account: &usize| movements.iter().any(|(moved, _)| moved == account);
        let total: i64 = (0..NAMES.len()).filter(seen).map(|account| balances[account]).sum();
        prop_assert_eq!(report.depository.total_balances.0, money(total).parse::<Money>().expect("money").decimal());
        prop_assert!(report.depository.accounts.iter().all(|account| account.same_balance_as.is_none()));
    }
}
