//! Histories are the same everywhere, end yesterday, continue from day to day, and add up.

use std::collections::{BTreeMap, BTreeSet};

use daftari_domain::time::DAY_SECONDS;
use daftari_domain::views::directory;
use daftari_domain::{Impact, Label, LabelSet, Money, Record, Timestamp};
use daftari_sandbox::{HISTORY_DAYS, Persona, mercy, people, personas};
use proptest::prelude::*;

fn at(text: &str) -> Timestamp {
    text.parse().expect("timestamp")
}

fn with_history(today: Timestamp) -> impl Iterator<Item = Persona> {
    people(today).into_iter().filter(|persona| persona.key != "empty")
}

/// The records since the sandbox began: without the two of the public reference.
fn lived(persona: &Persona) -> Vec<Record> {
    let records = persona.records.iter().cloned();
    records
        .filter(|record| record.timestamp >= at("2022-01-01T00:00:00Z"))
        .collect()
}

/// Instants of 2023 to 2035, including the ends of months and leap days.
fn days() -> impl Strategy<Value = Timestamp> {
    let first = at("2023-03-01T00:00:00Z").unix_seconds();
    let last = at("2036-01-01T00:00:00Z").unix_seconds();
    let special = [
        "2024-02-28T23:59:59Z",
        "2024-02-29T00:00:00Z",
        "2024-03-01T12:00:00Z",
        "2026-12-31T23:59:59Z",
        "2027-01-01T00:00:00Z",
        "2028-02-29T09:00:00Z",
    ];
    prop_oneof![
        3 => (first..last).prop_map(|second| Timestamp::from_unix_seconds(second).expect("timestamp")),
        1 => proptest::sample::select(special.map(at).to_vec()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn histories_end_yesterday_and_have_a_record_of_every_day(today in days()) {
        let midnight = today.unix_seconds().div_euclid(DAY_SECONDS) * DAY_SECONDS;
        for persona in with_history(today) {
            let records = lived(&persona);
            let dates: BTreeSet<i64> =
                records.iter().map(|record| (record.timestamp.unix_seconds() - midnight).div_euclid(DAY_SECONDS)).collect();
            prop_assert_eq!(dates.last(), Some(&-1), "{}", persona.key);
            prop_assert_eq!(i64::try_from(dates.len()).expect("few dates"), HISTORY_DAYS, "{}", persona.key);
            prop_assert!(records.len() < 4_000, "{} {}", persona.key, records.len());
        }
    }

    #[test]
    fn every_record_is_one_that_the_api_would_take_and_has_an_id_of_its_own(today in days()) {
        for persona in people(today) {
            let mut ids = BTreeSet::new();
            for record in &persona.records {
                prop_assert_eq!(record.check(today), Ok(()));
                prop_assert!(ids.insert(record.id.clone()));
                prop_assert_eq!(record.body.is_some(), !record.labels.is_empty());
                let institution = directory::find(record.institution_id.as_str());
                let takes = institution.is_some_and(|found| found.account_types.contains(record.account_type));
                prop_assert!(takes, "{record:?}");
            }
            let times: Vec<_> = persona.records.iter().map(|record| record.timestamp).collect();
            prop_assert!(times.windows(2).all(|pair| pair[0] < pair[1]), "{}", persona.key);
        }
    }

    #[test]
    fn histories_of_two_dates_tell_the_same_of_the_days_they_share(today in days(), later in 1..30_i64) {
        let then = Timestamp::from_unix_seconds(today.unix_seconds() + later * DAY_SECONDS).expect("timestamp");
        for (before, after) in with_history(today).zip(with_history(then)) {
            let (before, after) = (lived(&before), lived(&after));
            let first = after[0].timestamp;
            let last = before[before.len() - 1].timestamp;
            let shared: Vec<_> = before.iter().filter(|record| record.timestamp >= first).collect();
            let again: Vec<_> = after.iter().filter(|record| record.timestamp <= last).collect();
            prop_assert_eq!(shared, again);
        }
    }

    #[test]
    fn balances_follow_from_amounts_and_fees(today in days()) {
        for persona in with_history(today) {
            let mut balances: BTreeMap<_, Money> = BTreeMap::new();
            for record in lived(&persona) {
                let Some(stated) = record.balance else {
                    continue;
                };
                let key = (record.institution_id.to_string(), record.account_id.to_string(), record.currency);
                // The interest of a loan is added when it is lent.
                let is_lent = record.account_type.is_debt() && record.impact == Some(Impact::Debit);
                if let (Some(before), false) = (balances.get(&key), is_lent) {
                    let amount = record.amount.map(Money::decimal).unwrap_or_default();
                    let fee = record.details.fee.map(Money::decimal).unwrap_or_default();
                    let adds = (record.impact == Some(Impact::Credit)) != record.account_type.is_debt();
                    let change = if adds { amount } else { -amount };
                    prop_assert_eq!(before.decimal() + change - fee, stated.decimal(), "{:?}", record);
                }
                prop_assert!(!stated.is_negative(), "{record:?}");
                balances.insert(key, stated);
            }
        }
    }
}

#[test]
fn the_same_date_gives_the_same_people_at_any_time_of_the_day() {
    let morning = people(at("2026-11-26T00:00:00Z"));
    assert_eq!(morning, people(at("2026-11-26T23:59:59Z")));
    let keys: BTreeSet<_> = morning.iter().map(|persona| persona.key).collect();
    assert_eq!(keys.len(), morning.len());
}

#[test]
fn the_numbers_come_out_alike_on_every_machine() {
    let late_payer = &personas(at("2026-11-26T00:00:00Z"))[0];
    let last = late_payer.records.last().expect("a record");
    let told = (
        last.id.to_string(),
        last.timestamp.to_string(),
        last.balance.map(|balance| balance.decimal().to_string()),
    );
    let wanted = (
        "03fb1f053c23241a73da6fad61c2c03b",
        "2026-11-25T07:27:47+00:00",
        Some("34788"),
    );
    assert_eq!(
        (told.0.as_str(), told.1.as_str(), told.2.as_deref()),
        wanted,
        "people's histories changed: was that meant?"
    );
    assert_eq!(late_payer.records.len(), 1_073);
}

#[test]
fn before_the_first_day_there_are_no_histories() {
    for today in ["1969-12-31T00:00:00Z", "2021-11-17T00:00:00Z", "2022-01-01T23:59:59Z"] {
        assert!(
            personas(at(today)).iter().all(|persona| persona.records.is_empty()),
            "{today}"
        );
        assert_eq!(mercy(at(today)).records.len(), 2, "{today}");
    }
    assert_ne!(personas(at("2022-01-02T00:00:00Z"))[0].records, []);
}

#[test]
fn six_personas_live_in_six_countries() {
    let people = personas(at("2026-11-26T00:00:00Z"));
    let countries: BTreeSet<_> = people
        .iter()
        .map(|persona| {
            daftari_platform::phone::PhoneNumber::parse(persona.phone_number)
                .expect("number")
                .country()
        })
        .collect();
    assert_eq!((people.len(), countries.len()), (6, 6));
}

#[test]
fn every_label_is_there() {
    let seen = people(at("2026-11-26T00:00:00Z"))
        .iter()
        .flat_map(|persona| &persona.records)
        .fold(LabelSet::EMPTY, |seen, record| {
            record.labels.iter().fold(seen, LabelSet::with)
        });
    let missing: Vec<_> = Label::ALL.iter().filter(|label| !seen.contains(**label)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
