//! Finds the template a message is written in.
//!
//! A message costs one scan for the fixed texts of an institution, which leaves one or two templates; only their
//! expressions are run. Expressions are linear in the text and are built on first use.

use std::sync::{LazyLock, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex_automata::meta::{Config, Regex};
use regex_automata::util::syntax;

use crate::credible;
use crate::tables::{FieldId, INDICES, INSTITUTIONS, Institution, NEEDLES, Template};
use crate::text::stands_alone;

/// As many bits as needles an institution may have.
type NeedleSet = [u64; 8];

/// The institution's scanner and expressions.
pub(crate) struct Compiled {
    pub(crate) institution: &'static Institution,
    scanner: AhoCorasick,
    templates: Vec<CompiledTemplate>,
}

struct CompiledTemplate {
    needs: NeedleSet,
    regex: OnceLock<Regex>,
}

/// A template that matches a text as a whole.
#[derive(Debug)]
pub(crate) struct Match<'t> {
    pub(crate) template: &'static Template,
    /// One per field; `None` if an optional part is missing.
    pub(crate) values: Vec<Option<&'t str>>,
}

impl<'t> Match<'t> {
    /// The first value of the field `id`; alternatives of a pattern may each hold the field.
    pub(crate) fn value(&self, id: FieldId) -> Option<(usize, &'t str)> {
        let fields = self.template.fields().iter().zip(&self.values).enumerate();
        fields
            .filter(|(_, (field, _))| field.id == id)
            .find_map(|(index, (_, value))| value.map(|value| (index, value)))
    }
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
        let scanner = AhoCorasick::builder()
            .ascii_case_insensitive(true)
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
                regex: OnceLock::new(),
            }
        });
        Self {
            institution,
            scanner,
            templates: templates.collect(),
        }
    }

    /// Every template that matches the whole of `text`, which is [`plain`](crate::text::plain).
    pub(crate) fn matches<'t>(&self, text: &'t str) -> Vec<Match<'t>> {
        let (mut present, mut as_words) = (NeedleSet::default(), NeedleSet::default());
        for found in self.scanner.find_overlapping_iter(text) {
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
                let regex = compiled.regex.get_or_init(|| whole(template));
                matches.extend(matched(self.institution, template, regex, text));
            }
        }
        matches
    }
}

fn matched<'t>(
    institution: &'static Institution,
    template: &'static Template,
    regex: &Regex,
    text: &'t str,
) -> Option<Match<'t>> {
    let mut spans = regex.create_captures();
    regex.captures(text, &mut spans);
    if !spans.is_match() {
        return None;
    }
    let mut values: Vec<Option<&str>> = (1..spans.group_len())
        .map(|group| spans.get_group(group).and_then(|span| text.get(span.range())))
        .collect();
    if template.open_end {
        values.push(tail(text, spans.get_match()?.end())?);
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

/// The expression of a whole message, but without a tail that takes the rest of the text.
fn whole(template: &Template) -> Regex {
    let end = if template.open_end { "" } else { r"[ .,;!*#]*$" };
    build(&template.regex.get()[..usize::from(template.meaningful)], end)
}

/// The expression for texts that begin with the first `len` bytes of a template's expression.
pub(crate) fn prefix(template: &Template, len: usize) -> Regex {
    build(&template.regex.get()[..len], "")
}

fn build(pieces: &str, end: &str) -> Regex {
    // Nearly every text that reaches an expression matches it, so a preliminary scan by an automaton would only cost
    // time.
    Regex::builder()
        .configure(Config::new().hybrid(false).dfa(false).utf8_empty(false))
        .syntax(
            syntax::Config::new()
                .unicode(false)
                .utf8(false)
                .case_insensitive(true)
                .dot_matches_new_line(true),
        )
        .build(&format!("^{pieces}{end}"))
        .expect("a test builds the expression of every template")
}
