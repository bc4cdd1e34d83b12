//! The sender of a message.

/// Whether the sender is a telephone number: a person, not an institution.
pub(crate) fn is_phone_number(sender: &str) -> bool {
    let digits = sender.chars().filter(char::is_ascii_digit).count();
    digits >= 9 && !sender.chars().any(char::is_alphabetic)
}
