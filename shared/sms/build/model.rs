//! The data files as they are written: institutions, families of templates, counterparties.

use std::collections::BTreeMap;

use serde::Deserialize;

/// One file of `institutions/`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct InstitutionFile {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) country: String,
    /// The currency of amounts whose layout states none.
    pub(crate) currency: String,
    pub(crate) senders: Vec<String>,
    /// Spellings of each currency in this institution's texts.
    pub(crate) currencies: BTreeMap<String, Vec<String>>,
    pub(crate) accounts: BTreeMap<String, AccountEntry>,
    #[serde(default)]
    pub(crate) families: Vec<String>,
    #[serde(default, rename = "template")]
    pub(crate) templates: Vec<TemplateEntry>,
}

/// One file of `families/`: templates that several institutions share.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FamilyFile {
    #[serde(rename = "template")]
    pub(crate) templates: Vec<TemplateEntry>,
}

/// An account a message can be about.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountEntry {
    /// Another institution than the file's own.
    pub(crate) institution: Option<String>,
    pub(crate) name: Option<String>,
    #[serde(rename = "type")]
    pub(crate) account_type: String,
}

/// A layout and what it yields.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TemplateEntry {
    pub(crate) name: String,
    pub(crate) pattern: String,
    /// Words whose presence anywhere in the message rules this layout out.
    #[serde(default)]
    pub(crate) unless: Vec<String>,
    /// None: the message moves no money and tells no balance.
    pub(crate) records: Vec<RecordEntry>,
    #[serde(default, rename = "example")]
    #[cfg_attr(not(test), allow(dead_code))]
    pub(crate) examples: Vec<ExampleEntry>,
}

/// One record of a template. Fields are named without braces.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordEntry {
    pub(crate) account: String,
    /// `CREDIT`, `DEBIT`, or the name of a direction field.
    pub(crate) impact: Option<String>,
    pub(crate) amount: Option<String>,
    /// A field, or a number that the wording implies.
    pub(crate) balance: Option<String>,
    /// The field that holds the account's number.
    pub(crate) number: Option<String>,
    #[serde(default)]
    pub(crate) labels: Vec<String>,
    /// The field whose company names decide on further labels.
    pub(crate) counterparty: Option<String>,
    /// The field whose bank narration decides on further labels.
    pub(crate) narration: Option<String>,
}

/// A message of our own making, and the records it must yield.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(test), allow(dead_code))]
pub(crate) struct ExampleEntry {
    pub(crate) text: String,
    pub(crate) expect: Vec<String>,
}

/// The file `counterparties.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CounterpartyFile {
    #[serde(rename = "rule")]
    pub(crate) rules: Vec<RuleEntry>,
}

/// Names that make a movement carry a label.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleEntry {
    /// Why, for the reader of the file.
    #[allow(dead_code)]
    pub(crate) about: String,
    pub(crate) names: Vec<String>,
    /// Only for institutions of these countries; everywhere if empty.
    #[serde(default)]
    pub(crate) countries: Vec<String>,
    /// The name must open with the words; else they may stand anywhere in it.
    #[serde(default)]
    pub(crate) first: bool,
    /// Read in the names of counterparties.
    #[serde(default)]
    pub(crate) counterparty: bool,
    /// Read in bank narrations.
    #[serde(default)]
    pub(crate) narration: bool,
    /// Label of a movement out.
    pub(crate) debit: Option<String>,
    /// Label of a movement in.
    pub(crate) credit: Option<String>,
}
