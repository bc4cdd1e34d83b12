//! Finds the template a message is written in.
//!
//! One scan of a message for the fixed texts of an institution leaves one or two templates. Only their programs run.
//! The reader makes the program of a pattern on first use. A program runs in time linear in the text.

use std::sync::{LazyLock, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use daftari_sms_notation::machine::{Machine, Subject};
use daftari_sms_notation::program::Program;
use daftari_sms_notation::template::{Pattern, translate};

use crate::credible;
use crate::matched::Match;
use crate::tables::{INDICES, INSTITUTIONS, Institution, NEEDLE_BLOCKS, NEEDLES, Template};
use crate::text::stands_alone;
use crate::words::FIELD_WORDS;

/// As many bits as needles an institution may have.
type NeedleSet = [u64; NEEDLE_BLOCKS];

/// The institution's scanner and programs.
pub(crate) struct Compiled {
    pub(crate) institution: &'static Institution,
    scanner: AhoCorasick,
    templates: Vec<CompiledTemplate>,
}

struct CompiledTemplate {
    needs: NeedleSet,
    program: OnceLock<Program>,
}

/// The compiled form of the institution at `index` of the tables.
pub(crate) fn compiled(index: usize) -> &'static Compiled {
    static COMPILED: LazyLock<Vec<OnceLock<Compiled>>> =
        LazyLock::new(|| INSTITUTIONS.iter().map(|_| OnceLock::new()).collect());
    COMPILED[index].get_or_init(|| Compiled::new(&INSTITUTIONS[index]))
}

fn set_bit(set: &mut NeedleSet, bit: usize) {
    set[bit / 64] |= 1 << (bit % 64);
}

fn has_bit(set: &NeedleSet, bit: usize) -> bool {
    set[bit / 64] & (1 << (bit % 64)) != 0
}

impl Compiled {
    fn new(institution: &'static Institution) -> Self {
        // Subjects and needles are in lower case. A scanner that ignores case would be twice as large.
        let scanner = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(institution.needles.of(NEEDLES).iter().map(|needle| needle.get()))
            .expect("the needles are few and short");
        let templates = institution.templates.iter().map(|template| {
            let mut needs = NeedleSet::default();
            let needles = template.needles.of(INDICES).iter();
            needles.for_each(|needle| set_bit(&mut needs, usize::from(*needle)));
            CompiledTemplate {
                needs,
                program: OnceLock::new(),
            }
        });
        Self {
            institution,
            scanner,
            templates: templates.collect(),
        }
    }

    /// Every template that matches the whole of `text`, which is [`plain`](crate::text::plain), and the subject of it.
    pub(crate) fn matches<'t>(&self, text: &'t str, subject: &Subject, machine: &mut Machine) -> Vec<Match<'t>> {
        let (mut present, mut as_words) = (NeedleSet::default(), NeedleSet::default());
        for found in self.scanner.find_overlapping_iter(subject.lower()) {
            set_bit(&mut present, found.pattern().as_usize());
            if stands_alone(text.as_bytes(), found.start(), found.end()) {
                set_bit(&mut as_words, found.pattern().as_usize());
            }
        }
        let mut matches = Vec::new();
        for (template, compiled) in self.institution.templates.iter().zip(&self.templates) {
            let needed = compiled
                .needs
                .iter()
                .zip(&present)
                .all(|(needs, has)| needs & !has == 0);
            let mut unless = template.unless.of(INDICES).iter();
            if needed && !unless.any(|needle| has_bit(&as_words, usize::from(*needle))) {
                let institution = self.institution;
                let program = compiled
                    .program
                    .get_or_init(|| Program::new(&pattern(institution, template).whole()));
                if let Some(end) = machine.run(program, subject) {
                    matches.extend(matched(institution, template, machine, end, text));
                }
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
