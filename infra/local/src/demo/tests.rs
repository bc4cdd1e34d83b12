use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use daftari_domain::reports::{Subject, credit_report};
use daftari_domain::views::directory;
use daftari_domain::{AccountType, Impact, Label, Money, Record};
use sha2::{Digest, Sha256};

use super::*;

/// SHA-256 of the ledgers of everybody, as JSON lines with their texts.
const FINGERPRINT: &str = "46212b5058c2e842b8cc09f4bdfd26002fb3bc56ddacbb391d81114dd96e6e71";

fn all_records() -> Vec<Record> {
    PEOPLE.iter().flat_map(Person::records).collect()
}

#[test]
fn the_data_is_the_same_everywhere() {
    let mut hash = Sha256::new();
    for record in all_records() {
        hash.update(serde_json::to_vec(&record).expect("json"));
        hash.update(record.body.as_deref().unwrap_or_default());
        hash.update(b"\n");
    }
    let digest = hash.finalize().iter().fold(String::new(), |mut digest, byte| {
        let _ = write!(digest, "{byte:02x}");
        digest
    });
    assert_eq!(digest, FINGERPRINT, "the demo data changed: was that meant?");
}

#[test]
fn every_record_is_one_that_the_api_would_take() {
    let latest: Timestamp = known("2021-11-16T00:00:00Z");
    for person in PEOPLE {
        let records = person.records();
        assert!(records.iter().all(|record| record.check(latest) == Ok(())));
        assert!(records.is_sorted_by_key(|record| record.timestamp));
        let identities: BTreeSet<_> = records.iter().map(|record| record.id.clone()).collect();
        assert_eq!(identities.len(), records.len());
    }
}

#[test]
fn histories_span_two_years_at_institutions_of_the_directory() {
    for person in PEOPLE.iter().filter(|person| person.life.is_some()) {
        let records = person.records();
        let (first, last) = (records[0].timestamp, records[records.len() - 1].timestamp);
        let days = (last.unix_seconds() - first.unix_seconds()) / 86_400;
        assert!((720..=730).contains(&days), "{} {days}", person.first_name);
        assert!(records.len() > 600, "{} {}", person.first_name, records.len());
        let institutions: BTreeSet<_> = records.iter().map(|r| r.institution_id.as_str()).collect();
        assert!(institutions.len() >= 4, "{institutions:?}");
        for record in &records {
            let institution = directory::find(record.institution_id.as_str()).expect("known");
            assert!(institution.account_types.contains(record.account_type), "{record:?}");
        }
    }
}

#[test]
fn balances_of_depositories_follow_from_the_amounts() {
    for person in PEOPLE.iter().filter(|person| person.life.is_some()) {
        let mut balances = BTreeMap::new();
        for record in person.records() {
            let Some(stated) = record.balance else {
                continue;
            };
            if record.account_type != AccountType::Depository {
                continue;
            }
            let account = (record.institution_id.to_string(), record.account_id.to_string());
            let balance = balances.entry(account).or_insert(Money::ZERO.decimal());
            let amount = record.amount.map(Money::decimal).unwrap_or_default();
            match record.impact {
                Some(Impact::Credit) => *balance += amount,
                Some(Impact::Debit) => *balance -= amount,
                None => {}
            }
            assert_eq!(*balance, stated.decimal(), "{record:?}");
        }
    }
}

#[test]
fn every_label_and_every_loan_status_is_there() {
    let labels: BTreeSet<_> = all_records()
        .iter()
        .flat_map(|r| r.labels.iter().collect::<Vec<_>>())
        .collect();
    assert_eq!(labels.into_iter().collect::<Vec<_>>(), Label::ALL);
    let joseph = PEOPLE
        .iter()
        .find(|person| person.first_name == "Joseph")
        .expect("Joseph");
    let subject = Subject {
        user_uuid: UserId(known(joseph.uuid)),
        client_uuid: ORGANIZATION,
        country: Some(known("KE")),
    };
    let person = daftari_domain::reports::Person::default();
    let report = credit_report(&joseph.records(), &subject, person, known(SIGNED_UP_AT), None);
    let loans = report.loan;
    assert_eq!(
        (
            loans.open_accounts,
            loans.nonperforming_accounts,
            loans.defaulted_accounts,
            loans.closed_accounts
        ),
        (1, 1, 1, 2)
    );
}

#[test]
fn currencies_and_texts_are_many() {
    let records = all_records();
    let currencies: BTreeSet<_> = records
        .iter()
        .filter_map(|r| r.currency.map(|c| c.to_string()))
        .collect();
    assert_eq!(
        currencies.into_iter().collect::<Vec<_>>(),
        ["GHS", "KES", "NGN", "UGX", "USD"]
    );
    let labelled: Vec<_> = records.iter().filter(|r| !r.labels.is_empty()).collect();
    assert!(labelled.len() > 800, "{}", labelled.len());
    assert!(labelled.iter().all(|record| record.body.is_some()));
}
