use super::{EMPLOYER, paid, with};
use crate::insights::income::{Category, Stream};
use crate::insights::{Confidence, Direction, IncomeReport, income, recurring};
use crate::reports::tests::records::{Build, at, json, kenyan, loan, record, subject_in};
use crate::{CounterpartyKind, InstitutionId, Label, Record, Timestamp};

const T: &str = "2026-11-20T12:00:00";

fn report(records: &[Record]) -> IncomeReport {
    income(records, &kenyan(), at(T), None, Confidence::Low)
}

fn only(report: &IncomeReport) -> &Stream {
    let [stream] = report.streams.as_slice() else {
        panic!("{} streams", report.streams.len());
    };
    stream
}

/// Payments written as `07-31 45000, …` of a year; payments after `|` are of the next year.
fn payments(text: &str, year: i32) -> Vec<Record> {
    let years = (year..).zip(text.split(" | "));
    let one = |year: i32, payment: &str| {
        let (date, amount) = payment.split_once(' ').expect("a payment");
        paid(&format!("{year}-{date}"), amount)
    };
    years
        .flat_map(|(year, text)| text.split(", ").map(move |payment| one(year, payment)))
        .collect()
}

fn shown(stream: &Stream) -> String {
    let stream = json(stream);
    let figure = |name: &str| match &stream[name] {
        serde_json::Value::Null => "-".to_owned(),
        serde_json::Value::Number(number) => {
            let text = number.to_string();
            text.strip_suffix(".0").unwrap_or(&text).to_owned()
        }
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    [
        "frequency",
        "status",
        "is_active",
        "predicted_next_date",
        "overdue_days",
        "stability",
        "regularity",
        "expected_monthly",
        "confidence",
    ]
    .map(figure)
    .join(" ")
}

#[test]
fn streams_are_what_the_examples_say() {
    let table = include_str!("income_examples.txt");
    let mut count = 0;
    for case in table.lines().filter(|line| !line.starts_with('#')) {
        let (input, expected) = case.split_once(" -> ").expect("a case");
        let (date, text) = input.split_once(" | ").expect("a date");
        let last_year = i32::from(text.contains(" | "));
        let year: i32 = date[..4].parse().expect("a year");
        let records = payments(text, year - last_year);
        let as_of: Timestamp = at(&format!("{date}T12:00:00"));
        let report = income(&records, &kenyan(), as_of, None, Confidence::Low);
        assert_eq!(shown(only(&report)), expected, "{case}");
        count += 1;
    }
    assert_eq!(count, 17);
}

#[test]
fn a_salary_has_high_confidence_with_few_events() {
    let records: Vec<Record> = payments("07-31 45000, 08-31 45000, 09-30 46500, 10-30 45000", 2026)
        .into_iter()
        .map(|record| record.label(Label::Salary))
        .collect();
    let stream = only(&report(&records)).clone();
    assert_eq!(
        (stream.confidence, stream.category),
        (Confidence::High, Category::Salary)
    );
    let mut mixed = records;
    for record in &mut mixed[..3] {
        record.labels = crate::LabelSet::EMPTY;
    }
    let stream = only(&report(&mixed)).clone();
    assert_eq!(
        (stream.confidence, stream.category),
        (Confidence::Medium, Category::Business)
    );
}

#[test]
fn averages_are_over_whole_periods_since_the_oldest_depository_record() {
    // 112 days of history: three whole periods, which start on 2026-08-22.
    let records = payments("07-31 45000, 08-31 45000, 09-30 46500, 10-30 45000", 2026);
    let report = report(&records);
    assert_eq!(report.meta.full_periods, 3);
    assert_eq!(report.meta.history_days, Some(112));
    let summary = json(&report.summary);
    assert_eq!(summary["monthly_average"], 45_500.0);
    assert_eq!(summary["monthly_average_regular"], 45_500.0);
    assert_eq!(summary["monthly_average_irregular"], 0.0);
    assert_eq!(summary["expected_monthly"], 45_000.0);
    assert_eq!(summary["by_confidence"]["MEDIUM"], 45_000.0);
    assert_eq!(
        (
            summary["income_streams"].clone(),
            summary["income_transactions"].clone()
        ),
        (1.into(), 4.into())
    );
    assert_eq!(json(&report)["status"], "ok");
}

#[test]
fn credits_other_than_income_are_counted_by_reason() {
    let credit = |at: &str, amount: &str| record("equitybank", at).credit(amount).currency("KES");
    let records = [
        credit("2026-09-01T08:00:00", "1").label(Label::LoanApproved),
        credit("2026-09-02T08:00:00", "2").label(Label::LoanDisbursed),
        credit("2026-09-03T08:00:00", "4").label(Label::Overdraft),
        credit("2026-09-04T08:00:00", "8").label(Label::BettingAndLottery),
        with(credit("2026-09-05T08:00:00", "16"), CounterpartyKind::Lender, None),
        with(credit("2026-09-06T08:00:00", "32"), CounterpartyKind::Own, None),
        // The other side of a transfer, and of a loan.
        credit("2026-09-07T08:00:00", "64"),
        record("mpesa", "2026-09-07T07:50:00").debit("64").currency("KES"),
        credit("2026-09-08T08:00:00", "128"),
        loan("okash", "2026-09-07T09:00:00").debit("128").currency("KES"),
    ];
    let report = report(&records);
    let rows: Vec<_> = report
        .excluded
        .iter()
        .map(|row| format!("{} {} {}", json(&row.reason), row.count, row.total))
        .collect();
    assert_eq!(
        rows,
        [
            r#""own_transfer" 2 96.0"#,
            r#""loan_disbursement" 3 131.0"#,
            r#""overdraft" 1 4.0"#,
            r#""betting" 1 8.0"#,
            r#""lender" 1 16.0"#,
        ]
    );
    assert_eq!(report.streams, []);
    assert_eq!(json(&report)["status"], "no_income");
}

#[test]
fn payments_without_a_token_are_grouped_by_amount() {
    let credit = |at: &str, amount: &str| record("equitybank", at).credit(amount).currency("KES");
    let grouped = |amounts: &[&str]| {
        let records: Vec<Record> = (1..)
            .zip(amounts)
            .map(|(month, amount)| credit(&format!("2026-{month:02}-05T08:00:00"), amount))
            .collect();
        let mut counts: Vec<u64> = report(&records).streams.iter().map(|stream| stream.count).collect();
        counts.sort_unstable();
        counts
    };
    assert_eq!(grouped(&["100", "110", "121"]), [3]);
    assert_eq!(grouped(&["100", "110.0001"]), [1, 1]);
    // Over 1.25 times the smallest, though close to the previous one.
    assert_eq!(grouped(&["100", "110", "120", "125", "125.0001"]), [1, 4]);
    assert_eq!(grouped(&["0", "0", "1"]), [1, 2]);
}

#[test]
fn payments_of_one_token_are_one_stream_on_all_accounts_and_of_any_amount() {
    let mut records = payments("08-31 100, 09-30 9000", 2026);
    records[0].institution_id = "mpesa".parse().expect("id");
    let report = report(&records);
    let institutions: Vec<&str> = only(&report)
        .institution_ids
        .iter()
        .map(InstitutionId::as_str)
        .collect();
    assert_eq!(institutions, ["equitybank", "mpesa"]);
}

#[test]
fn payments_of_one_local_date_are_one_event() {
    // 2026-10-30T22:00 UTC is the 31st in Nairobi.
    let mut records = payments("10-31 100, 10-30 200", 2026);
    records[1].timestamp = at("2026-10-30T22:00:00");
    let stream = only(&report(&records)).clone();
    assert_eq!((stream.count, stream.total_amount.to_string()), (1, "300.0".into()));
    assert_eq!(stream.record_ids.len(), 2);
    let accra = income(&records, &subject_in(Some("GH")), at(T), None, Confidence::Low);
    assert_eq!(only(&accra).count, 2);
}

#[test]
fn outliers_are_beyond_twice_and_half_the_median() {
    let records = payments(
        "07-01 100, 07-08 100, 07-15 200, 07-22 200.01, 07-29 50, 08-05 49.99, 08-12 100",
        2026,
    );
    let ids: Vec<String> = only(&report(&records))
        .outlier_record_ids
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        ids,
        ["equitybank@2026-07-22T07:00:00", "equitybank@2026-08-05T07:00:00"]
    );
    assert_eq!(
        only(&report(&payments("07-01 1, 07-08 100, 07-15 100", 2026))).outlier_record_ids,
        []
    );
}

