//! The amounts of the events of a stream.
//!
//! | figure | rule |
//! |---|---|
//! | median, average, last | of the events |
//! | stability | 1 − σ ÷ mean, not below 0, four decimals; σ is the population's deviation; null for one event, and where all amounts are 0 |
//! | outlier | an event of at least 4 whose amount is over twice or under half the median |
//! | money a month | median × events a month |

use rust_decimal::Decimal;

use crate::money::DecimalNumber;
use crate::reports::total::Total;

/// Fewest events for an outlier.
const OUTLIER_EVENTS: usize = 4;
/// Decimals of the intermediate figures of a deviation.
const GUARD: u32 = 10;
/// Decimals of the stability.
const STABILITY_DECIMALS: u32 = 4;

/// The reason why an operation on the amounts cannot fail.
const ANY: &str = "a stream has an event";

/// The amounts of the events of a stream, in their order. Never empty.
#[derive(Clone, Debug)]
pub(crate) struct Amounts {
    amounts: Vec<Total>,
    doubled_median: Total,
}

impl Amounts {
    pub(crate) fn new(amounts: Vec<Total>) -> Self {
        let doubled_median = Total::doubled_median(&mut amounts.clone()).expect(ANY);
        Self {
            amounts,
            doubled_median,
        }
    }

    pub(crate) fn total(&self) -> Total {
        self.amounts.iter().copied().sum()
    }

    pub(crate) fn last(&self) -> Total {
        *self.amounts.last().expect(ANY)
    }

    pub(crate) fn average(&self) -> DecimalNumber {
        self.total().average(self.amounts.len() as u64).expect(ANY)
    }

    pub(crate) fn median(&self) -> DecimalNumber {
        self.doubled_median.fraction(1, 2).expect("two is not zero")
    }

    /// Median × a fraction.
    pub(crate) fn median_times(&self, (numerator, denominator): (i128, i128)) -> DecimalNumber {
        let product = self.doubled_median.fraction(numerator, 2 * denominator);
        product.expect("the denominator is not zero")
    }

    /// Whether an event is far from the median.
    pub(crate) fn is_outlier(&self, amount: Total) -> bool {
        let (doubled, median) = (2 * amount.units(), self.doubled_median.units());
        self.amounts.len() >= OUTLIER_EVENTS && (doubled > 2 * median || 2 * doubled < median)
    }

    /// 1 − σ ÷ mean.
    pub(crate) fn stability(&self) -> Option<DecimalNumber> {
        let (sum, count) = (self.total().units().unsigned_abs(), self.amounts.len() as u128);
        if count < 2 || sum == 0 {
            return None;
        }
        let one = 10_u128.pow(GUARD);
        // Each amount ÷ mean. The sum of a day's amounts is below 10^25 units for every ledger that fits in memory, and
        // a stream has at most 366 events, so the products stay below 2^127.
        let relative = |amount: &Total| amount.units().unsigned_abs() * count * one / sum;
        let squares = self.amounts.iter().map(|amount| relative(amount).abs_diff(one).pow(2));
        let deviation = (squares.sum::<u128>() / count).isqrt();
        let stable = Decimal::try_from_i128_with_scale(one.saturating_sub(deviation).try_into().ok()?, GUARD).ok()?;
        Some(DecimalNumber(stable.round_dp(STABILITY_DECIMALS)))
    }
}
