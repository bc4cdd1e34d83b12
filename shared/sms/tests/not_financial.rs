//! A message with nothing to record has a reason. The reading and its explanation state the same one.

use daftari_domain::Timestamp;
use daftari_domain::vocabulary::NotFinancialCode::{self, *};
use daftari_sms::{Message, NotFinancial, Reading, explain, explain_briefly, read};

/// Messages for each reason: one that a template reads and one that the clauses read, if both state the reason.
const MESSAGES: &[(NotFinancialCode, &str, &str, &str)] = &[
    (PersonalSender, "+254722000111", "KE", "Nimekutumia 500 jana, umepata?"),
    (
        Password,
        "KCB",
        "KE",
        "Your verification code is 401882. Do not share it with anyone.",
    ),
    (
        Advertisement,
        "MPESA",
        "KE",
        "Win Ksh1,000,000.00! Play with M-PESA and stand a chance.",
    ),
    (NoAmount, "KCB", "KE", "Happy birthday from all of us!"),
    (
        Failed,
        "MPESA",
        "KE",
        "Failed. You have entered an invalid M-PESA PIN. Please try again.",
    ),
    (
        Failed,
        "MPESA",
        "KE",
        "Transaction failed, M-PESA cannot complete payment of Ksh35.00 to Family Bank Pay Bill. Please try again \
         shortly.",
    ),
    (
        Pending,
        "MTN MoMo",
        "RW",
        "*165*S*A reversal has been initiated for your transaction to UWASE ALICE (250788000111) with 8000 RWF at \
         2026-02-01 10:11:12. Thank you for using MTN MobileMoney.",
    ),
    (
        AirtimeReceived,
        "MPESA",
        "KE",
        "QJ912ABCDE confirmed. You have received Airtime of Ksh50.00 from JANE WAMBUI on 9/10/21 at 11:00 AM. Dial *144# \
         to check your balance.",
    ),
    (
        SomebodyElse,
        "TALA",
        "KE",
        "Dear Asha, you are a guarantor for JOHN DOE's loan of KES 8,000. Please remind him.",
    ),
    (
        Repeated,
        "M-PESA",
        "TZ",
        "QJ912ABCDE Confirmed. DUKA LA JUMA has received TZS 8,000.00 on 9/10/21 at 11:00 AM.",
    ),
    (
        Notice,
        "MPESA",
        "KE",
        "Congratulations. You have successfully opted in to Fuliza M-PESA. Your Fuliza limit is Ksh500.00.",
    ),
];

#[test]
fn every_reason_is_given_and_the_explanation_has_it_with_a_sentence() {
    for (code, sender, country, body) in MESSAGES {
        let message = Message {
            sender,
            body,
            received_at: Timestamp::EPOCH,
            id: None,
        };
        let country = country.parse().ok();
        assert_eq!(read(&message, country), Reading::NotFinancial(*code), "{body}");
        for explanation in [explain(&message, country), explain_briefly(&message, country)] {
            let reason = NotFinancial {
                code: *code,
                text: code.meaning(),
            };
            assert_eq!(explanation.not_financial, Some(reason), "{body}");
            assert_eq!(explanation.stopped, None, "{body}");
        }
    }
    for code in NotFinancialCode::ALL {
        assert!(MESSAGES.iter().any(|(given, ..)| given == code), "{code}");
    }
}

#[test]
fn other_messages_have_none() {
    for body in [
        "QJ912ABCDE Confirmed. Ksh1,250.00 sent to JANE WAMBUI 0722000111 on 9/10/21 at 11:00 AM. New M-PESA balance is \
         Ksh5,051.13. Transaction cost, Ksh23.00.",
        "UCH21TX7QD Confirmed. Ksh500.00 did something to your account in words nobody has seen.",
    ] {
        let message = Message {
            sender: "MPESA",
            body,
            received_at: Timestamp::EPOCH,
            id: None,
        };
        assert_eq!(explain(&message, "KE".parse().ok()).not_financial, None, "{body}");
    }
}
