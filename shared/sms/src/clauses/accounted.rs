//! Every word of a message is accounted for: an unknown sentence, or an unknown word in a sentence, stops the reading.
//!
//! A list of refusals misses the next way to say "no". So the rule is the reverse: a word counts as harmless only if it
//! is
//!
//! - in the vocabulary of the rule that read the sentence,
//! - in the class `beside` of the language files,
//! - in a name behind a word that introduces names, or
//! - in a sentence that is known to be harmless, such as an advertisement.
//!
//! Words of the class `tells` are never a part of a name or of an advertisement.

use std::cell::RefCell;

use daftari_sms_notation::clause::{DATE, LINK, LONG, MONEY, PLACEHOLDERS, UNKNOWN, hash};
use daftari_sms_notation::sender::sender_key;

use super::context::{Context, Mention};
use super::matching::Matcher;
use super::outcome::{Outcome, stop_at};
use super::sentences::{Sentence, sentences};
use super::skeleton::{Skeleton, Token, skeleton, words_of};
use super::tables::{
    Event, LOAN_RULES, PARTY_MARKS, RULES, Role, Row, WORD_TEXTS, class, flag, in_class, is_unknown, pattern, row_of,
};
use crate::tables::Institution;
use crate::words::WORDS;

/// Most words of a name behind the word that introduces it.
const MOST_NAME_WORDS: u8 = 8;
/// Most words of a name that begins a sentence.
const MOST_FIRST_NAME_WORDS: u8 = 4;
/// Most words of a bare name that addresses the reader.
const MOST_ADDRESS_WORDS: usize = 3;
/// Most words of a name in small letters.
const MOST_SMALL_NAME_WORDS: u8 = 3;
/// "And" in Arabic, which is written as a part of the next word.
const AND: char = '\u{648}';
/// Most words of a name in a script without capitals: the names of a person, the father, the grandfather, the family.
const MOST_CASELESS_NAME_WORDS: u8 = 4;
/// Punctuation of quotations, and of templates whose fields are not filled in.
const QUOTES: [char; 6] = ['"', '{', '}', '%', '<', '>'];

/// How a bare name before a comma may address the reader: "JANE, KES 500.00 has been …".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Address {
    /// The sentence does not begin the message.
    None,
    /// A single word is in capitals among small letters. Otherwise it may judge the movement: "Hoping, KES 500.00 …".
    Shouted,
    /// Each word begins with a capital. A lender writes about the reader's loan.
    Named,
}

/// The words and names that a sentence may consist of.
#[expect(clippy::struct_excessive_bools, reason = "independent facts about a sentence")]
struct Vocabulary<'v> {
    /// Classes beside [`class::BESIDE`].
    classes: &'v [u16],
    /// The institution's own names, see [`Row::names`](super::tables::Row).
    institution: &'v str,
    /// The code of the country, which may follow the institution's name.
    country: &'v str,
    /// The message is written in capitals and small letters, so a capital marks a name.
    cased: bool,
    /// The classes of words that introduce a name in small letters.
    marks: &'v [u16],
    /// The sentence follows the sentence of the event.
    follows: bool,
    /// The sentence states the event.
    event: bool,
    /// A name may begin the sentence: "JOHN DOE has sent you".
    begins_with_name: bool,
    /// The name of a shop may follow the amount: "Card purchase R89.00 SPOTIFY".
    bought: bool,
    /// How a bare name may address the reader at the beginning.
    address: Address,
}

impl Vocabulary<'_> {
    /// Whether the last token is a word of the institution's name, or the country behind it: "Ecobank CI: …".
    fn names_institution(&self, skeleton: &Skeleton, tokens: &[Token]) -> bool {
        let own = |token: &Token| is_of_institution(skeleton.slice(token), self.institution);
        match tokens {
            [.., before, last] if self.cased && skeleton.slice(last) == self.country => own(before) || own(last),
            [.., last] => own(last),
            [] => false,
        }
    }
}

