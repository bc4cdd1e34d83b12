//! The clause reader: the third layer, after the templates of an institution and of its families.
//!
//! It reads by roles: it gives every amount of a message one role. The message must tell exactly one event, the event
//! must be the reader's, and no remaining word may reverse it. The balances must agree with the event. Otherwise the
//! message is unrecognized. `docs/READER.md` analyses one message.
//!
//! The grammar is data, one file a language under `languages/`; all languages are compiled into one set of tables.

mod accounted;
mod context;
mod draft;
mod ending;
mod guards;
mod labels;
mod loans;
mod matching;
pub(crate) mod money;
mod movement;
mod scan;
mod sentences;
mod skeleton;
pub(crate) mod tables;
mod tie;

use std::cell::OnceCell;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use daftari_domain::{Country, Money};
use daftari_sms_notation::clause::{DATE, REFERENCE};

use crate::records::Draft;
use crate::text::sender_key;
use crate::words::WORDS;
pub(crate) use accounted::{is_beside, tells};
use context::Context;
use matching::Matcher;
use sentences::{Narration, Sentence};
use skeleton::Skeleton;
pub(crate) use skeleton::skeleton;
use tables::{EVENTS, Event, Kind, ROWS, Row, SENDERS, Strength, pattern, rows_of_sender};

/// The outcome of the clauses for a message.
#[derive(Debug)]
pub(crate) enum Outcome {
    Records(Box<Read>),
    /// Known to tell of no event; the text is the reason.
    Nothing(&'static str),
    /// Not read.
    Stopped(Stop),
}

/// Why a reading stopped.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(as = StoppedBy)]
pub struct Stop {
    /// The reason, in words that do not depend on the message: they contain none of its text.
    pub reason: &'static str,
    /// The part of the text that stopped it, or the names of the rules; empty if the message as a whole stopped it.
    pub segment: String,
}

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.segment.as_str() {
            "" => f.write_str(self.reason),
            segment => write!(f, "{}: {segment}", self.reason),
        }
    }
}

impl Stop {
    pub(crate) fn at(reason: &'static str, segment: impl Into<String>) -> Self {
        Self {
            reason,
            segment: segment.into(),
        }
    }
}

impl From<&'static str> for Stop {
    fn from(reason: &'static str) -> Self {
        Self::at(reason, "")
    }
}

/// A reading by clauses.
#[derive(Debug)]
pub(crate) struct Read {
    /// The institution whose message it is.
    pub(crate) institution: &'static str,
    /// The rule of the event.
    pub(crate) rule: &'static str,
    pub(crate) drafts: Vec<Draft>,
    /// The stated fees and taxes together.
    pub(crate) fee: Option<Money>,
    /// The fee, if it is a single figure or a figure with its parts. With several fees, no single one may be the total.
    pub(crate) sole_fee: Option<Money>,
    /// The operator's code.
    pub(crate) reference: Option<String>,
    /// The name of the other side.
    pub(crate) party: Option<String>,
    /// The code at the beginning of a receipt; a code elsewhere may belong to something else.
    pub(crate) receipt: Option<String>,
}

/// The parts of a message, for people.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    pub(crate) skeleton: String,
    /// Each amount with its role and the rule that gave it.
    pub(crate) roles: Vec<String>,
    pub(crate) notes: Vec<String>,
}

/// The institutions of the country that use the sender. If the sender is missing or unusable, the body may begin with
/// the institution's name and a colon.
pub(crate) fn institutions_of(sender: &str, body: &str, country: &str) -> Vec<&'static Row> {
    let named = |name: &str| -> Vec<&'static Row> {
        let key = sender_key(name);
        let found = SENDERS.find(&format!("{country}{key}"));
        found.map_or_else(Vec::new, |at| rows_of_sender(at).collect())
    };
    let mut rows = named(sender);
    if rows.is_empty() {
        // "AIRTEL KE": the country behind the name.
        let key = sender_key(sender);
        if let Some(name) = key
            .strip_suffix(&country.to_ascii_lowercase())
            .filter(|name| name.len() > 1)
        {
            rows = named(name);
        }
    }
    if rows.is_empty() && !crate::candidates::is_phone_number(sender) {
        let head = body
            .trim_start()
            .split(':')
            .next()
            .filter(|head| head.len() < body.len() && (3..=24).contains(&head.len()));
        if let Some(head) = head {
            rows = named(head);
        }
    }
    rows
}

