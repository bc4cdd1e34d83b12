//! Explains how a message is read.
//!
//! One type for the operator's tool and for the dry run of the API, with one serialization.

use std::cell::RefCell;

use daftari_domain::shown_record::{ShownRecord, shown};
use daftari_domain::vocabulary::NotFinancialCode;
use daftari_domain::{Counterparty, CounterpartyToken, Country, Details, Record};
use daftari_sms_notation::machine::{Machine, Subject};
use daftari_sms_notation::template::Pattern;
use serde::Serialize;

use crate::clauses::{self, Parted, Stop, Taken};
use crate::matched::Match;
use crate::matcher::pattern;
use crate::message::{Message, Reading, Source};
use crate::read::{Found, by_templates, find, is_somebody_elses, without_templates};
use crate::sender_hint::{SenderHint, sender_hint};
use crate::tables::{INSTITUTIONS, Institution};
use crate::text::{is_too_long, plain};
use crate::{candidates, classify};

/// How a message is read, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Explanation {
    /// The outcome for the message.
    pub outcome: Outcome,
    /// The records that it becomes; empty unless it is read.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = Vec<ShownRecord>)]
    pub records: Vec<Record>,
    /// The details that its records keep: `fee`, `reference`, `due_date`, and the `kind` and the `name` of the other
    /// side. The name is the part of the text that the ledger keeps a pseudonym of.
    pub details: Vec<Field>,
    /// The rule that read it, or that knows that there is nothing to record; null if there is no such rule.
    pub source: Option<Source>,
    /// Why an unrecognized message was not read; null for other messages.
    pub stopped: Option<Stop>,
    /// Why a message has nothing to record, if it is not financial; null for other messages.
    pub not_financial: Option<NotFinancial>,
    /// The institutions with templates that the sender may be, in the order they are tried.
    pub candidates: Vec<&'static str>,
    /// The template that matches the whole message; null if none does, or if several match and contradict each other.
    pub template: Option<Source>,
    /// The values of its fields.
    pub fields: Vec<Field>,
    /// Every template that matches. If they contradict each other, they are not used.
    pub matching: Vec<Source>,
    /// The template that matched furthest, if the message is not read and no template matches. A dry run looks for it
    /// only for the first 50 such messages of a batch.
    pub nearest: Option<Attempt>,
    /// The known senders that the sender resembles, if the message is unrecognized and no institution of the user's
    /// country uses the sender; else null. A dry run looks for them where it looks for `nearest`.
    pub sender_hint: Option<SenderHint>,
    /// How the clauses analyse the message; they decide if no template matches. Null if the country is not known.
    pub clauses: Option<Clauses>,
}

daftari_domain::described! { "MessageOutcome";
    /// The outcomes of reading a message.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Outcome {
        /// It becomes records.
        Read,
        /// There is nothing to record in it.
        NotFinancial,
        /// It looks like money, but not all of it is accounted for.
        Unrecognized,
    }
}

impl Outcome {
    /// The outcome of a reading.
    pub const fn of(reading: &Reading) -> Self {
        match reading {
            Reading::Records(_) => Self::Read,
            Reading::NotFinancial(_) => Self::NotFinancial,
            Reading::Unrecognized => Self::Unrecognized,
        }
    }

    /// The name of the outcome in the serialization.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::NotFinancial => "not_financial",
            Self::Unrecognized => "unrecognized",
        }
    }
}

/// Why a message has nothing to record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct NotFinancial {
    /// The reason.
    pub code: NotFinancialCode,
    /// The reason in a sentence.
    pub text: String,
}

impl From<NotFinancialCode> for NotFinancial {
    fn from(code: NotFinancialCode) -> Self {
        let text = code.meaning();
        Self { code, text }
    }
}

/// A part of a message that has a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = MessageField)]
pub struct Field {
    /// The name.
    pub name: &'static str,
    /// The part.
    pub text: String,
}

/// How the clauses took a message apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Clauses {
    /// The institution of the sender in the user's country. Null if there is none, or if there are several.
    pub institution: Option<&'static str>,
    /// The canonical words and placeholders, sentence by sentence.
    pub skeleton: String,
    /// Each amount with its role, and the rule that gave it an event.
    pub roles: Vec<String>,
    /// Further findings of the reader.
    pub notes: Vec<String>,
    /// Why the clauses stopped; null if they did not stop.
    pub stopped: Option<Stop>,
    /// The parts of the text that were passed over, each under the reason: `harmless`, `advertisement or help`,
    /// `free text`, or `residue`, a sentence without an amount that states no event of its own.
    pub passed: Vec<Field>,
}

/// How far a template matched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = NearestTemplate)]
pub struct Attempt {
    /// The institution of the template.
    pub institution: &'static str,
    /// Its name in the data file.
    pub template: &'static str,
    /// The part of the message it reads, up to the end of a word.
    pub read: String,
    /// The part of its pattern that comes next, up to the piece that does not fit. Empty if the whole pattern fits, but
    /// the message goes on, or a value in it is not credible, such as a balance at which the message breaks off.
    pub expected: &'static str,
    /// The rest of the message.
    pub found: String,
}