impl Context<'_> {
    /// Stops at the first word of a movement's message that is not accounted for. `told_in` is the sentence of the
    /// event. If the movement undoes another one, words of refusal are accounted for.
    pub(super) fn check_words(
        &mut self,
        event: Option<&'static Event>,
        told_in: Option<usize>,
        undoes: bool,
    ) -> Result<(), Outcome> {
        for index in 0..self.sentences.len() {
            let mut classes: Vec<u16> = self.roles_in(index);
            let tells = told_in == Some(index);
            // "Money sent to JANE DOE. Amount KES 500.": the sentence before the amount has the direction.
            let leads_up = told_in.is_some_and(|told_in| index + 1 == told_in) && !self.sentences[index].has_money;
            if (tells || leads_up) && event.is_none() {
                classes.extend([class::CREDIT_WORD, class::DEBIT_WORD, class::BE, class::READER]);
            }
            if let Some(event) = event.filter(|_| tells || !self.sentences[index].has_money) {
                classes.push(event.words);
            }
            if undoes {
                classes.push(class::REFUSE);
            }
            classes.extend(
                self.mentions
                    .iter()
                    .filter(|mention| mention.sentence == index)
                    .filter_map(|mention| mention.event.map(|event| event.words)),
            );
            let follows = told_in.is_some_and(|told_in| index > told_in);
            self.check_sentence(index, &classes, tells, follows, false)?;
        }
        Ok(())
    }

    /// Stops at the first word of a notice of a loan that is not accounted for. Sentences about the loan may use the
    /// words of the rules that read them.
    pub(super) fn check_words_of_loan(&mut self) -> Result<(), Outcome> {
        for index in 0..self.sentences.len() {
            let mut classes: Vec<u16> = self.roles_in(index);
            let said: Vec<u16> = LOAN_RULES
                .iter()
                .filter(|rule| self.sentence_says(index, rule.patterns))
                .map(|rule| rule.words)
                .collect();
            classes.extend(said);
            classes.push(class::BESIDE_LOAN);
            classes.extend(
                self.mentions
                    .iter()
                    .filter(|mention| mention.sentence == index)
                    .filter_map(|mention| mention.event.map(|event| event.words)),
            );
            self.check_sentence(index, &classes, false, true, true)?;
        }
        Ok(())
    }

    /// The classes of the words that gave the amounts of a sentence their roles.
    fn roles_in(&self, index: usize) -> Vec<u16> {
        let here = |mention: &&Mention| mention.sentence == index;
        let roles: Vec<Role> = self
            .mentions
            .iter()
            .filter(here)
            .filter_map(|mention| mention.role)
            .collect();
        let rules = RULES.iter().filter(|rule| roles.contains(&rule.role));
        rules.map(|rule| rule.words).collect()
    }

    fn check_sentence(
        &mut self,
        index: usize,
        classes: &[u16],
        begins_with_name: bool,
        follows: bool,
        loan: bool,
    ) -> Result<(), Outcome> {
        let mut marks = vec![class::GREETING_WORD];
        let spoken = PARTY_MARKS
            .iter()
            .enumerate()
            .filter(|(language, _)| self.speaks(*language));
        marks.extend(spoken.filter_map(|(_, class)| *class));
        // "SAFEBODA. has deducted": the full stop is part of a name.
        let next = self.sentences.get(index + 1).and_then(|next| next.tokens.first());
        let is_subject = next.is_some_and(|next| {
            in_class(class::BE, next.word) && self.skeleton.slice(next).starts_with(char::is_lowercase)
        });
        let vocabulary = Vocabulary {
            classes,
            institution: self.row.names(),
            country: self.row.country(),
            cased: is_cased(&self.skeleton.text),
            marks: &marks,
            follows,
            event: begins_with_name,
            begins_with_name: begins_with_name || is_subject,
            bought: begins_with_name
                && self.mentions.iter().any(|mention| {
                    mention.sentence == index && mention.event.is_some_and(|event| event.flags & flag::CARD != 0)
                }),
            address: match index {
                0 if loan => Address::Named,
                0 => Address::Shouted,
                _ => Address::None,
            },
        };
        let found = unaccounted(self.skeleton, &self.sentences[index], &mut self.matcher, &vocabulary);
        match found {
            Some(words) => stop_at("not understood", words),
            None => Ok(()),
        }
    }
}

