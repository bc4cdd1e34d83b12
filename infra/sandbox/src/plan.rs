//! The parameters of a life.

use daftari_domain::{AccountType, Label};

use crate::book::{Account, spelled};

/// The source of income.
pub(crate) enum Work {
    /// An employer pays into the account at the bank on a day of each month.
    Salary { employer: &'static str, payday: i64 },
    /// Customers pay into the wallet on every day but Sunday, and a wholesaler is paid on Mondays.
    Trade { wholesaler: &'static str },
}

/// An account that takes a share of each salary.
pub(crate) struct Savings {
    pub(crate) institution: &'static str,
    pub(crate) id: &'static str,
    /// The share of the salary.
    pub(crate) percent: i64,
}

/// A habit of betting from the wallet.
pub(crate) struct Bets {
    /// Days with a bet, in percent.
    pub(crate) days_percent: i64,
    /// Largest stake, in thousandths of the wallet's balance.
    pub(crate) stake: i64,
}

/// The events of a loan on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The lender reminds of the next instalment.
    Remind,
    /// This many hundredths of the whole debt are paid.
    Pay(i64),
    /// The whole debt is paid.
    PayRest,
    /// An instalment was due on the day before.
    Miss,
    /// The loan defaults.
    Default,
}

/// The loans at one lender. Days count from the first day of the life.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Loan {
    pub(crate) institution: &'static str,
    pub(crate) kind: AccountType,
    pub(crate) principal: i64,
    pub(crate) interest_percent: i64,
    /// The day of the first loan.
    pub(crate) first: i64,
    /// Days from one loan to the next.
    pub(crate) every: i64,
    /// By days since the loan, ascending. The last one pays the rest, within `every` days.
    pub(crate) steps: &'static [(i64, Step)],
}

/// The parameters of a life. Sums in hundredths.
pub(crate) struct Life {
    pub(crate) seed: u64,
    pub(crate) currency: &'static str,
    pub(crate) wallet: &'static str,
    /// The wallet's fee for sending money.
    pub(crate) fee: i64,
    pub(crate) bank: &'static str,
    /// The visible digits of the account at the bank.
    pub(crate) bank_account: &'static str,
    pub(crate) savings: Option<Savings>,
    /// The operator of the person's airtime, if it states its own balance.
    pub(crate) airtime: Option<&'static str>,
    /// A second account at the bank, in US dollars, and the exchange rate: units of `currency` per dollar.
    pub(crate) dollars: Option<(&'static str, i64)>,
    /// The usual monthly income.
    pub(crate) monthly: i64,
    pub(crate) work: Work,
    /// The rent's share of the usual monthly income; 0 for none.
    pub(crate) rent_percent: i64,
    pub(crate) utility: &'static str,
    pub(crate) shops: &'static [&'static str],
    pub(crate) friends: &'static [&'static str],
    pub(crate) bets: Option<Bets>,
    pub(crate) loans: &'static [Loan],
    /// Offered or refused loans: interval in days, first day, institution, label.
    pub(crate) offers: &'static [(i64, i64, &'static str, Label)],
}

impl Life {
    pub(crate) const fn account(&self, institution: &'static str, id: &'static str) -> Account {
        Account {
            institution,
            id,
            kind: AccountType::Depository,
            currency: self.currency,
        }
    }

    pub(crate) const fn wallet(&self) -> Account {
        self.account(self.wallet, "default")
    }

    pub(crate) const fn bank(&self) -> Account {
        self.account(self.bank, self.bank_account)
    }

    pub(crate) fn sum(&self, hundredths: i64) -> String {
        format!("{} {}", self.currency, spelled(hundredths))
    }
}
