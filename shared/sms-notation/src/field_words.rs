//! The words of languages that fields of templates contain.

use std::borrow::Cow;

/// The words of all languages that the forms of fields fit, in small letters. `shared/sms/languages` describes the
/// lists. Of words that begin alike, a form tries the longest first.
#[derive(Clone, Debug, Default)]
pub struct FieldWords<'w> {
    /// Marks of a debit behind a number: "dr".
    pub debit_marks: Cow<'w, [&'w str]>,
    /// Marks of a credit behind a number: "cr".
    pub credit_marks: Cow<'w, [&'w str]>,
    /// Words of the field `direction` for a debit.
    pub debit: Cow<'w, [&'w str]>,
    /// Words of the field `direction` for a credit.
    pub credit: Cow<'w, [&'w str]>,
    /// Words between a date and a time.
    pub before_time: Cow<'w, [&'w str]>,
    /// Endings behind the number of a day.
    pub ordinal: Cow<'w, [&'w str]>,
    /// Marks of the half of the day, behind a time.
    pub half_day: Cow<'w, [&'w str]>,
}

impl FieldWords<'_> {
    /// The lists by the names of their fields.
    pub fn lists(&self) -> [(&'static str, &[&str]); 7] {
        [
            ("debit_marks", &self.debit_marks),
            ("credit_marks", &self.credit_marks),
            ("debit", &self.debit),
            ("credit", &self.credit),
            ("before_time", &self.before_time),
            ("ordinal", &self.ordinal),
            ("half_day", &self.half_day),
        ]
    }
}

#[cfg(feature = "files")]
impl<'w> FieldWords<'w> {
    /// The words of the languages whose lists are given.
    pub fn of(languages: &[&'w crate::files::Words]) -> Self {
        use crate::files::Words;
        let joined = |lists: &[fn(&'w Words) -> &'w Vec<String>]| {
            let words = languages
                .iter()
                .flat_map(|words| lists.iter().flat_map(|list| list(words)));
            let mut words: Vec<&str> = words.map(String::as_str).collect();
            words.sort_unstable();
            words.dedup();
            Cow::Owned(words)
        };
        Self {
            debit_marks: joined(&[|words| &words.debit_marks]),
            credit_marks: joined(&[|words| &words.credit_marks]),
            debit: joined(&[
                |words| &words.debit_marks,
                |words| &words.marked_debit,
                |words| &words.debited,
            ]),
            credit: joined(&[
                |words| &words.credit_marks,
                |words| &words.marked_credit,
                |words| &words.credited,
            ]),
            before_time: joined(&[|words| &words.before_time]),
            ordinal: joined(&[|words| &words.ordinal]),
            half_day: joined(&[|words| &words.half_day]),
        }
    }
}
