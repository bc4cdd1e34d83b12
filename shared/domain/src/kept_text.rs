//! The stored text of a labelled record.

use std::fmt;
use std::ops::Deref;

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory};
use icu_properties::{CodePointMapData, CodePointSetData};

/// Limit of a labelled record's text, in characters.
pub const MAX_KEPT_TEXT_CHARS: usize = 1_600;

/// Limit of a labelled record's text, in bytes of UTF-8: [`MAX_KEPT_TEXT_CHARS`] of any script in daily use, whose
/// characters have at most three bytes.
pub const MAX_KEPT_TEXT_BYTES: usize = 3 * MAX_KEPT_TEXT_CHARS;

/// Longest run of white space that is stored unchanged, in characters: two line breaks of two characters.
const MAX_BLANK_RUN: usize = 4;

/// The text of a message as a record stores it. Invisible characters, such as zero-width spaces and marks of direction,
/// and surrounding white space are removed. A run of white space of more than [`MAX_BLANK_RUN`] characters becomes one
/// line break if it contains one, otherwise one space. So a text cannot be blank and long, and cannot be displayed in
/// another order than it is stored. A text without visible characters is empty.
///
/// Control characters stay, so that [`Record::check`](crate::Record::check) rejects them.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct KeptText(Box<str>);

impl KeptText {
    /// The beginning of a text, up to the limits of a stored text. Control characters other than line breaks and tabs
    /// are removed.
    pub fn beginning_of(text: &str) -> Self {
        let cleaned = cleaned(text.chars().filter(|c| !is_refused_control(*c)));
        let mut end = 0;
        for (at, c) in cleaned.char_indices().take(MAX_KEPT_TEXT_CHARS) {
            if at + c.len_utf8() > MAX_KEPT_TEXT_BYTES {
                break;
            }
            end = at + c.len_utf8();
        }
        Self(cleaned[..end].trim_end_matches(is_blank).into())
    }

    /// A text from a page. Stored texts may follow other rules than those for records.
    pub(crate) fn stored(text: &str) -> Self {
        Self(text.into())
    }

    /// Whether the text is within [`MAX_KEPT_TEXT_CHARS`] and [`MAX_KEPT_TEXT_BYTES`].
    pub fn is_within_limits(&self) -> bool {
        self.0.len() <= MAX_KEPT_TEXT_BYTES && self.0.chars().count() <= MAX_KEPT_TEXT_CHARS
    }

    /// Whether the text has control characters other than line breaks and tabs.
    pub fn has_control_characters(&self) -> bool {
        self.0.chars().any(is_refused_control)
    }
}

fn is_refused_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t')
}

/// Whether Unicode allows programs to ignore the character in display (default ignorable), or it is a format character.
pub fn is_invisible(c: char) -> bool {
    !c.is_ascii()
        && (CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
            || CodePointMapData::<GeneralCategory>::new().get(c) == GeneralCategory::Format)
}

/// Whether the character is displayed as white space: by Unicode's property, or the blank pattern of Braille.
fn is_blank(c: char) -> bool {
    (c.is_whitespace() && !is_refused_control(c)) || c == '\u{2800}'
}

/// The visible characters, without surrounding white space and long runs of white space.
fn cleaned(text: impl Iterator<Item = char>) -> String {
    let mut kept = String::new();
    let mut run = String::new();
    for c in text.filter(|c| !is_invisible(*c)) {
        if is_blank(c) {
            run.push(c);
            continue;
        }
        if kept.is_empty() {
            run.clear();
        }
        if run.chars().nth(MAX_BLANK_RUN).is_none() {
            kept.push_str(&run);
        } else if run.contains(['\n', '\r', '\u{2028}', '\u{2029}']) {
            kept.push('\n');
        } else {
            kept.push(' ');
        }
        run.clear();
        kept.push(c);
    }
    kept
}

impl From<&str> for KeptText {
    fn from(text: &str) -> Self {
        Self(cleaned(text.chars()).into())
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
            assert_eq!(&*KeptText::from(format!("a{c}b")), "ab", "{}", c.escape_unicode());
        }
        assert_eq!(&*KeptText::beginning_of(&format!("{hidden} ብር 10 {hidden}")), "ብር 10");
    }

    #[test]
    fn visible_text_is_kept_unchanged() {
        for text in ["Ksh1,250.00 à ብር 10\n\tN50 \u{a0}💰", "ⵣ ₦ ₵ العربية", ""] {
            assert_eq!(&*KeptText::from(text), text);
            assert_eq!(KeptText::beginning_of(text).trim(), text.trim());
        }
    }

    #[test]
    fn white_space_takes_no_room_from_the_text() {
        let blanks = [
            " ",
            "\u{2003}",
            "\u{a0}",
            "\n",
            "\t",
            "\r\n",
            "\u{2028}",
            "\u{2800}",
            " \u{200b}",
        ];
        for blank in blanks {
            for hidden in ["", "\u{200b}"] {
                let padding = format!("{hidden}{}", blank.repeat(1_600));
                let text = format!("{padding}Ksh5{padding}paid{padding}");
                for kept in [KeptText::beginning_of(&text), KeptText::from(text.as_str())] {
                    assert_eq!(kept.len(), "Ksh5 paid".len(), "{kept:?}");
                    let words: Vec<_> = kept.split_whitespace().collect();
                    assert_eq!(words, ["Ksh5", "paid"]);
                }
                assert_eq!(&*KeptText::from(padding.as_str()), "");
                assert_eq!(&*KeptText::beginning_of(&padding), "");
            }
        }
        // A control character does not count as white space, so the record is rejected.
        assert!(KeptText::from("\u{b}paid").has_control_characters());
    }

    #[test]
    fn a_beginning_is_within_both_limits() {
        for text in ["a".repeat(5_000), "ብ".repeat(5_000), "𝒜".repeat(5_000)] {
            let kept = KeptText::beginning_of(&text);
            assert!(kept.is_within_limits() && !kept.has_control_characters());
            assert!(kept.chars().count() == MAX_KEPT_TEXT_CHARS || kept.len() == MAX_KEPT_TEXT_BYTES);
        }
        assert!(!KeptText::from("𝒜".repeat(1_201)).is_within_limits());
        assert!(KeptText::from("ብ".repeat(1_600)).is_within_limits());
    }
}