/// The facts, beside its text, that decide whether a tail is accounted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct TailKind {
    /// The institution's id.
    institution: &'static str,
    /// The message is written in capitals and small letters.
    cased: bool,
    /// The tail may go on with a name that the meaningful part has begun.
    continues: bool,
    /// The template is of a loan.
    loan: bool,
}

/// How many verdicts on tails a thread keeps.
const TAILS: usize = 64;

/// A tail with the verdict on it.
struct Judged {
    kind: TailKind,
    tail: String,
    beside: bool,
}

thread_local! {
    /// The last verdicts, by the hash of the tail. An operator puts one advertisement behind every message for weeks,
    /// so most tails were judged before.
    static JUDGED: RefCell<[Option<Judged>; TAILS]> = const { RefCell::new([const { None }; TAILS]) };
}

/// Whether the sentences behind the meaningful part of a template, or behind its narration, contain only words that are
/// accounted for. `tail` is a part of `text`. `loan`: the template is of a loan.
pub(crate) fn is_beside(tail: &str, text: &str, institution: &'static Institution, loan: bool) -> bool {
    let before = &text[..tail.as_ptr() as usize - text.as_ptr() as usize];
    let kind = TailKind {
        institution: institution.id,
        cased: is_cased(text),
        continues: !before.trim_end().ends_with(['.', '!', '?', ';']),
        loan,
    };
    let slot = hash(tail) as usize % TAILS;
    JUDGED.with_borrow_mut(|judged| match &judged[slot] {
        Some(known) if known.kind == kind && known.tail == tail => known.beside,
        _ => {
            let beside = holds_nothing_else(tail, kind, institution);
            let tail = tail.to_owned();
            judged[slot] = Some(Judged { kind, tail, beside });
            beside
        }
    })
}

fn holds_nothing_else(tail: &str, kind: TailKind, institution: &Institution) -> bool {
    let skeleton = skeleton(tail, institution.country);
    let row = row_of(institution.id);
    let mut matcher = Matcher::default();
    let (sentences, _) = sentences(&skeleton, &mut matcher);
    let loan = kind.loan.then_some(class::BESIDE_LOAN);
    sentences.iter().enumerate().all(|(index, sentence)| {
        let priced = RULES
            .iter()
            .filter(|rule| sentence.has_money && matches!(rule.role, Role::Fee | Role::Limit));
        let classes: Vec<u16> = priced.map(|rule| rule.words).chain(loan).collect();
        let vocabulary = Vocabulary {
            classes: &classes,
            institution: row.map_or("", Row::names),
            country: institution.country,
            cased: kind.cased,
            marks: &[class::PARTY_MARK, class::GREETING_WORD],
            follows: true,
            event: false,
            begins_with_name: index == 0 && kind.continues,
            bought: false,
            address: Address::None,
        };
        unaccounted(&skeleton, sentence, &mut matcher, &vocabulary).is_none()
    })
}

/// Whether a name contains a word that makes it a sentence.
pub(crate) fn tells(name: &str) -> bool {
    let words = name.split(|c: char| !c.is_alphanumeric() && c != '\'');
    words.filter(|word| word.len() > 1).any(|word| {
        let known = words_of(&word.to_ascii_lowercase());
        known.iter().any(|word| in_class(class::UNNAMED, *word))
    })
}

