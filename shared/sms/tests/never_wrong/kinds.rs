//! Financial messages, and messages that only look financial.

use daftari_sms::Reading;

use crate::{assert_not_financial, assert_read, reading};

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

/// Neither the name of a shop nor a warning at the end turns a message about money into a password.
#[test]
fn money_that_no_template_reads_is_unrecognized_and_not_overlooked() {
    for (sender, country, body) in [
        ("MPESA", "KE", "You settled Ksh4,000.00 payment to HOTPOINT APPLIANCES"),
        ("127", "ET", "ከአበበ 500.00 ብር ተቀብለዋል"),
    ] {
        assert_eq!(reading(sender, country, body), Reading::Unrecognized, "{body:?}");
    }
    // The clauses read this message without a template. The warning does not turn it into a password either.
    assert_read(
        "M-Money",
        "RW",
        "Wohereje 2,000 RWF kuri Eric.",
        &["mtn_rw depository DEBIT 2000 RWF"],
    );
    assert_read(
        "GTBank",
        "NG",
        "You were debited NGN500.00. Bal: NGN20.00. Never tell anybody your OTP",
        &["gtbank depository DEBIT 500 NGN balance 20"],
    );
}
