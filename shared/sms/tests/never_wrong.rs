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

/// What follows the meaningful part may take it back, in any language.
#[test]
fn a_movement_that_is_taken_back_at_the_end_is_not_read() {
    for end in [
        "This transaction was rejected.",
        "The money was returned to JANE.",
        "It is on hold.",
        "The transaction was not completed.",
        "Awaiting approval.",
        "Muamala umekataliwa.",
        "Muamala haujakamilika.",
    ] {
        let body = format!(
            "UAB1234567 Confirmed. Ksh500.00 sent to JANE DOE 0712000111 on 2/3/26 at 1:00 PM. New M-PESA balance is Ksh900.00. Transaction cost, Ksh7.00. {end}"
        );
        assert_unread("MPESA", "KE", &[&body]);
    }
    assert_unread(
        "M-Pesa",
        "MZ",
        &[
            "Confirmado DG60KDFDIXO. Transferiste 300.00MT e a taxa foi de 5.00MT para 258840000111 - ANA aos 8/7/26 as 4:15 PM. O teu novo saldo M-Pesa e de 1,156.56MT. Transaccao rejeitada.",
            "Confirmado DG60KDFDIXO. Transferiste 300.00MT e a taxa foi de 5.00MT para 258840000111 - ANA nao concluida aos 8/7/26 as 4:15 PM. O teu novo saldo M-Pesa e de 1,156.56MT.",
        ],
    );
    assert_unread(
        "Mbim",
        "MZ",
        &[
            "A conta 987654321 foi debitada no valor de 700.00 MZN as 12:25 do dia 27/02/26, comissao 30.00 MZN. Operacao estornada.",
        ],
    );
    assert_unread(
        "Orange Money",
        "BF",
        &[
            "Vous avez recu 2 000,00 FCFA de megas. Votre solde est de 15 300,00 FCFA.",
            "Vous avez transfere 4 000 FCFA au 22670000111, ALI. Frais: 50 FCFA. Nouveau solde: 900,00 FCFA. Trans ID: PP1.A2. Operation rejetee.",
            "Paiement de 4 000 FCFA recu. Motif: LOYER. Operation en attente.",
        ],
    );
    assert_unread(
        "Moov Money",
        "BF",
        &["Paiement recu. Montant:4 000,00FCFA. Ref: LOYER. Operation remboursee."],
    );
    assert_unread(
        "Telecel Money",
        "BF",
        &[
            "Vous avez recu 4000.00 FCFA a rembourser demain",
            "Vous avez recu 4000.00 FCFA de recharge",
        ],
    );
    assert_unread(
        "NMB",
        "TZ",
        &[
            "Umetoa TZS 40,000 kwa kadi inayoishia na 4466. Tar 20-07-2026 10:11:12. Muamala haujafanikiwa.",
        ],
    );
    assert_unread(
        "OPay",
        "NG",
        &["Dear OPay user, N1,300.00 has been debited for failed transfer on 16-Jun-2026 19:28."],
    );
    assert_unread(
        "GTBank",
        "NG",
        &[
            "GTBank: Your account ****4466 has been debited with NGN7,500.00. Desc: POS. Transaction failed.",
            "GTBank: Acct:****4466 Credit Amt:NGN8,000.00 on 20-Oct-2026 Desc:TRANSFER FROM OLU BAYO (pending)",
        ],
    );
    assert_unread(
        "AIRTEL",
        "KE",
        &[
            "Airtel Money: KES 50.00 airtime for 0733000678 not sent on 18/08/2026 at 11:30 AM. Your new balance is KES 350.00.",
        ],
    );
    assert_unread(
        "127",
        "ET",
        &[
            "Dear Hana If you have received ETB 750.00 from SOLOMON K(2519****3189) on 02/03/2026 16:51:21. Your transaction number is DBV4D0PWXT. Your current balance is ETB 3,719.23.",
        ],
    );
}

