//! Email addresses, of logins and of users.

/// Limit of an address, in characters (RFC 5321).
pub const MAX_EMAIL_CHARS: usize = 254;

/// Whether a text may be an email address. It rejects typing errors and accepts every usual address; only a delivered
/// message proves an address. A colon would end the email in HTTP Basic authentication.
pub fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    let has_parts =
        parts.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && !domain.contains('@'));
    let is_plain = !text.contains(|letter: char| letter.is_control() || letter.is_whitespace() || letter == ':');
    has_parts && is_plain && text.chars().count() <= MAX_EMAIL_CHARS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_at_sign_between_two_parts() {
        for text in [
            "a@b",
            "mercy.otieno+1@example.org",
            "Mercy@Example.org",
            "jürgen@müller.example",
        ] {
            assert!(is_email(text), "{text}");
        }
        let long = format!("{}@example.org", "x".repeat(MAX_EMAIL_CHARS));
        for text in [
            "",
            "mercy",
            "@example.org",
            "mercy@",
            "a@b@c",
            "mercy otieno@example.org",
            "a@b\n",
            "a:b@c",
            &long,
        ] {
            assert!(!is_email(text), "{text}");
        }
    }
}
