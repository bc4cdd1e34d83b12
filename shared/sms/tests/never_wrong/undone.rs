//! Movements that did not happen, are pending, or are taken back.

use crate::{assert_read, assert_unread};

#[test]
fn reversals_move_money_only_as_they_say_credited_or_debited() {
    assert_unread(
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
    assert_unread(
        "M-Money",
        "RW",
        &[
            "You have received 3100 RWF from Eric (*********044) on your mobile money account at 2024-09-21 08:12:40. It was reversed. Your new balance:4700 RWF. Financial Transaction Id: 86662021955.",
            "A reversal has been initiated for your transaction to Eric (250790000111) with 5000 RWF at 2024-09-21 08:15:02. Wait for its approval.",
        ],
    );
    assert_unread(
        "NMB",
        "TZ",
        &["Umetoa TZS 300000 kwa kadi inayoishia 4466, tar 19-05-2025 05:13. Muamala umerudishwa."],
    );
    assert_unread(
        "STDBank",
        "MZ",
        &[
            "Caro Cliente, ocorreu uma operacao de compra de 2.350,40 MT na sua conta 2234567890456 a 10/06/2026, 13:41, PADARIA foi anulada. Comissao: 0.00MT e Imposto de selo: 0.00MT.",
            "Caro Cliente, ocorreu uma operacao de anulacao de compra de 2.350,40 MT na sua conta 2234567890456 a 10/06/2026, 13:41, PADARIA. Comissao: 0.00MT e Imposto de selo: 0.00MT.",
        ],
    );
    assert_unread(
        "CBE",
        "ET",
        &[
            "Dear Hana your Account 1*********4477 has been debited with ETB 35.00 and reversed. Your Current Balance is ETB 5,169.10",
        ],
    );
    assert_unread(
        "MobileMoney",
        "GH",
        &[
            "Dear Customer, you have received GHS 1.45 as interest on your MoMo wallet for May. It was reversed. New Balance: GHS 64.10.",
        ],
    );
}

#[test]
fn requests_plans_and_pending_or_failed_payments_move_nothing() {
    assert_unread(
        "MPESA",
        "KE",
        &[
            "Do you want to send Ksh500.00 to JANE DOE 0712000111? Reply 1 to confirm.",
            "JANE DOE 0712000111 has requested Ksh500.00 from you on M-PESA. Dial *334# to pay.",
            "UAB1234567 Confirmed. Ksh500.00 will be sent to JANE DOE on 2/3/26 at 1:00 PM. New M-PESA balance is Ksh600.00.",
            "UAB1234567 Confirmed. Ksh500.00 sent to JANE DOE every month on 2/3/26 at 1:00 PM. New M-PESA balance is Ksh600.00.",
            "UAB1234567 Confirmed. Ksh500.00 sent to JANE DOE 0712000111 on 2/3/26 at 1:00 PM. New M-PESA balance is Ksh900.00. Transaction cost, Ksh7.00. This transaction is pending.",
            "UAB1234567 Confirmed. You bought Ksh50.00 of airtime for JANE but it failed on 2/3/26 at 1:00 PM. New M-PESA balance is Ksh900.00.",
        ],
    );
    assert_read(
        "MPESA",
        "KE",
        "Failed. You have reached your daily limit of Ksh500,000.00. Your M-PESA balance is Ksh1,000.00.",
        &["mpesa depository KES balance 1000"],
    );
    assert_unread(
        "M-Pesa",
        "TZ",
        &[
            "DGK9B1FV80 Confirmed. Tsh3,200.00 will be deducted from your M-Pesa account on 20/7/26 at 10:38 pm as a repayment of M-Pesa Overdraft service. New M-Pesa balance is Tsh12.40.",
        ],
    );
    assert_unread(
        "CRDB BANK",
        "TZ",
        &[
            "Malipo hayajakamilika. TOTAL TZS 2000 2026-06-15 07:08",
            "Dear Customer, your account 0152********211 will be debited with TZS 1,000 on 2026-06-14 as monthly fee.",
        ],
    );
    assert_unread(
        "NMB",
        "TZ",
        &["Kiasi cha TZS 70000 hakijatolewa kwenye akaunti yako inayoishia na 31815 tarehe 29-07-2025."],
    );
    assert_unread(
        "M-Pesa",
        "MZ",
        &[
            "Confirmado DG60KDFDIXO. Recebeste um pedido de 300.00MT de ANA aos 8/7/26 as 4:15 PM. O teu novo saldo M-Pesa e de 1,156.56MT.",
        ],
    );
    assert_unread(
        "Telecel Money",
        "BF",
        &[
            "Vous avez recu 5000.00 FCFA en attente",
            "Vous avez recu 5000.00 FCFA par erreur",
            "Vous avez recu 500.00 FCFA de bonus",
        ],
    );
    assert_unread(
        "Orange Money",
        "BF",
        &[
            "Vous avez recu une demande de paiement de 500 FCFA du numero 70000000. Trans ID: X1.",
            "Votre paiement de 500 FCFA a SHOP a ete annule. Nouveau solde: 600 FCFA.",
            "Vous avez recu un paiement de 500 FCFA du numero 70000000. Ref: a. Trans ID: X1. Transaction annulee.",
        ],
    );
    assert_unread(
        "OPay",
        "NG",
        &[
            "Dear OPay user, N1,300.00 could not be debited for Card Payment on 16-Jun-2026 19:28.",
            "Dear OPay user, N1,300.00 has been debited on 16-Jun-2026 19:28. It was refunded.",
        ],
    );
    assert_unread(
        "MobileMoney",
        "GH",
        &[
            "Payment made for GHS 45.00 to ABENA OWUSU has failed. Current Balance: GHS 812.64. Transaction ID: 86664093446.",
            "Y'ello, you have earned GHS 1.45 interest charges waived. Current Balance: GHS 64.10.",
        ],
    );
}

/// Text behind the meaningful part may take the movement back, in any language.
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
        &["Umetoa TZS 40,000 kwa kadi inayoishia na 4466. Tar 20-07-2026 10:11:12. Muamala haujafanikiwa."],
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
fn a_reference_that_runs_on_into_a_sentence_is_not_a_reference() {
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
