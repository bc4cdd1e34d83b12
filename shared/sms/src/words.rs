//! The words of the languages, by the risk they guard against. They are data: `languages/*.toml` describes the purpose
//! of each list.

/// The lists of `[words]`, of all languages together.
#[derive(Debug)]
pub(crate) struct Words {
    pub(crate) refused: &'static [&'static str],
    pub(crate) undone: &'static [&'static str],
    pub(crate) undone_stems: &'static [&'static str],
    pub(crate) told: &'static [&'static str],
    pub(crate) sentence: &'static [&'static str],
    pub(crate) aftermath: &'static [&'static str],
    pub(crate) heads: &'static [&'static str],
    pub(crate) leads_on: &'static [&'static str],
    pub(crate) owned: &'static [&'static str],
    pub(crate) goes_on: &'static [&'static str],
    pub(crate) begins: &'static [&'static str],
    pub(crate) secret: &'static [&'static str],
    pub(crate) statement: &'static [&'static str],
    pub(crate) moved: &'static [&'static str],
    pub(crate) transfer: &'static [&'static str],
    pub(crate) fee: &'static [&'static str],
    pub(crate) reversal: &'static [&'static str],
    pub(crate) company: &'static [&'static str],
    pub(crate) legal: &'static [&'static str],
    pub(crate) salary: &'static [&'static str],
    pub(crate) not_salary: &'static [&'static str],
    pub(crate) beside_salary: &'static [&'static str],
    pub(crate) introduces: &'static [&'static str],
    pub(crate) not_marked: &'static [&'static str],
    pub(crate) behind_time: &'static [&'static str],
    pub(crate) behind_hours: &'static [&'static str],
    pub(crate) machine: &'static [&'static str],
    pub(crate) reworded: &'static [&'static str],
}

include!(concat!(env!("OUT_DIR"), "/words.rs"));
