//! The formats of the data files: institutions, families of templates, counterparties, languages, currencies.

use std::collections::BTreeMap;

use serde::Deserialize;

/// One file of `institutions/`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstitutionFile {
    pub id: String,
    pub name: String,
    pub country: String,
    /// The currency of amounts whose layout states no currency.
    pub currency: String,
    pub senders: Vec<String>,
    /// Spellings of each currency in this institution's texts.
    pub currencies: BTreeMap<String, Vec<String>>,
    pub accounts: BTreeMap<String, AccountEntry>,
    #[serde(default)]
    pub families: Vec<String>,
    #[serde(default, rename = "template")]
    pub templates: Vec<TemplateEntry>,
}

impl InstitutionFile {
    /// The spellings of all currencies.
    pub fn currency_words(&self) -> Vec<&str> {
        self.currencies.values().flatten().map(String::as_str).collect()
    }

    /// The pattern of a template for this institution. `$bank` stands for the institution's own names, so that the
    /// layout of a family fits only texts of the institution.
    pub fn pattern(&self, template: &TemplateEntry) -> String {
        let names: Vec<String> = self.senders.iter().map(|sender| escaped(sender)).collect();
        let pattern = template.pattern.trim();
        pattern.replace("$bank", &format!("<{}>", names.join("|")))
    }
}

/// A name as the notation writes it literally.
fn escaped(name: &str) -> String {
    let special = |c: char| "[]{}<>|\\.,;!:".contains(c);
    name.chars()
        .flat_map(|c| special(c).then_some('\\').into_iter().chain([c]))
        .collect()
}

/// One file of `families/`: templates that several institutions share.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FamilyFile {
    #[serde(rename = "template")]
    pub templates: Vec<TemplateEntry>,
}

/// An account that a message can be about.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountEntry {
    /// An institution other than the file's own.
    pub institution: Option<String>,
    pub name: Option<String>,
    #[serde(rename = "type")]
    pub account_type: String,
}

/// A layout, and the records that it yields.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateEntry {
    pub name: String,
    pub pattern: String,
    /// Words that rule the layout out if they stand anywhere in the message.
    #[serde(default)]
    pub unless: Vec<String>,
    /// The kind of the counterparty, in the words of the ledger; left out if the layout does not show it.
    pub kind: Option<String>,
    /// The fee with its taxes, if it is not the field `fee` alone: `"fee + vat"`, `"total - amount"`.
    pub fee: Option<String>,
    /// Empty: the message moves no money and states no balance.
    pub records: Vec<RecordEntry>,
    /// Why the message has nothing to record, in the words of the API. Stated if and only if `records` is empty.
    pub nothing: Option<String>,
    #[serde(default, rename = "example")]
    pub examples: Vec<ExampleEntry>,
}

/// One record of a template. Fields are named without braces.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordEntry {
    pub account: String,
    /// `CREDIT`, `DEBIT`, or the name of a direction field.
    pub impact: Option<String>,
    pub amount: Option<String>,
    /// A field, or a number that the wording implies.
    pub balance: Option<String>,
    /// The field that holds the account's number.
    pub number: Option<String>,
    #[serde(default)]
    pub labels: Vec<String>,
    /// The field whose company names determine further labels.
    pub counterparty: Option<String>,
    /// The field whose bank narration determines further labels.
    pub narration: Option<String>,
}

/// An example message, written for the project, and the records it must yield.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExampleEntry {
    pub text: String,
    pub expect: Vec<String>,
}

/// The file `counterparties.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CounterpartyFile {
    /// Institutions whose payments to a till have the label `POS`.
    pub tills: Vec<String>,
    /// Ids of lenders whose bare name others bear too.
    pub common_names: Vec<String>,
    #[serde(rename = "rule")]
    pub rules: Vec<RuleEntry>,
}

/// Where the words of a rule stand in a name.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    Whole,
    End,
}

/// Names that give a movement a label.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleEntry {
    /// The reason, for readers of the file.
    #[allow(dead_code)]
    pub about: String,
    pub names: Vec<String>,
    /// Only for institutions of these countries; everywhere if empty.
    #[serde(default)]
    pub countries: Vec<String>,
    /// `whole`: the words are the whole name, apart from numbers and words that companies add. `end`: they end the
    /// name, apart from the same. Otherwise they may stand anywhere in it.
    pub place: Option<Place>,
    /// Applies to the names of counterparties.
    #[serde(default)]
    pub counterparty: bool,
    /// Applies to bank narrations.
    #[serde(default)]
    pub narration: bool,
    /// Label of a movement out.
    pub debit: Option<String>,
    /// Label of a movement in.
    pub credit: Option<String>,
}