/// The text from the first word of a sentence that is not accounted for; `None` if every word is.
fn unaccounted(
    skeleton: &Skeleton,
    sentence: &Sentence,
    matcher: &mut Matcher,
    vocabulary: &Vocabulary<'_>,
) -> Option<String> {
    let mut says = |patterns| matcher.find(patterns, &sentence.possible, &sentence.words).is_some();
    let thanks = says(pattern::THANKS);
    if (sentence.harmless && !thanks) || says(pattern::BESIDE) {
        return None;
    }
    let told = |token: &&Token| in_class(class::TELLS, token.word);
    if !thanks && !vocabulary.event && says(pattern::ADVERT) && !(says(pattern::REFERS)) {
        return sentence
            .tokens
            .iter()
            .find(told)
            .map(|token| around(skeleton, &sentence.tokens, token));
    }
    // How many words of a name in small letters may follow, and how many words of a name in all. A name in small
    // letters must directly follow the word that introduces it.
    let (mut small, addressed) = (0, address(skeleton, sentence, vocabulary));
    let mut names = match addressed {
        _ if thanks => MOST_NAME_WORDS,
        0 => first_name_words(skeleton, sentence, vocabulary),
        _ => 0,
    };
    // A sentence of thanks does not begin with a name.
    let (mut leads, mut named_at, mut last_named) = (!thanks, None, None);
    if !vocabulary.follows
        && let Some(first) = says_when(skeleton, &sentence.tokens[addressed..])
    {
        return Some(around(skeleton, &sentence.tokens, first));
    }
    // "(CISNG.SP) has …": the full stop within the brackets looks like the end of a sentence.
    let closes = |token: &Token| skeleton.slice(token) == ")";
    if sentence.tokens.get(1).is_some_and(closes) {
        (names, small) = (1, 1);
    }
    for (at, token) in sentence.tokens.iter().enumerate().skip(addressed) {
        let written = skeleton.slice(token);
        if token.word == MONEY {
            if leads && named_at.is_some() {
                return Some(around(skeleton, &sentence.tokens, &sentence.tokens[0]));
            }
            names = if vocabulary.bought { MOST_NAME_WORDS } else { 0 };
            leads = false;
            continue;
        }
        if usize::from(token.word) < PLACEHOLDERS.len() && token.word != UNKNOWN {
            leads = false;
            continue;
        }
        if !written.contains(char::is_alphanumeric) {
            // "*334#>Withdraw>From Bank": a path in a menu.
            let path = written == ">" && sentence.words.contains(&LINK);
            if written.contains(QUOTES) && !path {
                return Some(around(skeleton, &sentence.tokens, token));
            }
            // "Practice run: KES 500 …" does not begin with a name.
            let salutes = written == "," && at == 1 && is_bare_name(skeleton, &sentence.tokens[0]);
            if leads && named_at.is_some() && matches!(written, ":" | ",") && !salutes {
                return Some(around(skeleton, &sentence.tokens, token));
            }
            if introduces_name(sentence, at, written, vocabulary.event) {
                names = MOST_NAME_WORDS;
            }
            small = small_behind_mark(written, small, names);
            continue;
        }
        let known =
            in_class(class::BESIDE, token.word) || vocabulary.classes.iter().any(|class| in_class(*class, token.word));
        if known || (thanks && in_class(class::THANKS_WORD, token.word)) {
            if word_introduces_name(token.word, vocabulary.event) {
                names = MOST_NAME_WORDS;
            } else if leads {
                names = 0;
            }
            leads = false;
            let marks = vocabulary.marks.iter().any(|class| in_class(*class, token.word));
            let next = sentence.tokens.get(at + 1).map(|next| skeleton.slice(next));
            small = if marks { small_behind_word(next) } else { 0 };
            continue;
        }
        if vocabulary.names_institution(skeleton, &sentence.tokens[..=at]) {
            continue;
        }
        // A script without capitals does not mark names. They count as names in small letters.
        let named = !is_caseless(written) && (is_name(written) || !vocabulary.cased);
        // "… from MUSA and it was refused": a name does not go on with "and", which is a part of the Arabic word.
        if is_caseless(written) && named_at.is_some_and(|first| first < at) && written.starts_with(AND) {
            return Some(around(skeleton, &sentence.tokens[at..], token));
        }
        let unknown = WORD_TEXTS.get(usize::from(token.word)).ends_with('*') || token.word == UNKNOWN;
        // "to Sara ngala on 0971430077": the number shows that the name goes on.
        let goes_on = |at: usize| at > 0 && last_named == Some(at - 1) && ends_in_number(skeleton, sentence, at);
        if !named && small == 0 && unknown && goes_on(at) {
            small = MOST_SMALL_NAME_WORDS;
        }
        let tells = if small > 0 && !named {
            class::TELLS
        } else {
            class::UNNAMED
        };
        if names == 0 || in_class(tells, token.word) || !(named || (small > 0 && unknown)) {
            return Some(around(skeleton, &sentence.tokens[at..], token));
        }
        names -= 1;
        if named {
            last_named = Some(at);
        }
        named_at = named_at.or(Some(at));
        small = if named { 0 } else { small - 1 };
    }
    None
}

