use serde_json::{Value, json};

use crate::reports::credit_report::{CreditReport, Person, credit_report};
use crate::reports::tests::records::{Build, at, currency, json, kenyan, loan, record, subject_in};
use crate::unrecognized::{MessageKey, Note, UnrecognizedMessages};
use crate::vocabulary::UnrecognizedCode;
use crate::{Label, Record};

fn mercy() -> Person {
    Person {
        first_name: "Mercy".into(),
        last_name: "Otieno".into(),
        phone_number: "254123456789".into(),
    }
}

fn report_of(records: &[Record], as_of: &str) -> CreditReport {
    credit_report(records, &kenyan(), mercy(), at(as_of), None)
}

pub(crate) fn json_of(records: &[Record]) -> Value {
    json(&report_of(records, "2021-10-31T00:00:00"))
}

/// Records of the five accounts in the public reference's report.
fn five_accounts() -> Vec<Record> {
    vec![
        record("mpesa", "2021-10-12T09:15:00")
            .credit("15000")
            .balance("15210")
            .currency("KES"),
        record("mpesa", "2021-10-18T20:27:29")
            .debit("1806")
            .balance("13404")
            .currency("KES"),
        loan("credithela", "2021-10-18T08:23:08")
            .account("5755581653")
            .debit("500")
            .currency("KES")
            .label(Label::LoanDisbursed),
        loan("credithela", "2021-10-18T08:21:21").label(Label::LoanRepaid),
        loan("okash", "2021-10-10T12:00:00").label(Label::LoanApproved),
        loan("okash", "2021-10-17T19:52:41")
            .debit("8800")
            .balance("8800")
            .currency("KES"),
        loan("okoajahazi", "2021-10-16T07:00:00")
            .debit("50")
            .balance("55")
            .currency("KES"),
        loan("okoajahazi", "2021-10-18T09:28:44")
            .credit("55")
            .currency("KES")
            .label(Label::LoanRepaid),
    ]
}

#[test]
fn the_report_of_the_public_reference_comes_out_figure_for_figure() {
    let mut report = json_of(&five_accounts());
    for account in report["loan"]["accounts"].as_array_mut().expect("accounts") {
        let account = account.as_object_mut().expect("account");
        for ours in [
            "status_reason",
            "account_type",
            "opened_at",
            "opened_record_id",
            "late_episodes",
            "days_late",
            "worst_status",
            "due_date",
            "due_record_id",
        ] {
            assert!(account.remove(ours).is_some(), "{ours}");
        }
    }
    let unknown = report["loan"].as_object_mut().expect("loan").remove("unknown_balances");
    assert_eq!(unknown, Some(json!(0)));
    assert_eq!(report["meta"]["created_at"], json!("2021-10-31T00:00:00+00:00"));
    assert_eq!(
        report["meta"]["user_uuid"],
        json!("958a5ae8-f3a3-41d5-ae48-177fdc19e3f4")
    );
    let user = json!({"first_name": "Mercy", "last_name": "Otieno", "phone_number": "254123456789"});
    assert_eq!(report["user"], user);
    let depository = json!({
        "total_balances": 13404.0, "total_accounts": 1,
        "accounts": [{
            "institution_id": "mpesa", "account_id": "default", "balance": 13404.0,
            "iso_currency_code": "KES", "updated_at": "2021-10-18T20:27:29+00:00",
        }],
    });
    assert_eq!(report["depository"], depository);
    let loan = json!({
        "open_accounts": 2, "open_balances": 9300.0,
        "nonperforming_accounts": 0, "nonperforming_balances": 0.0,
        "defaulted_accounts": 0, "defaulted_balances": 0.0,
        "closed_accounts": 2,
        "accounts": [
            {"institution_id": "credithela", "account_id": "5755581653", "status": "open", "principal": 500.0,
             "balance": 500.0, "iso_currency_code": "KES", "updated_at": "2021-10-18T08:23:08+00:00"},
            {"institution_id": "credithela", "account_id": "default", "status": "closed", "principal": null,
             "balance": 0.0, "iso_currency_code": null, "updated_at": "2021-10-18T08:21:21+00:00"},
            {"institution_id": "okash", "account_id": "default", "status": "open", "principal": 8800.0,
             "balance": 8800.0, "iso_currency_code": "KES", "updated_at": "2021-10-17T19:52:41+00:00"},
            {"institution_id": "okoajahazi", "account_id": "default", "status": "closed", "principal": null,
             "balance": 0.0, "iso_currency_code": "KES", "updated_at": "2021-10-18T09:28:44+00:00"},
        ],
    });
    assert_eq!(report["loan"], loan);
}