/// The lists of `[words]` in a file of `languages/`. The files describe each list. The build joins the lists of all
/// languages.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Words {
    pub refused: Vec<String>,
    pub undone: Vec<String>,
    pub undone_stems: Vec<String>,
    pub told: Vec<String>,
    pub sentence: Vec<String>,
    pub aftermath: Vec<String>,
    pub heads: Vec<String>,
    pub leads_on: Vec<String>,
    pub possessive: Vec<String>,
    pub owned: Vec<String>,
    pub goes_on: Vec<String>,
    pub begins: Vec<String>,
    pub secret: Vec<String>,
    pub statement: Vec<String>,
    pub moved: Vec<String>,
    pub transfer: Vec<String>,
    pub fee: Vec<String>,
    pub reversal: Vec<String>,
    pub company: Vec<String>,
    pub of_a_bank: Vec<String>,
    pub lending: Vec<String>,
    pub direct_debit: Vec<String>,
    pub adverb_endings: Vec<String>,
    pub other_side: Vec<String>,
    pub agents: Vec<String>,
    pub legal: Vec<String>,
    pub salary: Vec<String>,
    pub not_salary: Vec<String>,
    pub beside_salary: Vec<String>,
    pub introduces: Vec<String>,
    pub not_marked: Vec<String>,
    pub before_time: Vec<String>,
    pub behind_time: Vec<String>,
    pub hour_signs: Vec<String>,
    pub behind_hours: Vec<String>,
    pub behind_minutes: Vec<String>,
    pub half_day: Vec<String>,
    pub link_endings: Vec<String>,
    pub operator_tags: Vec<String>,
    pub operator_marks: Vec<String>,
    pub numbered_marks: Vec<String>,
    pub ordinal: Vec<String>,
    pub debit_marks: Vec<String>,
    pub credit_marks: Vec<String>,
    pub marked_debit: Vec<String>,
    pub marked_credit: Vec<String>,
    pub debited: Vec<String>,
    pub credited: Vec<String>,
    pub credit_card_codes: Vec<String>,
    pub machine: Vec<String>,
    pub sender_endings: Vec<String>,
    pub bank_endings: Vec<String>,
    pub listed_accounts: Vec<String>,
    pub reworded: Vec<String>,
    pub due_before: Vec<String>,
    pub due_by: Vec<String>,
    pub due_pay: Vec<String>,
    pub due_in: Vec<String>,
    pub due_within: Vec<String>,
    pub due_today: Vec<String>,
    pub due_tomorrow: Vec<String>,
    pub due_yesterday: Vec<String>,
    pub due_unless: Vec<String>,
    pub late_by: Vec<String>,
    pub late_unless: Vec<String>,
    pub late_is: Vec<String>,
    pub late_behind: Vec<String>,
    pub day_words: Vec<String>,
}

impl Words {
    /// The lists by name.
    pub fn lists(&self) -> [(&'static str, &Vec<String>); 68] {
        [
            ("refused", &self.refused),
            ("undone", &self.undone),
            ("undone_stems", &self.undone_stems),
            ("told", &self.told),
            ("sentence", &self.sentence),
            ("aftermath", &self.aftermath),
            ("heads", &self.heads),
            ("leads_on", &self.leads_on),
            ("possessive", &self.possessive),
            ("owned", &self.owned),
            ("goes_on", &self.goes_on),
            ("begins", &self.begins),
            ("secret", &self.secret),
            ("statement", &self.statement),
            ("moved", &self.moved),
            ("transfer", &self.transfer),
            ("fee", &self.fee),
            ("reversal", &self.reversal),
            ("company", &self.company),
            ("of_a_bank", &self.of_a_bank),
            ("lending", &self.lending),
            ("direct_debit", &self.direct_debit),
            ("adverb_endings", &self.adverb_endings),
            ("other_side", &self.other_side),
            ("agents", &self.agents),
            ("legal", &self.legal),
            ("salary", &self.salary),
            ("not_salary", &self.not_salary),
            ("beside_salary", &self.beside_salary),
            ("introduces", &self.introduces),
            ("not_marked", &self.not_marked),
            ("before_time", &self.before_time),
            ("behind_time", &self.behind_time),
            ("hour_signs", &self.hour_signs),
            ("behind_hours", &self.behind_hours),
            ("behind_minutes", &self.behind_minutes),
            ("half_day", &self.half_day),
            ("link_endings", &self.link_endings),
            ("operator_tags", &self.operator_tags),
            ("operator_marks", &self.operator_marks),
            ("numbered_marks", &self.numbered_marks),
            ("ordinal", &self.ordinal),
            ("debit_marks", &self.debit_marks),
            ("credit_marks", &self.credit_marks),
            ("marked_debit", &self.marked_debit),
            ("marked_credit", &self.marked_credit),
            ("debited", &self.debited),
            ("credited", &self.credited),
            ("credit_card_codes", &self.credit_card_codes),
            ("machine", &self.machine),
            ("sender_endings", &self.sender_endings),
            ("bank_endings", &self.bank_endings),
            ("listed_accounts", &self.listed_accounts),
            ("reworded", &self.reworded),
            ("due_before", &self.due_before),
            ("due_by", &self.due_by),
            ("due_pay", &self.due_pay),
            ("due_in", &self.due_in),
            ("due_within", &self.due_within),
            ("due_today", &self.due_today),
            ("due_tomorrow", &self.due_tomorrow),
            ("due_yesterday", &self.due_yesterday),
            ("due_unless", &self.due_unless),
            ("late_by", &self.late_by),
            ("late_unless", &self.late_unless),
            ("late_is", &self.late_is),
            ("late_behind", &self.late_behind),
            ("day_words", &self.day_words),
        ]
    }
}

/// One file of `languages/`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LanguageFile {
    #[serde(default)]
    pub words: Words,
    /// Words that identify the language of a text. The guards of the language apply only to texts with one of them. If
    /// the list is empty, they apply to all texts.
    #[serde(default)]
    pub marks: Vec<String>,
    /// Canonical words and their other spellings.
    #[serde(default)]
    pub spellings: BTreeMap<String, Vec<String>>,
    /// Canonical words for pairs of words.
    #[serde(default)]
    pub phrases: BTreeMap<String, Vec<String>>,
    /// Abbreviations: a full stop behind one is a part of it.
    #[serde(default)]
    pub abbreviations: Vec<String>,
    /// Names of months: the full names in order, then beginnings of them.
    #[serde(default)]
    pub months: Vec<String>,
    /// Words that make a number a quantity.
    #[serde(default)]
    pub units: Vec<String>,
    #[serde(default)]
    pub classes: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub macros: BTreeMap<String, String>,
    /// Patterns that the reader asks for by name.
    #[serde(default)]
    pub patterns: BTreeMap<String, Patterns>,
    #[serde(default, rename = "event")]
    pub events: Vec<EventEntry>,
    #[serde(default, rename = "role")]
    pub roles: Vec<RoleEntry>,
    #[serde(default, rename = "guard")]
    pub guards: Vec<GuardEntry>,
    #[serde(default, rename = "loan")]
    pub loans: Vec<LoanEntry>,
}

