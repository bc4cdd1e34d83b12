//! Balances: whose they are, their sign, and whether they are cut off.

use crate::{assert_read, assert_unread};

#[test]
fn a_balance_below_zero_is_told_by_dr_or_by_a_minus() {
    assert_read(
        "FirstBank",
        "NG",
        "Debit: 3XXXX456\nAmt: NGN5,250.00\nDate: 13-JUN-2026 08:10:45\nDesc: FBNMOBILE TRANSFER. Bal: NGN500.00DR",
        &["firstbank #456 depository DEBIT 5250 NGN balance -500 Overdraft"],
    );
    assert_read(
        "FirstBank",
        "NG",
        "Debit: 3XXXX456\nAmt: NGN5,250.00\nDate: 13-JUN-2026 08:10:45\nDesc: FBNMOBILE TRANSFER. Bal: NGN-500.00",
        &["firstbank #456 depository DEBIT 5250 NGN balance -500 Overdraft"],
    );
}

#[test]
fn balances_of_airtime_loans_and_groups_are_not_balances_of_the_wallet() {
    assert_unread(
        "AIRTEL",
        "KE",
        &[
            "Your balance is KES 20.00. Get 1GB at KES 50.",
            "Your available balance is KES 20.00 airtime. Dial *544#.",
        ],
    );
    assert_unread(
        "MobileMoney",
        "GH",
        &[
            "Y'ello, your balance is GHS 4.10 airtime.",
            "Y'ello, your loan balance is GHS 4.10.",
        ],
    );
    assert_unread(
        "TIGOPESA",
        "TZ",
        &["Your balance is TSh 44,162. You owe TSh 2,000 to Nivushe Plus."],
    );
    assert_unread(
        "M-Pesa",
        "TZ",
        &[
            "SG61B40HVFF imethibitishwa.Tsh.310,000.00 zimehamishwa toka akaunti ya kikundi cha UMOJA kwenda kwenye akaunti ya mpesa 255750000111(SALIM).Salio la akaunti ya kikundi ni Tsh.2,104,300.00 tarehe 2025-09-12 saa 16:02:10",
        ],
    );
    assert_unread(
        "MPESA",
        "KE",
        &[
            "UAB1234567 Confirmed. You have received Ksh500.00 from JOHN DOE 0712000111 on 2/3/26 at 1:00 PM. New business balance is Ksh900.00. New M-PESA balance is Ksh200.00.",
        ],
    );
}

#[test]
fn a_message_cut_within_its_balance_is_not_read() {
    for balance in ["", "1", "1,", "1,2", "1,200", "1,200.", "1,200.0"] {
        let body = format!(
            "UAB1234567 Confirmed. Ksh500.00 sent to JANE DOE 0712000111 on 2/3/26 at 1:00 PM. New M-PESA balance is Ksh{balance}"
        );
        assert_unread("MPESA", "KE", &[&body]);
    }
}

#[test]
fn arabic_digits_are_not_read_as_a_smaller_number() {
    // Three digits behind the decimal separator may mean 1,250 or 1.25.
    assert_unread(
        "QNB",
        "EG",
        &["تم خصم ١٫٢٥٠ جنيه من حسابك المنتهي بـ ١١٩٠ بتاريخ ١٣/٠٩/٢٠٢٦. الرصيد المتاح ٨٬٠٠٠٫٠٠ جنيه."],
    );
    // A refused debit moves nothing, but its balance is true.
    assert_read(
        "QNB",
        "EG",
        "تم رفض خصم ١٬٢٥٠٫٠٠ جنيه من حسابك المنتهي بـ ١١٩٠ بتاريخ ١٣/٠٩/٢٠٢٦. الرصيد المتاح ٨٬٠٠٠٫٠٠ جنيه.",
        &["qnb_eg #1190 depository EGP balance 8000"],
    );
}

/// Behind the word of a balance, a number without its currency is the balance, or the message is not read.
#[test]
fn a_balance_without_a_currency_is_read_or_nothing_is() {
    for body in [
        "Umelipa Tsh 500 kwa DUKA. Baki yako ni 300.",
        "Umelipa Tsh 500 kwa DUKA. Baki yako mpya ni 300.",
        "Umelipa Tsh 500 kwa DUKA. Salio lako la sasa ni 300.",
        "Umelipa Tsh 500 kwa DUKA. Salio lako jipya ni 300.",
    ] {
        assert_read("M-PESA", "TZ", body, &["mpesa_tz depository DEBIT 500 TZS balance 300"]);
    }
    let debited = "Your account has been debited with KES 500.00.";
    for rest in [
        "Balance (available) 300.",
        "Balance in your account is 300.",
        "Your balance for account 1234 is 300.",
        "Balance after transaction 300.",
        "Your account balance as at today is 300.",
        "Remaining 300.",
    ] {
        assert_unread("KCB", "KE", &[&format!("{debited} {rest}")]);
    }
    assert_unread(
        "M-PESA",
        "TZ",
        &["Umelipa Tsh 500 kwa DUKA. Salio la akaunti yako ni 300."],
    );
    assert_unread(
        "M-Pesa",
        "MZ",
        &["Transferiste 300.00MT para JOAO. O saldo da sua conta e 300."],
    );
    // The number of an account is not the balance.
    assert_read(
        "KCB",
        "KE",
        &format!("{debited} Your balance for account 1234 is KES 300.00."),
        &["kcb depository DEBIT 500 KES balance 300"],
    );
}

#[test]
fn a_limit_beside_a_balance_is_not_the_balance() {
    assert_read(
        "KCB",
        "KE",
        "Your account has been debited with KES 500.00. Limit 300 balance 900 fee 20.",
        &["kcb depository DEBIT 500 KES balance 900"],
    );
}
