//! The sequences of three bytes in a text, to tell quickly that it lacks another text.

use daftari_sms_notation::form::Form;
use daftari_sms_notation::required::Required;

/// Bits of a set. A text of 200 bytes sets a fifth of them, so a template with five absent sequences passes in one of
/// 3,000 cases. A larger set would make reading slower, not faster: a program tells soon that its template is another.
const BITS: u32 = 1_024;
const WORDS: usize = (BITS / u64::BITS) as usize;

/// Length of a sequence in bytes.
const LEN: usize = 3;

/// A set of sequences: a Bloom filter with one hash. It never lacks a sequence that was added.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trigrams([u64; WORDS]);

/// The place of a sequence in a set.
type Place = u16;

/// The sequences that a text must contain to have a form.
#[derive(Debug)]
pub(crate) struct Needs {
    all: Trigrams,
    choices: Box<[Choice]>,
}

/// The sequences of each alternative.
type Choice = Box<[Box<[Place]>]>;

impl Trigrams {
    pub(crate) fn of(text: &[u8]) -> Self {
        let mut trigrams = Self::default();
        trigrams.add(text);
        trigrams
    }

    fn add(&mut self, text: &[u8]) {
        for place in places(text) {
            self.0[word(place)] |= bit(place);
        }
    }

    fn has(&self, place: Place) -> bool {
        self.0[word(place)] & bit(place) != 0
    }

    /// Whether a text with these sequences may contain `part`. `false` is certain.
    pub(crate) fn may_contain(&self, part: &[u8]) -> bool {
        places(part).all(|place| self.has(place))
    }

    /// Whether a text with these sequences may have a form. `false` is certain.
    pub(crate) fn may_have(&self, form: &Needs) -> bool {
        let mut words = self.0.iter().zip(&form.all.0);
        words.all(|(has, needs)| needs & !has == 0)
            && form.choices.iter().all(|alternatives| {
                let mut alternatives = alternatives.iter();
                alternatives.any(|places| places.iter().all(|place| self.has(*place)))
            })
    }
}

impl Needs {
    pub(crate) fn of(form: &Form) -> Self {
        let required = Required::of(form);
        let mut all = Trigrams::default();
        required.texts.iter().for_each(|text| all.add(text.as_bytes()));
        let places = |texts: &Vec<String>| texts.iter().flat_map(|text| places(text.as_bytes())).collect();
        let choices = required.choices.iter();
        Self {
            all,
            choices: choices.map(|texts| texts.iter().map(places).collect()).collect(),
        }
    }
}

fn places(text: &[u8]) -> impl Iterator<Item = Place> {
    text.windows(LEN).map(|sequence| {
        let number = sequence.iter().fold(0, |number, byte| number << 8 | u32::from(*byte));
        // An odd factor near 2^32 divided by the golden ratio: the high bits of the product depend on all bits.
        let hash = number.wrapping_mul(0x9e37_79b1) >> (u32::BITS - BITS.ilog2());
        u16::try_from(hash).expect("a place is below BITS")
    })
}

fn word(place: Place) -> usize {
    usize::from(place) / u64::BITS as usize
}

const fn bit(place: Place) -> u64 {
    1 << (place as u32 % u64::BITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &[u8] = b"confirmed. ksh1,200.00 sent to jane on 7/8/26. new balance is ksh10.00.";

    #[test]
    fn parts_of_a_text_are_never_denied() {
        let trigrams = Trigrams::of(TEXT);
        for start in 0..TEXT.len() {
            for end in start..TEXT.len() {
                assert!(trigrams.may_contain(&TEXT[start..end]));
            }
        }
    }

    #[test]
    fn other_texts_are_denied() {
        let trigrams = Trigrams::of(TEXT);
        for other in ["has been received", "withdrawn", "airtime", "fee"] {
            assert!(!trigrams.may_contain(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn a_form_needs_its_texts_and_an_alternative_of_each_choice() {
        let trigrams = Trigrams::of(TEXT);
        let may_have = |forms: Vec<Form>| trigrams.may_have(&Needs::of(&Form::Sequence(forms)));
        let text = |text: &str| Form::Text(text.to_owned());
        let either = |a: &str, b: &str| Form::Choice(vec![text(a), text(b)]);
        assert!(may_have(vec![text("confirmed"), either("received from", "sent to")]));
        assert!(!may_have(vec![text("declined"), either("received from", "sent to")]));
        assert!(!may_have(vec![text("confirmed"), either("received from", "paid to")]));
        // An alternative that is too short for a search may be there.
        assert!(may_have(vec![text("confirmed"), either("received from", "at")]));
    }
}