/// The parts of a text.
#[derive(Debug)]
struct Parts {
    skeleton: Skeleton,
    sentences: Vec<Sentence>,
    narrations: Vec<Narration>,
    /// The steps of patterns that it took to find them.
    steps: u64,
}

/// A text for the clauses, which is taken apart when it is first needed, and once.
#[derive(Debug)]
pub(crate) struct Parted<'m> {
    body: &'m str,
    /// The code of the country; empty if it is not known.
    country: String,
    parts: OnceCell<Parts>,
}

impl<'m> Parted<'m> {
    pub(crate) fn new(body: &'m str, country: Option<Country>) -> Self {
        Self {
            body,
            country: country.map(|country| country.to_string()).unwrap_or_default(),
            parts: OnceCell::new(),
        }
    }

    /// The code of the country; empty if it is not known.
    pub(crate) fn country(&self) -> &str {
        &self.country
    }

    fn parts(&self) -> &Parts {
        self.parts.get_or_init(|| {
            let skeleton = skeleton(self.body, &self.country);
            let mut matcher = Matcher::default();
            let (sentences, narrations) = sentences::sentences(&skeleton, &mut matcher);
            Parts {
                skeleton,
                sentences,
                narrations,
                steps: matcher.steps,
            }
        })
    }
}

/// Reads a message by its clauses. They stop if the country is not known.
pub(crate) fn read(sender: &str, text: &Parted<'_>, taken: Option<&mut Taken>) -> Outcome {
    read_counting(sender, text, taken).0
}

/// Like [`read`], and how many steps of patterns it took.
fn read_counting(sender: &str, text: &Parted<'_>, taken: Option<&mut Taken>) -> (Outcome, u64) {
    let Some(known) = money::country(&text.country) else {
        return (Outcome::Stopped("no institution of the country is known".into()), 0);
    };
    let rows = institutions_of(sender, text.body, &text.country);
    let row = match rows.as_slice() {
        [row] => *row,
        [] => {
            return (
                Outcome::Stopped("the sender is not an institution of the country".into()),
                0,
            );
        }
        _ => {
            return (
                Outcome::Stopped("several institutions of the country use the sender".into()),
                0,
            );
        }
    };
    let parts = text.parts();
    if parts.skeleton.impossible_date {
        return (Outcome::Stopped("an impossible date".into()), parts.steps);
    }
    let matcher = Matcher { steps: parts.steps };
    let mut context = Context::new(
        &parts.skeleton,
        &parts.sentences,
        &parts.narrations,
        matcher,
        known,
        row,
    );
    let outcome = decide(&mut context);
    if let Some(taken) = taken {
        *taken = take_apart(&context, &parts.skeleton);
    }
    (outcome, context.matcher.steps)
}

/// The stems of words for a movement that did not happen.
static REFUSED: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(WORDS.refused)
        .expect("the words are few and short")
});

fn decide(context: &mut Context<'_>) -> Outcome {
    if context.mentions.is_empty() && !context.says(pattern::MONEY_WORDS) {
        return Outcome::Stopped("no amount".into());
    }
    if let Some(found) = REFUSED.find(&context.skeleton.text) {
        return Outcome::Stopped(Stop::at("refused", WORDS.refused[found.pattern().as_usize()]));
    }
    if context.is_two_messages() {
        return Outcome::Stopped("two messages in one".into());
    }
    if context.narration_tells() {
        return Outcome::Stopped("a narration that states the result of the movement".into());
    }
    match context.loan() {
        Some(outcome) => outcome,
        None => context.movement(),
    }
}

