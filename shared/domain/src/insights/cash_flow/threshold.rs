//! The balance up to which a date counts as low.

use crate::insights::scope::Scope;
use crate::money::DecimalNumber;
use crate::reports::total::Total;
use crate::{Currency, Impact, Money};

/// Most periods of 30 days whose inflow is looked at.
pub(crate) const MAX_PERIODS: u32 = 3;

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

    /// 5 % of the median inflow of the newest full periods, 3 at most. None without any inflow.
    pub(crate) fn usual(scope: &Scope<'_>, currency: Option<Currency>) -> Option<Self> {
        let periods = scope.periods();
        let credits = scope.movements_in(currency);
        let credits = credits.filter(|movement| movement.is(Impact::Credit) && !movement.is_own_transfer());
        let mut inflows: Vec<Total> = (0..periods.full.min(MAX_PERIODS))
            .map(|period| {
                let window = periods.window(period);
                let inside = credits.clone().filter(|movement| window.contains(movement.at()));
                inside.map(|movement| movement.amount).sum()
            })
            .collect();
        Self::of_inflows(&mut inflows)
    }

    /// 5 % of the median of some inflows. None without any.
    pub(crate) fn of_inflows(inflows: &mut [Total]) -> Option<Self> {
        let doubled = Total::doubled_median(inflows)?;
        (doubled > Total::ZERO).then_some(Self { fortyfold: doubled })
    }

    /// Whether a balance is low.
    pub(crate) fn is_reached(self, balance: Total) -> bool {
        40 * balance.units() <= self.fortyfold.units()
    }

    /// The threshold, rounded half to even to six decimals.
    pub(crate) fn number(self) -> DecimalNumber {
        self.fortyfold.fraction(1, 40).unwrap_or_default()
    }
}
