//! Texts that a form requires. A search for them is faster than a run of its program.

use crate::form::Form;

/// Length in bytes of the shortest text that is worth a search.
const SHORTEST: usize = 3;

/// What every text of a form contains, in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Required {
    /// All of these texts.
    pub texts: Vec<String>,
    /// For each choice, all texts of at least one alternative.
    pub choices: Vec<Vec<Vec<String>>>,
}

impl Required {
    /// The texts that `form` requires.
    pub fn of(form: &Form) -> Self {
        let mut required = Self::default();
        let mut text = String::new();
        required.add(form, &mut text);
        required.end(&mut text);
        required
    }

    /// Adds a form behind `text`, the fixed text that directly precedes it.
    fn add(&mut self, form: &Form, text: &mut String) {
        match form {
            Form::Text(more) => text.push_str(more),
            Form::Sequence(forms) => forms.iter().for_each(|form| self.add(form, text)),
            Form::Field(form) => self.add(form, text),
            Form::Choice(forms) => {
                self.end(text);
                self.choices.extend(alternatives(forms));
            }
            Form::Run { .. } | Form::Few(_) | Form::Optional(_) | Form::Repeated(_) | Form::End => self.end(text),
        }
    }

    /// Ends a fixed text.
    fn end(&mut self, text: &mut String) {
        let text = std::mem::take(text);
        if text.len() >= SHORTEST && !self.texts.contains(&text) {
            self.texts.push(text);
        }
    }
}

/// The texts of each alternative; `None` if one of them requires nothing.
fn alternatives(forms: &[Form]) -> Option<Vec<Vec<String>>> {
    let mut all = Vec::new();
    for form in forms {
        let required = Required::of(form);
        if required.texts.is_empty() {
            all.extend(required.choices.into_iter().next()?);
        } else {
            all.push(required.texts);
        }
    }
    Some(all)
}
