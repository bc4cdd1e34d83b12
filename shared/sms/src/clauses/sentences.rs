//! From tokens to sentences. Free text is cut out by its keys first, then the rest is split.

use std::sync::LazyLock;

use daftari_sms_notation::clause::{BEGIN, DATE, END, LINK, LONG, MONEY, REFERENCE, UNKNOWN};

use super::matching::{Matcher, Possible};
use super::skeleton::{Skeleton, Token, words_of};
use super::tables::{class, in_class, pattern};
use crate::text::MAX_ABBREVIATION;
use crate::words::WORDS;

/// A sentence of a message.
#[expect(clippy::struct_excessive_bools, reason = "independent properties of a sentence")]
#[derive(Debug)]
pub(crate) struct Sentence {
    /// [`BEGIN`], the words of the sentence, and [`END`].
    pub(crate) words: Vec<u16>,
    /// The tokens of `words`, without the two ends: the token of `words[1]` is the first.
    pub(crate) tokens: Vec<Token>,
    pub(crate) possible: Possible,
    pub(crate) has_money: bool,
    /// The sentence ends with a question mark.
    pub(crate) asks: bool,
    /// The sentence is known to be harmless: none of its words count.
    pub(crate) harmless: bool,
    /// The sentence begins like an advertisement or help.
    pub(crate) opener: bool,
}

impl Sentence {
    /// Places of its amounts in `words`.
    pub(crate) fn amounts(&self) -> impl Iterator<Item = usize> + '_ {
        self.words
            .iter()
            .enumerate()
            .filter(|(_, word)| **word == MONEY)
            .map(|(at, _)| at)
    }
}

/// Free text of a customer or a bank.
#[derive(Debug)]
pub(crate) struct Narration {
    pub(crate) text: String,
    pub(crate) words: Vec<u16>,
}

/// More words than most sentences have: the space that is reserved for them.
const USUAL_WORDS: usize = 32;

/// The numbers of the marks that sentences depend on.
#[derive(Clone, Copy)]
struct Marks {
    stop: u16,
    question: u16,
    line: u16,
    colon: u16,
    narration: u16,
}

impl Marks {
    fn known() -> Self {
        static KNOWN: LazyLock<Marks> = LazyLock::new(Marks::by_their_words);
        *KNOWN
    }

    fn by_their_words() -> Self {
        let word = |text: &str| words_of(text).first().copied().unwrap_or(UNKNOWN);
        Self {
            stop: word("."),
            question: word("?"),
            line: word("\n"),
            colon: word(":"),
            narration: word("narr"),
        }
    }

    fn ends(self, word: u16) -> bool {
        word == self.stop || word == self.question
    }
}

/// The sentences of a text, and the free texts that were cut out.
pub(crate) fn sentences(skeleton: &Skeleton, matcher: &mut Matcher) -> (Vec<Sentence>, Vec<Narration>) {
    let marks = Marks::known();
    let (kept, narrations) = cut_narrations(skeleton, marks);
    let parted = part_lines(&kept, marks, skeleton);
    let mut all = Vec::new();
    let begun = || {
        let mut words = Vec::with_capacity(USUAL_WORDS);
        words.push(BEGIN);
        (words, Vec::with_capacity(USUAL_WORDS))
    };
    let (mut words, mut tokens) = begun();
    for (at, token) in parted.iter().copied().enumerate() {
        // "ETB 200.0. has occurred on your account": the sentence goes on.
        let goes_on = || {
            let next = parted.get(at + 1);
            words.last() == Some(&MONEY)
                && next.is_some_and(|next| {
                    in_class(class::BE, next.word) && skeleton.slice(next).starts_with(char::is_lowercase)
                })
        };
        if token.word == marks.stop && goes_on() {
            continue;
        }
        if marks.ends(token.word) {
            if !tokens.is_empty() {
                all.push(sentence(words, tokens, token.word == marks.question, matcher));
                (words, tokens) = begun();
            } else if token.word == marks.question
                && let Some(last) = all.last_mut()
            {
                let last: &mut Sentence = last;
                last.asks = true;
            }
            continue;
        }
        words.push(token.word);
        tokens.push(token);
    }
    if !tokens.is_empty() {
        all.push(sentence(words, tokens, false, matcher));
    }
    (all, narrations)
}

