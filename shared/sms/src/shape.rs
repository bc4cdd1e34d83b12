//! The shape of a message: its wording without personal data, so that unread wordings can be counted and listed.
//!
//! A shape is the skeleton of the clauses in the words of the grammars under `languages/`: `<r> confirmed | <m> w to w
//! on <d>`. Everything else in the text is masked. Amounts, dates and numbers become placeholders of the skeleton. Free
//! text (narrations) is cut out. Every run of other words becomes one `w`. A capitalized word of a grammar is masked
//! too if a capitalized word beside it is unknown, because both may be a name.
//!
//! A shape is built only from words of the grammars and placeholders, never from parts of the text. Therefore it cannot
//! contain a name, number, amount, account or free text.

use daftari_domain::Country;
use daftari_sms_notation::clause::{MONEY, PLACEHOLDERS, UNKNOWN};
use daftari_sms_notation::sender::sender_key;
use sha2::{Digest, Sha256};

use crate::candidates;
use crate::clauses::{Masked, Stop, masked_sentences};
use crate::text::MAX_READ_BYTES;

/// Most characters of a shape; the rest is left out.
pub const MAX_SHAPE_CHARS: usize = 300;
/// Most characters of a sender in a shape.
const MAX_SHOWN_SENDER_CHARS: usize = 20;
/// Fewest digits of a sender that is masked, because it may be a telephone number. Short codes of companies have up to
/// six.
const MASKED_DIGITS: usize = 7;

/// Stands for words that no grammar knows.
const OTHER: &str = "w";
/// Replaces digits beside a currency that are not a valid number in the country.
const BAD_MONEY: &str = "<bad>";
/// Replaces the text beyond [`MAX_SHAPE_CHARS`].
const CUT: &str = "...";

/// The wording of a message, and its sender.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shape {
    /// The sender by its letters and digits, in lower case; `<number>` for a telephone number, `<none>` if there is no
    /// sender.
    pub sender: String,
    /// The wording.
    pub text: String,
}

impl Shape {
    /// The shape of a message of a user in `country`.
    pub fn of(sender: &str, body: &str, country: Option<Country>) -> Self {
        Self {
            sender: masked_sender(sender),
            text: wording(body, country),
        }
    }

    /// The part of a message that stopped its reading, masked as in its shape: words of the grammars and placeholders.
    /// A part without a word, such as an amount, is shown with its sentence. Empty if the message as a whole stopped
    /// the reading, or if the part is in a free text.
    pub fn segment(body: &str, country: Option<Country>, stop: &Stop) -> String {
        let sentences = rejoined(masked_sentences(head(body), country, Some(&stop.segment)));
        let touched = sentences
            .iter()
            .filter(|sentence| sentence.iter().any(|word| word.within));
        let tells = |word: &Masked| word.within && word.word != UNKNOWN && usize::from(word.word) >= PLACEHOLDERS.len();
        let whole = !touched.clone().flatten().any(tells);
        joined(touched.map(|sentence| {
            let shown = words(sentence).filter(move |(_, word)| whole || word.within);
            shown.map(|(word, _)| word)
        }))
    }

    /// 64 bits of a hash over both, in hexadecimal.
    pub fn id(&self) -> String {
        digest(&[&self.sender, &self.text])
    }

    /// 64 bits of a hash over the sender, in hexadecimal.
    pub fn sender_id(&self) -> String {
        digest(&[&self.sender])
    }
}

fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let bytes: [u8; 32] = hash.finalize().into();
    let first: [u8; 8] = std::array::from_fn(|at| bytes[at]);
    format!("{:016x}", u64::from_be_bytes(first))
}

/// The sender, if the directory knows it in the country: a name of an institution, never of a person.
pub fn known_sender(sender: &str, country: Option<Country>) -> Option<&'static str> {
    candidates::known_key(&sender_key(sender), country)
}

/// A sender by its letters and digits, in lower case; `<number>` for a telephone number, `<none>` if there is no
/// sender.
pub(crate) fn masked_sender(sender: &str) -> String {
    if sender.chars().filter(|c| c.is_numeric()).count() >= MASKED_DIGITS {
        return "<number>".to_owned();
    }
    let key: String = sender_key(sender).chars().take(MAX_SHOWN_SENDER_CHARS).collect();
    if key.is_empty() { "<none>".to_owned() } else { key }
}

