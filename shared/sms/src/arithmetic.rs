//! Checks readings by arithmetic: whether a balance follows from the previous balance.

use std::collections::HashMap;

use daftari_domain::{AccountId, AccountType, Currency, Impact, InstitutionId, Money, Record, Timestamp};

/// The result of checking a reading against balances.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// The previous balance, the amount and the fee add up to the balance.
    Confirmed,
    /// They do not add up. Between two messages another one may be missing, so one contradiction does not prove a
    /// misreading. A rule whose readings are often contradicted is wrong.
    Contradicted,
    /// They do not add up, but they would with the other direction. The direction was misread, or a message of twice
    /// the amount is missing.
    Reversed,
    /// The previous balance, the balance or the amount is missing, or the account is not a depository account. Or the
    /// difference may be a fee that the text does not state.
    Uncheckable,
}

impl Check {
    /// The name in logs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Contradicted => "contradicted",
            Self::Reversed => "reversed",
            Self::Uncheckable => "uncheckable",
        }
    }
}

/// Compares `after` with `before` plus or minus the amount, less the fee. An amount may also include the fee.
pub(crate) fn follows(before: Money, amount: Money, impact: Impact, fee: Option<Money>, after: Money) -> Check {
    let (before, amount, after) = (before.decimal(), amount.decimal(), after.decimal());
    let (moved, turned) = match impact {
        Impact::Credit => (before + amount, before - amount),
        Impact::Debit => (before - amount, before + amount),
    };
    let comes_to = |moved| moved == after || fee.is_some_and(|fee| moved - fee.decimal() == after);
    let rest = moved - after;
    if comes_to(moved) {
        Check::Confirmed
    } else if fee.is_none() && rest > Money::ZERO.decimal() && rest < amount {
        Check::Uncheckable
    } else if comes_to(turned) {
        Check::Reversed
    } else {
        Check::Contradicted
    }
}

/// A check, and the time of the balance that the reading was compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The result.
    pub check: Check,
    /// When the previous balance was stated; `None` if the reading was not compared with one.
    pub before: Option<Timestamp>,
}

/// The last known balance of each account, with its time.
#[derive(Debug, Default)]
pub struct Balances(HashMap<Account, (Timestamp, Money)>);

type Account = (InstitutionId, AccountId, AccountType, Option<Currency>);

impl Balances {
    /// Checks a record against the previous balance of its account, and stores the balance of the record. The caller
    /// passes records in the order of time.
    pub fn check(&mut self, record: &Record) -> Checked {
        let unchecked = Checked {
            check: Check::Uncheckable,
            before: None,
        };
        let fee = record.details.fee;
        let account = (
            record.institution_id.clone(),
            record.account_id.clone(),
            record.account_type,
            record.currency,
        );
        let Some(after) = record.balance else {
            // The next balance also includes this movement, so it cannot be checked.
            if record.is_transaction() {
                self.0.remove(&account);
            }
            return unchecked;
        };
        let before = self.0.insert(account, (record.timestamp, after));
        // Timestamps are whole seconds, so the order of two messages of one second is not known.
        let before = before.filter(|(at, _)| *at < record.timestamp);
        match (before, record.amount, record.impact) {
            // Only for depository accounts: the balance of a loan grows with the amount that it pays out.
            (Some((at, before)), Some(amount), Some(impact)) if record.account_type == AccountType::Depository => {
                Checked {
                    check: follows(before, amount, impact, fee, after),
                    before: Some(at),
                }
            }
            _ => unchecked,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(text: &str) -> Money {
        text.parse().expect("money")
    }

    #[test]
    fn a_balance_follows_to_the_cent_or_not() {
        let debit =
            |after, fee: Option<&str>| follows(money("100"), money("40"), Impact::Debit, fee.map(money), money(after));
        assert_eq!(debit("60", None), Check::Confirmed);
        assert_eq!(debit("58.50", Some("1.50")), Check::Confirmed);
        assert_eq!(debit("60", Some("1.50")), Check::Confirmed);
        assert_eq!(debit("58.50", None), Check::Uncheckable);
        assert_eq!(debit("58.51", Some("1.50")), Check::Contradicted);
        assert_eq!(debit("139", None), Check::Contradicted);
        assert_eq!(debit("140", None), Check::Reversed);
        assert_eq!(debit("138.50", Some("1.50")), Check::Reversed);
        let credit = follows(money("100"), money("40"), Impact::Credit, None, money("140"));
        assert_eq!(credit, Check::Confirmed);
    }

    #[test]
    fn each_account_has_its_own_balance_and_a_gap_is_no_contradiction() {
        let mut at: Timestamp = "2026-05-01T10:00:00Z".parse().expect("time");
        let mut record = |account: &str, amount: &str, balance: Option<&str>| Record {
            id: "0".parse().expect("id"),
            timestamp: {
                at = at.plus_seconds(1);
                at
            },
            institution_id: "mpesa".parse().expect("institution"),
            account_id: account.parse().expect("account"),
            account_type: AccountType::Depository,
            amount: Some(money(amount)),
            balance: balance.map(money),
            currency: "KES".parse().ok(),
            impact: Some(Impact::Debit),
            labels: daftari_domain::LabelSet::EMPTY,
            body: None,
            details: daftari_domain::KeptDetails::NONE,
        };
        let mut balances = Balances::default();
        let check = |balances: &mut Balances, record: &Record| balances.check(record).check;
        assert_eq!(
            check(&mut balances, &record("111", "10", Some("90"))),
            Check::Uncheckable
        );
        assert_eq!(
            check(&mut balances, &record("222", "10", Some("50"))),
            Check::Uncheckable
        );
        assert_eq!(check(&mut balances, &record("111", "20", Some("70"))), Check::Confirmed);
        assert_eq!(check(&mut balances, &record("222", "20", Some("70"))), Check::Reversed);
        assert_eq!(check(&mut balances, &record("111", "5", None)), Check::Uncheckable);
        assert_eq!(
            check(&mut balances, &record("111", "5", Some("60"))),
            Check::Uncheckable
        );
        let next = record("111", "5", Some("55"));
        let same_second = Record {
            balance: Some(money("90")),
            ..next.clone()
        };
        assert_eq!(check(&mut balances, &next), Check::Confirmed);
        assert_eq!(check(&mut balances, &same_second), Check::Uncheckable);
    }
}
