//! How often random dates are recognized as a rhythm, and regular dates are not. Slow: `cargo test -p daftari-domain
//! --lib false_alarms -- --ignored --nocapture`.

use crate::Date;
use crate::Timestamp;
use crate::insights::income::Frequency;
use crate::insights::income::rhythm::Rhythm;

const SERIES: u64 = 4_000;

/// Pseudo-random numbers, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: i64) -> i64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).expect("31 bits") % bound
    }
}

fn date(day: i64) -> Date {
    let at = Timestamp::from_unix_seconds((20_000 + day) * 86_400).expect("timestamp");
    Date::local(at, None)
}

fn frequency(days: Vec<i64>) -> Frequency {
    let mut days = days;
    days.sort_unstable();
    days.dedup();
    let dates: Vec<Date> = days.into_iter().map(date).collect();
    Rhythm::of(&dates).map_or(Frequency::Unknown, |rhythm| rhythm.terms.frequency)
}

/// Permille of series for which `found` is true.
fn permille(mut found: impl FnMut(&mut Numbers) -> bool) -> u64 {
    let mut numbers = Numbers(11);
    let hits = (0..SERIES).filter(|_| found(&mut numbers)).count() as u64;
    hits * 1_000 / SERIES
}

/// Dates every `gap` days, each moved by up to `jitter` days, each left out with `missed` percent.
fn regular(numbers: &mut Numbers, gap: i64, count: i64, jitter: i64, missed: i64) -> Vec<i64> {
    let days = (0..count).map(|index| (index * gap, numbers.below(2 * jitter + 1) - jitter, numbers.below(100)));
    days.filter(|(.., chance)| *chance >= missed)
        .map(|(day, moved, _)| day + moved)
        .collect()
}

#[test]
#[ignore = "a measurement"]
fn random_dates_are_rarely_taken_for_a_rhythm() {
    for (count, most) in [(3, 30), (4, 10), (5, 30), (6, 10), (8, 10), (12, 10)] {
        let alarms = permille(|numbers| {
            let mut days: Vec<i64> = Vec::new();
            while days.len() < count {
                let day = numbers.below(365);
                if !days.contains(&day) {
                    days.push(day);
                }
            }
            frequency(days) != Frequency::Unknown
        });
        println!("{count} random dates in a year: {alarms} ‰");
        assert!(alarms <= most, "{count}: {alarms}");
    }
}

#[test]
#[ignore = "a measurement"]
fn regular_dates_are_found() {
    for (name, gap, count, jitter, missed, expected, least, most_wrong) in [
        ("weekly ±1", 7, 12, 1, 0, Frequency::Weekly, 990, 0),
        // Gaps of 3 to 11 days: an unrecognized rhythm is unknown, and not wrong.
        ("weekly ±2, 5 events", 7, 5, 2, 0, Frequency::Weekly, 500, 10),
        ("weekly ±2, 8 events", 7, 8, 2, 0, Frequency::Weekly, 500, 10),
        ("weekly ±2, 12 events", 7, 12, 2, 0, Frequency::Weekly, 500, 10),
        ("biweekly ±1", 14, 10, 1, 0, Frequency::Biweekly, 900, 100),
        ("monthly ±2", 30, 8, 2, 0, Frequency::Monthly, 990, 0),
        ("monthly ±1, 10 % missed", 30, 10, 1, 10, Frequency::Monthly, 850, 10),
    ] {
        let series = |numbers: &mut Numbers| frequency(regular(numbers, gap, count, jitter, missed));
        let found = permille(|numbers| series(numbers) == expected);
        let wrong = permille(|numbers| ![expected, Frequency::Unknown].contains(&series(numbers)));
        println!("{name}: found {found} ‰, wrong {wrong} ‰");
        assert!(found >= least && wrong <= most_wrong, "{name}: {found} {wrong}");
    }
}