/// The text as far as a message is read.
pub(crate) fn head(body: &str) -> &str {
    let end = (0..=body.len().min(MAX_READ_BYTES))
        .rev()
        .find(|at| body.is_char_boundary(*at))
        .unwrap_or(0);
    &body[..end]
}

fn wording(body: &str, country: Option<Country>) -> String {
    let sentences = masked_sentences(head(body), country, None);
    joined(sentences.iter().map(|sentence| words(sentence).map(|(word, _)| word)))
}

/// Joins sentences that the full stop of an initial parted, so that a segment does not depend on the name.
fn rejoined(sentences: Vec<Vec<Masked>>) -> Vec<Vec<Masked>> {
    let mut whole: Vec<Vec<Masked>> = Vec::new();
    for sentence in sentences {
        let begins = words(&sentence).next().is_some_and(|(word, _)| word == OTHER);
        match whole.last_mut() {
            Some(last) if begins && words(last).last().is_some_and(|(word, _)| word == OTHER) => last.extend(sentence),
            _ => whole.push(sentence),
        }
    }
    whole
}

/// The words of sentences, up to [`MAX_SHAPE_CHARS`].
fn joined(sentences: impl Iterator<Item = impl Iterator<Item = &'static str>>) -> String {
    let (mut shape, mut count) = (String::new(), 0);
    let mut last = "";
    for sentence in sentences {
        let mut begins = !shape.is_empty();
        for word in sentence {
            // The full stop of an initial looks like the end of a sentence: "Peter O. Kamau" is one run.
            if word == OTHER && last == OTHER {
                begins = false;
                continue;
            }
            let separator = if std::mem::take(&mut begins) { " | " } else { " " };
            let separator = if shape.is_empty() { "" } else { separator };
            count += separator.len() + word.chars().count();
            if count + 1 + CUT.len() > MAX_SHAPE_CHARS {
                shape.push(' ');
                shape.push_str(CUT);
                return shape;
            }
            shape.push_str(separator);
            shape.push_str(word);
            last = word;
        }
    }
    shape
}

