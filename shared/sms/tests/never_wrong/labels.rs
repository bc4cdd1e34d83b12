//! Labels that words beside a movement do not give.

use crate::assert_read;

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
fn shops_that_are_called_like_what_they_stand_beside_are_shops() {
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
