//! The words of all languages, in lists by the risk that they guard against. The files `languages/*.toml` describe the
//! purpose of each list.

use std::borrow::Cow;

use daftari_sms_notation::field_words::FieldWords;

/// The lists of `[words]`, of all languages together.
#[derive(Debug)]
pub(crate) struct Words {
    pub(crate) refused: &'static [&'static str],
    /// Words of a verdict or of another sentence. They never stand in a name.
    pub(crate) in_names: &'static [&'static str],
    /// Such words for the text behind the meaningful part of a template.
    pub(crate) in_tails: &'static [&'static str],
    /// Such words for references and narrations.
    pub(crate) in_texts: &'static [&'static str],
    pub(crate) leads_on: &'static [&'static str],
    pub(crate) possessive: &'static [&'static str],
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
    pub(crate) of_a_bank: &'static [&'static str],
    pub(crate) lending: &'static [&'static str],
    pub(crate) direct_debit: &'static [&'static str],
    pub(crate) adverb_endings: &'static [&'static str],
    pub(crate) legal: &'static [&'static str],
    pub(crate) salary: &'static [&'static str],
    pub(crate) not_salary: &'static [&'static str],
    pub(crate) beside_salary: &'static [&'static str],
    pub(crate) introduces: &'static [&'static str],
    pub(crate) debit_marks: &'static [&'static str],
    pub(crate) credit_marks: &'static [&'static str],
    pub(crate) marked_debit: &'static [&'static str],
    pub(crate) marked_credit: &'static [&'static str],
    pub(crate) credit_card_codes: &'static [&'static str],
    pub(crate) not_marked: &'static [&'static str],
    pub(crate) ordinal: &'static [&'static str],
    pub(crate) hour_signs: &'static [&'static str],
    pub(crate) behind_minutes: &'static [&'static str],
    pub(crate) half_day: &'static [&'static str],
    pub(crate) link_endings: &'static [&'static str],
    pub(crate) operator_tags: &'static [&'static str],
    pub(crate) operator_marks: &'static [&'static str],
    pub(crate) numbered_marks: &'static [&'static str],
    pub(crate) behind_time: &'static [&'static str],
    pub(crate) behind_hours: &'static [&'static str],
    pub(crate) machine: &'static [&'static str],
    pub(crate) sender_endings: &'static [&'static str],
    pub(crate) bank_endings: &'static [&'static str],
    pub(crate) listed_accounts: &'static [&'static str],
    pub(crate) reworded: &'static [&'static str],
    pub(crate) due_before: &'static [&'static str],
    pub(crate) due_by: &'static [&'static str],
    pub(crate) due_pay: &'static [&'static str],
    pub(crate) due_in: &'static [&'static str],
    pub(crate) due_within: &'static [&'static str],
    pub(crate) due_today: &'static [&'static str],
    pub(crate) due_tomorrow: &'static [&'static str],
    pub(crate) due_yesterday: &'static [&'static str],
    pub(crate) due_unless: &'static [&'static str],
    pub(crate) late_by: &'static [&'static str],
    pub(crate) late_unless: &'static [&'static str],
    pub(crate) late_is: &'static [&'static str],
    pub(crate) late_behind: &'static [&'static str],
    pub(crate) day_words: &'static [&'static str],
}

include!(concat!(env!("OUT_DIR"), "/words.rs"));
