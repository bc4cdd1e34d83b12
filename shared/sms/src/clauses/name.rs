//! The name of the other side, if the text shows where it begins and where it ends.
//!
//! Labels look for companies anywhere in the words behind "to" or "from". A pseudonym needs the whole name and nothing
//! else: one word more or less gives the same person another pseudonym.

use std::ops::Range;

use daftari_domain::Impact;
use daftari_sms_notation::clause::{DATE, END, LINK, LONG, MASK, MONEY, NUMBER, REFERENCE};
use daftari_sms_notation::sender::sender_key;

use super::accounted::tells;
use super::context::Context;
use super::moved::Moved;
use super::outcome::Name;
use super::sentences::Sentence;
use super::skeleton::Skeleton;
use super::tables::{PARTY_INS, PARTY_MARKS, PARTY_OUTS, Row, class, flag, in_class, is_unknown};
use crate::phone::{SHORT_NUMBER_DIGITS, has_phone_digits};
use crate::text::goes_on;
use crate::words::WORDS;

/// Most words of a name.
const MOST_WORDS: usize = 5;
/// Fewest letters of the last word before a full stop that ends a name. A shorter word may be an initial or an
/// abbreviation.
const FEWEST_LETTERS: usize = 3;
/// Most words between the first word of a key and its colon.
const MOST_WORDS_TO_COLON: usize = 3;

impl Context<'_> {
    /// The name of the other side of a movement; `None` unless exactly one is closed on both sides.
    pub(super) fn name(&self, moved: &Moved) -> Option<Name> {
        // In a text of capitals alone, names cannot be distinguished from words.
        let cased = self.skeleton.text.bytes().any(|byte| byte.is_ascii_lowercase());
        if !cased {
            return None;
        }
        let (own, any) = match moved.direction? {
            Impact::Credit => (PARTY_INS, class::PARTY_IN),
            Impact::Debit => (PARTY_OUTS, class::PARTY_OUT),
        };
        // An alert does not belong to a language.
        let language = moved.event.map(|event| event.language);
        let mark = language.map_or(Some(any), |language| own[language])?;
        let sentence = &self.sentences[moved.mention.sentence];
        let span = Span {
            skeleton: self.skeleton,
            sentence,
            next: self.sentences.get(moved.mention.sentence + 1),
            marks: language
                .and_then(|language| PARTY_MARKS[language])
                .unwrap_or(class::PARTY_MARK),
            row: self.row,
        };
        let mut found: Option<Name> = None;
        for at in 0..sentence.words.len() - 1 {
            // At the beginning, the subject is the other side: "ACME has deducted".
            let introduces = if at == 0 {
                moved.has(flag::ACTOR) && !is_own_name(self.row, span.written(1))
            } else {
                is_small(span.written(at)) && (in_class(mark, sentence.words[at]) || span.is_agent(at))
            };
            if !introduces || !span.has_name(at) {
                continue;
            }
            // It is not known which of two names is the other side.
            if found.is_some() {
                return None;
            }
            found = Some(span.closed(at)?);
        }
        found
    }
}

/// The sentence of a movement, in which places are indices of words.
struct Span<'s> {
    skeleton: &'s Skeleton,
    sentence: &'s Sentence,
    next: Option<&'s Sentence>,
    /// The class of the words that introduce the other side in either direction.
    marks: u16,
    row: &'static Row,
}

impl<'s> Span<'s> {
    fn word(&self, at: usize) -> u16 {
        self.sentence.words.get(at).copied().unwrap_or(END)
    }

