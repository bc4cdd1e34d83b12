//! Checks beyond the shape of a match: the values must be those that the operator wrote.
//!
//! A template alone would accept a name that runs on into "has been reversed", a number that continues behind the
//! match, or a balance of which a cut message shows only the first digits. These checks reject all of them.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use daftari_domain::AccountType;
use daftari_sms_notation::kind::{Decimals, FieldKind, MoneyLayout, Style};

use crate::clauses;
use crate::clauses::tables::WHOLE;
use crate::matched::Match;
use crate::tables::{BalanceRule, Field, Institution};
use crate::text::{MAX_ABBREVIATION, stands_alone};
use crate::words::WORDS;

const MAX_NAME_BYTES: usize = 120;
const MAX_NARRATION_BYTES: usize = 300;
const MAX_TAIL_BYTES: usize = 500;

fn scanner(words: &[&str]) -> AhoCorasick {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::DFA))
        .build(words)
        .expect("the words are few and short")
}

fn says_any(text: &str, words: &LazyLock<AhoCorasick>) -> bool {
    words.is_match(text)
}

static NAME_SCANNER: LazyLock<AhoCorasick> = LazyLock::new(|| scanner(WORDS.in_names));
static TAIL_SCANNER: LazyLock<AhoCorasick> = LazyLock::new(|| scanner(WORDS.in_tails));
static TEXT_SCANNER: LazyLock<AhoCorasick> = LazyLock::new(|| scanner(WORDS.in_texts));

/// Whether the values of a match can be relied on.
pub(crate) fn holds(matched: &Match<'_>, institution: &'static Institution, text: &str) -> bool {
    if leaves_account_to_tail(matched) {
        return false;
    }
    let fields = matched.template.fields().iter().zip(&matched.values);
    fields
        .filter_map(|(field, value)| Some((field, (*value)?)))
        .all(|(field, value)| match field.kind {
            FieldKind::Money(layout) => {
                whole_number(value, layout, text)
                    && (!recorded(matched, field) || not_cut(value, layout, text, institution))
            }
            FieldKind::Name => {
                value.len() <= MAX_NAME_BYTES
                    && !says_any(value, &NAME_SCANNER)
                    && !leads_on(value, text)
                    && !runs_into_fee(value)
                    && !clauses::states_money(value)
                    && !clauses::tells(value)
            }
            FieldKind::Text => {
                value.len() <= MAX_NARRATION_BYTES
                    && !says_any(value, &TEXT_SCANNER)
                    && !(moves_money(matched) && clauses::tells(value))
                    && (matched.template.records.is_empty()
                        || added_behind(value, text).is_none_or(|added| {
                            clauses::is_beside(added, text, institution, lends(matched, institution))
                        }))
            }
            FieldKind::Tail => {
                value.len() <= MAX_TAIL_BYTES
                    && !says_any(value, &TAIL_SCANNER)
                    && !(matched.template.open_end && goes_on(value, text))
                    && (matched.template.records.is_empty()
                        || clauses::is_beside(value, text, institution, lends(matched, institution)))
            }
            FieldKind::Direction => {
                let start = offset(value, text);
                stands_alone(text.as_bytes(), start, start + value.len()) || preceded_by_digit(text, start)
            }
            FieldKind::Account | FieldKind::Plain => !names_account(matched, field) || !breaks_off(value, text),
        })
}

/// The text behind the first sentence of a narration that ends the message: the bank may have added it. `None` if the
/// message goes on behind the narration, because its layout then shows where the narration ends.
fn added_behind<'t>(narration: &'t str, text: &str) -> Option<&'t str> {
    if !ends_text(&text.as_bytes()[offset(narration, text) + narration.len()..]) {
        return None;
    }
    let marks = narration.match_indices(['.', '!', '?', ';']);
    let ends = marks.filter(|(at, mark)| {
        let word = narration[..*at]
            .rsplit(|c: char| !c.is_alphanumeric())
            .next()
            .unwrap_or_default();
        let begins = narration[at + mark.len()..]
            .strip_prefix(' ')
            .is_some_and(|rest| rest.starts_with(char::is_alphabetic));
        begins && (*mark != "." || word.len() > MAX_ABBREVIATION)
    });
    ends.map(|(at, mark)| narration[at + mark.len()..].trim_start()).next()
}

