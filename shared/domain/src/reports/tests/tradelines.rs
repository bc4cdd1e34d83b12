use serde_json::json;

use crate::reports::tests::credit_report::json_of;
use crate::reports::tests::records::{Build, loan, record};
use crate::{AccountType, Label};

#[test]
fn each_status_has_its_own_count_and_sum() {
    let lent = |institution, amount| loan(institution, "2021-10-01T00:00:00").debit(amount).currency("KES");
    let told = |institution, label| loan(institution, "2021-10-02T00:00:00").label(label);
    let records = [
        lent("berry", "100"),
        lent("okash", "200"),
        told("okash", Label::LoanMissedPayment),
        lent("opesa", "400"),
        told("opesa", Label::LoanDefaulted),
        lent("zenka", "800"),
        told("zenka", Label::LoanRepaid),
        // Revolving loans are loans.
        lent("fuliza", "1600").of_type(AccountType::RevolvingLoan),
        // An open loan of unknown amount counts, but adds nothing.
        told("tala_ke", Label::LoanRepaymentReminder),
        // Offers do not create loans, and airtime accounts are not in the report.
        told("branch_ke", Label::NewLoanOffer),
        lent("safaricom", "3200").of_type(AccountType::Airtime),
    ];
    let report = json_of(&records);
    let loan = &report["loan"];
    for (status, count, sum) in [
        ("open", 3, json!(1700.0)),
        ("nonperforming", 1, json!(200.0)),
        ("defaulted", 1, json!(400.0)),
    ] {
        assert_eq!(loan[format!("{status}_accounts")], json!(count), "{status}");
        assert_eq!(loan[format!("{status}_balances")], sum, "{status}");
    }
    assert_eq!(
        (&loan["closed_accounts"], &report["depository"]["total_accounts"]),
        (&json!(1), &json!(0))
    );
    for (list, institutions) in [
        ("open", json!(["tala_ke", "berry", "fuliza"])),
        ("late_payments", json!(["okash"])),
        ("default", json!(["opesa"])),
        ("closed", json!(["zenka"])),
    ] {
        let lines = report["tradelines"][list].as_array().expect("lines").iter();
        let found: Vec<_> = lines.map(|line| line["institution_id"].clone()).collect();
        assert_eq!(json!(found), institutions, "{list}");
    }
}

#[test]
fn the_sum_of_the_tradelines_is_the_amount_owed() {
    let records = [
        loan("okash", "2021-10-01T00:00:00")
            .debit("500")
            .currency("KES")
            .label(Label::LoanDisbursed),
        loan("okash", "2021-10-05T00:00:00").label(Label::LoanMissedPayment),
        loan("okash", "2021-10-09T00:00:00").label(Label::LoanMissedPayment),
        loan("okash", "2021-10-12T00:00:00").credit("120").currency("KES"),
        loan("okash", "2021-10-20T00:00:00").label(Label::LoanDefaulted),
    ];
    let report = json_of(&records);
    let lines = &report["tradelines"];
    assert_eq!((&lines["open"], &lines["late_payments"]), (&json!([]), &json!([])));
    assert_eq!(lines["default"][0]["amount"], json!(380.0));
    assert_eq!(lines["default"][0]["date"], json!("2021-10-20T00:00:00"));
}

#[test]
fn repayments_are_listed_newest_first_with_or_without_an_amount() {
    let records = [
        loan("okash", "2021-10-01T00:00:00").credit("10").currency("KES"),
        loan("okash", "2021-10-03T00:00:00").label(Label::LoanRepayment),
        loan("zenka", "2021-10-02T00:00:00").credit("20"),
        // Neither a notice that a loan is repaid nor money into a wallet is a payment towards a loan.
        loan("zenka", "2021-10-04T00:00:00").label(Label::LoanRepaid),
        record("mpesa", "2021-10-05T00:00:00").credit("30"),
    ];
    let report = json_of(&records);
    let repayments = report["loan_repayments"].as_array().expect("list").iter();
    let found: Vec<_> = repayments
        .map(|repayment| (repayment["amount"].clone(), repayment["iso_currency_code"].clone()))
        .collect();
    assert_eq!(
        found,
        [
            (json!(null), json!("KES")),
            (json!(20.0), json!(null)),
            (json!(10.0), json!("KES"))
        ]
    );
}
