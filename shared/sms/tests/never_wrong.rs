//! Messages that look like what templates read and mean something else: each is read right, or not at all.
//!
//! All are made up for these tests.

mod support;

use daftari_sms::{Message, Reading, read};
use support::{describe_reading, received_at};

fn reading(sender: &str, country: &str, body: &str) -> Reading {
    let message = Message {
        sender,
        body,
        received_at: received_at(),
        id: None,
    };
    read(&message, country.parse().ok())
}

/// Neither a movement nor a label; a balance may be told.
fn assert_nothing_happened(sender: &str, country: &str, bodies: &[&str]) {
    for body in bodies {
        if let Reading::Records(records) = reading(sender, country, body) {
            let silent = records
                .iter()
                .all(|record| !record.is_transaction() && record.labels.is_empty());
            assert!(silent, "{body:?}\n  {records:?}");
        }
    }
}

fn assert_unread(sender: &str, country: &str, bodies: &[&str]) {
    for body in bodies {
        let found = reading(sender, country, body);
        assert!(
            !matches!(found, Reading::Records(_)),
            "{body:?}\n  {found:?}"
        );
    }
}

fn assert_not_financial(sender: &str, country: &str, bodies: &[&str]) {
    for body in bodies {
        assert_eq!(
            reading(sender, country, body),
            Reading::NotFinancial,
            "{body:?}"
        );
    }
}

fn assert_read(sender: &str, country: &str, body: &str, expect: &[&str]) {
    assert_eq!(
        describe_reading(&reading(sender, country, body)),
        expect,
        "{body:?}"
    );
}

#[test]
fn reversals_move_money_only_as_they_say_credited_or_debited() {
    assert_nothing_happened(
        "MPESA",
        "KE",
        &[
            "UAB1234567 Confirmed. Ksh500.00 sent to JANE DOE 0712000111 on 2/3/26 at 1:00 PM has been reversed. New M-PESA balance is Ksh900.00.",
            "UAB1234567 Confirmed. Your request to reverse transaction UAB1234560 of Ksh500.00 has been received. New M-PESA balance is Ksh900.00.",
            "Your reversal request for transaction UAB1234560 of Ksh500.00 is being processed.",
            "Dear Customer, reversal of transaction UAB1234560 of Ksh500.00 was unsuccessful. Your M-PESA balance is Ksh100.00.",
            "UAB1234567 Confirmed. Ksh500.00 paid to SHOP. on 2/3/26 at 1:00 PM. New M-PESA balance is Ksh900.00. Transaction cost, Ksh0.00. Ksh500.00 has been refunded.",
        ],
    );
    assert_nothing_happened(
        "M-Money",
        "RW",
        &[
            "You have received 3100 RWF from Eric (*********044) on your mobile money account at 2024-09-21 08:12:40. It was reversed. Your new balance:4700 RWF. Financial Transaction Id: 86662021955.",
            "A reversal has been initiated for your transaction to Eric (250790000111) with 5000 RWF at 2024-09-21 08:15:02. Wait for its approval.",
        ],
    );
    assert_nothing_happened(
        "NMB",
        "TZ",
        &["Umetoa TZS 300000 kwa kadi inayoishia 4466, tar 19-05-2025 05:13. Muamala umerudishwa."],
    );
    assert_nothing_happened(
        "STDBank",
        "MZ",
        &[
            "Caro Cliente, ocorreu uma operacao de compra de 2.350,40 MT na sua conta 2234567890456 a 10/06/2026, 13:41, PADARIA foi anulada. Comissao: 0.00MT e Imposto de selo: 0.00MT.",
            "Caro Cliente, ocorreu uma operacao de anulacao de compra de 2.350,40 MT na sua conta 2234567890456 a 10/06/2026, 13:41, PADARIA. Comissao: 0.00MT e Imposto de selo: 0.00MT.",
        ],
    );
    assert_nothing_happened(
        "CBE",
        "ET",
        &[
            "Dear Hana your Account 1*********4477 has been debited with ETB 35.00 and reversed. Your Current Balance is ETB 5,169.10",
        ],
    );
    assert_nothing_happened(
        "MobileMoney",
        "GH",
        &[
            "Dear Customer, you have received GHS 1.45 as interest on your MoMo wallet for May. It was reversed. New Balance: GHS 64.10.",
        ],
    );
}