/// Whether a record of the template is a movement. The narration of one states no result: "FAILED, NOT DEBITED".
fn moves_money(matched: &Match<'_>) -> bool {
    matched.template.records().iter().any(|rule| rule.amount.is_some())
}

/// Whether a record of the template belongs to a loan or another account that is not a depository account.
fn lends(matched: &Match<'_>, institution: &Institution) -> bool {
    let mut records = matched.template.records().iter();
    records.any(|rule| institution.accounts[usize::from(rule.account)].kind != AccountType::Depository)
}

/// Whether a digit precedes a place. A word of a direction may touch its number: `N50.00DR`.
fn preceded_by_digit(text: &str, start: usize) -> bool {
    start
        .checked_sub(1)
        .is_some_and(|at| text.as_bytes()[at].is_ascii_digit())
}

/// Whether a name runs on into the words behind it: it ends in a word such as "if", or it owns the next noun.
fn leads_on(name: &str, text: &str) -> bool {
    let ends_with = |end: &str| {
        let start = name.len().checked_sub(end.len());
        let tail = start.and_then(|start| name.get(start..));
        tail.is_some_and(|tail| tail.eq_ignore_ascii_case(end))
    };
    let after = &text[offset(name, text) + name.len()..];
    let goes_on_with = |noun: &str| {
        let head = after.get(..noun.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(noun))
    };
    WORDS.leads_on.iter().any(|end| ends_with(end))
        || (WORDS.possessive.iter().any(|end| ends_with(end)) && WORDS.owned.iter().any(|noun| goes_on_with(noun)))
}

/// Whether a sentence about a fee is behind the name: "JANE DOE. Service fee 1.50 charged".
fn runs_into_fee(name: &str) -> bool {
    let Some((_, behind)) = name.split_once(". ") else {
        return false;
    };
    let mut words = behind.split(|c: char| !c.is_alphanumeric());
    behind.contains(|c: char| c.is_ascii_digit())
        && words.any(|word| WORDS.fee.iter().any(|fee| word.eq_ignore_ascii_case(fee)))
}

/// Whether a tail continues the sentence before it and may reverse its meaning: "is cleared" means something else than
/// "is cleared for". Only for tails behind a field with a fixed end.
fn goes_on(tail: &str, text: &str) -> bool {
    let before = text[..offset(tail, text)].trim_end();
    let closed = before.ends_with(|c: char| !c.is_ascii_alphanumeric() && c != ',');
    let word = tail.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or(tail);
    let is_one_of = |words: &[&str]| words.iter().any(|other| word.eq_ignore_ascii_case(other));
    // A message without capitals does not show where its sentences begin.
    let small = word.starts_with(|c: char| c.is_ascii_lowercase())
        && !is_one_of(WORDS.begins)
        && text.bytes().any(|byte| byte.is_ascii_uppercase());
    let titled = word
        .get(1..)
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()))
        && word.starts_with(|c: char| c.is_ascii_uppercase());
    !closed && ((is_one_of(WORDS.goes_on) && !titled) || (small && !before.ends_with(',')))
}

/// The position of `value`, a slice of `text`.
fn offset(value: &str, text: &str) -> usize {
    value.as_ptr() as usize - text.as_ptr() as usize
}

/// Whether a record takes the field's value. Fees and limits must only be numbers.
fn recorded(matched: &Match<'_>, field: &Field) -> bool {
    matched
        .template
        .records()
        .iter()
        .any(|rule| rule.amount == Some(field.id) || matches!(rule.balance, BalanceRule::Field(id) if id == field.id))
}

/// Whether a record takes its account from the field.
fn names_account(matched: &Match<'_>, field: &Field) -> bool {
    matched
        .template
        .records()
        .iter()
        .any(|rule| rule.number == Some(field.id))
}

