//! The frequency of a stream, by the gaps between its events.
//!
//! | frequency | N days | tolerance | grace | a month |
//! |---|---|---|---|---|
//! | DAILY | 1 | 1 | 2 | 30.44 × regularity |
//! | WEEKLY | 7 | 2 | 3 | 52/12 |
//! | BIWEEKLY | 14 | 3 | 4 | 26/12 |
//! | SEMI_MONTHLY | 15.22 | 4 | 4 | 2 |
//! | MONTHLY | 30.44 | 5 | 7 | 1 |
//! | ANNUALLY | 365 | 15 | 30 | 1/12 |
//!
//! A gap *fits* if it is within the tolerance of N, or else of 2 N: then one event is *missed*. With n events, *share*
//! = fitting gaps ÷ (n − 1) and *regularity* = gaps that fit N ÷ (n − 1 + missed). A candidate has a share of at least
//! 0.75 and a regularity of at least 0.6. `SEMI_MONTHLY` also needs two [`Anchors`]. Of several candidates, the one
//! with the fewest missed ÷ (n − 1 + missed), then the largest share, then the smallest mean deviation of the fitting
//! gaps ÷ N, then the longest N. Without a candidate, and for a single event: `UNKNOWN`.

use std::cmp::Ordering;

use serde::Serialize;

use crate::Date;

crate::described! { "PaymentFrequency";
    /// How often payments come.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    pub enum Frequency {
        /// Every day or two.
        Daily,
        /// Every 7 days.
        Weekly,
        /// Every 14 days.
        Biweekly,
        /// On two days of each month.
        SemiMonthly,
        /// Once a month.
        Monthly,
        /// Once a year.
        Annually,
        /// No rhythm is recognized.
        Unknown,
    }
}

/// The figures of a frequency. N is in hundredths of a day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    pub(crate) frequency: Frequency,
    nominal: i64,
    tolerance: i64,
    /// Days after the expected date for which a stream counts as active.
    pub(crate) grace: i64,
    /// Events a month, as a fraction.
    pub(crate) per_month: (i128, i128),
}

const fn terms(frequency: Frequency, nominal: i64, tolerance: i64, grace: i64, per_month: (i128, i128)) -> Terms {
    Terms {
        frequency,
        nominal,
        tolerance,
        grace,
        per_month,
    }
}

/// Shortest N first.
pub(crate) const TERMS: [Terms; 6] = [
    terms(Frequency::Daily, 100, 1, 2, (3_044, 100)),
    terms(Frequency::Weekly, 700, 2, 3, (52, 12)),
    terms(Frequency::Biweekly, 1_400, 3, 4, (26, 12)),
    terms(Frequency::SemiMonthly, 1_522, 4, 4, (2, 1)),
    terms(Frequency::Monthly, 3_044, 5, 7, (1, 1)),
    terms(Frequency::Annually, 36_500, 15, 30, (1, 12)),
];

impl Terms {
    /// N in whole days, for a frequency that does not depend on months.
    pub(crate) const fn days(&self) -> i64 {
        self.nominal / 100
    }
}

/// A recognized frequency, with how well the gaps fit it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rhythm {
    pub(crate) terms: Terms,
    /// Gaps that fit N.
    kept: i64,
    missed: i64,
    gaps: i64,
    /// Sum of the deviations of fitting gaps, in hundredths of a day.
    deviation: i64,
}

impl Rhythm {
    /// The best frequency of dates in ascending order.
    pub(crate) fn of(dates: &[Date]) -> Option<Self> {
        let gaps: Vec<i64> = dates.windows(2).map(|pair| pair[1].days_since(pair[0])).collect();
        let candidates = TERMS.iter().filter_map(|terms| {
            let rhythm = Self::measure(*terms, &gaps);
            let anchored = terms.frequency != Frequency::SemiMonthly || Anchors::of(dates).is_some();
            (rhythm.is_candidate() && anchored).then_some(rhythm)
        });
        candidates.min_by(Self::compare)
    }

