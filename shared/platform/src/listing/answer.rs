//! How much one answer can hold.

/// Largest body of an answer. A Lambda answers with at most 6 MiB of JSON, in which the body is a string: every quote,
/// backslash and line break in it takes two bytes. The limit counts those.
pub const MAX_ANSWER_BYTES: usize = 5_500_000;

/// Room left in an answer.
#[derive(Debug)]
pub(super) struct Budget {
    left: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            left: MAX_ANSWER_BYTES,
        }
    }
}

impl Budget {
    /// Takes room for one element and the comma after it; false if there is not enough.
    pub(super) fn takes(&mut self, json: &str) -> bool {
        let escaped = json
            .bytes()
            .filter(|byte| matches!(byte, b'"' | b'\\'))
            .count();
        match self.left.checked_sub(json.len() + escaped + 1) {
            Some(left) => {
                self.left = left;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_count_twice() {
        let mut budget = Budget { left: 10 };
        assert!(budget.takes(r#""abc""#));
        assert_eq!(budget.left, 2);
        assert!(!budget.takes("12"));
        assert!(budget.takes("1"));
    }
}
