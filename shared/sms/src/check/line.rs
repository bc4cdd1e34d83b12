//! One line of an evaluation file.

use std::collections::BTreeMap;

use daftari_domain::json_fault::JsonFault;
use daftari_domain::{AccountType, Country, Currency, Impact, LabelSet, Money, Timestamp};
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error};
use serde_json::Value;

use super::line_keys;

/// A message and its known reading.
#[derive(Clone, Debug, Deserialize)]
pub struct Line {
    /// Names the line; empty if it has no id.
    #[serde(default)]
    pub id: String,
    /// The institution, by any name that the file uses.
    pub institution: String,
    /// The user's country, ISO 3166-1 alpha-2.
    pub country: String,
    /// Empty if the source does not know it.
    #[serde(default)]
    pub sender: String,
    /// The text.
    pub body: String,
    /// When it was received.
    #[serde(default)]
    pub received_at: Option<Timestamp>,
    /// The known reading.
    pub expected: Expected,
    #[serde(flatten)]
    rest: Rest,
}

/// The unknown keys of a structure.
type Rest = BTreeMap<String, Value>;

/// A line that cannot be compared.
#[derive(Debug, thiserror::Error)]
#[error("line {number}: {reason}")]
pub struct BadLine {
    /// The number of the line, from 1.
    pub number: usize,
    /// The fault in it.
    pub reason: String,
}

impl Line {
    pub(super) fn parse(number: usize, text: &str) -> Result<Self, BadLine> {
        let bad = |reason: String| BadLine { number, reason };
        let mut json = serde_json::Deserializer::from_str(text);
        let line: Self = serde_path_to_error::deserialize(&mut json).map_err(|error| bad(told(&error)))?;
        json.end().map_err(|error| bad(sentence(&error, "")))?;
        line.check_keys().map_err(bad)?;
        if let Err(error) = line.country.parse::<Country>() {
            return Err(bad(format!("country {:?} {error}", line.country)));
        }
        Ok(line)
    }

    fn check_keys(&self) -> Result<(), String> {
        line_keys::check("the line", self.rest.keys(), line_keys::LINE, line_keys::LINE_NOTES)?;
        let expected = &self.expected;
        line_keys::check("expected", expected.rest.keys(), line_keys::EXPECTED, line_keys::NOTES)?;
        let alternatives = expected.also_accepted.iter().flatten();
        let entries = expected.ledger.iter().flatten().chain(alternatives);
        for entry in entries {
            line_keys::check("a ledger entry", entry.rest.keys(), line_keys::ENTRY, line_keys::NOTES)?;
        }
        if expected.ledger.as_ref().is_some_and(Vec::is_empty) && expected.describes_a_record() {
            return Err("expected: an empty ledger contradicts the keys that state a record".to_owned());
        }
        Ok(())
    }
}

/// `expected.impact: must be one of: CREDIT, DEBIT, at column 205`
fn told(error: &serde_path_to_error::Error<serde_json::Error>) -> String {
    match error.path().to_string().as_str() {
        // The whole line is at fault.
        "." | "?" => sentence(error.inner(), ""),
        path => sentence(error.inner(), path),
    }
}

/// The fault of the value at a path, which is empty for the line itself. The parser's line number is left out. Each
/// line is parsed alone, so the number is always 1 and would mislead.
fn sentence(error: &serde_json::Error, path: &str) -> String {
    let member = |name: &str| {
        if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    match JsonFault::of(error) {
        JsonFault::NotJson { reason, column, .. } => format!("is not JSON: {reason}, at column {column}"),
        JsonFault::Missing(name) => format!("{}: is required", member(&name)),
        JsonFault::Repeated(name) => format!("{}: must be given once", member(&name)),
        JsonFault::Value(rule) if path.is_empty() => format!("{rule}, at column {}", error.column()),
        JsonFault::Value(rule) => format!("{path}: {rule}, at column {}", error.column()),
        unknown @ JsonFault::Unknown(_) => unknown.to_string(),
    }
}

/// Whether a source states a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Claim<T> {
    /// The key is left out: nothing is compared.
    #[default]
    Silent,
    /// The key is present. `null` states that there is no value.
    Is(Option<T>),
}

impl<T: PartialEq> Claim<T> {
    /// The value, if one is stated.
    pub(super) const fn value(&self) -> Option<&T> {
        match self {
            Self::Is(Some(value)) => Some(value),
            Self::Is(None) | Self::Silent => None,
        }
    }