#[test]
fn our_additions_trace_the_figures_to_records() {
    let report = json_of(&five_accounts());
    assert_eq!(report["meta"]["currency"], json!("KES"));
    assert_eq!(report["meta"]["latest_record_at"], json!("2021-10-18T20:27:29+00:00"));
    assert_eq!(
        report["loan"]["accounts"][0]["status_reason"],
        json!({"record_id": "credithela@2021-10-18T08:23:08", "label": "LoanDisbursed",
               "timestamp": "2021-10-18T08:23:08+00:00"})
    );
    assert_eq!(
        report["totals_by_currency"],
        json!([{"currency": "KES", "depository_balances": 13404.0, "open_balances": 9300.0,
                "nonperforming_balances": 0.0, "defaulted_balances": 0.0, "unassigned_repayments": 0.0}])
    );
    let line = |amount: f64, day: &str, institution: &str, account: &str, currency: Option<&str>| {
        json!({"amount": amount, "date": day, "institution_id": institution, "account_id": account,
               "iso_currency_code": currency, "record_id": format!("{institution}@{day}")})
    };
    let opened = |mut line: Value, day: Option<&str>| {
        let institution = line["institution_id"].as_str().expect("text").to_owned();
        line["opened_at"] = json!(day.map(|day| format!("{day}+00:00")));
        line["opened_record_id"] = json!(day.map(|day| format!("{institution}@{day}")));
        line
    };
    let credithela = line(500.0, "2021-10-18T08:23:08", "credithela", "5755581653", Some("KES"));
    let okash = line(8800.0, "2021-10-10T12:00:00", "okash", "default", Some("KES"));
    let okoajahazi = line(0.0, "2021-10-18T09:28:44", "okoajahazi", "default", Some("KES"));
    let repaid = line(0.0, "2021-10-18T08:21:21", "credithela", "default", None);
    assert_eq!(
        report["tradelines"],
        json!({
            "open": [
                opened(credithela, Some("2021-10-18T08:23:08")),
                // Open since its approval. The amount is known since its disbursement.
                opened(okash, Some("2021-10-17T19:52:41")),
            ],
            "late_payments": [], "default": [],
            "closed": [
                opened(okoajahazi, Some("2021-10-16T07:00:00")),
                opened(repaid, None),
            ],
        })
    );
    assert_eq!(
        report["loan_repayments"],
        json!([line(55.0, "2021-10-18T09:28:44", "okoajahazi", "default", Some("KES"))])
    );
}

#[test]
fn fields_come_in_the_order_of_the_contract() {
    let report = report_of(&five_accounts(), "2021-10-31T00:00:00");
    let text = serde_json::to_string(&report).expect("json");
    let mut from = 0;
    for key in [
        "meta",
        "created_at",
        "user_uuid",
        "user",
        "first_name",
        "last_name",
        "phone_number",
        "depository",
        "total_balances",
        "total_accounts",
        "accounts",
        "loan",
        "open_accounts",
        "open_balances",
        "nonperforming_accounts",
        "nonperforming_balances",
        "defaulted_accounts",
        "defaulted_balances",
        "closed_accounts",
        "accounts",
        "status",
        "principal",
        "balance",
        "iso_currency_code",
        "updated_at",
        "status_reason",
        "totals_by_currency",
        "tradelines",
        "open",
        "late_payments",
        "default",
        "closed",
        "loan_repayments",
    ] {
        let found = text[from..].find(&format!("\"{key}\":"));
        from += found.unwrap_or_else(|| panic!("{key} is missing or out of order in {text}"));
    }
}