fn take_apart(context: &Context<'_>, skeleton: &Skeleton) -> Taken {
    let mut words = Vec::new();
    for sentence in context.sentences {
        let mut line: Vec<&str> = Vec::new();
        for (word, token) in sentence.words[1..].iter().zip(&sentence.tokens) {
            let text = tables::WORD_TEXTS.get(usize::from(*word));
            line.push(if text.is_empty() { skeleton.slice(token) } else { text });
        }
        let mark = if sentence.harmless {
            " (harmless)"
        } else if sentence.opener {
            " (opener)"
        } else {
            ""
        };
        words.push(format!("{}{mark}", line.join(" ")));
    }
    let roles = context.mentions.iter().map(|mention| {
        let token = &context.sentences[mention.sentence].tokens[mention.at - 1];
        let role = mention.role.map_or("no role", tables::Role::name);
        let rule = mention.event.map_or(String::new(), |event| {
            format!(" by {} ({:?})", event.name, event.strength)
        });
        let bad = if context.amount(mention).bad {
            ", not a number"
        } else {
            ""
        };
        format!("{}: {role}{rule}{bad}", skeleton.slice(token))
    });
    Taken {
        skeleton: words.join(" | "),
        roles: roles.collect(),
        notes: context.notes.clone(),
    }
}

/// Whether the text contains an impossible date such as 31/25/2026. Then something else must be wrong with it too.
pub(crate) fn has_impossible_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    (0..bytes.len()).any(|at| {
        let begins = scan::digit(bytes, at)
            && (at == 0
                || !(scan::wordly(bytes, at - 1) || matches!(bytes[at - 1], b'/' | b'-' | b'.' | b',' | b'*' | b'#')));
        begins
            && scan::date(bytes, at).is_some_and(|(end, possible)| {
                !possible && !scan::wordly(bytes, end) && !matches!(bytes.get(end), Some(b'/' | b'-' | b'*' | b'#'))
            })
    })
}

/// Whether a bank's text contains an M-PESA receipt whose letters fit a date in the text: such a text is about that
/// operator's money. The first letter of such a code is the year (S is 2024), the second the month (A to L), the third
/// the day (1 to 9, A to V).
pub(crate) fn carries_foreign_receipt(skeleton: &Skeleton) -> bool {
    let dates: Vec<(u32, u32, u32)> = skeleton
        .tokens
        .iter()
        .filter(|token| token.word == DATE)
        .filter_map(|token| scan::day_month_year(skeleton.slice(token).as_bytes()))
        .collect();
    let codes = skeleton
        .tokens
        .iter()
        .filter(|token| token.word == REFERENCE)
        .map(|token| skeleton.slice(token).as_bytes());
    codes.filter(|code| code.len() == 10).any(|code| {
        let coded = (
            u32::from(code[0]).wrapping_sub(u32::from(b'S')).wrapping_add(2024),
            u32::from(code[1]).wrapping_sub(u32::from(b'A')).wrapping_add(1),
            match code[2] {
                day @ b'1'..=b'9' => u32::from(day - b'0'),
                day @ b'A'..=b'V' => u32::from(day - b'A') + 10,
                _ => 0,
            },
        );
        dates.iter().any(|(day, month, year)| {
            *year == coded.0 && ((*month, *day) == (coded.1, coded.2) || (*day, *month) == (coded.1, coded.2))
        })
    })
}

/// Whether a currency stands beside a digit: a name contains no amount.
pub(crate) fn states_money(name: &str) -> bool {
    let bytes = name.as_bytes();
    let is_near = |at: usize| {
        scan::digit(bytes, at) || (matches!(bytes.get(at), Some(b' ' | b'.')) && scan::digit(bytes, at + 1))
    };
    (0..bytes.len()).any(|at| {
        let begins = scan::letter(bytes, at) && (at == 0 || !scan::wordly(bytes, at - 1));
        begins && money::spelling(bytes, at, None).is_some_and(|(len, _)| len >= 3 && is_near(at + len))
    })
}

/// Whether the event rule of the name is weak.
pub(crate) fn is_weak(name: &str) -> bool {
    let weak = |event: &&Event| event.strength == Strength::Weak;
    name.starts_with("clauses/") && EVENTS.iter().filter(weak).any(|event| event.name == name)
}