/// How many words of a name in small letters may stand behind a mark.
fn small_behind_mark(mark: &str, small: u8, names: u8) -> u8 {
    match mark {
        "(" => MOST_SMALL_NAME_WORDS,
        "/" | "'" => 1,
        "-" | "&" => small,
        // "PAYPAL *dropbox", and names that are masked.
        "*" => small.max(u8::from(names > 0)),
        _ => 0,
    }
}

/// How many words of a name in small letters may stand behind a word that introduces it.
fn small_behind_word(next: Option<&str>) -> u8 {
    match next {
        Some(next) if is_caseless(next) => MOST_CASELESS_NAME_WORDS,
        _ => MOST_SMALL_NAME_WORDS,
    }
}

/// Whether a name may follow the word.
fn word_introduces_name(word: u16, event: bool) -> bool {
    in_class(class::PARTY_MARK, word)
        || in_class(class::INTRODUCES, word)
        || (event && in_class(class::INTRODUCES_PARTY, word))
}

/// Whether a word is a part of the institution's own names.
fn is_of_institution(written: &str, names: &str) -> bool {
    let own = sender_key(written);
    names.split(' ').any(|name| name == own) || (own.len() > 2 && names.contains(&own))
}

/// Whether a telephone number follows a few words in small letters from `at` on that no rule knows.
fn ends_in_number(skeleton: &Skeleton, sentence: &Sentence, at: usize) -> bool {
    let rest = &sentence.tokens[at..];
    let small = rest.iter().take(usize::from(MOST_SMALL_NAME_WORDS) + 1);
    let small =
        small.take_while(|token| token.word == UNKNOWN && skeleton.slice(token).chars().all(char::is_lowercase));
    let mut after = rest[small.count()..].iter();
    let next = after.next();
    let joins = next.is_some_and(|token| {
        let written = skeleton.slice(token);
        let joins = in_class(class::BEFORE_PHONE, token.word) && written.chars().all(char::is_lowercase);
        joins || matches!(written, "(" | "-" | ",")
    });
    let number = if joins { after.next() } else { next };
    number.is_some_and(|token| token.word == LONG)
}

/// Whether a name may follow this punctuation.
fn introduces_name(sentence: &Sentence, at: usize, written: &str, event: bool) -> bool {
    let before = at.checked_sub(1).map(|before| &sentence.tokens[before]);
    let is_before = |word: fn(u16) -> bool| before.is_some_and(|token| word(token.word));
    match written {
        ":" | "(" | "[" | "@" => !is_before(|word| in_class(class::JUDGES, word)),
        // "You have received Ksh500, JANE DOE, 254711000000."
        "," => event && is_before(|word| word == MONEY),
        // "… from Airtel Money; 255711000000 - JANE DOE"
        "-" => at == 1 && is_before(|word| word == LONG),
        _ => false,
    }
}

/// The word at the beginning of a sentence that limits the time of its statement: "From January". The word does not
/// count before a date or a colon.
fn says_when<'s>(skeleton: &Skeleton, tokens: &'s [Token]) -> Option<&'s Token> {
    let first = tokens.first().filter(|first| in_class(class::LEADS, first.word))?;
    let next = tokens.get(1);
    let plain = next.is_some_and(|next| next.word == DATE || skeleton.slice(next) == ":");
    (!plain).then_some(first)
}