/// Whether the layout has a place for the account, but the message leaves it out and names one such as `LN-2044` later.
fn leaves_account_to_tail(matched: &Match<'_>) -> bool {
    let unnamed = matched
        .template
        .records()
        .iter()
        .any(|rule| rule.number.is_some_and(|field| matched.value(field).is_none()));
    let fields = matched.template.fields().iter().zip(&matched.values);
    let mut tails = fields.filter_map(|(field, value)| value.filter(|_| field.kind == FieldKind::Tail));
    unnamed && tails.any(|tail| tail.split([' ', '.', ',', ':', ';']).any(is_loan_number))
}

fn is_loan_number(word: &str) -> bool {
    word.split_once('-').is_some_and(|(letters, digits)| {
        (1..=5).contains(&letters.len())
            && letters.bytes().all(|byte| byte.is_ascii_alphabetic())
            && digits.len() >= 2
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Whether a value ends the text, so that it may be the beginning of a longer value.
fn breaks_off(value: &str, text: &str) -> bool {
    offset(value, text) + value.len() == text.len()
}

/// Whether the match contains the whole number.
fn whole_number(value: &str, layout: MoneyLayout, text: &str) -> bool {
    let start = offset(value, text);
    let (before, after) = (&text.as_bytes()[..start], &text.as_bytes()[start + value.len()..]);
    let goes_on = match after {
        [digit, ..] if value.ends_with(|c: char| c.is_ascii_digit()) && digit.is_ascii_digit() => true,
        [b'.' | b',', digit, ..] if digit.is_ascii_digit() => true,
        // The `N` of "Narration" does not mean naira.
        [letter, ..] if value.ends_with(|c: char| c.is_ascii_alphabetic()) => letter.is_ascii_alphabetic(),
        _ => false,
    };
    // "41,310.07-May-2025": the decimals are a day.
    let dated = value.len() > 3
        && value.as_bytes()[value.len() - 3] == b'.'
        && clauses::goes_on_as_date(text.as_bytes(), start + value.len());
    let began_before = value.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        && match before {
            [.., digit] if digit.is_ascii_digit() => true,
            [.., digit, b'.' | b','] if digit.is_ascii_digit() => true,
            [.., digit, b' '] if layout.style == Style::French && digit.is_ascii_digit() => true,
            _ => false,
        };
    !goes_on && !began_before && !dated
}

/// Whether the message certainly does not break off within the number.
fn not_cut(value: &str, layout: MoneyLayout, text: &str, institution: &Institution) -> bool {
    let after = &text.as_bytes()[offset(value, text) + value.len()..];
    !ends_text(after) || complete(value, layout, after, institution)
}

fn ends_text(after: &[u8]) -> bool {
    after
        .iter()
        .all(|byte| matches!(byte, b' ' | b'.' | b',' | b';' | b'!' | b'*' | b'#'))
}

/// Digits of a hundred thousand.
const HUNDRED_THOUSANDS: usize = 6;

/// Whether a number at the end of a text cannot be the beginning of a longer one.
fn complete(value: &str, layout: MoneyLayout, after: &[u8], institution: &Institution) -> bool {
    let ends_in_digit = value.ends_with(|c: char| c.is_ascii_digit());
    if !ends_in_digit {
        // A currency, `DR` or a mask closes it.
        return true;
    }
    if layout.decimals != Decimals::None {
        let bytes = value.as_bytes();
        let point = bytes.len().checked_sub(3).map(|at| bytes[at]);
        return matches!(point, Some(b'.' | b','));
    }
    // Layouts without decimals: a full stop closes the number, and so does one full group of thousands. In currencies
    // in which sums of millions are usual, "1,250" may be the beginning of "1,250,300". Wallets do not hold sums of
    // which "214,676" is the beginning.
    let count = |is: fn(&u8) -> bool| value.bytes().filter(is).count();
    let short = WHOLE.contains(&institution.currency) && count(u8::is_ascii_digit) < HUNDRED_THOUSANDS;
    after.first() == Some(&b'.') || (count(|byte| *byte == b',') == 1 && !short)
}
