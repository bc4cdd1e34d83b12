//! The size limit of an answer.

/// Limit of an answer's body. A Lambda response has at most 6 MiB of JSON, which contains the body as a string: every
/// quote, backslash and line break takes two bytes. The limit counts these bytes.
pub const MAX_ANSWER_BYTES: usize = 5_500_000;

/// The remaining room of an answer.
#[derive(Clone, Debug)]
pub struct Budget {
    left: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { left: MAX_ANSWER_BYTES }
    }
}

impl Budget {
    /// An answer with some reserved room.
    pub const fn reserving(bytes: usize) -> Self {
        Self {
            left: MAX_ANSWER_BYTES.saturating_sub(bytes),
        }
    }

    /// Whether no room has been used yet.
    pub const fn is_untouched(&self) -> bool {
        self.left == MAX_ANSWER_BYTES
    }

    /// Uses room for one element and a comma. False if there is not enough.
    pub fn takes(&mut self, json: &str) -> bool {
        let escaped = json.bytes().filter(|byte| matches!(byte, b'"' | b'\\')).count();
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
    fn quotes_count_as_two_bytes() {
        let mut budget = Budget { left: 10 };
        assert!(budget.takes(r#""abc""#));
        assert_eq!(budget.left, 2);
        assert!(!budget.takes("12"));
        assert!(budget.takes("1"));
    }
}