/// How many tokens address the reader by a bare name: "JANE DOE, KES 500.00 has been …". A word for the reader, or for
/// the institution, shows the language: in others, one word can be a condition ("Ukithibitisha, …").
fn address(skeleton: &Skeleton, sentence: &Sentence, vocabulary: &Vocabulary<'_>) -> usize {
    let tokens = &sentence.tokens;
    let is_comma = |token: &Token| skeleton.slice(token) == ",";
    let comma = tokens.iter().take(MOST_ADDRESS_WORDS + 1).position(is_comma);
    let Some(comma) = comma.filter(|comma| *comma > 0) else {
        return 0;
    };
    let is_named = tokens[..comma].iter().all(|token| is_bare_name(skeleton, token));
    let (next, rest) = (tokens.get(comma + 1), &tokens[comma + 1..]);
    let goes_on = next.is_some_and(|next| !is_unknown(next.word));
    let shows = rest.iter().any(|token| in_class(class::ADDRESSEE, token.word));
    let is_marked = match vocabulary.address {
        Address::None => false,
        Address::Shouted => comma > 1 || (vocabulary.cased && is_shouted(skeleton.slice(&tokens[0]))),
        Address::Named => true,
    };
    if is_marked && is_named && goes_on && shows {
        comma + 1
    } else {
        0
    }
}

/// Whether a word before a comma may be the name of the reader. No rule knows it, and it is not an adverb:
/// "Supposedly, your account …".
fn is_bare_name(skeleton: &Skeleton, token: &Token) -> bool {
    let written = skeleton.slice(token);
    let lower = written.to_lowercase();
    is_unknown(token.word)
        && is_name(written)
        && !is_caseless(written)
        && written.chars().all(char::is_alphabetic)
        && !WORDS.adverb_endings.iter().any(|ending| lower.ends_with(ending))
}

/// How many words of a name may begin the sentence.
fn first_name_words(skeleton: &Skeleton, sentence: &Sentence, vocabulary: &Vocabulary<'_>) -> u8 {
    let mut written = sentence.tokens.iter().map(|token| skeleton.slice(token));
    let first = written.next().unwrap_or_default();
    let shouted = vocabulary.cased && is_shouted(first);
    let named = shouted || !vocabulary.cased || written.next().is_some_and(is_name);
    let mut begin = sentence.tokens.iter().take(usize::from(MOST_FIRST_NAME_WORDS));
    let judges = begin.any(|token| in_class(class::UNADDRESSED, token.word));
    if vocabulary.begins_with_name && named && !judges {
        MOST_FIRST_NAME_WORDS
    } else {
        0
    }
}

/// Whether a word is in capitals.
fn is_shouted(word: &str) -> bool {
    word.chars().any(char::is_uppercase) && !word.chars().any(char::is_lowercase)
}

/// Whether a text is written in capitals and small letters.
fn is_cased(text: &str) -> bool {
    text.contains(char::is_uppercase) && text.contains(char::is_lowercase)
}

/// Whether a word may be a part of a name by its writing: it begins with a capital, a digit, or a letter of a script
/// without capitals.
fn is_name(written: &str) -> bool {
    written
        .chars()
        .next()
        .is_some_and(|first| first.is_alphanumeric() && !first.is_lowercase())
}

/// Whether the word is of a script without capitals, such as Arabic or Amharic.
fn is_caseless(written: &str) -> bool {
    let first = written.chars().find(|letter| letter.is_alphabetic());
    first.is_some_and(|letter| !letter.is_lowercase() && !letter.is_uppercase())
}

/// The text from a word to the end of `tokens`, for `explain`.
fn around(skeleton: &Skeleton, tokens: &[Token], token: &Token) -> String {
    let last = tokens.last().unwrap_or(token);
    skeleton.text[token.start as usize..last.end as usize].to_owned()
}
