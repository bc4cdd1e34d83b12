//! Finds the template a message is written in.
//!
//! The sequences of three bytes of a message tell which templates may match it: nearly always one or two. Only their
//! programs run. The reader makes the program of a pattern on first use. A program runs in time linear in the text.

use std::sync::{LazyLock, OnceLock};

use daftari_sms_notation::machine::{Machine, Subject};
use daftari_sms_notation::program::Program;
use daftari_sms_notation::template::{Pattern, translate};

use crate::credible;
use crate::matched::Match;
use crate::tables::{INSTITUTIONS, Institution, Template};
use crate::text::stands_alone;
use crate::trigrams::{Needs, Trigrams};
use crate::words::FIELD_WORDS;

/// The institution's templates as they are searched.
pub(crate) struct Compiled {
    pub(crate) institution: &'static Institution,
    templates: Vec<CompiledTemplate>,
}

struct CompiledTemplate {
    needs: Needs,
    program: OnceLock<Program>,
}

/// A text to search for templates.
pub(crate) struct Searched<'t> {
    /// The [`plain`](crate::text::plain) form of a message.
    text: &'t str,
    subject: Subject,
    trigrams: Trigrams,
}

impl<'t> Searched<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let subject = Subject::new(text);
        let trigrams = Trigrams::of(subject.lower());
        Self {
            text,
            subject,
            trigrams,
        }
    }

    /// Whether `words`, in lower case, stand in the text as whole words.
    fn has_words(&self, words: &[u8]) -> bool {
        let lower = self.subject.lower();
        let places = || {
            lower
                .windows(words.len())
                .enumerate()
                .filter(|(_, part)| *part == words)
        };
        self.trigrams.may_contain(words) && places().any(|(at, _)| stands_alone(lower, at, at + words.len()))
    }
}

/// The compiled form of the institution at `index` of the tables.
pub(crate) fn compiled(index: usize) -> &'static Compiled {
    static COMPILED: LazyLock<Vec<OnceLock<Compiled>>> =
        LazyLock::new(|| INSTITUTIONS.iter().map(|_| OnceLock::new()).collect());
    COMPILED[index].get_or_init(|| Compiled::new(&INSTITUTIONS[index]))
}

impl Compiled {
    fn new(institution: &'static Institution) -> Self {
        let templates = institution.templates.iter().map(|template| {
            let needs = Needs::of(&pattern(institution, template).whole());
            let program = OnceLock::new();
            CompiledTemplate { needs, program }
        });
        Self {
            institution,
            templates: templates.collect(),
        }
    }

    /// Every template that matches the whole of the text.
    pub(crate) fn matches<'t>(&self, searched: &Searched<'t>, machine: &mut Machine) -> Vec<Match<'t>> {
        let institution = self.institution;
        let mut matches = Vec::new();
        for (template, compiled) in institution.templates.iter().zip(&self.templates) {
            if !searched.trigrams.may_have(&compiled.needs) {
                continue;
            }
            let program = compiled
                .program
                .get_or_init(|| Program::new(&pattern(institution, template).whole()));
            let Some(end) = machine.run(program, &searched.subject) else {
                continue;
            };
            let mut unless = template.unless().iter();
            if !unless.any(|words| searched.has_words(words.get().as_bytes())) {
                matches.extend(matched(institution, template, machine, end, searched.text));
            }
        }
        matches
    }
}

/// The match of a template whose meaningful part ends at `end`; `None` if its values are not credible.
fn matched<'t>(
    institution: &'static Institution,
    template: &'static Template,
    machine: &Machine,
    end: usize,
    text: &'t str,
) -> Option<Match<'t>> {
    let mut values = vec![None; template.fields().len()];
    for (field, range) in machine.fields() {
        values[field] = text.get(range);
    }
    if template.open_end {
        *values.last_mut()? = tail(text, end)?;
    }
    let matched = Match { template, values };
    credible::holds(&matched, institution, text).then_some(matched)
}

const fn separates(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'.' | b',' | b';' | b'!' | b'*' | b':' | b'_' | b')' | b'|' | b'-' | b'#'
    )
}

/// The text behind the meaningful part, which ends at `end`. The outer option is `None` if the text continues without a
/// boundary.
#[expect(clippy::option_option, reason = "no tail is not the same as no match")]
fn tail(text: &str, end: usize) -> Option<Option<&str>> {
    let rest = text.get(end..)?;
    let bytes = text.as_bytes();
    let bounded = rest.is_empty() || separates(bytes[end]) || end.checked_sub(1).is_some_and(|at| separates(bytes[at]));
    let tail = rest.trim_start_matches(|c: char| c.is_ascii() && separates(c as u8));
    bounded.then_some(Some(tail).filter(|tail| !tail.is_empty()))
}

/// The pattern of a template, with the institution's spellings of currencies.
pub(crate) fn pattern(institution: &Institution, template: &Template) -> Pattern<'static> {
    let words: Vec<&str> = institution.currencies.iter().map(|(word, _)| *word).collect();
    translate(template.pattern.get(), &words, &FIELD_WORDS).expect("the build translates every pattern")
}