/// Whether the id is a bank's in the directory.
pub(crate) fn is_bank(id: &str) -> bool {
    ROWS.binary_search_by_key(&id, |row| row.id)
        .is_ok_and(|at| ROWS[at].kind == Kind::Bank)
}

/// A token of a sentence as a shape shows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Masked {
    pub(crate) word: u16,
    /// The grammar's form of the word; empty if the grammar does not know it. Never a part of the message.
    pub(crate) text: &'static str,
    /// It is written with a capital.
    pub(crate) capital: bool,
    /// An amount that is not a valid number.
    pub(crate) bad: bool,
}

/// The sentences of a message by the words of the grammars, without the free texts in it.
pub(crate) fn masked_sentences(body: &str, country: Option<Country>) -> Vec<Vec<Masked>> {
    let text = Parted::new(body, country);
    let Parts {
        skeleton, sentences, ..
    } = text.parts();
    let masked = |(word, token): (&u16, &skeleton::Token)| Masked {
        word: *word,
        text: tables::WORD_TEXTS.get(usize::from(*word)),
        capital: skeleton.slice(token).starts_with(char::is_uppercase),
        bad: skeleton
            .amounts
            .get(usize::from(token.amount))
            .is_some_and(|amount| amount.bad),
    };
    let sentences = sentences.iter();
    sentences
        .map(|sentence| sentence.words[1..].iter().zip(&sentence.tokens).map(masked).collect())
        .collect()
}

/// The result of a first look at a text that was not read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sight {
    pub(crate) states_an_amount: bool,
    /// Its amounts are in advertisements.
    pub(crate) advertises: bool,
    /// It mentions a loan or a lack of funds without an amount.
    pub(crate) tells_of_loan: bool,
}

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

#[cfg(test)]
mod tests {
    use super::*;

    /// Work is counted, not timed: every pattern looks at a bounded number of words, so that twice the text is twice the work.
    #[test]
    fn steps_grow_with_the_text_and_no_faster() {
        let country: Country = "KE".parse().expect("country");
        let pieces = [
            "a ",
            "1,",
            "9",
            "Ksh1.00 ",
            "sent to JOHN ",
            "You have received Ksh1.00 from ",
            "your account ",
            "has been ",
            ". ",
            "New M-PESA balance is ",
            "Desc: x ",
            "*334# ",
            "if you did not ",
        ];
        for piece in pieces {
            let steps = |len: usize| {
                let body: String = piece.repeat(len / piece.len() + 1).chars().take(len).collect();
                let body = format!("UAB4K7QM2D Confirmed. Your account 12****345 has been debited with Ksh1.00 {body}");
                read_counting("MPESA", &Parted::new(&body, Some(country)), None).1
            };
            let (short, long) = (steps(1_000), steps(4_000));
            assert!(
                long <= 6 * short + 10_000,
                "{piece:?}: {short} steps for 1,000 characters, {long} for 4,000"
            );
            assert!(long < 2_000_000, "{piece:?}: {long}");
        }
    }

    #[test]
    fn every_digit_beside_a_currency_is_in_one_amount() {
        for (body, country) in [
            ("Confirmed.Ksh500.00paid to SHOP on 1/1/26 at 1:00 PMKsh20.00", "KE"),
            ("Recu 5 000FCFA de JEAN.Frais:50F Solde:4607F", "CM"),
            ("NGN5,000.00DR/NGN20.00CR REF:NGN5", "NG"),
        ] {
            let skeleton = skeleton(body, country);
            let inside = |at: usize| {
                skeleton.tokens.iter().any(|token| {
                    token.word == daftari_sms_notation::clause::MONEY
                        && (token.start as usize..token.end as usize).contains(&at)
                })
            };
            for (at, _) in body.match_indices(|c: char| c.is_ascii_digit()) {
                let before = body[..at].trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, ',' | '.'));
                let beside = ["Ksh", "NGN"].iter().any(|currency| before.ends_with(currency));
                assert!(!beside || inside(at), "{body:?} at {at}: {:?}", skeleton.tokens);
            }
        }
    }
}