fn sentence(mut words: Vec<u16>, tokens: Vec<Token>, asks: bool, matcher: &mut Matcher) -> Sentence {
    words.push(END);
    let possible = Possible::of(&words);
    let has_money = words.contains(&MONEY);
    let mut says = |patterns: &[u16]| matcher.find(patterns, &possible, &words).is_some();
    let harmless = !has_money && says(pattern::HARMLESS) && (!says(pattern::HARD_TRUTH) || says(pattern::CONDITIONAL));
    let opener = says(pattern::OPENER);
    Sentence {
        words,
        tokens,
        possible,
        has_money,
        asks,
        harmless,
        opener,
    }
}

/// Cuts out free text of the customer or a bank: `Desc: …`, `Reason: …`, `Message from JOHN: …`.
fn cut_narrations(skeleton: &Skeleton, marks: Marks) -> (Vec<Token>, Vec<Narration>) {
    let tokens = &skeleton.tokens;
    let multiline = tokens.iter().filter(|token| token.word == marks.line).count() >= 3;
    let word = |at: usize| tokens.get(at).map_or(UNKNOWN, |token| token.word);
    let mut kept = Vec::with_capacity(tokens.len());
    let mut narrations = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let token = tokens[at];
        let description = in_class(class::DESCRIPTION, token.word);
        let keyed = word(at + 1) == marks.colon && in_class(class::NARRATION_KEY, token.word);
        let addressed = in_class(class::MESSAGE, token.word)
            && in_class(class::MESSAGE_SIDE, word(at + 1))
            && (at + 2..at + 6).any(|place| word(place) == marks.colon);
        // "Ref: 85376317729: Dear JANE": a code stands behind the key, not free text.
        let coded = keyed
            && in_class(class::TRANSACTION_KEY, token.word)
            && matches!(word(at + 2), LONG | REFERENCE)
            && word(at + 3) == marks.colon;
        if coded || !(keyed || addressed || (description && is_short(skeleton, &token))) {
            kept.push(token);
            at += 1;
            continue;
        }
        let colon = (at + 1..tokens.len().min(at + 7)).find(|place| word(*place) == marks.colon);
        let start = colon.map_or(at + 1, |colon| colon + 1);
        kept.push(Token {
            word: marks.narration,
            ..token
        });
        kept.push(Token {
            word: marks.colon,
            ..token
        });
        let mut end = start;
        while end < tokens.len() && !ends_narration(skeleton, marks, start, end, description, multiline) {
            end += 1;
        }
        if end > start {
            let (first, last) = (tokens[start].start as usize, tokens[end - 1].end as usize);
            narrations.push(Narration {
                text: skeleton.text[first..last].replace('\n', " "),
                words: tokens[start..end].iter().map(|token| token.word).collect(),
            });
        }
        at = end;
    }
    (kept, narrations)
}

/// Whether a word introduces a narration even without a colon, such as `Desc`.
fn is_short(skeleton: &Skeleton, token: &Token) -> bool {
    let written = skeleton.slice(token);
    WORDS.introduces.iter().any(|short| written.eq_ignore_ascii_case(short))
}