/// The words of a sentence as a shape shows them, each with its token. A run of capitalized words is masked as a whole
/// if any of them is unknown.
fn words(sentence: &[Masked]) -> impl Iterator<Item = (&'static str, &Masked)> + '_ {
    let runs = sentence.chunk_by(|one, other| one.capital && other.capital);
    runs.flat_map(|run| {
        let is_name = run.iter().any(|word| word.capital && word.word == UNKNOWN);
        run.iter().map(move |word| {
            let shown = match word.word {
                UNKNOWN => OTHER,
                _ if is_name => OTHER,
                MONEY if word.bad => BAD_MONEY,
                _ => word.text,
            };
            (shown, word)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(body: &str) -> String {
        Shape::of("MPESA", body, "KE".parse().ok()).text
    }

    #[test]
    fn values_names_and_unknown_words_are_masked() {
        let one = "QJ812ABCDZ Confirmed. Ksh77.00 went somewhere to JANE WAMBUI 0722000111 on 8/10/21 at 1:41 PM.";
        let other =
            "QK912ABXYZ Confirmed. Ksh1,234.50 went elsewhere to Peter Njoroge Kamau 0733111222 on 9/11/22 at 1:45 AM.";
        assert_eq!(shape(one), shape(other));
        assert_eq!(shape(one), "<r> confirmed | <m> went w to w <f> on <d> at <d>");
    }

    #[test]
    fn narrations_are_cut_out() {
        let one = shape("Acct: 012****345 Amt: KES 500.00 Desc: rent for mother and hospital. Bal: KES 20.00");
        let other = shape("Acct: 099****111 Amt: KES 7.00 Desc: school fees paid to account. Bal: KES 9.00");
        assert_eq!(one, other);
        assert!(!one.contains("hospital") && !one.contains("for"), "{one}");
    }

    #[test]
    fn a_name_that_is_also_a_word_is_masked_beside_a_name() {
        assert_eq!(
            shape("Ksh5.00 sent to May WANJIKU now"),
            shape("Ksh5.00 sent to Jane WANJIKU now")
        );
    }

    fn segment(body: &str, part: &str) -> String {
        let stop = Stop {
            reason: "not understood",
            segment: part.to_owned(),
        };
        Shape::segment(body, "KE".parse().ok(), &stop)
    }

    #[test]
    fn a_segment_is_masked_like_the_shape() {
        let body = "Ksh77.00 sent to May WANJIKU. It has been reversed by Grace, agent 4471.";
        assert_eq!(segment(body, "has been reversed"), "has been reversed");
        assert_eq!(
            segment(body, "reversed by Grace, agent 4471"),
            "reversed by w , agent <n>"
        );
        // "May" is a word of the grammars, but beside a name it is a part of the name.
        assert_eq!(segment(body, "to May"), "to w");
    }

    #[test]
    fn a_segment_without_a_word_is_shown_with_its_sentence() {
        let body = "Thank you. Ksh77.00 went to JANE WAMBUI. Balance Ksh5.00.";
        assert_eq!(segment(body, "Ksh77.00"), "<m> went to w");
        assert_eq!(segment(body, "WAMBUI"), "<m> went to w");
    }

    #[test]
    fn a_segment_does_not_depend_on_the_name() {
        for name in ["WAMBUI", "J. KAMAU", "Peter O. Kamau"] {
            let body = format!("QJ812ABCDZ Confirmed. Ksh77.00 went somewhere to {name} 0722000111 on 8/10/21.");
            assert_eq!(segment(&body, "Ksh77.00"), "<m> went w to w <f> on <d>", "{name}");
        }
    }

    #[test]
    fn a_segment_of_the_whole_or_of_a_free_text_is_empty() {
        let body = "Acct: 012****345 Amt: KES 500.00 Desc: rent for mother. Bal: KES 20.00";
        assert_eq!(segment(body, ""), "");
        assert_eq!(segment(body, "rent for mother"), "");
        assert_eq!(segment(body, "went_out and came_in"), "");
    }

    #[test]
    fn a_long_text_is_cut() {
        let long = shape(&"Your account balance is Ksh5.00. ".repeat(100));
        assert!(long.len() <= MAX_SHAPE_CHARS && long.ends_with(" ..."), "{long}");
        // The limit counts characters. A letter of Amharic has three bytes.
        let amharic = shape(&"ቀሪ ሂሳብዎ 8,200.00 ብር ነው። ".repeat(60));
        let count = amharic.chars().count();
        assert!(
            (MAX_SHAPE_CHARS - 20..=MAX_SHAPE_CHARS).contains(&count),
            "{count}: {amharic}"
        );
        assert!(amharic.ends_with(" ..."), "{amharic}");
    }

    #[test]
    fn senders_are_names_or_masked() {
        let sender = |sender: &str| Shape::of(sender, "", None).sender;
        assert_eq!(sender("M-PESA"), "mpesa");
        assert_eq!(sender("+254 722 000 111"), "<number>");
        assert_eq!(sender("0722-000"), "<number>");
        assert_eq!(sender("40404"), "40404");
        assert_eq!(sender(" "), "<none>");
        assert_eq!(sender(&"X".repeat(60)).len(), MAX_SHOWN_SENDER_CHARS);
        assert_eq!(known_sender("M-PESA", "KE".parse().ok()), Some("mpesa"));
        assert_eq!(known_sender("Mum", "KE".parse().ok()), None);
    }

    #[test]
    fn the_same_wording_of_two_senders_is_two_shapes() {
        let of = |sender: &str, body: &str| Shape::of(sender, body, None).id();
        assert_eq!(of("MPESA", "Ksh5"), of("M-Pesa", "Ksh5"));
        assert_ne!(of("MPESA", "Ksh5"), of("KCB", "Ksh5"));
        assert_ne!(of("MPESA", "Ksh5 sent"), of("MPESA", "Ksh5"));
    }
}