    /// Whether a value that every record has is as stated. `null` states that there is no value, so it never holds.
    pub(super) fn admits(&self, is_so: impl Fn(&T) -> bool) -> bool {
        match self {
            Self::Silent => true,
            Self::Is(value) => value.as_ref().is_some_and(is_so),
        }
    }

    pub(super) const fn is_silent(&self) -> bool {
        matches!(self, Self::Silent)
    }
}

/// The statements of a source about a message. Keys that are left out are not compared.
#[derive(Clone, Debug, Deserialize)]
pub struct Expected {
    /// Every record, in full.
    #[serde(default)]
    pub ledger: Option<Vec<Entry>>,
    /// Other readings that are right too. An empty list of records means that the message may stay unread.
    #[serde(default)]
    pub also_accepted: Vec<Vec<Entry>>,
    /// False: no money moved.
    #[serde(default)]
    pub is_transaction: Option<bool>,
    /// The amount that moved.
    #[serde(default, deserialize_with = "money_claim")]
    pub amount: Claim<Money>,
    /// The balance after it.
    #[serde(default, deserialize_with = "money_claim")]
    pub balance: Claim<Money>,
    /// The direction.
    #[serde(default, deserialize_with = "claim")]
    pub impact: Claim<Impact>,
    /// The currency.
    #[serde(default, deserialize_with = "claim")]
    pub currency: Claim<Currency>,
    /// The labels of the message; `null` states that there are none.
    #[serde(default, deserialize_with = "labels")]
    pub labels: Option<LabelSet>,
    /// The kind of account.
    #[serde(default, deserialize_with = "claim")]
    pub account_type: Claim<AccountType>,
    /// The account, in full.
    #[serde(default, deserialize_with = "claim")]
    pub account_id: Claim<String>,
    /// The last visible digits of the account.
    #[serde(default, deserialize_with = "last_digits")]
    pub account_last4: Claim<String>,
    /// True: the account shows no digits.
    #[serde(default)]
    pub account_last4_must_be_null: bool,
    #[serde(flatten)]
    rest: Rest,
}

/// One record of a ledger. Without `amount`, `impact` or `balance` the record has none; other keys are compared if they
/// are stated.
#[derive(Clone, Debug, Deserialize)]
pub struct Entry {
    /// The institution; several with `|` between them, a `*` at the end of one for any ending.
    #[serde(default, deserialize_with = "claim")]
    pub institution_id: Claim<String>,
    /// Institution and account in one word, such as `MSHWARI_LOAN`.
    #[serde(default, deserialize_with = "claim")]
    pub account: Claim<String>,
    /// The account inside the institution.
    #[serde(default, deserialize_with = "claim")]
    pub account_id: Claim<String>,
    /// The kind of account.
    #[serde(default, deserialize_with = "claim")]
    pub account_type: Claim<AccountType>,
    /// The amount that moved.
    #[serde(default, deserialize_with = "money")]
    pub amount: Option<Money>,
    /// The direction.
    #[serde(default)]
    pub impact: Option<Impact>,
    /// The balance after it.
    #[serde(default, deserialize_with = "money")]
    pub balance: Option<Money>,
    /// True: the source does not know the balance.
    #[serde(default)]
    pub balance_not_compared: bool,
    /// The currency.
    #[serde(default, deserialize_with = "claim")]
    pub currency: Claim<Currency>,
    /// The labels; `null` states that there are none.
    #[serde(default, deserialize_with = "labels")]
    pub labels: Option<LabelSet>,
    #[serde(flatten)]
    rest: Rest,
}

fn claim<'de, T: DeserializeOwned, D: Deserializer<'de>>(deserializer: D) -> Result<Claim<T>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Claim::Is)
}

/// The labels of a key that is present. `null` states that there are none.
fn labels<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<LabelSet>, D::Error> {
    let labels = Option::<LabelSet>::deserialize(deserializer)?;
    Ok(Some(labels.unwrap_or(LabelSet::EMPTY)))
}

/// The last digits of an account. Empty text is refused: every account id ends in it.
fn last_digits<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Claim<String>, D::Error> {
    let last = Option::<String>::deserialize(deserializer)?;
    if last.as_ref().is_some_and(String::is_empty) {
        return Err(D::Error::custom(
            "must not be empty; null states that there are no digits",
        ));
    }
    Ok(Claim::Is(last))
}

fn money_claim<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Claim<Money>, D::Error> {
    money(deserializer).map(Claim::Is)
}

/// Money is written as text in these files.
fn money<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Money>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| {
        text.parse()
            .map_err(|error| D::Error::custom(format!("{text:?} {error}")))
    })
    .transpose()
}
