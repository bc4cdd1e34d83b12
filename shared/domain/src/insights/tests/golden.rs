use crate::insights::features::catalog::{Feature, SPANS, Windows};
use crate::insights::features::{FeatureRequest, FeatureUser};
use crate::insights::{FeatureReport, features};
use crate::reports::tests::records::{Build, at, kenyan, loan, record};
use crate::{AccountType, Label, Record};

const FIGURES: &str = include_str!("golden.txt");

pub(super) fn user() -> FeatureUser {
    FeatureUser {
        uuid: kenyan().user_uuid,
        first_name: "Mercy".into(),
        last_name: "Otieno".into(),
        phone_number: "254123456789".into(),
        external_id: None,
    }
}

/// A wallet with an overdraft, a bank account and two lenders over ten weeks.
pub(super) fn ledger() -> Vec<Record> {
    let mpesa = |day: &str| record("mpesa", day);
    let mut records = vec![
        mpesa("2021-08-20T08:00:00").credit("20000").balance("20500"),
        mpesa("2021-08-25T09:00:00").debit("15000").balance("5500"),
        mpesa("2021-09-20T08:00:00").credit("20000").balance("25500"),
        mpesa("2021-09-24T10:00:00")
            .debit("500")
            .balance("25000")
            .label(Label::BettingAndLottery),
        record("equitybank", "2021-09-28T12:00:00")
            .account("0170")
            .balance("4000"),
        mpesa("2021-10-04T07:00:00").credit("3000").balance("3500"),
        mpesa("2021-10-04T18:00:00")
            .debit("1000")
            .balance("2500")
            .label(Label::AirtimePurchase),
        mpesa("2021-10-09T08:00:00")
            .balance("100")
            .label(Label::InsufficientFunds),
        record("equitybank", "2021-10-12T09:00:00")
            .account("0170")
            .credit("6000")
            .balance("10000"),
        mpesa("2021-10-20T08:00:00").credit("20000").balance("20100"),
        mpesa("2021-10-20T11:00:00")
            .debit("1100")
            .balance("19000")
            .label(Label::BettingAndLottery),
        mpesa("2021-10-25T09:00:00")
            .debit("4000")
            .balance("15000")
            .label(Label::Atm),
        loan("okash", "2021-10-05T10:00:00")
            .debit("5000")
            .balance("5000")
            .label(Label::LoanDisbursed),
        loan("okash", "2021-10-19T10:00:00").label(Label::LoanMissedPayment),
        loan("okash", "2021-10-21T10:00:00")
            .credit("2000")
            .balance("3000")
            .label(Label::LoanRepayment),
        loan("tala_ke", "2021-10-21T12:00:00").label(Label::LoanDeclined),
        loan("tala_ke", "2021-09-15T10:00:00")
            .credit("1500")
            .balance("0")
            .label(Label::LoanRepaid),
        mpesa("2021-10-22T10:00:00")
            .account("fuliza")
            .of_type(AccountType::RevolvingLoan)
            .debit("300")
            .balance("300")
            .label(Label::Overdraft)
            .label(Label::LoanDisbursed),
    ];
    for record in &mut records {
        record.currency = Some("KES".parse().expect("currency"));
    }
    records
}

fn report() -> FeatureReport {
    let request = FeatureRequest::at(at("2021-11-01T00:00:00"));
    features(&ledger(), &kenyan(), user(), None, &request)
}

/// The value as a number without trailing zeros.
pub(super) fn figure(report: &FeatureReport, name: &str) -> String {
    let value = report.features.0.get(name).or_else(|| report.insights.0.get(name));
    let value = value.unwrap_or_else(|| panic!("no {name}"));
    let text = serde_json::to_string(&value).expect("json");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

#[test]
fn a_ledger_has_these_features() {
    let report = report();
    let lines = FIGURES.lines().filter(|line| !line.starts_with('#'));
    let mut checked = 0;
    for line in lines {
        let fields: Vec<&str> = line.split(' ').collect();
        for (span, expected) in ["0_30", "31_90", "0_90"].iter().zip(&fields[1..]) {
            let name = format!("{}_{span}", fields[0]);
            let expected = expected.strip_suffix(".0").unwrap_or(expected);
            assert_eq!(figure(&report, &name), expected, "{name}");
            checked += 1;
        }
    }
    assert_eq!(checked, 41 * 3);
    assert_eq!(figure(&report, "data_recency_minutes"), "9540");
    assert_eq!(figure(&report, "data_oldest_minutes"), "104640");
    assert_eq!(figure(&report, "primary_currency"), "\"KES\"");
    let weekly = "standard_deviation_of_week_to_week_sum_of_credits_0_84";
    assert_eq!(figure(&report, weekly), "9243.015381");
    assert_eq!(report.meta.history_days, Some(73));
}

#[test]
fn every_feature_is_served_in_its_windows() {
    let report = report();
    let names: Vec<&str> = report.features.0.0.iter().map(|(name, _)| name.as_str()).collect();
    let windowed = Feature::ALL
        .iter()
        .filter(|feature| feature.windows() == Windows::Spans)
        .count();
    assert_eq!(names.len(), windowed * 3 + Feature::ALL.len() - windowed);
    for name in names {
        let (feature, span) = Feature::named(name).expect("a feature");
        assert_eq!(feature.full_name(span), name);
    }
    assert!(SPANS.iter().all(|span| span.suffix.ends_with(&span.first.to_string())));
}
