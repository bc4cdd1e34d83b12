//! Labels that words beside a movement do not give.

use daftari_domain::{CounterpartyKind, Label, Record};
use daftari_sms::Reading;

use crate::{assert_read, reading};

#[test]
fn remarks_and_fees_in_narrations_give_no_label() {
    for narration in [
        "ATM CARD MAINTENANCE FEE",
        "CHARGE ON ATM WITHDRAWAL",
        "NIP TRF TO ADA OBI/REFUND FOR ATM ERROR",
        "NIP TRANSFER TO UBA/ADA POS OPERATOR",
        "TRF TO ADA OBI/LOAN REPAYMENT THANKS",
        "TRF TO ADA OBI/AIRTIME MONEY",
    ] {
        let body = format!("Acct: ******4466\nAmt: NGN1,075.00 DR\nDesc: {narration}\nAvail Bal: NGN12,300.40");
        assert_read(
            "GTBank",
            "NG",
            &body,
            &["gtbank #4466 depository DEBIT 1075 NGN balance 12300.4"],
        );
    }
}

#[test]
fn shops_whose_names_contain_words_of_other_labels_are_shops() {
    for shop in ["AIRTIME AND CYBER SHOP", "LOTTO JUNCTION BUTCHERY", "MAMA NJERI'S"] {
        let body = format!(
            "UAB1234567 Confirmed. Ksh500.00 paid to {shop}. on 2/3/26 at 1:00 PM.New M-PESA balance is Ksh900.00. Transaction cost, Ksh0.00."
        );
        assert_read(
            "MPESA",
            "KE",
            &body,
            &["mpesa depository DEBIT 500 KES balance 900 POS"],
        );
    }
}

#[test]
fn payments_with_atm_in_a_name_are_not_cash() {
    for told in [
        "sent from your account ****5512 to ATM ADEOLA",
        "debited from your account ****5512 at ATM SYSTEMS LTD",
        "debited from your account ****5512 for transfer at ATM IKEJA",
        "debited from your account ****5512 for ATM card",
    ] {
        let body =
            format!("Dear Customer, NGN 5,000.00 has been {told} on 09/10/2026. Available balance is NGN 8,204.11.");
        assert_no_label("EcobankNG", "NG", &body);
    }
}

#[test]
fn a_card_named_without_a_purchase_is_not_a_purchase() {
    for told in [
        "debited from your card ending 1144 at MAADI BRANCH",
        "debited from your card ending 1144 at 12:05",
        "debited from your card ending 1144 for transfer to MONA ADEL",
        "credited to your card ending 1144 by MONA ADEL as refund",
        "credited to your card ending 1144 by MONA ADEL",
    ] {
        let body = format!("EGP 85.50 was {told} on 16/09/2026. Available balance: EGP 2,614.50.");
        assert_no_label("AlexBank", "EG", &body);
    }
    let body = "تم خصم 210.25 جنيه من بطاقتكم المنتهية بـ 4127 لدى فرع المعادي بتاريخ 16/09/2026. الرصيد المتاح 3,009.85 جنيه.";
    assert_no_label("BanqueMisr", "EG", body);
}

#[test]
fn places_agents_and_people_with_the_name_of_a_lender_lend_nothing() {
    for (sender, country, body) in [
        (
            "CRDB",
            "TZ",
            "Dear customer, TZS 40,000.00 has been deposited to your account 0152****221 at BRANCH on 12/08/2026. Available balance TZS 310,200.00.",
        ),
        (
            "NMB",
            "TZ",
            "Dear customer, TZS 40,000.00 has been withdrawn from your account 0152****221 at BRANCH 221 on 12/08/2026. Available balance TZS 310,200.00.",
        ),
        (
            "CRDB",
            "TZ",
            "Dear customer, TZS 40,000.00 has been credited to your account 0152****221 from BRANCH on 12/08/2026. Available balance TZS 310,200.00.",
        ),
        (
            "M-PESA",
            "TZ",
            "SHR1122447 Confirmed. You have deposited TZS 20,000.00 at BRANCH on 2025-06-15 at 9:45 AM. New M-Pesa balance is TZS 103,500.00.",
        ),
        (
            "M-PESA",
            "TZ",
            "SHR1122447 Confirmed. You have deposited TZS 20,000.00 at TALA on 2025-06-15 at 9:45 AM. New M-Pesa balance is TZS 103,500.00.",
        ),
        (
            "M-PESA",
            "TZ",
            "SHR1122446 Confirmed. You have withdrawn TZS 10,000.00 from BRANCH on 2025-06-14 at 9:45 AM. Transaction cost TZS 1,000.00. New M-Pesa balance is TZS 83,500.00.",
        ),
        (
            "KCB",
            "KE",
            "Dear JOHN, KES 5,000.00 has been debited from your account 134****071 at HARAKA on 12/08/2026. Available balance KES 300.00.",
        ),
        (
            "KCB",
            "KE",
            "Dear JOHN, KES 5,000.00 has been withdrawn from your account 134****071 by HARAKA on 12/08/2026. Available balance KES 300.00.",
        ),
        (
            "AlexBank",
            "EG",
            "EGP 85.50 was debited from your account ending 1144 to AMAN on 16/09/2026. Available balance: EGP 2,614.50.",
        ),
        (
            "ZenithBank",
            "NG",
            "Acct: ******4466\nAmt: NGN1,075.00 DR\nDesc: PAGE\nAvail Bal: NGN12,300.40",
        ),
        (
            "GhanaPay",
            "GH",
            "You have sent GHS 30.00 to FIDO MENSAH on 2026-07-02. Fee: GHS 0.38. Your balance is GHS 32.55. Transaction ID: 62000813054. Thank you.",
        ),
        (
            "GhanaPay",
            "GH",
            "You have sent GHS 30.00 to FIDO 0244510327 on 2026-07-02. Fee: GHS 0.38. Your balance is GHS 32.55. Transaction ID: 62000813054. Thank you.",
        ),
        (
            "MPESA",
            "KE",
            "UAB1234567 Confirmed. Ksh500.00 paid to SAFARICOM LIMITED. on 2/3/26 at 1:00 PM.New M-PESA balance is Ksh900.00. Transaction cost, Ksh0.00.",
        ),
    ] {
        let Reading::Records(records) = reading(sender, country, body) else {
            panic!("{body}");
        };
        let lent = |record: &Record| {
            let by_label = record.labels.contains(Label::LoanRepayment) || record.labels.contains(Label::LoanDisbursed);
            let party = record.details.counterparty;
            by_label || party.is_some_and(|party| party.kind == CounterpartyKind::Lender)
        };
        assert!(!records.iter().any(lent), "{body:?}\n  {records:?}");
    }
}

fn assert_no_label(sender: &str, country: &str, body: &str) {
    if let Reading::Records(records) = reading(sender, country, body) {
        assert!(
            records.iter().all(|record| record.labels.is_empty()),
            "{body:?}\n  {records:?}"
        );
    }
}