/// A pattern or a list of patterns.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub enum Patterns {
    One(String),
    Many(Vec<String>),
}

impl Default for Patterns {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl Patterns {
    pub fn as_slice(&self) -> &[String] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Many(texts) => texts,
        }
    }
}

/// The part of an amount in an event.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventEntry {
    pub name: String,
    /// `CREDIT`, `DEBIT`, or `NONE` if no money of the account moves.
    pub direction: String,
    /// `strong`, `account`, `known`, `done` or `weak`: how the event is tied to the reader.
    pub strength: String,
    /// Patterns that end right before the amount.
    #[serde(default)]
    pub left: Patterns,
    /// Patterns that begin right behind the amount.
    #[serde(default)]
    pub right: Patterns,
    #[serde(default)]
    pub flags: Vec<String>,
}

/// The role of amounts that are not events.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleEntry {
    pub role: String,
    #[serde(default)]
    pub left: Patterns,
    #[serde(default)]
    pub right: Patterns,
}

/// Words that could reverse a reading.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuardEntry {
    /// The risk that the words stand for.
    pub name: String,
    /// The words also count in a sentence without money that begins like an advertisement.
    #[serde(default)]
    pub hard: bool,
    pub patterns: Vec<String>,
    /// Frames in which the words are harmless.
    #[serde(default)]
    pub except: Vec<String>,
}

/// The statement of a sentence about a loan.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoanEntry {
    pub class: String,
    pub patterns: Vec<String>,
    #[serde(default)]
    pub except: Vec<String>,
}

/// The file `currencies.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CurrencyFile {
    /// Spellings that mean one currency everywhere, by its code.
    pub spellings: BTreeMap<String, Vec<String>>,
    /// Currencies whose amounts may have spaces between thousands.
    pub spaced: Vec<String>,
    /// Currencies without cents in practice: three digits after a point are thousands.
    pub whole: Vec<String>,
    /// Currencies without cents whose texts sometimes have cents.
    pub sometimes: Vec<String>,
    /// Currencies whose balances alone may have cents.
    pub balances_with_cents: Vec<String>,
    /// Spellings of one letter that may stand before an amount with a space between them.
    pub letters_apart: Vec<String>,
    /// Spellings of one letter that may be small behind an amount.
    pub small_letters: Vec<String>,
    /// Currencies used across borders, which may be the currency of an account in any country.
    pub international: Vec<String>,
    #[serde(rename = "country")]
    pub countries: BTreeMap<String, CountryEntry>,
}

/// The conventions of a country for writing money and references.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountryEntry {
    /// The currency of amounts that state no currency; missing if several are used.
    pub currency: Option<String>,
    /// Other currencies that accounts of the country are kept in.
    #[serde(default)]
    pub also: Vec<String>,
    /// Decimals may be written with a comma.
    #[serde(default)]
    pub comma: bool,
    /// Amounts may have four decimals.
    #[serde(default)]
    pub four_decimals: bool,
    /// Banks print the payer's own words behind "Ref", so a code there may be the payer's.
    #[serde(default)]
    pub payers_write_references: bool,
    /// The rate of the value added tax, where the charges of operators include it. In percent.
    pub vat_within_percent: Option<u8>,
    /// The currency that a spelling means in this country. An amount with a spelling of an empty code is not read.
    #[serde(default)]
    pub spellings: BTreeMap<String, String>,
}