    fn measure(terms: Terms, gaps: &[i64]) -> Self {
        let mut rhythm = Self {
            terms,
            kept: 0,
            missed: 0,
            gaps: i64::try_from(gaps.len()).unwrap_or(i64::MAX),
            deviation: 0,
        };
        for gap in gaps {
            let once = (100 * gap - terms.nominal).abs();
            let twice = (100 * gap - 2 * terms.nominal).abs();
            if once <= 100 * terms.tolerance {
                rhythm.kept += 1;
                rhythm.deviation += once;
            } else if twice <= 100 * terms.tolerance {
                rhythm.missed += 1;
                rhythm.deviation += twice;
            }
        }
        rhythm
    }

    const fn fitting(&self) -> i64 {
        self.kept + self.missed
    }

    /// Expected events after the first one: those that came and those that were missed.
    const fn expected(&self) -> i64 {
        self.gaps + self.missed
    }

    const fn is_candidate(&self) -> bool {
        self.gaps > 0 && self.fitting() * 4 >= self.gaps * 3 && self.kept * 5 >= self.expected() * 3
    }

    /// The better one is less.
    fn compare(&self, other: &Self) -> Ordering {
        let missed = (self.missed * other.expected()).cmp(&(other.missed * self.expected()));
        // The number of gaps is the same.
        let share = other.fitting().cmp(&self.fitting());
        let deviation = |one: &Self, scale: &Self| {
            i128::from(one.deviation) * i128::from(scale.fitting()) * i128::from(scale.terms.nominal)
        };
        let deviations = deviation(self, other).cmp(&deviation(other, self));
        let longest = other.terms.nominal.cmp(&self.terms.nominal);
        missed.then(share).then(deviations).then(longest)
    }

    /// Gaps that fit N ÷ expected events, as a fraction.
    pub(crate) fn regularity(&self) -> (i128, i128) {
        (self.kept.into(), self.expected().into())
    }

    /// Events a month, as a fraction.
    pub(crate) fn per_month(&self) -> (i128, i128) {
        let (times, months) = self.terms.per_month;
        match self.terms.frequency {
            Frequency::Daily => {
                let (kept, expected) = self.regularity();
                (times * kept, months * expected)
            }
            _ => (times, months),
        }
    }
}

/// The two days of the month on which semi-monthly payments come.
///
/// Days of the month after the 20th count back from the month's end: the last day is 0, the one before it −1. The days
/// must form two clusters, each at most 5 wide and at least 8 apart. If they do not, only days after the 25th count
/// back. At least 4 events. The anchor is the median of the cluster, of two in the middle the mean, rounded down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Anchors([i64; 2]);

impl Anchors {
    const WIDEST: i64 = 5;
    const APART: i64 = 8;
    const FEWEST_EVENTS: usize = 4;

    pub(crate) fn of(dates: &[Date]) -> Option<Self> {
        if dates.len() < Self::FEWEST_EVENTS {
            return None;
        }
        [20, 25].into_iter().find_map(|last_from_start| {
            let day = |date: &Date| match date.day_of_month() {
                day if day > last_from_start => day - date.days_in_month(),
                day => day,
            };
            let mut days: Vec<i64> = dates.iter().map(day).collect();
            days.sort_unstable();
            Self::of_days(&days)
        })
    }

    fn of_days(days: &[i64]) -> Option<Self> {
        let split = (1..days.len()).max_by_key(|at| days[*at] - days[*at - 1])?;
        let (early, late) = days.split_at(split);
        let width = |cluster: &[i64]| cluster[cluster.len() - 1] - cluster[0];
        let fits = width(early) <= Self::WIDEST
            && width(late) <= Self::WIDEST
            && late[0] - early[early.len() - 1] >= Self::APART;
        fits.then(|| Self([median(early), median(late)]))
    }

    /// The first date on an anchor at least a number of days after another date.
    pub(crate) fn next(self, after: Date, at_least: i64) -> Option<Date> {
        let dates = self.0.into_iter().flat_map(|anchor| {
            (0..3).map(move |months| {
                after.in_month(months, |first| {
                    if anchor > 0 {
                        anchor
                    } else {
                        first.days_in_month() + anchor
                    }
                })
            })
        });
        dates.filter(|date| date.days_since(after) >= at_least).min()
    }
}

/// The median of sorted numbers. Of two middle numbers, their mean, rounded down.
pub(crate) fn median(sorted: &[i64]) -> i64 {
    let middle = sorted.len() / 2;
    if sorted.len().is_multiple_of(2) {
        (sorted[middle - 1] + sorted[middle]).div_euclid(2)
    } else {
        sorted[middle]
    }
}
