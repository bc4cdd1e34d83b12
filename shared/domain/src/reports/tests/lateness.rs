use serde_json::{Value, json};

use crate::reports::credit_report::{Person, credit_report};
use crate::reports::lateness::LateEpisode;
use crate::reports::tests::credit_report::json_of;
use crate::reports::tests::loan_status::event;
use crate::reports::tests::records::{Build, at, kenyan, loan};
use crate::{Date, Details, Label, Record, Timestamp};

fn morning(day: &str) -> String {
    format!("2021-10-{day:0>2}T08:00:00")
}

fn due(record: Record, date: &str) -> Record {
    let details = Details {
        due_date: Some(date.parse().expect("date")),
        ..Details::default()
    };
    Record {
        details: details.into(),
        ..record
    }
}

/// The id of a record contains its day. Records of one day are a second apart, in the order of the text.
fn records_of(events: &str) -> Vec<Record> {
    let last = events.split(", ").count() - 1;
    let events = events.split(", ").enumerate();
    events
        .map(|(index, text)| {
            let (day, text) = text.split_once(' ').expect("a day and an event");
            let (text, due_day) = match text.split_once(" due ") {
                Some((text, day)) => (text, Some(day)),
                None => (text, None),
            };
            let letter = char::from(b'a' + u8::try_from(index).expect("few events"));
            let made = event(&morning(day), text).id(&format!("{day}{letter}"));
            let earlier = i64::try_from(last - index).expect("few events");
            let made = Record {
                timestamp: made.timestamp.plus_seconds(-earlier),
                ..made
            };
            match due_day {
                Some(day) => due(made, &format!("2021-10-{day:0>2}")),
                None => made,
            }
        })
        .collect()
}

fn day_of(at: Timestamp) -> String {
    at.to_string()[8..10].trim_start_matches('0').to_owned()
}

fn episode_text(episode: &LateEpisode) -> String {
    let evidence: Vec<String> = episode
        .records
        .iter()
        .map(|reason| {
            let id = reason.record_id.to_string();
            id.trim_end_matches(char::is_alphabetic).to_owned()
        })
        .collect();
    assert_eq!(episode.due_date.is_some(), episode.due_record_id.is_some());
    format!(
        " {}-{}{}{} [{}]",
        day_of(episode.from),
        day_of(episode.to),
        if episode.ongoing { "+" } else { "" },
        due_text(episode.due_date, " due "),
        evidence.join(" ")
    )
}

fn due_text(date: Option<Date>, before: &str) -> String {
    date.map_or_else(String::new, |date| {
        let text = date.to_string();
        format!("{before}{}", text[8..].trim_start_matches('0'))
    })
}

fn history(records: &[Record], as_of: &str) -> String {
    let report = credit_report(records, &kenyan(), Person::default(), at(as_of), None);
    let [account] = report.loan.accounts.as_slice() else {
        panic!("one account: {:?}", report.loan.accounts);
    };
    assert_eq!(account.opened_at.is_some(), account.opened_record_id.is_some());
    assert_eq!(account.due_date.is_some(), account.due_record_id.is_some());
    let unknown = || "?".to_owned();
    let episodes: String = account.late_episodes.iter().map(episode_text).collect();
    format!(
        "opened {}, worst {}, late {}{}{}{episodes}",
        account.opened_at.map_or_else(unknown, day_of),
        json!(account.worst_status).as_str().unwrap_or("?"),
        account.days_late.map_or_else(unknown, |days| days.to_string()),
        due_text(account.due_date, ", due "),
        if episodes.is_empty() { "" } else { ":" }
    )
}

#[test]
fn histories_are_as_the_table_says_in_any_order_of_records() {
    let tables = [include_str!("loan_histories.txt"), include_str!("loan_due_dates.txt")];
    let lines = tables.into_iter().flat_map(str::lines);
    let cases: Vec<&str> = lines.filter(|line| !line.starts_with('#')).collect();
    assert!(cases.len() > 70);
    for case in cases {
        let (events, expected) = case.split_once(" -> ").expect("a case");
        let (events, day) = events.split_once(" @ ").expect("the day of the report");
        let mut records = records_of(events);
        assert_eq!(history(&records, &morning(day)), expected, "{case}");
        records.reverse();
        assert_eq!(history(&records, &morning(day)), expected, "{case}, reversed");
    }
}