#[test]
fn what_is_asked_planned_pending_or_failed_moves_nothing() {
    assert_nothing_happened(
        "MPESA",
        "KE",
        &[
            "Do you want to send Ksh500.00 to JANE DOE 0712000111? Reply 1 to confirm.",
            "JANE DOE 0712000111 has requested Ksh500.00 from you on M-PESA. Dial *334# to pay.",
            "UAB1234567 Confirmed. Ksh500.00 will be sent to JANE DOE on 2/3/26 at 1:00 PM. New M-PESA balance is Ksh600.00.",
            "UAB1234567 Confirmed. Ksh500.00 sent to JANE DOE every month on 2/3/26 at 1:00 PM. New M-PESA balance is Ksh600.00.",
            "UAB1234567 Confirmed. Ksh500.00 sent to JANE DOE 0712000111 on 2/3/26 at 1:00 PM. New M-PESA balance is Ksh900.00. Transaction cost, Ksh7.00. This transaction is pending.",
            "UAB1234567 Confirmed. You bought Ksh50.00 of airtime for JANE but it failed on 2/3/26 at 1:00 PM. New M-PESA balance is Ksh900.00.",
            "Failed. You have reached your daily limit of Ksh500,000.00. Your M-PESA balance is Ksh1,000.00.",
        ],
    );
    assert_nothing_happened(
        "M-Pesa",
        "TZ",
        &[
            "DGK9B1FV80 Confirmed. Tsh3,200.00 will be deducted from your M-Pesa account on 20/7/26 at 10:38 pm as a repayment of M-Pesa Overdraft service. New M-Pesa balance is Tsh12.40.",
        ],
    );
    assert_nothing_happened(
        "CRDB BANK",
        "TZ",
        &[
            "Malipo hayajakamilika. TOTAL TZS 2000 2026-06-15 07:08",
            "Dear Customer, your account 0152********211 will be debited with TZS 1,000 on 2026-06-14 as monthly fee.",
        ],
    );
    assert_nothing_happened(
        "NMB",
        "TZ",
        &[
            "Kiasi cha TZS 70000 hakijatolewa kwenye akaunti yako inayoishia na 31815 tarehe 29-07-2025.",
        ],
    );
    assert_nothing_happened(
        "M-Pesa",
        "MZ",
        &[
            "Confirmado DG60KDFDIXO. Recebeste um pedido de 300.00MT de ANA aos 8/7/26 as 4:15 PM. O teu novo saldo M-Pesa e de 1,156.56MT.",
            "Falhou. Nao tens saldo suficiente para transferir 300.00MT. O teu saldo e de 10.00MT.",
        ],
    );
    assert_nothing_happened(
        "Telecel Money",
        "BF",
        &[
            "Vous avez recu 5000.00 FCFA en attente",
            "Vous avez recu 5000.00 FCFA par erreur",
            "Vous avez recu 500.00 FCFA de bonus",
        ],
    );
    assert_nothing_happened(
        "Orange Money",
        "BF",
        &[
            "Vous avez recu une demande de paiement de 500 FCFA du numero 70000000. Trans ID: X1.",
            "Votre paiement de 500 FCFA a SHOP a ete annule. Nouveau solde: 600 FCFA.",
            "Vous avez recu un paiement de 500 FCFA du numero 70000000. Ref: a. Trans ID: X1. Transaction annulee.",
        ],
    );
    assert_nothing_happened(
        "OPay",
        "NG",
        &[
            "Dear OPay user, N1,300.00 could not be debited for Card Payment on 16-Jun-2026 19:28.",
            "Dear OPay user, N1,300.00 has been debited on 16-Jun-2026 19:28. It was refunded.",
        ],
    );
    assert_nothing_happened(
        "MobileMoney",
        "GH",
        &[
            "Payment made for GHS 45.00 to ABENA OWUSU has failed. Current Balance: GHS 812.64. Transaction ID: 86664093446.",
            "Y'ello, you have earned GHS 1.45 interest charges waived. Current Balance: GHS 64.10.",
        ],
    );
}

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
fn a_balance_below_zero_is_told_by_dr_or_by_a_minus() {
    assert_read(
        "FirstBank",
        "NG",
        "Debit: 3XXXX456\nAmt: NGN5,250.00\nDate: 13-JUN-2026 08:10:45\nDesc: FBNMOBILE TRANSFER. Bal: NGN500.00DR",
        &["firstbank #3456 depository DEBIT 5250 NGN balance -500 Overdraft"],
    );
    assert_read(
        "FirstBank",
        "NG",
        "Debit: 3XXXX456\nAmt: NGN5,250.00\nDate: 13-JUN-2026 08:10:45\nDesc: FBNMOBILE TRANSFER. Bal: NGN-500.00",
        &["firstbank #3456 depository DEBIT 5250 NGN balance -500 Overdraft"],
    );
}

