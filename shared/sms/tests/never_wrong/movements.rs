//! The direction of a movement, and the account that it goes into.

use daftari_sms::Reading;

use crate::{assert_read, assert_unread, reading};

#[test]
fn cash_given_to_an_agent_is_a_deposit_and_cash_taken_a_withdrawal_in_either_language() {
    assert_read(
        "M-Pesa",
        "TZ",
        "SHN8A7OAN7B Imethibitishwa mnamo 25/7/25, 6:12 PM Toa Tsh20,000.00 kwa SALMA RAJABU Salio lako ni Tsh20,410.93.",
        &["mpesa_tz depository CREDIT 20000 TZS balance 20410.93"],
    );
    assert_read(
        "M-Pesa",
        "TZ",
        "SHH3A5UAY9C Imethibitishwa tarehe 26/7/25 saa 1:47 PM Pokea kiasi cha Tsh9,000.00 kutoka kwa 200521 - Salim Bakari Jumla ya Ada Tsh1,200.00. Salio ni Tsh10,210.93.",
        &["mpesa_tz depository DEBIT 9000 TZS balance 10210.93"],
    );
}

#[test]
fn money_sent_to_the_user_is_not_sent_by_the_user() {
    for body in [
        "UAB1234567 Confirmed. Ksh500.00 sent to you by JANE on 2/3/26 at 1:00 PM.",
        "UAB1234567 Confirmed. Ksh500.00 sent to you from JANE on 2/3/26 at 1:00 PM. New M-PESA balance is Ksh600.00.",
        "UAB1234567 Confirmed. Ksh500.00 paid to you by JANE on 2/3/26 at 1:00 PM.",
        "UAB1234567 Confirmed. Ksh500.00 paid to your till by JANE on 2/3/26 at 1:00 PM. New M-PESA balance is Ksh600.00.",
    ] {
        assert_unread("MPESA", "KE", &[body]);
    }
}

/// Money from a savings pocket comes into the wallet. Only cash from an agent leaves the wallet.
#[test]
fn money_taken_out_of_a_pocket_is_not_a_withdrawal_from_the_wallet() {
    assert_unread(
        "MPESA",
        "KE",
        &[
            "UAB1234567 Confirmed. Ksh500.00 withdrawn from M-Shwari account on 2/3/26 at 1:00 PM. New M-PESA balance is Ksh600.00.",
            "UAB1234567 Confirmed. You have withdrawn Ksh500.00 from Ziidi on 2/3/26 at 1:00 PM. New balance is Ksh600.00.",
            "UAB1234567 Confirmed. You have withdrawn Ksh500.00 from Business Account on 2/3/26 at 1:00 PM. New M-PESA balance is Ksh600.00.",
        ],
    );
    assert_unread(
        "127",
        "ET",
        &[
            "Dear Hana You have withdrawn ETB 300.00 from Sanduq on 31/01/2026 16:51:21. Your transaction number is D. Your current balance is ETB 9.00.",
        ],
    );
}

/// The name of the wallet before the balance shows that the text tells of the wallet.
#[test]
fn money_between_savings_and_the_wallet_moves_as_the_balance_of_the_wallet_says() {
    for (sender, country, body, read) in [
        (
            "M-PESA",
            "TZ",
            "DA93M724N41 confirmed. Withdraw of Tsh3,000.00 from M-WEKEZA account on 9/1/26 at 3:55 PM has been completed. New M-Pesa balance is Tsh4,154.90",
            "mpesa_tz depository CREDIT 3000 TZS balance 4154.9",
        ),
        (
            "M-PESA",
            "TZ",
            "DA93M724N42 confirmed. Deposit of Tsh3,000.00 to M-WEKEZA account on 9/1/26 at 3:55 PM has been completed. New M-Pesa balance is Tsh4,154.90",
            "mpesa_tz depository DEBIT 3000 TZS balance 4154.9",
        ),
        (
            "M-PESA",
            "TZ",
            "DKJ5MM21XX Imethibitishwa. Umetoa Tsh3,000.00 kutoka akaunti ya M-WEKEZA. Salio lako jipya la M-Pesa ni Tsh41,000.00.",
            "mpesa_tz depository CREDIT 3000 TZS balance 41000",
        ),
        (
            "MPESA",
            "KE",
            "UAB1234567 Confirmed. You have withdrawn Ksh500.00 from Ziidi on 2/3/26 at 1:00 PM. New M-PESA balance is Ksh600.00.",
            "mpesa depository CREDIT 500 KES balance 600",
        ),
    ] {
        assert_read(sender, country, body, &[read]);
    }
}

