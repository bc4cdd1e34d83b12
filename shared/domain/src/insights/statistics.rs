//! Exact statistics of sums of money. Each rounds once, half to even, from whole numbers.

use std::cmp::Ordering;

use ethnum::U256;

use crate::money::DecimalNumber;
use crate::reports::QUOTIENT_DECIMALS;
use crate::reports::total::{FITS, Total, decimal};

/// Ten-thousandths of money per unit of a result: results have six decimals.
const MONEY_TO_RESULT: u32 = QUOTIENT_DECIMALS - crate::money::MAX_SCALE;

/// The sample standard deviation, with the divisor n − 1. `None` for fewer than two values.
///
/// `√((n·Σx² − (Σx)²) ÷ (n·(n − 1)))`. A sum of a ledger has at most 84 bits in ten-thousandths, so squares of sums
/// need up to 170, and the rest of 256 is for counts and decimals.
pub(super) fn sample_deviation(values: &[Total]) -> Option<DecimalNumber> {
    let count = values.len() as u128;
    if count < 2 {
        return None;
    }
    let squares = values.iter().fold(U256::ZERO, |sum, value| plus(sum, square(*value)));
    let spread = times(squares, U256::from(count)) - square(values.iter().copied().sum());
    let factor = 10_u128.pow(2 * MONEY_TO_RESULT);
    let root = rounded_root(times(spread, U256::from(factor)), U256::from(count * (count - 1)));
    let root = i128::try_from(root).expect(FITS);
    Some(DecimalNumber(decimal(root, QUOTIENT_DECIMALS)))
}

fn square(value: Total) -> U256 {
    let magnitude = U256::from(value.units().unsigned_abs());
    times(magnitude, magnitude)
}

fn plus(a: U256, b: U256) -> U256 {
    a.checked_add(b).expect(FITS)
}

fn times(a: U256, b: U256) -> U256 {
    a.checked_mul(b).expect(FITS)
}

/// `√(dividend ÷ divisor)`, rounded half to even.
fn rounded_root(dividend: U256, divisor: U256) -> U256 {
    let root = floor_root(dividend / divisor);
    // The root is beyond root + ½ if 4 × dividend is greater than divisor × (2 × root + 1)².
    let odd = plus(times(root, U256::from(2_u8)), U256::ONE);
    let middle = times(times(odd, odd), divisor);
    let up = match times(dividend, U256::from(4_u8)).cmp(&middle) {
        Ordering::Less => false,
        Ordering::Equal => root % 2 == 1,
        Ordering::Greater => true,
    };
    if up { root + 1 } else { root }
}

/// `⌊√value⌋`, by Newton's iteration from above.
fn floor_root(value: U256) -> U256 {
    let bits = U256::BITS - value.leading_zeros();
    let mut root = U256::ONE << bits.div_ceil(2);
    if value == U256::ZERO {
        return value;
    }
    loop {
        let next = (root + value / root) / 2;
        if next >= root {
            return root;
        }
        root = next;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Money;

    fn totals(texts: &[&str]) -> Vec<Total> {
        let read = |text: &&str| Total::from(text.parse::<Money>().expect("money"));
        texts.iter().map(read).collect()
    }

    fn deviation(texts: &[&str]) -> Option<String> {
        sample_deviation(&totals(texts)).map(|deviation| deviation.to_string())
    }

    #[test]
    fn deviations_are_those_of_samples() {
        assert_eq!(deviation(&[]), None);
        assert_eq!(deviation(&["7"]), None);
        assert_eq!(deviation(&["7", "7"]), Some("0.0".into()));
        // 2, 4, 4, 4, 5, 5, 7, 9: the squares of the distances from 5 add up to 32, and 32 ÷ 7 = 4.571428….
        assert_eq!(
            deviation(&["2", "4", "4", "4", "5", "5", "7", "9"]),
            Some("2.13809".into())
        );
        assert_eq!(deviation(&["-1", "1"]), Some("1.414214".into()));
        assert_eq!(deviation(&["0.0001", "0.0002"]), Some("0.000071".into()));
    }

    #[test]
    fn the_largest_sums_of_a_ledger_have_a_deviation() {
        let largest = Total::from("999999999999999.9999".parse::<Money>().expect("money"));
        let sum: Total = std::iter::repeat_n(largest, 1_000_000).sum();
        let values: Vec<Total> = (0..375).map(|day| if day == 0 { Total::ZERO } else { sum }).collect();
        // One of n values differs by d: the deviation is d ÷ √n.
        let exact = sample_deviation(&values).expect("two values").to_string();
        assert_eq!(exact, "51639777949432225130.559561");
    }

    proptest! {
        #[test]
        fn a_rounded_root_is_within_half_of_the_root(dividend in any::<u128>(), divisor in 1..=1_000_000_u128) {
            let root = rounded_root(U256::from(dividend), U256::from(divisor));
            let square_of_twice = |value: U256| value * value * U256::from(divisor);
            let four_times = U256::from(dividend) * U256::from(4_u8);
            prop_assert!(square_of_twice(root * 2 + 1) >= four_times);
            prop_assert!(root == 0 || square_of_twice(root * 2 - 1) <= four_times);
        }
    }
}