/// Whether the narration that begins at `start` ends before the token at `at`. `description`: its key is one of a bank,
/// such as `Desc`. `multiline`: the text has three line ends or more.
fn ends_narration(
    skeleton: &Skeleton,
    marks: Marks,
    start: usize,
    at: usize,
    description: bool,
    multiline: bool,
) -> bool {
    let tokens = &skeleton.tokens;
    let word = |at: usize| tokens.get(at).map_or(UNKNOWN, |token| token.word);
    let token = &tokens[at];
    if token.word == marks.line {
        return !description || multiline;
    }
    if at > start - usize::from(start > 0) && in_class(class::KEY, token.word) {
        let mut end = at;
        while end < at + 4 && in_class(class::KEY, word(end)) {
            end += 1;
        }
        let told = (at..end).any(|place| in_class(class::BALANCE, word(place)));
        if word(end) == marks.colon || (word(end) == MONEY && told) {
            return true;
        }
    }
    if !marks.ends(token.word) {
        return false;
    }
    let next = tokens.get(at + 1);
    let titled = next.is_some_and(|next| {
        let written = skeleton.slice(next).as_bytes();
        written.first().is_some_and(u8::is_ascii_uppercase) && written.get(1).is_some_and(u8::is_ascii_lowercase)
    });
    let written = skeleton.slice(token);
    // Behind the last amount nothing shows where the narration ends. The bank's own words behind the narration must not
    // pass for a part of it.
    let is_last = || tokens[at..].iter().all(|token| token.word != MONEY);
    let abbreviated = || at > start && skeleton.slice(&tokens[at - 1]).len() <= MAX_ABBREVIATION;
    !description
        || written != "."
        || next.is_none()
        || titled
        || next.is_some_and(|next| in_class(class::AFTER_NARRATION, next.word))
        || (is_last() && !abbreviated())
}

/// Whether a letter may begin a line with a new sentence: a capital, or a letter of a script without small letters.
fn begins_line(letter: char) -> bool {
    letter.is_uppercase() || (letter.is_alphabetic() && !letter.is_lowercase())
}

/// Whether a sentence of help begins at a place: "for more info please call". It may follow without a full stop.
fn offers_help(words: impl Fn(usize) -> u16, at: usize) -> bool {
    in_class(class::HELP, words(at))
        || (in_class(class::FOR_HELP, words(at))
            && in_class(class::MORE_HELP, words(at + 1))
            && in_class(class::INFORMATION, words(at + 2))
            && in_class(class::HELP_VERB, words(at + 3)))
}

/// The tokens with full stops in the place of line ends that end a sentence. A line end does so if the lines are keys
/// with values, or if a capital follows it and an amount, a link or a date precedes it.
fn part_lines(tokens: &[Token], marks: Marks, skeleton: &Skeleton) -> Vec<Token> {
    let word = |at: usize| tokens.get(at).map_or(UNKNOWN, |token| token.word);
    let keyed = |at: usize| (at + 1..at + 4).any(|place| word(place) == marks.colon);
    let lines: Vec<usize> = (0..tokens.len()).filter(|at| word(*at) == marks.line).collect();
    let keys = lines.iter().filter(|at| keyed(**at)).count();
    let mut parted: Vec<Token> = Vec::with_capacity(tokens.len());
    for (at, token) in tokens.iter().enumerate() {
        if token.word != marks.line {
            // A link ends a sentence if a capital begins the next one.
            let after_link = parted.last().is_some_and(|last| last.word == LINK);
            let written = skeleton.slice(token).as_bytes();
            let titled = written.first().is_some_and(u8::is_ascii_uppercase)
                && written.get(1).is_some_and(u8::is_ascii_lowercase);
            if (after_link && titled) || (at > 0 && offers_help(word, at)) {
                parted.push(Token {
                    word: marks.stop,
                    ..*token
                });
            }
            parted.push(*token);
            continue;
        }
        let capital = tokens
            .get(at + 1)
            .is_some_and(|next| skeleton.slice(next).starts_with(begins_line));
        let closed = parted
            .last()
            .is_some_and(|last| matches!(last.word, MONEY | LINK | DATE));
        if keyed(at) || keys >= 2 || (capital && closed) {
            parted.push(Token {
                word: marks.stop,
                ..*token
            });
        }
    }
    parted
}