    /// The text of a word; empty at the ends of the sentence.
    fn written(&self, at: usize) -> &'s str {
        let token = at.checked_sub(1).and_then(|at| self.sentence.tokens.get(at));
        token.map_or("", |token| self.skeleton.slice(token))
    }

    /// The place where a name may begin behind the word for the other side at `at`, and whether that side is an agent.
    /// A second such word and the noun for an agent may stand between: "kutoka kwa", "agent:".
    fn begins(&self, at: usize) -> (usize, bool) {
        let mut from = at + 1;
        if in_class(self.marks, self.word(from)) && is_small(self.written(from)) {
            from += 1;
        }
        let agent = self.is_agent_noun(from);
        from += usize::from(agent);
        if agent && matches!(self.written(from), ":" | "-") {
            from += 1;
        }
        (from, agent)
    }

    /// Whether the word at a place introduces an agent: "from agent", "at agent".
    fn is_agent(&self, at: usize) -> bool {
        in_class(self.marks, self.word(at)) && self.is_agent_noun(at + 1)
    }

    /// Whether a word calls the other side an agent. A noun in capitals is a part of the name: "WAKALA MBEZI".
    fn is_agent_noun(&self, at: usize) -> bool {
        in_class(class::AGENT_NOUN, self.word(at)) && self.written(at).contains(char::is_lowercase)
    }

    /// The place behind a number before a name: "256755000111, AMINA", "044411 - Baraka".
    fn behind_number(&self, from: usize) -> usize {
        if !(matches!(self.word(from), LONG | MASK) || self.is_short_number(from)) {
            return from;
        }
        let next = from + 1;
        next + usize::from(matches!(self.written(next), "-" | ","))
    }

    /// Whether a name follows the word for the other side at a place. The name may be closed or not.
    fn has_name(&self, at: usize) -> bool {
        let (from, _) = self.begins(at);
        let first = self.behind_number(from);
        self.names(first)
    }

    /// Whether the word at a place is written with a capital, and no rule knows it.
    fn names(&self, at: usize) -> bool {
        is_unknown(self.word(at)) && is_capital(self.written(at))
    }

    fn is_short_number(&self, at: usize) -> bool {
        let written = self.written(at);
        self.word(at) == NUMBER
            && SHORT_NUMBER_DIGITS.contains(&written.len())
            && written.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// The name behind the word at a place; `None` if nothing closes it.
    fn closed(&self, at: usize) -> Option<Name> {
        let (from, agent) = self.begins(at);
        let first = self.behind_number(from);
        let mut to = first;
        while self.is_of_name(to, first) {
            to += 1;
        }
        let words: Vec<&str> = (first..to).map(|at| self.written(at)).collect();
        if words.is_empty() || words.len() > MOST_WORDS || !words.iter().copied().all(|word| self.names_somebody(word))
        {
            return None;
        }
        let end = self.end(first, to)?;
        let (start, stop) = (self.sentence.tokens[from - 1].start, self.sentence.tokens[end - 2].end);
        let text = &self.skeleton.text[start as usize..stop as usize];
        if tells(text) || text.contains('\n') {
            return None;
        }
        Some(Name {
            text: text.to_owned(),
            agent,
        })
    }

    /// Whether the word at a place belongs to a name that begins at `first`. The word is written with a capital and no
    /// rule knows it, or it is a legal form, or it is the "&" before such a word.
    fn is_of_name(&self, at: usize, first: usize) -> bool {
        let written = self.written(at);
        let legal = || WORDS.legal.iter().any(|legal| written.eq_ignore_ascii_case(legal)) && is_capital(written);
        self.names(at) || (at > first && (legal() || (written == "&" && self.names(at + 1))))
    }

    /// Whether a word of a name is neither a word of narrations nor the institution's own name.
    fn names_somebody(&self, word: &str) -> bool {
        let lists = [WORDS.transfer, WORDS.fee, WORDS.reversal, WORDS.salary, WORDS.secret];
        let known = lists
            .into_iter()
            .flatten()
            .any(|known| word.eq_ignore_ascii_case(known));
        !known && !is_own_name(self.row, word)
    }

    /// The place behind the name with the words `first..to` and the number that belongs to it; `None` if nothing closes
    /// the name.
    fn end(&self, first: usize, to: usize) -> Option<usize> {
        let last = &self.sentence.tokens[to - 2];
        let follows = self.skeleton.text[last.end as usize..].chars().next()?;
        if !(follows.is_whitespace() || ",.(-".contains(follows)) {
            return None;
        }
        // "JANE DOE 0722000111", "JANE DOE (0722***111)", "JANE DOE - 0722000111".
        let opened = matches!(self.written(to), "(" | "-" | ",");
        let number = to + usize::from(opened);
        if matches!(self.word(number), LONG | MASK) {
            let written = self.written(number);
            let shows = written.contains(|c: char| c.is_ascii_digit());
            let whole = self.word(number) == MASK || has_phone_digits(written);
            let goes_on = goes_on(&self.skeleton.text, self.sentence.tokens[number - 1].end as usize);
            return (shows && whole && goes_on).then_some(number + 1);
        }
        if self.is_short_number(to) && self.is_closed(first..to, to + 1) {
            return Some(to + 1);
        }
        let closer = to + usize::from(self.written(to) == ",");
        self.is_closed(first..to, closer).then_some(to)
    }

    /// Whether the word at `at` cannot belong to the name before it.
    fn is_closed(&self, name: Range<usize>, at: usize) -> bool {
        let word = self.word(at);
        if word == END {
            return at <= self.sentence.tokens.len() + 1 && self.is_closed_by_stop(&name);
        }
        if matches!(word, DATE | MONEY | REFERENCE | LINK) {
            return true;
        }
        let written = self.written(at);
        let shouted = name.clone().all(|at| !self.written(at).contains(char::is_lowercase));
        let differs = is_small(written) || (shouted && written.contains(char::is_lowercase));
        if differs && in_class(class::CLOSES_NAME, word) {
            return true;
        }
        let next = self.word(at + 1);
        if differs && in_class(class::BEFORE_DATE, word) {
            return next == DATE || in_class(class::READER_WORD, next);
        }
        if is_small(written) && (in_class(self.marks, word) || in_class(class::INTO, word)) {
            return in_class(class::READER_WORD, next) || matches!(next, MASK | LONG | NUMBER);
        }
        // "Reason: …", "New balance: …".
        let colon = (at + 1..=at + MOST_WORDS_TO_COLON).find(|at| self.written(*at) == ":");
        colon.is_some_and(|colon| (at..colon).all(|at| in_class(class::KEY, self.word(at)) || self.is_narration(at)))
    }

    fn is_narration(&self, at: usize) -> bool {
        in_class(class::NARRATION_KEY, self.word(at)) || in_class(class::DESCRIPTION, self.word(at))
    }

    /// Whether the full stop behind a name ends a sentence. A space and a word that a rule knows must follow, and the
    /// full stop must not belong to an initial or an abbreviation.
    fn is_closed_by_stop(&self, name: &Range<usize>) -> bool {
        let Some(first) = self.next.and_then(|next| next.tokens.first()) else {
            return false;
        };
        let last = self.written(name.end - 1);
        let abbreviated = last.chars().filter(|c| c.is_alphabetic()).count() < FEWEST_LETTERS
            || WORDS.legal.iter().any(|legal| last.eq_ignore_ascii_case(legal));
        let next = self.skeleton.slice(first);
        let shouted = |word: &str| !word.contains(char::is_lowercase) && word.contains(char::is_uppercase);
        let alike = shouted(next) && shouted(last) && first.word > REFERENCE;
        let apart = self.skeleton.text[..first.start as usize].ends_with(char::is_whitespace);
        let known = apart && !is_unknown(first.word) && next.starts_with(char::is_alphanumeric);
        known && !abbreviated && !alike
    }
}

/// Whether a word is a name of the institution.
pub(super) fn is_own_name(row: &Row, word: &str) -> bool {
    let key = sender_key(word);
    row.names().split(' ').any(|name| name == key)
}

/// Whether a word may be a part of a name by its writing: it is of ASCII characters and begins with a capital.
fn is_capital(written: &str) -> bool {
    written.is_ascii() && written.starts_with(|c: char| c.is_ascii_uppercase())
}

/// Whether a word begins with a small letter.
fn is_small(written: &str) -> bool {
    written.starts_with(char::is_lowercase)
}
