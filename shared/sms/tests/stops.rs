//! The reasons why messages are not read.

mod support;

use daftari_sms::{Message, Outcome, explain};
use support::received_at;

#[test]
fn money_on_an_account_at_another_institution_is_told_with_the_words_for_the_account() {
    for (body, account) in [
        (
            "Confirmed. KES 5,000.00 sent to your M-PESA on 12-03-2026. Ref ABC123.",
            "your M-PESA",
        ),
        (
            "KES 5,000.00 has been credited to your M-PESA account. Balance KES 2,000.00.",
            "your M-PESA account",
        ),
    ] {
        let message = Message {
            sender: "EquityBank",
            body,
            received_at: received_at(),
            id: None,
        };
        let explanation = explain(&message, "KE".parse().ok());
        assert_eq!(explanation.outcome, Outcome::Unrecognized, "{body}");
        let stop = explanation.stopped.expect("stop");
        assert_eq!(
            stop.to_string(),
            format!("the money moved on an account at another institution, whose own message tells it: {account}")
        );
    }
}