#[test]
fn a_reference_that_runs_on_into_a_sentence_is_no_reference() {
    for sentence in [
        "has been reversed",
        "could not be completed",
        "will be sent",
        "was rejected",
    ] {
        let body = format!(
            "UAB1234567 Confirmed. Ksh500.00 sent to KPLC PREPAID for account 5440007 {sentence} on 2/3/26 at 1:00 PM New M-PESA balance is Ksh900.00. Transaction cost, Ksh0.00."
        );
        assert_unread("MPESA", "KE", &[&body]);
        let body = format!(
            "ALERT: Your account no. 01XXXXX4466 has been debited with TZS 2,000 for POS TRANSACTION {sentence} on 22/06/2026.Thank you. Diamond Trust Bank"
        );
        assert_unread("DTB", "TZ", &[&body]);
    }
}

/// "Your loan is cleared" says less, and other, than "your loan is cleared for disbursement".
#[test]
fn a_notice_is_not_read_up_to_the_middle_of_its_sentence() {
    assert_nothing_happened(
        "TALA",
        "KE",
        &[
            "Dear Peris, your loan of KES 1,500 has been sent to collections. Pay now.",
            "Dear Peris, your loan of KES 1,500 has been sent to CRB for listing.",
            "Dear Peris, your loan of KES 1,500 has been disbursed to John Doe.",
            "Dear Peris, your loan LN-2044 of KES 1,500 has been approved and sent for final review.",
            "Dear Peris, your loan of KES 1,500 is due on 12/12/2026 if you accept this offer.",
            "Dear Peris, your loan has been cleared for disbursement. KES 1,500 will be sent.",
            "DEAR PERIS, YOUR LOAN HAS BEEN CLEARED FOR DISBURSEMENT. KES 1,500 WILL BE SENT.",
            "Dear Peris, your loan is cleared by our credit team.",
            "Dear Peris, your request for KES 500 has been declined. Update the app.",
            "Dear Peris, your loan is due today for disbursement.",
            "Congratulations! You have cleared your loan arrears.",
            "You have cleared your loan instalment for March. KES 1,500 paid.",
            "Dear Peris, you missed your loan offer of KES 5,000. Apply today.",
            "Dear Peris, your loan limit has increased to KES 5,000 for John.",
            "Dear Peris, you qualify for a loan of up to KES 5,000 after you repay.",
            "Dear Peris, you have defaulted on your loan guarantee for John.",
            "Dear Peris, your loan has been submitted to CRB for scoring.",
            "Dear Peris, your loan has been reported to CRB as fully paid.",
            "Dear Peris, your loan is overdue for review. Visit the app.",
            "Dear guarantor, your loan of KES 3,000 is overdue.",
            "Dear Peris, your loan is cleared, except for KES 300 penalties.",
            "Dear Peris, your loan is fully paid, less KES 300.",
            "Dear Peris, your loan has been fully repaid - KES 300 remains.",
            "Dear Peris, your loan application was declined by mistake. KES 500 approved.",
            "Dear Peris, John's payment of KES 2,200 received for loan LN-2044. Outstanding balance: KES 7,000.",
            "Dear Peris, his loan repayment of KES 3,100 has been received. Outstanding balance: KES 5,400.",
            "FINAL NOTICE: Dear Peris, John's loan LN-2044 (50 days overdue, KES 11,300) is being escalated for legal recovery.",
        ],
    );
}

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
        let body = format!(
            "Acct: ******4466\nAmt: NGN1,075.00 DR\nDesc: {narration}\nAvail Bal: NGN12,300.40"
        );
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
    for shop in [
        "AIRTIME AND CYBER SHOP",
        "LOTTO JUNCTION BUTCHERY",
        "MAMA NJERI'S",
    ] {
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
fn savings_that_are_withdrawn_come_into_the_wallet() {
    assert_unread(
        "M-Pesa",
        "TZ",
        &[
            "DGK9B1FV81 Imethibitishwa. Tsh5,000.00 imetumwa kwako na ASHA tarehe 20/7/26 saa 10:48 AM. Salio ni Tsh38,790.00.",
            "DGK9B1FV80 Confirmed. You have withdrawn Tsh5,000.00 from M-Pawa on 20/7/26 at 10:38 AM. New M-Pesa balance is Tsh9,300.00.",
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
fn cash_from_a_machine_is_no_agents_and_no_purchase() {
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