#[test]
fn the_report_before_the_first_record_is_empty() {
    let report = report_of(&five_accounts(), "2021-10-01T00:00:00");
    assert_eq!(report, report_of(&[], "2021-10-01T00:00:00"));
    let report = json(&report);
    assert_eq!(report["meta"]["latest_record_at"], json!(null));
    assert_eq!(report["meta"]["currency"], json!("KES"));
    assert_eq!(
        report["depository"],
        json!({"total_balances": 0.0, "total_accounts": 0, "accounts": []})
    );
    assert_eq!(report["loan"]["accounts"], json!([]));
    assert_eq!(report["loan"]["closed_accounts"], json!(0));
    assert_eq!(report["totals_by_currency"], json!([]));
    assert_eq!(
        report["tradelines"],
        json!({"open": [], "late_payments": [], "default": [], "closed": []})
    );
    assert_eq!(report["loan_repayments"], json!([]));
    assert_eq!(report["unassigned_repayments"], json!([]));
}

#[test]
fn payments_that_no_loan_account_records_are_listed_and_change_no_loan() {
    let paid = |day: &str, amount| {
        let at = format!("2021-10-{day}T08:00:00");
        record("bk", &at).debit(amount).label(Label::LoanRepayment)
    };
    let lent = [
        loan("bk", "2021-10-01T08:00:00").debit("500"),
        loan("bk", "2021-10-12T09:00:00").credit("80"),
        Record {
            impact: None,
            ..loan("bk", "2021-10-13T09:00:00")
                .credit("60")
                .label(Label::LoanRepayment)
        },
    ];
    // The payments of the 12th and the 13th are told by the loan account too, one without a direction.
    let payments = [paid("10", "200"), paid("12", "80"), paid("13", "60"), paid("14", "70")];
    let other = record("bk", "2021-10-15T08:00:00").debit("30");
    let records: Vec<Record> = lent.iter().chain(&payments).chain([&other]).cloned().collect();
    let (report, without) = (json_of(&records), json_of(&lent));
    assert_eq!(
        report["unassigned_repayments"],
        json!([
            {"date": "2021-10-14T08:00:00", "amount": 70.0, "institution_id": "bk", "account_id": "default",
             "iso_currency_code": "KES", "record_id": "bk@2021-10-14T08:00:00"},
            {"date": "2021-10-10T08:00:00", "amount": 200.0, "institution_id": "bk", "account_id": "default",
             "iso_currency_code": "KES", "record_id": "bk@2021-10-10T08:00:00"},
        ])
    );
    assert_eq!(report["totals_by_currency"][0]["unassigned_repayments"], json!(270.0));
    assert_eq!(report["loan"], without["loan"]);
    assert_eq!(report["loan_repayments"], without["loan_repayments"]);
    assert_eq!(without["unassigned_repayments"], json!([]));
    assert_eq!(without["totals_by_currency"][0]["unassigned_repayments"], json!(0.0));
}

#[test]
fn the_record_of_the_very_instant_is_part_of_the_report() {
    let report = |as_of| report_of(&five_accounts(), as_of).depository.total_balances.to_string();
    assert_eq!(report("2021-10-18T20:27:28"), "15210.0");
    assert_eq!(report("2021-10-18T20:27:29"), "13404.0");
}

