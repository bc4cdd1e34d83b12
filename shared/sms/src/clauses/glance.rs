//! A first look at a text that was not read.

use super::matching::Matcher;
use super::parted::{Parted, Parts};
use super::sentences::Sentence;
use super::tables::{class, in_class, pattern};

/// The result of a first look at a text that was not read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sight {
    pub(crate) states_an_amount: bool,
    /// All amounts of the text are in advertisements.
    pub(crate) advertises: bool,
    /// The text states an event of a loan or a lack of funds.
    pub(crate) tells_of_loan: bool,
}

/// Looks for amounts, advertisements and loans.
pub(crate) fn glance(text: &Parted<'_>) -> Sight {
    let Parts {
        skeleton, sentences, ..
    } = text.parts();
    let mut matcher = Matcher::default();
    let mut says =
        |sentence: &Sentence, patterns: &[u16]| matcher.find(patterns, &sentence.possible, &sentence.words).is_some();
    let told = skeleton.amounts.iter().any(|amount| amount.code.is_some())
        || sentences.iter().any(|sentence| sentence.has_money);
    let mut advertised = true;
    let mut loan = false;
    for sentence in sentences {
        if sentence.has_money {
            advertised &= sentence.opener || says(sentence, pattern::PROMOTION);
        }
        loan |= !sentence.opener
            && (says(sentence, pattern::INSUFFICIENT)
                || (says(sentence, pattern::LOAN_NOTICE) && !says(sentence, pattern::LOAN_ADVERTISEMENT)));
    }
    Sight {
        states_an_amount: told,
        advertises: told && advertised,
        tells_of_loan: loan,
    }
}

/// Whether the text mentions a loan outside of advertisements.
pub(crate) fn mentions_loan(text: &Parted<'_>) -> bool {
    let mut matcher = Matcher::default();
    let mut says =
        |sentence: &Sentence, patterns: &[u16]| matcher.find(patterns, &sentence.possible, &sentence.words).is_some();
    let mut sentences = text.parts().sentences.iter();
    let owes = |sentence: &Sentence| sentence.words.iter().any(|word| in_class(class::LOANISH, *word));
    sentences.any(|sentence| {
        !sentence.opener
            && (owes(sentence) || says(sentence, pattern::LOAN_WORDS))
            && !says(sentence, pattern::LOAN_ADVERTISEMENT)
    })
}