#[test]
fn limits_and_offers_are_not_movements() {
    assert_unread(
        "MPESA",
        "KE",
        &[
            "Your Fuliza M-PESA limit has been increased to Ksh5,000.00. Dial *234#.",
            "Your outstanding Fuliza M-PESA amount is Ksh1,250.90. Available Fuliza limit is Ksh500.00.",
            "Your M-Shwari loan limit is Ksh3,000.00. Dial *334# to borrow.",
            "Get a loan of up to Ksh50,000.00 from KCB M-PESA today. Dial *522#.",
        ],
    );
    assert_unread(
        "TIGOPESA",
        "TZ",
        &[
            "You have received TSh 14,000 loan offer from Tigo Nivushe. New balance is TSh 100.",
            "Umepokea TSh 1,000 bonus kutoka kwa Tigo. Salio lako jipya ni TSh 2,000.",
        ],
    );
    assert_unread(
        "127",
        "ET",
        &[
            "Dear Hana You have received ETB 100.00 airtime from ABEBE on 01/01/2026 10:00:00. Your transaction number is AB12. Your current balance is ETB 10.00.",
        ],
    );
}

#[test]
fn savings_that_are_withdrawn_come_into_the_wallet() {
    assert_unread(
        "M-Pesa",
        "TZ",
        &[
            "DGK9B1FV81 Imethibitishwa. Tsh5,000.00 imetumwa kwako na ASHA tarehe 20/7/26 saa 10:48 AM. Salio ni Tsh38,790.00.",
            "DGK9B1FV80 Confirmed. You have withdrawn Tsh5,000.00 from M-Pawa on 20/7/26 at 10:38 AM. New balance is Tsh9,300.00.",
        ],
    );
    assert_unread(
        "Selcom Pesa",
        "TZ",
        &[
            "0726JXCX Confirmed. You have withdrawn TZS 5,000.00 from Akiba Pocket on 2026-07-20 12:50. Updated balance is TZS 9,000.00.",
        ],
    );
    assert_unread(
        "AIRTEL",
        "KE",
        &[
            "Airtel Money: You have withdrawn KES 500.00 from Savings Wallet on 18/08/2026 at 4:00 PM. Your new balance is KES 1,221.00.",
        ],
    );
    assert_unread(
        "MTN MoMo",
        "UG",
        &[
            "You have withdrawn UGX 50,000 from MoKash savings on 2024-05-06 10:11:12. Fee: UGX 0. New balance: UGX 54,800. ID: 22334455669.",
        ],
    );
}

#[test]
fn cash_from_a_machine_is_neither_from_an_agent_nor_a_purchase() {
    assert_read(
        "MPESA",
        "KE",
        "UAB1234567 Confirmed.on 2/3/26 at 1:00 PMWithdraw Ksh3,000.00 from 555444 - Lakeview Bank ATM Kisumu New M-PESA balance is Ksh900.00. Transaction cost, Ksh35.00.",
        &["mpesa depository DEBIT 3000 KES balance 900 ATM"],
    );
    assert_unread(
        "CIB",
        "EG",
        &[
            "Your credit card ending with#4466 was charged for EGP 2,000.00 at CIB ATM MAADI on 24/11/25  at 18:27. Card available limit is EGP  9749.46.",
        ],
    );
}

#[test]
fn the_digits_of_another_s_account_or_card_are_not_the_reader_s() {
    for (sender, country, body, shown) in [
        (
            "PostBank",
            "UG",
            "Cash deposit of UGX 80,000 to A/C ***7714 from A/C ***2250 on 11/09/2026 at GULU branch. Balance UGX 95,300.",
            "2250",
        ),
        (
            "Nedbank",
            "ZA",
            "Nedbank: R129.90 was received from J SMITH with card ending 4418 on 9 Sep 2026. Available balance R2 075.20.",
            "4418",
        ),
        (
            "Nedbank",
            "ZA",
            "Nedbank: R129.90 was paid into your account ****3000 with card ending 4418 on 9 Sep 2026. Available balance R2 075.20.",
            "4418",
        ),
        (
            "AlexBank",
            "EG",
            "EGP 85.50 was transferred from your account ****1144 to card ending 3390 on 16/09/2026. Available balance: EGP 2,614.50.",
            "3390",
        ),
    ] {
        if let Reading::Records(records) = reading(sender, country, body) {
            let taken = records.iter().any(|record| record.account_id.to_string() == shown);
            assert!(!taken, "{body:?}\n  {records:?}");
        }
    }
}
