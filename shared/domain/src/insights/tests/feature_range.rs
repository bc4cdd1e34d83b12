//! Which records features are of: the lookback and the institutions.

use super::golden::user;
use super::{paid, with};
use crate::insights::features;
use crate::insights::features::FeatureRequest;
use crate::reports::tests::records::{Build, at, json, kenyan, record};
use crate::{CounterpartyKind, Record};

const T: &str = "2026-11-20T12:00:00";

fn request(institutions: &[&str]) -> FeatureRequest {
    FeatureRequest {
        all_time: true,
        institutions: institutions.iter().map(|id| id.parse().expect("an id")).collect(),
        ..FeatureRequest::at(at(T))
    }
}

fn balance(institution: &str, time: &str, balance: &str) -> Record {
    record(institution, time).balance(balance).currency("KES")
}

#[test]
fn a_balance_of_ten_dates_before_the_longest_window_holds_on_its_first_date() {
    let records = [
        balance("mpesa", "2025-11-10T00:00:00", "5000"),
        balance("kcb", "2025-11-20T18:00:00", "1000"),
    ];
    let request = request(&[]);
    let read = records
        .iter()
        .filter(|record| request.range().contains(record.timestamp));
    assert_eq!(read.count(), 2);
    let answer = json(&features(&records, &kenyan(), user(), None, &request));
    assert_eq!(
        answer["features"]["average_end_of_day_depository_balance_0_365"],
        6_000.0
    );
}

#[test]
fn stability_is_of_the_chosen_institutions_and_of_the_report_currency() {
    let salaries = ["2026-07-31", "2026-08-31", "2026-09-30", "2026-10-30"].map(|date| paid(date, "45000"));
    let other = with(
        record("kcb", "2026-11-10T08:00:00").credit("900").currency("KES"),
        CounterpartyKind::Person,
        None,
    );
    let records = [salaries.as_slice(), &[other]].concat();
    let stability = |records: &[Record], institutions: &[&str]| {
        let answer = json(&features(records, &kenyan(), user(), None, &request(institutions)));
        answer["insights"]["income_stability"].clone()
    };
    assert_eq!(stability(&records, &[]), 1.0);
    assert_eq!(stability(&records, &["equitybank"]), 1.0);
    assert!(stability(&records, &["kcb"]).is_null());
    let dollars = records.iter().map(|record| record.clone().currency("USD"));
    let dollars: Vec<Record> = dollars.collect();
    let shillings = with(
        record("mpesa", "2026-11-10T08:00:00").credit("900").currency("KES"),
        CounterpartyKind::Person,
        None,
    );
    let records = [dollars.as_slice(), &[shillings]].concat();
    assert!(stability(&records, &[]).is_null());
    assert_eq!(stability(&records, &["equitybank"]), 1.0);
}
