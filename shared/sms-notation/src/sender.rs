//! The comparison of senders.

/// A sender as its letters and digits, in lower case. Brackets behind the name are removed, because they hold a remark
/// of the phone.
pub fn sender_key(sender: &str) -> String {
    let name = match sender.find('(') {
        Some(at) if at > 0 => &sender[..at],
        _ => sender,
    };
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senders_are_compared_by_letters_and_digits() {
        for sender in ["M-PESA", "MPESA", "M-Pesa", "m pesa"] {
            assert_eq!(sender_key(sender), "mpesa");
        }
        assert_eq!(sender_key("TIGOPESA(smsfp)"), "tigopesa");
        assert_eq!(sender_key("(5)"), "5");
    }
}
