//! Why a message reads as it does.

use daftari_domain::Country;

use crate::candidates;
use crate::clauses::{self, Outcome, Taken};
use crate::matcher::{Match, compiled, prefix};
use crate::read::{Found, Message, Reading, find, read};
use crate::tables::{INSTITUTIONS, Institution, NOTATIONS, Notation, Template};
use crate::text::{MAX_MESSAGE_BYTES, plain};

/// What reading a message came to, for the author of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The institutions that the sender may be, in the order they are tried.
    pub candidates: Vec<&'static str>,
    /// The template that matched, as (institution, template).
    pub template: Option<(&'static str, &'static str)>,
    /// What its fields hold, as (name, text).
    pub fields: Vec<(&'static str, String)>,
    /// The result.
    pub reading: Reading,
    /// Where no template matched: the one that got furthest.
    pub nearest: Option<Attempt>,
    /// How the clauses take the message apart; they decide where no template matches. None without a country.
    pub clauses: Option<Clauses>,
    /// Every template that matches, as (institution, template). Where several say different things none is believed.
    pub matching: Vec<(&'static str, &'static str)>,
}

/// How the clauses took a message apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clauses {
    /// The institution that the sender is in the user's country.
    pub institution: Option<&'static str>,
    /// The canonical words and placeholders, sentence by sentence.
    pub skeleton: String,
    /// Each amount with its role, and the rule that gave it an event.
    pub roles: Vec<String>,
    /// What else was found out on the way.
    pub notes: Vec<String>,
    /// What stopped the reading; empty where nothing did.
    pub stopped: String,
    /// The stated fees together, the operator's reference and the other side's name, where the text tells them.
    pub details: Vec<(&'static str, String)>,
}

/// How far a template got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The institution of the template.
    pub institution: &'static str,
    /// Its name in the data file.
    pub template: &'static str,
    /// The part of the message it reads.
    pub read: String,
    /// The part of its pattern that comes next; empty where the pattern fits and a value in it is not credible, such as
    /// a balance at which the message breaks off.
    pub expected: &'static str,
    /// The part of the message that is left.
    pub found: String,
}

/// Tells how a message is read. Slow: for people, not for the road of messages.
pub fn explain(message: &Message<'_>, country: Option<Country>) -> Explanation {
    let text = plain(message.body);
    let candidates = candidates::of_sender(message.sender, country);
    let mut explanation = Explanation {
        candidates: candidates.iter().map(|index| INSTITUTIONS[*index].id).collect(),
        template: None,
        fields: Vec::new(),
        reading: read(message, country),
        nearest: None,
        clauses: None,
        matching: Vec::new(),
    };
    if text.len() > MAX_MESSAGE_BYTES {
        return explanation;
    }
    for index in &candidates {
        let matches = compiled(*index).matches(&text);
        explanation.matching.extend(
            matches
                .iter()
                .map(|found| (INSTITUTIONS[*index].id, found.template.name)),
        );
    }
    match find(&text, message.sender, country) {
        Found::One(institution, matched, ..) => {
            explanation.template = Some((institution.id, matched.template.name));
            explanation.fields = fields(institution, &matched);
        }
        Found::Several => {}
        Found::None => explanation.nearest = nearest(&candidates, &text),
    }
    explanation.clauses = country.map(|country| take_apart(message, country));
    explanation
}

fn take_apart(message: &Message<'_>, country: Country) -> Clauses {
    let mut taken = Taken::default();
    let outcome = clauses::read(message.sender, message.body, country, Some(&mut taken));
    let rows = clauses::institutions_of(message.sender, message.body, &country.to_string());
    let mut told = Clauses {
        institution: match rows.as_slice() {
            [row] => Some(row.id),
            _ => None,
        },
        skeleton: taken.skeleton,
        roles: taken.roles,
        notes: taken.notes,
        ..Clauses::default()
    };
    match outcome {
        Outcome::Records(read) => {
            told.notes.push(format!("read by {}", read.rule));
            let fee = read.fee.map(|fee| ("fee", fee.decimal().to_string()));
            let reference = read.reference.map(|reference| ("reference", reference));
            let party = read.party.map(|party| ("party", party));
            told.details = fee.into_iter().chain(reference).chain(party).collect();
        }
        Outcome::Nothing(why) => told.notes.push(format!("nothing to record: {why}")),
        Outcome::Stopped(why) => told.stopped = why,
    }
    told
}

fn fields(institution: &Institution, matched: &Match<'_>) -> Vec<(&'static str, String)> {
    let notation = INSTITUTIONS
        .iter()
        .zip(NOTATIONS)
        .filter(|(known, _)| std::ptr::eq(*known, institution))
        .flat_map(|(known, notations)| known.templates.iter().zip(*notations))
        .find(|(known, _)| std::ptr::eq(*known, matched.template));
    let names = notation.map_or(&[][..], |(_, notation)| notation.fields);
    names
        .iter()
        .zip(&matched.values)
        .filter_map(|(name, value)| Some((*name, (*value)?.to_owned())))
        .collect()
}

fn nearest(candidates: &[usize], text: &str) -> Option<Attempt> {
    let templates = candidates.iter().flat_map(|index| {
        let institution = &INSTITUTIONS[*index];
        let written = institution.templates.iter().zip(NOTATIONS[*index]);
        written.map(move |written| (institution.id, written))
    });
    let attempts = templates.map(|(id, written)| (id, written, reach(written, text)));
    let (institution, (template, notation), (pieces, end)) = attempts
        .filter(|(_, _, (pieces, _))| *pieces > 0)
        .max_by_key(|(_, _, (_, end))| *end)?;
    Some(Attempt {
        institution,
        template: template.name,
        read: text[..end].to_owned(),
        expected: notation.piece(pieces),
        found: text[end..].to_owned(),
    })
}

/// How many pieces of the template the text begins with, and where they end.
fn reach((template, notation): (&Template, &Notation), text: &str) -> (usize, usize) {
    let end_of = |pieces: usize| {
        let begins = prefix(template, notation.regex_len(pieces)).find(text);
        begins.map(|found| found.end())
    };
    // A text that begins with some pieces begins with fewer: bisect.
    let (mut reached, mut end, mut beyond) = (0, 0, notation.ends.len() + 1);
    while reached + 1 < beyond {
        let middle = usize::midpoint(reached, beyond);
        match end_of(middle) {
            Some(at) => (reached, end) = (middle, at),
            None => beyond = middle,
        }
    }
    // A match of bytes may end within a character.
    (
        reached,
        (0..=end.min(text.len()))
            .rev()
            .find(|at| text.is_char_boundary(*at))
            .unwrap_or(0),
    )
}
