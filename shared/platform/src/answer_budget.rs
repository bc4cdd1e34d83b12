//! How much one answer can hold.

/// Largest body of an answer. A Lambda answers with at most 6 MiB of JSON, in which the body is a string: every quote,
/// backslash and line break in it takes two bytes. The limit counts those.
pub const MAX_ANSWER_BYTES: usize = 5_500_000;

/// Room left in an answer.
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
    /// An answer with some of its room kept back.
    pub const fn reserving(bytes: usize) -> Self {
        Self {
            left: MAX_ANSWER_BYTES.saturating_sub(bytes),
        }
    }

    /// Whether nothing has taken any room yet.
    pub const fn is_untouched(&self) -> bool {
        self.left == MAX_ANSWER_BYTES
    }

    /// Takes room for one element and the comma after it; false if there is not enough.
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
    fn quotes_count_twice() {
        let mut budget = Budget { left: 10 };
        assert!(budget.takes(r#""abc""#));
        assert_eq!(budget.left, 2);
        assert!(!budget.takes("12"));
        assert!(budget.takes("1"));
    }
}
