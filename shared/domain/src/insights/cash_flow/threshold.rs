//! The balance up to which a date counts as low.

use crate::insights::scope::Scope;
use crate::insights::window::{Periods, Window};
use crate::money::DecimalNumber;
use crate::reports::total::Total;
use crate::{AccountType, Currency, Impact, Money, Record};

/// Most periods of 30 days for the median inflow.
const MAX_PERIODS: u32 = 3;

/// A threshold of balances: doubled × 5 ÷ 200, where doubled is twice a median; or a stated amount.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Threshold {
    /// The threshold × 40, which is exact for 5 % of a doubled median.
    fortyfold: Total,
}

impl Threshold {
    /// The stated amount.
    pub(crate) fn stated(amount: Money) -> Self {
        let units = Total::from(amount).units();
        Self {
            fortyfold: Total::from_units(40 * units),
        }
    }

    /// 5 % of the median inflow of the newest full periods, 3 at most. None without a depository record in them.
    pub(crate) fn usual(scope: &Scope<'_>, currency: Option<Currency>) -> Option<Self> {
        let periods = scope.periods();
        let mut entries = scope.entries_in(currency).map(|entry| entry.record);
        let credits = scope.movements_in(currency);
        let credits = credits.filter(|movement| movement.is(Impact::Credit) && !movement.is_own_transfer());
        let inflow = |window: Window| {
            let inside = credits.clone().filter(|movement| window.contains(movement.at()));
            inside.map(|movement| movement.amount).sum()
        };
        Self::of_periods(
            periods,
            |window| entries.any(|record| is_of_depository(record) && window.contains(record.timestamp)),
            inflow,
        )
    }

    /// 5 % of the median inflow of the newest full periods, 3 at most. None if `has_records` is false for all of them.
    pub(crate) fn of_periods(
        periods: Periods,
        has_records: impl FnOnce(Window) -> bool,
        inflow: impl Fn(Window) -> Total,
    ) -> Option<Self> {
        let count = periods.full.min(MAX_PERIODS);
        if !has_records(periods.newest(count)) {
            return None;
        }
        let mut inflows: Vec<Total> = (0..count).map(|period| inflow(periods.window(period))).collect();
        Total::doubled_median(&mut inflows).map(|fortyfold| Self { fortyfold })
    }

    /// Whether a balance is low.
    pub(crate) fn is_reached(self, balance: Total) -> bool {
        40 * balance.units() <= self.fortyfold.units()
    }

    /// The threshold, rounded half to even to six decimals.
    pub(crate) fn number(self) -> DecimalNumber {
        self.fortyfold.fraction(1, 40).expect("forty is not zero")
    }
}

/// Whether the threshold applies to the account of a record.
pub(crate) fn is_of_depository(record: &Record) -> bool {
    record.account_type == AccountType::Depository
}
