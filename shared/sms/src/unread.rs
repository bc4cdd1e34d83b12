//! The facts about a message that was not read, without its text.

use daftari_domain::Country;
use daftari_domain::unrecognized::Note;
use daftari_domain::vocabulary::UnrecognizedCode;
use daftari_sms_notation::sender::sender_key;

use crate::clauses::tables::Kind;
use crate::clauses::{self, Parted};
use crate::message::Message;
use crate::reader::READER;
use crate::sender_hint::is_known_sender;
use crate::shape::{head, masked_sender};

/// The facts about an unread message of a user in `country`.
pub fn note(message: &Message<'_>, country: Option<Country>) -> Note {
    let named = !sender_key(message.sender).is_empty();
    let code = if named && is_known_sender(message.sender, message.body, country) {
        UnrecognizedCode::Wording
    } else {
        UnrecognizedCode::UnknownSender
    };
    Note {
        sender: masked_sender(message.sender),
        code,
        may_concern_loan: may_concern_loan(message, country),
        reader: READER,
    }
}

/// Whether a lender sent the message, or it mentions a loan outside of advertisements.
fn may_concern_loan(message: &Message<'_>, country: Option<Country>) -> bool {
    let is_lender = country.is_some_and(|country| {
        let rows = clauses::institutions_of(message.sender, message.body, &country.to_string());
        rows.iter().any(|row| row.kind == Kind::Lender)
    });
    is_lender || clauses::mentions_loan(&Parted::new(head(message.body), country))
}

#[cfg(test)]
mod tests {
    use daftari_domain::Timestamp;

    use super::*;

    fn noted(sender: &str, body: &str, country: &str) -> (String, &'static str, bool) {
        let message = Message {
            sender,
            body,
            received_at: Timestamp::EPOCH,
            id: None,
        };
        let note = note(&message, country.parse().ok());
        (note.sender, note.code.as_str(), note.may_concern_loan)
    }

    #[test]
    fn a_note_names_sender_and_reason_and_whether_a_loan_may_be_meant() {
        for (sender, body, country, expected) in [
            ("TALA", "Ksh500 odd words", "KE", ("tala", "wording", true)),
            ("MPESA", "Ksh500 odd words", "KE", ("mpesa", "wording", false)),
            (
                "MPESA",
                "Ksh500 odd words of your loan",
                "KE",
                ("mpesa", "wording", true),
            ),
            (
                "QuickCash",
                "UGX 5,000 of your loan is odd",
                "UG",
                ("quickcash", "unknown_sender", true),
            ),
            (
                "QuickCash",
                "Need money? Get a loan of UGX 5,000",
                "UG",
                ("quickcash", "unknown_sender", false),
            ),
            (
                "+256700000001",
                "UGX 5,000 odd",
                "UG",
                ("<number>", "unknown_sender", false),
            ),
            (
                "٠٧٢٢٠٠٠١١١",
                "KES 5,000 odd",
                "KE",
                ("<number>", "unknown_sender", false),
            ),
            ("", "KES 5,000 odd", "KE", ("<none>", "unknown_sender", false)),
            ("FairMoney", "NGN 900 odd", "NG", ("fairmoney", "wording", true)),
            (
                "QuickCash",
                "You owe Ksh500, pay now",
                "KE",
                ("quickcash", "unknown_sender", true),
            ),
            (
                "QuickCash",
                "Ksh500 arrears on your account",
                "KE",
                ("quickcash", "unknown_sender", true),
            ),
            (
                "ECOBANK",
                "votre pret de 5 000 FCFA bizarre",
                "CI",
                ("ecobank", "wording", true),
            ),
        ] {
            let (sender_shown, code, loan) = noted(sender, body, country);
            assert_eq!((sender_shown.as_str(), code, loan), expected, "{sender}: {body}");
        }
    }
}
