//! Exact sums of money. The only place where figures are rounded.

use std::ops::{Add, AddAssign, Neg, Sub};

use rust_decimal::Decimal;

use crate::Money;
use crate::money::{DecimalNumber, MAX_SCALE};

/// Decimal places of quotients.
pub const QUOTIENT_DECIMALS: u32 = 6;
/// Decimals of a share of a whole.
pub(crate) const SHARE_DECIMALS: u32 = 4;

/// A sum of [`Money`] in one currency, exact.
///
/// Stored in ten-thousandths, the smallest unit of [`Money`], because adding integers is several times faster than
/// adding decimals. An amount is below 10^19 ten-thousandths. So the 96 bits of a [`Decimal`] suffice for at least 7.9
/// × 10^9 amounts, and the 128 bits used here for 10^9 times more: no list of records that fits in memory overflows.
/// Additions are checked nevertheless: an overflow would panic and never wrap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Total(i128);

impl Total {
    /// Zero.
    pub(crate) const ZERO: Self = Self(0);

    /// The sum as an exact decimal.
    pub(crate) fn number(self) -> DecimalNumber {
        DecimalNumber(decimal(self.0, MAX_SCALE))
    }

    /// `self` ÷ `divisor`, rounded half to even to [`QUOTIENT_DECIMALS`]. `None` if the divisor is zero.
    pub(crate) fn ratio(self, divisor: Self) -> Option<DecimalNumber> {
        quotient(scaled(self.0, QUOTIENT_DECIMALS), divisor.0, QUOTIENT_DECIMALS)
    }

    /// `self` ÷ `whole`, rounded half to even to [`SHARE_DECIMALS`]; `None` if the whole is zero.
    pub(crate) fn share(self, whole: Self) -> Option<DecimalNumber> {
        quotient(scaled(self.0, SHARE_DECIMALS), whole.0, SHARE_DECIMALS)
    }

    /// `self` ÷ `count`, rounded half to even to [`QUOTIENT_DECIMALS`]. `None` if the count is zero.
    pub(crate) fn average(self, count: u64) -> Option<DecimalNumber> {
        let dividend = scaled(self.0, QUOTIENT_DECIMALS - MAX_SCALE);
        quotient(dividend, i128::from(count), QUOTIENT_DECIMALS)
    }

    /// `self` × `numerator` ÷ `denominator`, rounded half to even to [`QUOTIENT_DECIMALS`]. `None` if the denominator
    /// is zero.
    pub(crate) fn fraction(self, numerator: i128, denominator: i128) -> Option<DecimalNumber> {
        let dividend = scaled(self.0, QUOTIENT_DECIMALS - MAX_SCALE).checked_mul(numerator);
        quotient(dividend.expect(FITS), denominator, QUOTIENT_DECIMALS)
    }

    /// A number of ten-thousandths.
    pub(crate) const fn from_units(units: i128) -> Self {
        Self(units)
    }

    /// The sum in ten-thousandths, the smallest unit of [`Money`].
    pub(crate) const fn units(self) -> i128 {
        self.0
    }

    /// Twice the median, which is exact even if the median has half of a smallest unit. `None` without values. Reorders
    /// the values.
    pub(crate) fn doubled_median(values: &mut [Self]) -> Option<Self> {
        values.sort_unstable();
        let upper = *values.get(values.len() / 2)?;
        let lower = values[(values.len() - 1) / 2];
        Some(lower + upper)
    }

    /// The slope of the least-squares line through (x, value), with one value per step of x, rounded half to even to
    /// [`QUOTIENT_DECIMALS`]. `None` for fewer than two different x.
    pub(crate) fn slope(points: &[(i64, Self)]) -> Option<DecimalNumber> {
        let count = i128::try_from(points.len()).ok()?;
        let (mut sum_x, mut sum_xx, mut sum_y, mut sum_xy) = (0_i128, 0_i128, 0_i128, 0_i128);
        for &(x, Self(y)) in points {
            let x = i128::from(x);
            sum_x += x;
            sum_xx += x * x;
            sum_y = sum_y.checked_add(y).expect(FITS);
            sum_xy = y
                .checked_mul(x)
                .and_then(|product| sum_xy.checked_add(product))
                .expect(FITS);
        }
        let dividend = Self(sum_xy.checked_mul(count).expect(FITS)) - Self(sum_x.checked_mul(sum_y).expect(FITS));
        dividend.fraction(1, count * sum_xx - sum_x * sum_x)
    }

    /// The middle value, or the mean of the two middle ones. `None` without values. Reorders the values.
    pub(crate) fn median(values: &mut [Self]) -> Option<DecimalNumber> {
        if values.is_empty() {
            return None;
        }
        let middle = values.len() / 2;
        let even = values.len().is_multiple_of(2);
        let (below, upper, _) = values.select_nth_unstable(middle);
        let upper = *upper;
        match below.iter().max() {
            Some(lower) if even => (*lower + upper).average(2),
            _ => Some(upper.number()),
        }
    }
}

impl From<Money> for Total {
    fn from(amount: Money) -> Self {
        let (mantissa, scale) = amount.parts();
        Self(scaled(mantissa, MAX_SCALE - scale))
    }
}

impl Add for Total {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.checked_add(other.0).expect(FITS))
    }
}

impl Sub for Total {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Neg for Total {
    type Output = Self;