#[test]
fn a_wallet_without_a_balance_counts_as_an_account_and_adds_nothing() {
    let records = [
        record("mpesa", "2021-10-01T00:00:00").label(Label::InsufficientFunds),
        record("airtel_ke", "2021-10-02T00:00:00").credit("70").currency("KES"),
    ];
    let depository = &json_of(&records)["depository"];
    assert_eq!(
        (&depository["total_accounts"], &depository["total_balances"]),
        (&json!(2), &json!(0.0))
    );
    assert_eq!(depository["accounts"][1]["balance"], json!(null));
    assert_eq!(
        depository["accounts"][1]["updated_at"],
        json!("2021-10-01T00:00:00+00:00")
    );
}

#[test]
fn a_balance_is_as_old_as_the_record_that_stated_it() {
    let records = [
        record("mpesa", "2021-10-01T00:00:00").balance("70").currency("KES"),
        record("mpesa", "2021-10-09T00:00:00").debit("20").currency("KES"),
    ];
    let account = &json_of(&records)["depository"]["accounts"][0];
    assert_eq!(account["balance"], json!(70.0));
    assert_eq!(account["updated_at"], json!("2021-10-01T00:00:00+00:00"));
}

#[test]
fn an_overdrawn_account_lowers_the_sum() {
    let records = [
        record("equitybank", "2021-10-01T00:00:00")
            .balance("-250.5")
            .currency("KES"),
        record("mpesa", "2021-10-02T00:00:00").balance("1000").currency("KES"),
    ];
    assert_eq!(json_of(&records)["depository"]["total_balances"], json!(749.5));
}

#[test]
fn sums_are_of_one_currency_and_the_others_stand_beside_them() {
    let records = [
        record("mpesa", "2021-10-01T00:00:00").balance("1000").currency("KES"),
        record("mtn_gh", "2021-10-02T00:00:00").balance("30").currency("GHS"),
        loan("qwikloan", "2021-10-03T00:00:00").debit("12").currency("GHS"),
        // Without a currency, it counts in the country's.
        record("nowhere", "2021-10-04T00:00:00").balance("5"),
    ];
    let report = json_of(&records);
    assert_eq!(report["depository"]["total_balances"], json!(1005.0));
    assert_eq!(
        (&report["loan"]["open_accounts"], &report["loan"]["open_balances"]),
        (&json!(1), &json!(0.0))
    );
    let totals = json!([
        {"currency": "GHS", "depository_balances": 30.0, "open_balances": 12.0, "nonperforming_balances": 0.0,
         "defaulted_balances": 0.0, "unassigned_repayments": 0.0},
        {"currency": "KES", "depository_balances": 1005.0, "open_balances": 0.0, "nonperforming_balances": 0.0,
         "defaulted_balances": 0.0, "unassigned_repayments": 0.0},
    ]);
    assert_eq!(report["totals_by_currency"], totals);
    assert_eq!(report["depository"]["accounts"][2]["iso_currency_code"], json!(null));

    let as_of = at("2021-10-31T00:00:00");
    let in_cedis = credit_report(&records, &kenyan(), mercy(), as_of, Some(currency("GHS")));
    assert_eq!(in_cedis.depository.total_balances.to_string(), "30.0");
    assert_eq!(in_cedis.loan.open_balances.to_string(), "12.0");
}

#[test]
fn a_balance_keeps_the_currency_it_was_stated_in() {
    let records = [
        record("equitybank", "2021-10-01T00:00:00")
            .balance("900")
            .currency("KES"),
        record("equitybank", "2021-10-02T00:00:00")
            .balance("800")
            .currency("KES"),
        record("equitybank", "2021-10-03T00:00:00").balance("7").currency("USD"),
    ];
    let report = json_of(&records);
    let account = &report["depository"]["accounts"][1];
    assert_eq!(
        (&account["balance"], &account["iso_currency_code"]),
        (&json!(7.0), &json!("USD"))
    );
    assert_eq!(report["depository"]["total_balances"], json!(800.0));
    assert_eq!(report["totals_by_currency"][0]["depository_balances"], json!(800.0));
    assert_eq!(report["totals_by_currency"][1]["depository_balances"], json!(7.0));
}

