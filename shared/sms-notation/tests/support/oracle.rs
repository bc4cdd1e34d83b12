//! The meaning of forms by a library of regular expressions.
//!
//! A form is a regular expression, so a well-tested library decides how it matches. Only tests need the library. The
//! tests of `daftari-sms` include this file to compare the programs of its templates.

#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part")]

use std::ops::Range;

use daftari_sms_notation::form::{Bytes, Form};
use daftari_sms_notation::machine::{Machine, Subject};
use daftari_sms_notation::program::Program;
use regex_automata::meta::{Config, Regex};
use regex_automata::util::syntax;

/// A match: its end, and the positions of the fields.
pub type Fit = Option<(usize, Vec<Option<Range<usize>>>)>;

/// A form as a regular expression.
pub fn expression(form: &Form) -> String {
    let all = |forms: &[Form]| forms.iter().map(expression).collect::<Vec<_>>();
    match form {
        Form::Text(text) => escaped(text.bytes()),
        Form::Run {
            of,
            min,
            max: Some(max),
        } => format!("{}{{{min},{max}}}", class(of)),
        Form::Run { of, min, max: None } => format!("{}{{{min},}}", class(of)),
        Form::Few(of) => format!("{}*?", class(of)),
        Form::Sequence(forms) => all(forms).concat(),
        Form::Choice(forms) => format!("(?:{})", all(forms).join("|")),
        Form::Optional(form) => format!("(?:{})?", expression(form)),
        Form::Repeated(form) => format!("(?:{})*", expression(form)),
        Form::Field(form) => format!("({})", expression(form)),
        Form::End => "$".to_owned(),
    }
}

fn class(bytes: &Bytes) -> String {
    let members = (0..=u8::MAX).filter(|byte| bytes.has(*byte));
    format!("[{}]", escaped(members))
}

fn escaped(bytes: impl Iterator<Item = u8>) -> String {
    let escaped: Vec<String> = bytes.map(|byte| format!(r"\x{byte:02x}")).collect();
    escaped.concat()
}

/// Matches a form by its regular expression.
pub struct Oracle(Regex);

impl Oracle {
    pub fn new(form: &Form) -> Self {
        let syntax = syntax::Config::new().unicode(false).utf8(false).case_insensitive(true);
        let regex = Regex::builder()
            .configure(Config::new().hybrid(false).dfa(false).utf8_empty(false))
            .syntax(syntax)
            .build(&format!("^{}", expression(form)));
        Self(regex.expect("a form is a regular expression"))
    }

    pub fn fit(&self, text: &str) -> Fit {
        let mut captures = self.0.create_captures();
        self.0.captures(text, &mut captures);
        let end = captures.get_match()?.end();
        let groups = (1..captures.group_len()).map(|group| captures.get_group(group));
        Some((end, groups.map(|span| span.map(|span| span.range())).collect()))
    }
}

/// Matches a form by its program.
pub fn fit(machine: &mut Machine, program: &Program, text: &str) -> Fit {
    let end = machine.run(program, &Subject::new(text))?;
    let mut fields = vec![None; program.fields()];
    for (field, range) in machine.fields() {
        fields[field] = Some(range);
    }
    Some((end, fields))
}