#[test]
fn a_due_date_stated_long_before_a_notice_is_of_an_earlier_payment() {
    let late = |noticed: &str| {
        let records = [
            due(loan("okash", "2021-08-01T08:00:00").debit("500"), "2021-08-10"),
            loan("okash", noticed).label(Label::LoanMissedPayment),
            loan("okash", "2021-09-20T08:00:00").label(Label::LoanRepaid),
        ];
        json_of(&records)["loan"]["accounts"][0]["days_late"].clone()
    };
    assert_eq!(late("2021-09-10T23:59:59"), json!(41));
    assert_eq!(late("2021-09-11T00:00:00"), json!(9));
}

#[test]
fn days_are_those_of_the_calendar_in_utc() {
    let late = |from: &str, to: &str| {
        let records = [
            loan("okash", from).label(Label::LoanMissedPayment),
            loan("okash", to).label(Label::LoanRepaid),
        ];
        json_of(&records)["loan"]["accounts"][0]["days_late"].clone()
    };
    assert_eq!(late("2021-10-21T00:00:00", "2021-10-21T23:59:59"), json!(0));
    assert_eq!(late("2021-10-21T23:59:59", "2021-10-22T00:00:00"), json!(1));
    assert_eq!(late("2021-10-21T23:59:59", "2021-10-25T00:00:00"), json!(4));
    assert_eq!(late("2020-02-28T12:00:00", "2020-03-01T12:00:00"), json!(2));
    assert_eq!(late("1969-12-31T12:00:00", "1970-01-01T12:00:00"), json!(1));
}

#[test]
fn a_record_with_lateness_and_its_end_begins_no_episode() {
    let records = [
        loan("okash", "2021-10-01T08:00:00").debit("500"),
        loan("okash", "2021-10-10T08:00:00")
            .label(Label::LoanMissedPayment)
            .label(Label::LoanRepaid),
    ];
    let account = &json_of(&records)["loan"]["accounts"][0];
    assert_eq!(account["late_episodes"], json!([]));
    assert_eq!(account["days_late"], json!(0));
}

#[test]
fn a_late_loan_shows_its_episodes_and_opening_with_their_records() {
    let lent = loan("tala_ke", "2021-10-01T08:00:00").debit("500");
    let records = [
        due(lent.label(Label::LoanDisbursed), "2021-10-19"),
        loan("tala_ke", "2021-10-21T08:00:00").label(Label::LoanMissedPayment),
        loan("tala_ke", "2021-10-25T09:00:00").balance("0"),
    ];
    let report = json_of(&records);
    let account = &report["loan"]["accounts"][0];
    assert_eq!(account["status"], json!("closed"));
    assert_eq!(
        account["late_episodes"],
        json!([{
            "from": "2021-10-21T08:00:00+00:00", "to": "2021-10-25T09:00:00+00:00", "ongoing": false, "days": 6,
            "due_date": "2021-10-19", "due_record_id": "tala_ke@2021-10-01T08:00:00",
            "records": [
                {"record_id": "tala_ke@2021-10-21T08:00:00", "label": "LoanMissedPayment", "timestamp": "2021-10-21T08:00:00+00:00"},
                {"record_id": "tala_ke@2021-10-25T09:00:00", "label": null, "timestamp": "2021-10-25T09:00:00+00:00"},
            ],
        }])
    );
    for opened in [account, &report["tradelines"]["closed"][0]] {
        assert_eq!(opened["opened_at"], json!("2021-10-01T08:00:00+00:00"));
        assert_eq!(opened["opened_record_id"], json!("tala_ke@2021-10-01T08:00:00"));
    }
}

#[test]
fn a_disbursement_after_reminders_gives_opening_and_principal_but_no_balance() {
    let records = [
        loan("mshwari", "2019-11-29T08:00:00").label(Label::LoanRepaymentReminder),
        loan("mshwari", "2020-11-29T08:00:00").label(Label::LoanRepaymentReminder),
        loan("mshwari", "2021-10-06T08:00:00")
            .debit("10000")
            .label(Label::LoanDisbursed),
    ];
    let account = json_of(&records)["loan"]["accounts"][0].clone();
    assert_eq!(account["opened_at"], json!("2021-10-06T08:00:00+00:00"));
    assert_eq!(account["principal"], json!(10000.0));
    assert_eq!(account["balance"], Value::Null);
    assert_eq!(
        account["status_reason"]["timestamp"],
        json!("2019-11-29T08:00:00+00:00")
    );
}
