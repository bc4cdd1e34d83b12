//! The date of the next event.
//!
//! | frequency | next date |
//! |---|---|
//! | MONTHLY | if the last three events were all within 3 days of their month's end: the month's end less their median distance to it; else their median day of the month, clamped to the month; the first such date at least 15 days after the last event |
//! | SEMI_MONTHLY | the next of the two anchors, at least 8 days after the last event |
//! | others | the last event + N days |
//!
//! With fewer than three events, all of them. Medians of two are the mean, rounded down: a day early rather than late.

use super::rhythm::{Anchors, Frequency, Rhythm, median};
use crate::Date;

/// Days from the month's end that count as the end.
const END_DAYS: i64 = 3;
/// Fewest days between monthly events.
const MONTHLY_GAP: i64 = 15;
/// Fewest days between semi-monthly events.
const SEMI_MONTHLY_GAP: i64 = 8;

/// The expected date of the event after the last of `dates`, which are in ascending order.
pub(crate) fn next_date(rhythm: &Rhythm, dates: &[Date]) -> Option<Date> {
    let last = *dates.last()?;
    match rhythm.terms.frequency {
        Frequency::Monthly => next_monthly(dates, last),
        Frequency::SemiMonthly => Anchors::of(dates)?.next(last, SEMI_MONTHLY_GAP),
        _ => Some(last.plus_days(rhythm.terms.days())),
    }
}

fn next_monthly(dates: &[Date], last: Date) -> Option<Date> {
    let recent = &dates[dates.len().saturating_sub(3)..];
    let sorted = |of: &dyn Fn(&Date) -> i64| {
        let mut numbers: Vec<i64> = recent.iter().map(of).collect();
        numbers.sort_unstable();
        numbers
    };
    let from_end = sorted(&|date| date.days_in_month() - date.day_of_month());
    let days = sorted(&|date| date.day_of_month());
    let at_end = from_end.iter().all(|distance| *distance <= END_DAYS);
    let day_of = |first: Date| {
        if at_end {
            first.days_in_month() - median(&from_end)
        } else {
            median(&days)
        }
    };
    let months = (0..3).map(|months| last.in_month(months, day_of));
    months.into_iter().find(|date| date.days_since(last) >= MONTHLY_GAP)
}