#[test]
fn balances_of_airtime_loans_and_groups_are_no_balances_of_the_wallet() {
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
fn money_sent_to_the_user_is_not_sent_by_the_user() {
    for body in [
        "UAB1234567 Confirmed. Ksh500.00 sent to you by JANE on 2/3/26 at 1:00 PM.",
        "UAB1234567 Confirmed. Ksh500.00 sent to you from JANE on 2/3/26 at 1:00 PM. New M-PESA balance is Ksh600.00.",
        "UAB1234567 Confirmed. Ksh500.00 paid to you by JANE on 2/3/26 at 1:00 PM.",
        "UAB1234567 Confirmed. Ksh500.00 paid to your till by JANE on 2/3/26 at 1:00 PM. New M-PESA balance is Ksh600.00.",
    ] {
        assert_nothing_happened("MPESA", "KE", &[body]);
    }
}

/// What leaves a savings pocket comes into the wallet; only an agent's cash leaves it.
#[test]
fn money_taken_out_of_a_pocket_is_no_withdrawal_from_the_wallet() {
    assert_nothing_happened(
        "MPESA",
        "KE",
        &[
            "UAB1234567 Confirmed. Ksh500.00 withdrawn from M-Shwari account on 2/3/26 at 1:00 PM. New M-PESA balance is Ksh600.00.",
            "UAB1234567 Confirmed. You have withdrawn Ksh500.00 from Ziidi on 2/3/26 at 1:00 PM. New M-PESA balance is Ksh600.00.",
            "UAB1234567 Confirmed. You have withdrawn Ksh500.00 from Business Account on 2/3/26 at 1:00 PM. New M-PESA balance is Ksh600.00.",
        ],
    );
    assert_nothing_happened(
        "127",
        "ET",
        &[
            "Dear Hana You have withdrawn ETB 300.00 from Sanduq on 31/01/2026 16:51:21. Your transaction number is D. Your current balance is ETB 9.00.",
        ],
    );
}

#[test]
fn limits_and_offers_are_no_movements() {
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
fn somebody_else_s_loan_is_none_of_the_user_s() {
    assert_nothing_happened(
        "TALA",
        "KE",
        &[
            "Hi Peris, your friend John has a Tala loan of KES 4,000 that is overdue. Please ask him to pay.",
            "Dear Peris, John Doe's loan of KES 4,000 has been disbursed. You are his guarantor.",
            "Your loan is due tomorrow for John Doe, whom you guaranteed.",
            "Dear Mary, your loan guarantee for John of KES 4,000 is overdue.",
            "Hi Peris, we have received KES 1,200 from John for his loan. Your balance is KES 0.",
        ],
    );
    assert_nothing_happened(
        "MPESA",
        "KE",
        &[
            "Dear customer, JOHN DOE's M-Shwari loan of Ksh 3,000.00 is overdue. Kindly ask him to pay.",
            "Dear JANE, JOHN DOE has listed you as a referee for a KCB M-PESA loan of Ksh 3,000.00 due on 12/5/26.",
        ],
    );
}

#[test]
fn a_condition_or_a_question_about_a_loan_is_no_event() {
    assert_nothing_happened(
        "TALA",
        "KE",
        &[
            "Hi Peris, once you have fully repaid your loan you can borrow KES 5,000.",
            "Dear Peris, if you missed your loan payment of KES 1,150 pay today.",
            "Dear Peris, did you know you missed your Tala loan payment?",
            "Hi Peris, have you fully repaid your loan? Borrow KES 5,000 now.",
            "Hi Peris, you have not fully repaid your loan.",
            "Hi Peris, your loan is not overdue.",
            "Dear Peris, your loan will be approved once you verify KES 5,000.",
            "Dear Peris, your loan application LN-2046 for KES 9,000 has been received and is under review.",
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
fn passwords_greetings_and_promotions_are_not_financial_in_any_language() {
    assert_not_financial(
        "MPESA",
        "KE",
        &[
            "Your M-PESA OTP is 442211 for payment of Ksh2,000.00 to JUMIA. Do not share.",
            "Win Ksh1,000,000.00! Play with M-PESA and stand a chance.",
            "Heri ya mwaka mpya kutoka kwetu sote!",
        ],
    );
    assert_not_financial(
        "NMB",
        "TZ",
        &[
            "Namba ya siri (OTP) ni 123456 kwa malipo ya TZS 50,000. Usimpe mtu yeyote.",
            "Kopa hadi TZS 500,000 na Mshiko Fasta leo!",
        ],
    );
    assert_not_financial(
        "GTBank",
        "NG",
        &["Use OTP 123456 to complete your NGN5,000.00 transfer. Do not disclose."],
    );
    assert_not_financial(
        "Orange Money",
        "BF",
        &["Votre code de confirmation pour le paiement de 5 000 FCFA est 4411."],
    );
    assert_not_financial(
        "M-Pesa",
        "MZ",
        &["O teu codigo de verificacao e 1234. Pagamento de 300.00MT."],
    );
    assert_not_financial(
        "M-Money",
        "RW",
        &["Dear customer, your one time password is 1234 for 1,000 RWF"],
    );
    assert_not_financial(
        "CBE",
        "ET",
        &["Dear Hana, your OTP for transfer of ETB 500.00 is 332211."],
    );
}

/// A shop's name, or a warning at the end of a statement, makes no password of it.
#[test]
fn money_that_no_template_reads_is_unrecognized_and_not_overlooked() {
    for (sender, country, body) in [
        (
            "MPESA",
            "KE",
            "You settled Ksh4,000.00 payment to HOTPOINT APPLIANCES",
        ),
        (
            "GTBank",
            "NG",
            "You were debited NGN500.00. Bal: NGN20.00. Never tell anybody your OTP",
        ),
        ("M-Money", "RW", "Wohereje 2,000 RWF kuri Eric"),
        ("127", "ET", "ከአበበ 500.00 ብር ተቀብለዋል"),
    ] {
        assert_eq!(
            reading(sender, country, body),
            Reading::Unrecognized,
            "{body:?}"
        );
    }
}