#[test]
fn streams_below_the_minimum_confidence_leave_every_figure() {
    let mut records = payments("07-31 45000, 08-31 45000, 09-30 46500, 10-30 45000", 2026);
    records.push(record("mpesa", "2026-11-01T09:00:00").credit("700").currency("KES"));
    let medium = income(&records, &kenyan(), at(T), None, Confidence::Medium);
    assert_eq!(medium.streams.len(), 1);
    assert_eq!(medium.summary.monthly_average_irregular.to_string(), "0.0");
    assert_eq!(json(&medium.excluded[0])["reason"], "below_minimum_confidence");
    assert_eq!(medium.excluded[0].total.to_string(), "700.0");
    let high = income(&records, &kenyan(), at(T), None, Confidence::High);
    assert_eq!(
        (high.streams.len(), json(&high)["status"].clone()),
        (0, "no_income".into())
    );
}

#[test]
fn each_currency_has_its_own_figures() {
    let mut records = payments("09-30 100, 10-30 100", 2026);
    records.push(record("mtn_ug", "2026-10-01T08:00:00").credit("7000").currency("UGX"));
    let report = report(&records);
    let rows: Vec<String> = report
        .by_currency
        .iter()
        .map(|row| {
            format!(
                "{:?} {}",
                row.currency.expect("a currency"),
                row.summary.income_transactions
            )
        })
        .collect();
    assert_eq!(rows, ["KES 2", "UGX 1"]);
    let other = income(
        &records,
        &kenyan(),
        at(T),
        Some("USD".parse().expect("USD")),
        Confidence::Low,
    );
    assert_eq!(
        (json(&other)["status"].clone(), other.streams.len()),
        ("no_data".into(), 0)
    );
}

