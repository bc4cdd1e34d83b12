//! The text that a labelled record keeps.

use std::fmt;
use std::ops::Deref;

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory};
use icu_properties::{CodePointMapData, CodePointSetData};

/// Longest text a labelled record may carry, in characters.
pub const MAX_BODY_CHARS: usize = 1_600;

/// Longest text a labelled record may carry, in bytes of UTF-8: [`MAX_BODY_CHARS`] of any script in daily use, whose
/// characters take at most three.
pub const MAX_BODY_BYTES: usize = 3 * MAX_BODY_CHARS;

/// The text of a message as a record keeps it: without the characters that show nothing themselves, such as zero-width
/// spaces and marks of direction. So a text cannot be blank and long, nor read in another order than it is stored.
///
/// Control characters stay for [`Record::check`](crate::Record::check) to refuse.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct KeptText(Box<str>);

impl KeptText {
    /// The beginning of a text, as much of it as a record may keep; without control characters other than line breaks
    /// and tabs, and without white space around it.
    pub fn beginning_of(text: &str) -> Self {
        let mut kept = String::new();
        let visible = text.trim().chars().filter(|c| !is_invisible(*c));
        for c in visible
            .filter(|c| !is_refused_control(*c))
            .take(MAX_BODY_CHARS)
        {
            if kept.len() + c.len_utf8() > MAX_BODY_BYTES {
                break;
            }
            kept.push(c);
        }
        Self(kept.into())
    }

    /// A text that a page holds. Pages keep what they were given, under the rules of their day.
    pub(crate) fn stored(text: &str) -> Self {
        Self(text.into())
    }

    /// Whether the text is within [`MAX_BODY_CHARS`] and [`MAX_BODY_BYTES`].
    pub fn is_within_limits(&self) -> bool {
        self.0.len() <= MAX_BODY_BYTES && self.0.chars().count() <= MAX_BODY_CHARS
    }

    /// Whether the text holds control characters other than line breaks and tabs.
    pub fn has_control_characters(&self) -> bool {
        self.0.chars().any(is_refused_control)
    }
}

fn is_refused_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t')
}

/// Whether a character is of the kind that Unicode lets programs ignore when they show a text, or of format.
fn is_invisible(c: char) -> bool {
    !c.is_ascii()
        && (CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
            || CodePointMapData::<GeneralCategory>::new().get(c) == GeneralCategory::Format)
}

impl From<&str> for KeptText {
    fn from(text: &str) -> Self {
        if !text.chars().any(is_invisible) {
            return Self(text.into());
        }
        let visible: String = text.chars().filter(|c| !is_invisible(*c)).collect();
        Self(visible.into())
    }
}

impl From<String> for KeptText {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl Deref for KeptText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for KeptText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_are_not_kept() {
        let hidden = "\u{200b}\u{200e}\u{202e}\u{2066}\u{2060}\u{feff}\u{ad}\u{34f}\u{180e}\u{115f}\u{3164}\u{fe0f}\
                      \u{61c}\u{fff9}\u{e0001}\u{e0041}\u{1d173}";
        for c in hidden.chars() {
            assert_eq!(
                &*KeptText::from(format!("a{c}b")),
                "ab",
                "{}",
                c.escape_unicode()
            );
        }
        assert_eq!(
            &*KeptText::beginning_of(&format!("{hidden} ብር 10 {hidden}")),
            " ብር 10 "
        );
    }

    #[test]
    fn what_shows_is_kept_as_it_is() {
        for text in ["Ksh1,250.00 à ብር 10\n\tN50 \u{a0}💰", "ⵣ ₦ ₵ العربية", ""]
        {
            assert_eq!(&*KeptText::from(text), text);
            assert_eq!(KeptText::beginning_of(text).trim(), text.trim());
        }
    }

    #[test]
    fn a_beginning_is_within_both_limits() {
        for text in ["a".repeat(5_000), "ብ".repeat(5_000), "𝒜".repeat(5_000)] {
            let kept = KeptText::beginning_of(&text);
            assert!(kept.is_within_limits() && !kept.has_control_characters());
            assert!(kept.chars().count() == MAX_BODY_CHARS || kept.len() == MAX_BODY_BYTES);
        }
        assert!(!KeptText::from("𝒜".repeat(1_201)).is_within_limits());
        assert!(KeptText::from("ብ".repeat(1_600)).is_within_limits());
    }
}