    fn neg(self) -> Self {
        Self(self.0.checked_neg().expect(FITS))
    }
}

impl AddAssign for Total {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl std::iter::Sum for Total {
    fn sum<I: Iterator<Item = Self>>(totals: I) -> Self {
        totals.fold(Self::ZERO, Add::add)
    }
}

pub(crate) const FITS: &str = "sums of records that fit in memory fit in 96 bits";

/// `mantissa` × 10^-`scale`.
pub(crate) fn decimal(mantissa: i128, scale: u32) -> Decimal {
    Decimal::try_from_i128_with_scale(mantissa, scale).expect(FITS)
}

/// `value` × 10^`decimals`.
pub(crate) fn scaled(value: i128, decimals: u32) -> i128 {
    value.checked_mul(10_i128.pow(decimals)).expect(FITS)
}

/// `dividend` ÷ `divisor` × 10^-`decimals`, rounded half to even to a whole number of them. `None` if the divisor is
/// zero.
///
/// Rounds from the exact remainder: a decimal division would round twice, at 28 digits and again here.
pub(crate) fn quotient(dividend: i128, divisor: i128, decimals: u32) -> Option<DecimalNumber> {
    if divisor == 0 {
        return None;
    }
    let (floor, rest) = (dividend.div_euclid(divisor), dividend.rem_euclid(divisor));
    let (rest, divisor) = (rest.unsigned_abs(), divisor.unsigned_abs());
    let up = match (rest * 2).cmp(&divisor) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => floor % 2 != 0,
        std::cmp::Ordering::Greater => true,
    };
    Some(DecimalNumber(decimal(floor + i128::from(up), decimals)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(text: &str) -> Total {
        text.parse::<Money>().expect("money").into()
    }

    fn ratio(dividend: &str, divisor: &str) -> String {
        let ratio = total(dividend).ratio(total(divisor)).expect("quotient");
        ratio.to_string()
    }

    #[test]
    fn quotients_round_half_to_even_at_six_decimals() {
        assert_eq!(ratio("6800", "7795"), "0.872354");
        assert_eq!(ratio("1", "3"), "0.333333");
        assert_eq!(ratio("2", "3"), "0.666667");
        assert_eq!(ratio("0.0001", "200"), "0.0");
        assert_eq!(ratio("0.0003", "200"), "0.000002");
        assert_eq!(ratio("0.0005", "200"), "0.000002");
        assert_eq!(ratio("3", "1"), "3.0");
    }

    #[test]
    fn a_quotient_just_past_a_tie_is_not_taken_for_a_tie() {
        // 0.0000005 and slightly more at the 29th decimal, beyond the precision of a decimal division.
        let divisor = Total(7 * 10_i128.pow(28));
        let tie = Total(35 * 10_i128.pow(21));
        let rounded = |dividend: Total| dividend.ratio(divisor).map(|ratio| ratio.to_string());
        assert_eq!(rounded(tie), Some("0.0".into()));
        assert_eq!(rounded(tie + Total(1)), Some("0.000001".into()));
    }

    #[test]
    fn shares_round_half_to_even_at_four_decimals() {
        let share = |part: &str, whole: &str| total(part).share(total(whole)).map(|share| share.to_string());
        assert_eq!(share("1", "3"), Some("0.3333".into()));
        assert_eq!(share("0.0005", "10"), Some("0.0".into()));
        assert_eq!(share("0.0015", "10"), Some("0.0002".into()));
        assert_eq!(share("1", "0"), None);
    }

    #[test]
    fn negative_quotients_round_to_even_too() {
        let tie = |count| total("-0.0001").average(count).expect("average");
        assert_eq!(tie(200).to_string(), "0.0");
        assert_eq!(
            total("-0.0003").average(200).map(|a| a.to_string()),
            Some("-0.000002".into())
        );
    }

    #[test]
    fn nothing_is_divided_by_zero() {
        assert_eq!(total("5").ratio(Total::ZERO), None);
        assert_eq!(total("5").average(0), None);
    }

    #[test]
    fn the_median_is_the_middle_or_the_mean_of_the_two_in_the_middle() {
        let median = |texts: &[&str]| {
            let mut values: Vec<_> = texts.iter().map(|text| total(text)).collect();
            Total::median(&mut values).map(|median| median.to_string())
        };
        assert_eq!(median(&[]), None);
        assert_eq!(median(&["7"]), Some("7.0".into()));
        assert_eq!(median(&["9", "1", "5"]), Some("5.0".into()));
        assert_eq!(median(&["10", "1", "2", "3"]), Some("2.5".into()));
        assert_eq!(median(&["0.0001", "0.0002"]), Some("0.00015".into()));
    }

    #[test]
    fn a_million_of_the_largest_amounts_add_up_exactly() {
        let largest = total("999999999999999.9999");
        let sum: Total = std::iter::repeat_n(largest, 1_000_000).sum();
        assert_eq!(sum.number().to_string(), "999999999999999999900.0");
        assert_eq!(sum.ratio(largest).map(|r| r.to_string()), Some("1000000.0".into()));
        assert_eq!(sum.average(1_000_000), Some(largest.number()));
    }

    #[test]
    fn the_sum_of_seven_billion_of_the_largest_amounts_still_prints() {
        let sum = Total(9_999_999_999_999_999_999 * 7_000_000_000);
        assert_eq!(sum.number().to_string(), "6999999999999999999300000.0");
        assert_eq!((Total::ZERO - sum).number().0, -sum.number().0);
    }
}
