//! Labels that words beside a movement do not give.

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

fn assert_no_label(sender: &str, country: &str, body: &str) {
    if let Reading::Records(records) = reading(sender, country, body) {
        assert!(
            records.iter().all(|record| record.labels.is_empty()),
            "{body:?}\n  {records:?}"
        );
    }
}