#[test]
fn a_short_history_is_told() {
    assert_eq!(json(&report(&payments("10-22 100", 2026)))["status"], "short_history");
    assert_eq!(json(&report(&payments("10-21 100", 2026)))["status"], "ok");
    assert_eq!(json(&report(&[]))["status"], "no_data");
}

#[test]
fn lists_are_limited_and_say_so() {
    let many: Vec<Record> = (0..450)
        .map(|index| {
            let second = at("2026-10-01T00:00:00").plus_seconds(index * 60);
            Record {
                timestamp: second,
                ..paid("2026-10-01", "1").id(&format!("r{index:03}"))
            }
        })
        .collect();
    let stream = only(&report(&many)).clone();
    assert_eq!((stream.record_ids.len(), stream.record_ids_omitted), (400, 50));
    assert_eq!(stream.record_ids[399].to_string(), "r449");
    let payers: Vec<Record> = (0..130)
        .map(|index| {
            let token = format!("{index:016x}");
            with(
                paid("2026-10-01", "1").id(&token),
                CounterpartyKind::Person,
                Some(&token),
            )
        })
        .collect();
    let report = report(&payers);
    assert_eq!((report.streams.len(), report.streams_left_out), (100, 30));
    assert_eq!(report.summary.income_streams, 130);
}

#[test]
fn recurring_payments_have_both_directions() {
    let mut records = payments("08-31 45000, 09-30 45000, 10-30 45000", 2026);
    for date in ["2026-09-05", "2026-10-05", "2026-11-05"] {
        let rent = record("mpesa", &format!("{date}T09:00:00"))
            .debit("15000")
            .currency("KES");
        records.push(with(rent, CounterpartyKind::Person, Some("00000000000000ff")));
    }
    // An own transfer recurs too, but is not a payment.
    for month in ["09", "10", "11"] {
        records.push(
            record("mpesa", &format!("2026-{month}-06T09:00:00"))
                .debit("500")
                .currency("KES"),
        );
        records.push(
            record("kcb", &format!("2026-{month}-06T09:01:00"))
                .credit("500")
                .currency("KES"),
        );
    }
    let of = |direction| recurring(&records, &kenyan(), at(T), None, direction).streams;
    let out = of(Some(Direction::Outflow));
    assert_eq!(out.len(), 1);
    assert_eq!(
        (out[0].category, out[0].direction),
        (Category::Transfer, Direction::Outflow)
    );
    assert_eq!(out[0].expected_monthly.to_string(), "15000.0");
    assert_eq!(of(Some(Direction::Inflow)), report(&records).streams);
    assert_eq!(of(None).len(), 2);
    assert_eq!(of(None)[0].direction, Direction::Inflow);
}

#[test]
fn a_stream_keeps_its_id_as_payments_come() {
    let records = payments("08-31 45000, 09-30 45000, 10-30 99000", 2026);
    let before = only(&report(&records[..2])).stream_id.clone();
    assert_eq!(only(&report(&records)).stream_id, before);
    assert_eq!(before.len(), 16);
    let counterparty = only(&report(&records)).counterparty.expect("known");
    assert_eq!(counterparty.token.expect("token").to_string(), EMPLOYER);
}

#[test]
fn amounts_at_the_limit_do_not_overflow() {
    let most = "999999999999999.9999";
    let text = format!("08-31 {most}, 09-30 {most}, 10-30 0");
    let stream = only(&report(&payments(&text, 2026))).clone();
    assert_eq!(stream.expected_monthly.to_string(), most);
    let zero = only(&report(&payments("08-31 0, 09-30 0, 10-30 0", 2026))).clone();
    assert_eq!(
        (zero.stability, zero.expected_monthly.to_string()),
        (None, "0.0".into())
    );
}