#[test]
fn an_account_with_balances_in_two_currencies_has_a_row_for_each() {
    let report = json_of(&[
        record("gtbank", "2021-10-01T08:00:00").balance("50000").currency("KES"),
        record("gtbank", "2021-10-02T08:00:00").balance("200").currency("USD"),
        record("gtbank", "2021-09-02T08:00:00").balance("90000").currency("KES"),
    ]);
    let depository = &report["depository"];
    assert_eq!(depository["total_balances"], 50_000.0);
    assert_eq!(depository["total_accounts"], 1);
    let rows: Vec<String> = depository["accounts"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| format!("{} {} {}", row["iso_currency_code"], row["balance"], row["updated_at"]))
        .collect();
    assert_eq!(
        rows,
        [
            r#""KES" 50000.0 "2021-10-01T08:00:00+00:00""#,
            r#""USD" 200.0 "2021-10-02T08:00:00+00:00""#,
        ]
    );
}

#[test]
fn of_two_balances_in_one_second_the_one_with_the_greater_id_is_the_latest() {
    let day = "2021-10-01T00:00:00";
    let records = [
        record("mpesa", day).id("b").balance("2").currency("KES"),
        record("mpesa", day).id("a").balance("1").currency("KES"),
    ];
    assert_eq!(json_of(&records)["depository"]["total_balances"], json!(2.0));
}

#[test]
fn without_country_and_currency_sums_are_of_the_unknown_currency() {
    let records = [record("nowhere", "2021-10-04T00:00:00").balance("5")];
    let as_of = at("2021-10-31T00:00:00");
    let report = json(&credit_report(&records, &subject_in(None), mercy(), as_of, None));
    assert_eq!(
        (&report["meta"]["currency"], &report["depository"]["total_balances"]),
        (&json!(null), &json!(5.0))
    );
    assert_eq!(report["totals_by_currency"][0]["currency"], json!(null));
}

/// A reminder opens a loan without an amount; a repaid one is owed nothing.
#[test]
fn loans_whose_amount_owed_is_unknown_are_counted_until_they_are_closed() {
    let reminded = loan("okash", "2021-10-10T12:00:00").label(Label::LoanRepaymentReminder);
    let missed = loan("tala_ke", "2021-10-11T12:00:00").label(Label::LoanMissedPayment);
    let repaid = loan("okash", "2021-10-12T12:00:00").label(Label::LoanRepaid);
    let known = loan("zenka", "2021-10-12T12:00:00").debit("500").currency("KES");
    let count = |records: &[Record]| json_of(records)["loan"]["unknown_balances"].clone();
    assert_eq!(count(&[reminded.clone(), missed.clone(), known.clone()]), 2);
    assert_eq!(count(&[reminded, missed, known, repaid]), 1);
}

/// Only messages up to the time of the report that may concern a loan count.
#[test]
fn unread_messages_that_may_concern_a_loan_are_counted_up_to_the_time_of_the_report() {
    let mut unrecognized = UnrecognizedMessages::default();
    for (time, may_concern_loan) in [
        ("2021-10-30T00:00:00", true),
        ("2021-10-31T00:00:00", true),
        ("2021-10-31T00:00:01", true),
        ("2021-10-29T00:00:00", false),
    ] {
        let key = MessageKey {
            received_at: at(time),
            hash: 0,
        };
        let note = Note {
            sender: "tala".to_owned(),
            code: UnrecognizedCode::Wording,
            may_concern_loan,
            reader: 1,
        };
        unrecognized.note(key, note);
    }
    let report = report_of(&five_accounts(), "2021-10-31T00:00:00");
    assert_eq!(report.meta.unrecognized_loan_messages, 0);
    assert_eq!(report.beside(&unrecognized).meta.unrecognized_loan_messages, 2);
}
