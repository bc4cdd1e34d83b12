//! The end-of-day totals of depository accounts over a lookback.

use crate::insights::end_of_day::{Day, end_of_day};
use crate::insights::scope::Scope;
use crate::insights::window::Window;
use crate::reports::total::Total;
use crate::{AccountType, Currency};

/// End-of-day totals in one currency. A total does not depend on the start of its window, because balances of the days
/// before are carried in.
pub(crate) struct Balances(Vec<Day>);

impl Balances {
    /// The totals of a window that ends at T.
    pub(crate) fn of(scope: &Scope<'_>, currency: Option<Currency>, window: Window) -> Self {
        Self(end_of_day(&scope.survey, AccountType::Depository, currency, window))
    }

    /// The totals of the dates of a window: the days that have a total, with the total.
    pub(crate) fn totals(&self, window: Window) -> impl Iterator<Item = (i64, Total)> {
        let (first, last) = (window.after.day(), window.until.day());
        let days = self.0.iter().filter(move |day| (first..=last).contains(&day.number));
        days.filter_map(|day| Some((day.number, day.total?)))
    }

    /// The total at the end of a date.
    pub(crate) fn at(&self, number: i64) -> Option<Total> {
        let first = self.0.first()?.number;
        let place = usize::try_from(number - first).ok()?;
        self.0.get(place)?.total
    }
}
