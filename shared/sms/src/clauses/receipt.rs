//! The receipts of another operator.

use daftari_sms_notation::clause::{DATE, REFERENCE};

use super::scan::day_month_year;
use super::skeleton::Skeleton;

/// Whether a text contains an M-PESA receipt whose characters fit a date in the text. A bank's text with such a receipt
/// is about the operator's money. The first character of the receipt is the year (S is 2024), the second the month (A
/// to L), the third the day (1 to 9, then A to V).
pub(crate) fn carries_foreign_receipt(skeleton: &Skeleton) -> bool {
    let dates: Vec<(u32, u32, u32)> = skeleton
        .tokens
        .iter()
        .filter(|token| token.word == DATE)
        .filter_map(|token| day_month_year(skeleton.slice(token).as_bytes()))
        .collect();
    let codes = skeleton
        .tokens
        .iter()
        .filter(|token| token.word == REFERENCE)
        .map(|token| skeleton.slice(token).as_bytes());
    codes.filter(|code| code.len() == 10).any(|code| {
        let coded = (
            u32::from(code[0]).wrapping_sub(u32::from(b'S')).wrapping_add(2024),
            u32::from(code[1]).wrapping_sub(u32::from(b'A')).wrapping_add(1),
            match code[2] {
                day @ b'1'..=b'9' => u32::from(day - b'0'),
                day @ b'A'..=b'V' => u32::from(day - b'A') + 10,
                _ => 0,
            },
        );
        dates.iter().any(|(day, month, year)| {
            *year == coded.0 && ((*month, *day) == (coded.1, coded.2) || (*day, *month) == (coded.1, coded.2))
        })
    })
}