impl Explanation {
    /// The reading that is explained.
    pub fn reading(&self) -> Reading {
        match (self.outcome, &self.not_financial) {
            (Outcome::Read, _) => Reading::Records(self.records.clone()),
            (_, Some(reason)) => Reading::NotFinancial(reason.code),
            (_, None) => Reading::Unrecognized,
        }
    }

    /// Withdraws the records, because one of them breaks a rule of the ledger: the message was misread.
    pub fn refuse_records(&mut self, reason: &'static str) {
        self.outcome = Outcome::Unrecognized;
        self.records.clear();
        self.details.clear();
        self.stopped = Some(reason.into());
    }
}

/// Explains how a message of a user in `country` is read. This is slow for an unread message, because it tries many
/// templates to find the nearest one. It is meant for people, not for reading messages in bulk.
pub fn explain(message: &Message<'_>, country: Option<Country>) -> Explanation {
    let mut explanation = explain_briefly(message, country);
    let is_near = explanation.matching.is_empty() && explanation.outcome != Outcome::Read;
    let text = plain(message.body);
    if is_near && !is_too_long(&text) && !clauses::has_impossible_date(&text) {
        explanation.nearest = nearest(&candidates::of_sender(message.sender, country), &text);
    }
    if explanation.outcome == Outcome::Unrecognized {
        explanation.sender_hint = sender_hint(message.sender, message.body, country);
    }
    explanation
}

/// Like [`explain`], without the nearest template and the hint about the sender. It takes a few times as long as
/// reading.
pub fn explain_briefly(message: &Message<'_>, country: Option<Country>) -> Explanation {
    let mut explanation = Explanation {
        outcome: Outcome::Unrecognized,
        records: Vec::new(),
        details: Vec::new(),
        source: None,
        stopped: None,
        not_financial: None,
        candidates: candidates::of_sender(message.sender, country)
            .iter()
            .map(|index| INSTITUTIONS[*index].id)
            .collect(),
        template: None,
        fields: Vec::new(),
        matching: Vec::new(),
        nearest: None,
        sender_hint: None,
        clauses: None,
    };
    let text = plain(message.body);
    let mut stopped: Option<Stop> = None;
    // An explanation shows the name in the place of its pseudonym.
    let name = RefCell::new(None);
    let token_of = |known: &str| {
        name.replace(Some(known.to_owned()));
        CounterpartyToken([0; 8])
    };
    let (reading, source) = if is_too_long(&text) {
        stopped = Some("a text that is too long".into());
        (Reading::Unrecognized, None)
    } else if clauses::has_impossible_date(&text) {
        let parted = Parted::new(message.body, country);
        stopped = Some(clauses::IMPOSSIBLE_DATE.into());
        explanation.clauses = country.map(|country| take_apart(message, &parted, country, stopped.as_ref()).0);
        (classify::unread(&text, &parted), None)
    } else {
        let matching = &mut explanation.matching;
        let found = find(&text, message.sender, country, |institution, template| {
            matching.push(Source {
                institution: institution.id,
                template: template.name.get(),
            });
        });
        match &found {
            Found::One(institution, matched, drafts, _) => {
                explanation.template = Some(Source {
                    institution: institution.id,
                    template: matched.template.name.get(),
                });
                explanation.fields = fields(institution, matched);
                if is_somebody_elses(institution, drafts, message.body) {
                    stopped = Some("another operator's receipt".into());
                }
            }
            Found::Several => stopped = Some("templates that say different things".into()),
            Found::None => {}
        }
        let parted = Parted::new(message.body, country);
        let outcome = country.map(|country| {
            let (told, outcome) = take_apart(message, &parted, country, None);
            explanation.clauses = Some(told);
            outcome
        });
        by_templates(message, found, country, Some(&token_of))
            .unwrap_or_else(|| without_templates(message, &text, &parted, (country, outcome), Some(&token_of)))
    };
    explanation.outcome = Outcome::of(&reading);
    explanation.source = source;
    match reading {
        Reading::Records(records) => {
            explanation.details = details(&records, name.take());
            explanation.records = records.into_iter().map(without_token).collect();
        }
        Reading::NotFinancial(code) => explanation.not_financial = Some(code.into()),
        Reading::Unrecognized => {}
    }
    if explanation.outcome == Outcome::Unrecognized {
        let by_clauses = || explanation.clauses.as_ref().and_then(|clauses| clauses.stopped.clone());
        let unknown = || "no template, and the user's country is not known".into();
        explanation.stopped = stopped.or_else(by_clauses).or_else(|| Some(unknown()));
    }
    explanation
}

/// The details of a message's records, each once. `name` is the name of the other side.
fn details(records: &[Record], name: Option<String>) -> Vec<Field> {
    let first = |of: fn(&Details) -> Option<String>| records.iter().find_map(|record| of(&record.details));
    let found = [
        ("fee", first(|details| details.fee.map(|fee| fee.decimal().to_string()))),
        (
            "reference",
            first(|details| details.reference.as_ref().map(ToString::to_string)),
        ),
        (
            "kind",
            first(|details| details.counterparty.map(|party| party.kind.to_string())),
        ),
        (
            "name",
            first(|details| details.counterparty?.token.map(|_| String::new())).and(name),
        ),
        (
            "due_date",
            first(|details| details.due_date.map(|date| date.to_string())),
        ),
    ];
    let known = found
        .into_iter()
        .filter_map(|(name, text)| text.map(|text| Field { name, text }));
    known.collect()
}

/// A record without its pseudonym: pseudonyms belong to a user, and an explanation is of no user.
fn without_token(mut record: Record) -> Record {
    let mut details = (*record.details).clone();
    let kind = details.counterparty.map(|party| Counterparty { token: None, ..party });
    details.counterparty = kind.filter(Counterparty::is_known);
    record.details = details.into();
    record
}

/// The analysis of the clauses, and their outcome. `stopped` is the reason if they are not used.
fn take_apart(
    message: &Message<'_>,
    parted: &Parted<'_>,
    country: Country,
    stopped: Option<&Stop>,
) -> (Clauses, clauses::Outcome) {
    let mut taken = Taken::default();
    let outcome = clauses::read(message.sender, parted, Some(&mut taken));
    let outcome = stopped.cloned().map_or(outcome, clauses::Outcome::Stopped);
    let rows = clauses::institutions_of(message.sender, message.body, &country.to_string());
    let mut told = Clauses {
        institution: match rows.as_slice() {
            [row] => Some(row.id()),
            _ => None,
        },
        skeleton: taken.skeleton,
        roles: taken.roles,
        notes: taken.notes,
        passed: taken
            .passed
            .into_iter()
            .map(|(name, text)| Field { name, text })
            .collect(),
        ..Clauses::default()
    };
    match &outcome {
        clauses::Outcome::Records(read) => told.notes.push(format!("read by {}", read.rule)),
        clauses::Outcome::Nothing(why) => told.notes.push(format!("nothing to record: {why}")),
        clauses::Outcome::Stopped(stop) => told.stopped = Some(stop.clone()),
    }
    (told, outcome)
}

fn fields(institution: &Institution, matched: &Match<'_>) -> Vec<Field> {
    let pattern = pattern(institution, matched.template);
    let names = pattern.fields.iter().map(|(name, _)| *name);
    names
        .zip(&matched.values)
        .filter_map(|(name, value)| {
            Some(Field {
                name,
                text: (*value)?.to_owned(),
            })
        })
        .collect()
}

fn nearest(candidates: &[usize], text: &str) -> Option<Attempt> {
    let (mut machine, subject) = (Machine::default(), Subject::new(text));
    let templates = candidates.iter().flat_map(|index| {
        let institution = &INSTITUTIONS[*index];
        institution
            .templates
            .iter()
            .map(move |template| (institution, template))
    });
    let attempts = templates.filter_map(|(institution, template)| {
        let pattern = pattern(institution, template);
        machine.run(&pattern.traced(), &subject);
        let passed = machine.passed().to_vec();
        (!passed.is_empty()).then_some((institution, template, pattern, passed))
    });
    let (institution, template, pattern, passed) = attempts.max_by_key(|(.., passed)| passed.last().copied())?;
    // A piece may end within a word, as "you" in "your". People compare whole words.
    let mut borders = passed
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, end)| is_border(text, **end));
    let (whole, end) = borders.next().map_or((0, 0), |(index, end)| (index + 1, *end));
    Some(Attempt {
        institution: institution.id,
        template: template.name.get(),
        read: text[..end].to_owned(),
        expected: expected(template.pattern.get(), &pattern, whole, passed.len()).trim(),
        found: text[end..].to_owned(),
    })
}

/// The pieces of the notation from `first` on, up to the first piece at or after `stop` that is more than white space.
/// Empty if `first` is behind the last piece.
fn expected(notation: &'static str, pattern: &Pattern<'_>, first: usize, stop: usize) -> &'static str {
    let pieces = &pattern.pieces;
    let is_word = |index: &usize| !pieces[*index].source.trim().is_empty();
    let last = (stop..pieces.len()).find(is_word);
    let count = last.map_or(pieces.len(), |last| last + 1);
    let end = |count: usize| pieces[..count].iter().map(|piece| piece.source.len()).sum();
    notation.get(end(first)..end(count)).unwrap_or_default()
}

/// Whether a place is not within a word: letters or digits do not stand on both sides of it.
fn is_border(text: &str, at: usize) -> bool {
    let Some((before, after)) = text.split_at_checked(at) else {
        return false;
    };
    let last = before.chars().next_back().is_some_and(char::is_alphanumeric);
    let next = after.chars().next().is_some_and(char::is_alphanumeric);
    !(last && next)
}
