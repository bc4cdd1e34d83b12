//! The request: a loan and the lender's policy.
//!
//! Null is the same as a missing field. Numbers are parsed from their digits, never through a float. Every invalid
//! field has one fault. A repeated field is invalid, because JSON parsers disagree on which value counts. The limit of
//! the rate catches percentages: 60, meant as 60 %, would be 6,000 %.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::members::Members;
use crate::money::DecimalNumber;
use crate::{Currency, Money, Timestamp};

/// Largest interest rate a year: 1,000 %.
pub const MAX_INTEREST_RATE: u32 = 10;
/// Most instalments.
pub const MAX_TERM: u32 = 10_000;
/// Most days of `min_history_days` and `max_age_days`: the lookback.
pub const MAX_POLICY_DAYS: u32 = 365;
/// Most decimals of a rate or share.
pub const MAX_RATIO_DECIMALS: u32 = 6;

crate::described! { "RateType";
    /// How interest is computed.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    pub enum RateType {
        /// On the amount still owed.
        #[default]
        Reducing,
        /// On the whole principal until the end.
        Flat,
    }
}

crate::described! { "TermUnit";
    /// The time from one instalment to the next.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    pub enum TermUnit {
        /// 12 instalments a year.
        #[default]
        Month,
        /// 52 instalments a year.
        Week,
        /// 365 instalments a year.
        Day,
    }
}

impl TermUnit {
    pub(crate) const fn a_year(self) -> u32 {
        match self {
            Self::Month => 12,
            Self::Week => 52,
            Self::Day => 365,
        }
    }
}

crate::described! { "IncomeBasis";
    /// Which income counts.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    pub enum IncomeBasis {
        /// Expected money of active streams with a rhythm.
        #[default]
        Regular,
        /// The average of all income.
        All,
    }
}

/// The lender's policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = AffordabilityPolicy)]
pub struct Policy {
    /// The largest share of the stressed income that instalments may take, those of other loans included.
    #[serde(serialize_with = "number")]
    #[schema(value_type = f64, example = 0.4)]
    pub max_instalment_to_income: Decimal,
    /// The largest share of the disposable money that the instalment may take.
    #[serde(serialize_with = "number")]
    #[schema(value_type = f64, example = 0.5)]
    pub disposable_share: Decimal,
    /// The share of the income that is not counted on.
    #[serde(serialize_with = "number")]
    #[schema(value_type = f64, example = 0.2)]
    pub income_haircut: Decimal,
    /// Fewest days of history.
    #[schema(example = 60)]
    pub min_history_days: u32,
    /// Most days since the newest record.
    #[schema(example = 14)]
    pub max_age_days: u32,
    /// Which income counts.
    pub income_basis: IncomeBasis,
}

fn number<S: serde::Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    DecimalNumber(*value).serialize(serializer)
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            max_instalment_to_income: Decimal::new(40, 2),
            disposable_share: Decimal::new(50, 2),
            income_haircut: Decimal::new(20, 2),
            min_history_days: 60,
            max_age_days: 14,
            income_basis: IncomeBasis::Regular,
        }
    }
}

/// A loan and the lender's policy, valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AffordabilityRequest {
    /// The amount lent.
    pub principal: Money,
    /// The currency of the loan; `None` for the report currency.
    pub currency: Option<Currency>,
    /// The rate a year: 0.60 is 60 %.
    pub interest_rate: Decimal,
    /// How interest is computed.
    pub rate_type: RateType,
    /// Fees of the loan.
    pub fees: Money,
    /// Whether the fees are lent too.
    pub fees_financed: bool,
    /// Number of instalments.
    pub term: u32,
    /// The time from one instalment to the next.
    pub term_unit: TermUnit,
    /// The time of the figures; `None` for the time of the request.
    pub utc_time: Option<Timestamp>,
    /// The lender's policy.
    pub policy: Policy,
}

/// The request as JSON. For the document only: [`AffordabilityRequest::read`] parses requests. Defaults are in the
/// descriptions, because generators of clients make a member with a default required.
#[derive(utoipa::ToSchema)]
#[schema(as = AffordabilityRequest)]
#[expect(dead_code, reason = "a schema")]
pub struct AffordabilityBody {
    /// The amount lent; above 0.
    #[schema(value_type = Money, example = 30_000)]
    principal: Money,
    /// The currency of the loan; left out, the report currency.
    #[schema(example = "KES")]
    currency: Option<Currency>,
    /// The rate a year: 0.60 is 60 %.
    #[schema(minimum = 0, example = 0.6, extensions(("x-maximum" = json!(MAX_INTEREST_RATE))))]
    interest_rate: f64,
    /// How interest is computed; left out, `reducing`.
    rate_type: Option<RateType>,
    /// Fees of the loan, not negative; left out, 0.
    #[schema(value_type = Option<Money>)]
    fees: Option<Money>,
    /// Whether the fees are part of the loan; if not, they are paid in addition. Left out, they are part of it.
    fees_financed: Option<bool>,
    /// Number of instalments.
    #[schema(minimum = 1, example = 6, extensions(("x-maximum" = json!(MAX_TERM))))]
    term: u32,
    /// The time from one instalment to the next; left out, `month`.
    term_unit: Option<TermUnit>,
    /// The time of the figures; left out, the time of the request.
    utc_time: Option<Timestamp>,
    /// The largest share of the stressed income that instalments may take, those of other loans included; left
    /// out, 0.4.
    #[schema(exclusive_minimum = 0, maximum = 1)]
    max_instalment_to_income: Option<f64>,
    /// The largest share of the disposable money that the instalment may take; left out, 0.5.
    #[schema(exclusive_minimum = 0, maximum = 1)]
    disposable_share: Option<f64>,
    /// The share of the income that is not counted on; left out, 0.2.
    #[schema(minimum = 0, exclusive_maximum = 1)]
    income_haircut: Option<f64>,
    /// Fewest days of history; left out, 60.
    #[schema(minimum = 0, extensions(("x-maximum" = json!(MAX_POLICY_DAYS))))]
    min_history_days: Option<u32>,
    /// Most days since the newest record; left out, 14.
    #[schema(minimum = 0, extensions(("x-maximum" = json!(MAX_POLICY_DAYS))))]
    max_age_days: Option<u32>,
    /// The income that counts; left out, `regular`.
    income_basis: Option<IncomeBasis>,
}

/// An invalid field of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    /// The name of the field; empty for the whole body.
    pub field: String,
    /// The fault.
    pub fault: Fault,
}

/// How a field is invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The body is not an object.
    NoObject,
    /// It is required and missing.
    Missing,
    /// It is repeated.
    Repeated,
    /// The field is unknown. These are the known ones.
    Unknown(&'static [&'static str]),
    /// Its value breaks this rule.
    Value(String),
}

impl FieldFault {
    fn new(field: &str, fault: Fault) -> Self {
        Self {
            field: field.to_owned(),
            fault,
        }
    }
}

/// A field of the request. The table of docs/API.md is made from these rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestField {
    /// Its name.
    pub name: &'static str,
    /// Its valid values.
    pub values: &'static str,
    /// Its value if it is missing or null; `required` if it has none.
    pub default: &'static str,
}

const fn field(name: &'static str, values: &'static str, default: &'static str) -> RequestField {
    RequestField { name, values, default }
}

/// Every field of the request.
pub const TABLE: [RequestField; 15] = [
    field("principal", "an amount above 0", "required"),
    field("currency", "an ISO 4217 code", "the report currency"),
    field("interest_rate", "0 to 10 a year (0.60 is 60 %), 6 decimals", "required"),
    field("rate_type", "`reducing`, `flat`", "`reducing`"),
    field("fees", "an amount, not negative", "0"),
    field("fees_financed", "true, false", "true"),
    field("term", "1 to 10,000 instalments", "required"),
    field("term_unit", "`month`, `week`, `day`", "`month`"),
    field("utc_time", "a date and time", "null: when the request arrives"),
    field("max_instalment_to_income", "above 0, up to 1, 6 decimals", "0.40"),
    field("disposable_share", "above 0, up to 1, 6 decimals", "0.50"),
    field("income_haircut", "0 to below 1, 6 decimals", "0.20"),
    field("min_history_days", "0 to 365", "60"),
    field("max_age_days", "0 to 365", "14"),
    field("income_basis", "`regular`, `all`", "`regular`"),
];

/// The names of the fields.
pub const FIELDS: [&str; TABLE.len()] = {
    let mut names = [""; TABLE.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = TABLE[at].name;
        at += 1;
    }
    names
};
/// Most faults of one request: one for each field, and some for unknown ones.
pub const MAX_REQUEST_FAULTS: usize = 2 * FIELDS.len();
/// Most characters of an unknown field's name that a fault shows.
const MAX_NAME_CHARS: usize = 64;

impl AffordabilityRequest {
    /// Reads a request from a JSON object, with a fault for every faulty field.
    pub fn read(json: &str) -> Result<Self, Vec<FieldFault>> {
        let Members(members) = serde_json::from_str(json).map_err(|_| vec![FieldFault::new("", Fault::NoObject)])?;
        let mut fields = BTreeMap::new();
        let mut repeated = BTreeSet::new();
        for (name, value) in members {
            if fields.insert(name.clone(), value).is_some() {
                repeated.insert(name);
            }
        }
        let mut reader = Reader {
            fields,
            faults: Vec::new(),
        };
        let request = reader.request();
        let known = FIELDS.iter().filter(|name| repeated.contains(**name));
        for name in known {
            reader.faults.retain(|fault| fault.field != *name);
            reader.faults.push(FieldFault::new(name, Fault::Repeated));
        }
        let unknown = reader.fields.keys().filter(|name| !FIELDS.contains(&name.as_str()));
        let unknown: Vec<FieldFault> = unknown
            .take(MAX_REQUEST_FAULTS - FIELDS.len())
            .map(|name| {
                let name: String = name.chars().take(MAX_NAME_CHARS).collect();
                FieldFault::new(&name, Fault::Unknown(&FIELDS))
            })
            .collect();
        reader.faults.extend(unknown);
        match request {
            Some(request) if reader.faults.is_empty() => Ok(request),
            _ => Err(reader.faults),
        }
    }
}

struct Reader<'j> {
    fields: BTreeMap<String, &'j RawValue>,
    faults: Vec<FieldFault>,
}

/// Limits of a ratio.
struct Bounds {
    lowest: Decimal,
    highest: Decimal,
    /// Whether the lowest and the highest value are allowed.
    closed: (bool, bool),
    message: &'static str,
}

impl<'j> Reader<'j> {
    fn request(&mut self) -> Option<AffordabilityRequest> {
        let usual = Policy::default();
        let principal = self.required("principal", |raw| {
            let amount: Money = amount(raw)?;
            (amount > Money::ZERO)
                .then_some(amount)
                .ok_or_else(|| "must be above 0".to_owned())
        });
        let currency = self.optional("currency", |raw| word::<Currency>(raw).map(Some), None);
        let rate = Bounds {
            lowest: Decimal::ZERO,
            highest: MAX_INTEREST_RATE.into(),
            closed: (true, true),
            message: "must be a number from 0 to 10 with at most 6 decimals: 0.6 means 60 % a year",
        };
        let interest_rate = self.required("interest_rate", |raw| rate.read(raw));
        let rate_type = self.optional("rate_type", one_of("reducing, flat"), RateType::default());
        let fees = self.optional(
            "fees",
            |raw| {
                let fees: Money = amount(raw)?;
                (!fees.is_negative())
                    .then_some(fees)
                    .ok_or_else(|| "must not be negative".to_owned())
            },
            Money::ZERO,
        );
        let fees_financed = self.optional("fees_financed", one_of("true, false"), true);
        let term = self.required("term", whole(1, MAX_TERM));
        let term_unit = self.optional("term_unit", one_of("month, week, day"), TermUnit::default());
        let utc_time = self.optional("utc_time", |raw| word::<Timestamp>(raw).map(Some), None);
        let share = Bounds {
            lowest: Decimal::ZERO,
            highest: Decimal::ONE,
            closed: (false, true),
            message: "must be a number above 0 and up to 1 with at most 6 decimals",
        };
        let haircut = Bounds {
            lowest: Decimal::ZERO,
            highest: Decimal::ONE,
            closed: (true, false),
            message: "must be a number from 0 to below 1 with at most 6 decimals",
        };
        let (of_income, of_disposable) = (usual.max_instalment_to_income, usual.disposable_share);
        let policy = Policy {
            max_instalment_to_income: self.optional("max_instalment_to_income", |raw| share.read(raw), of_income),
            disposable_share: self.optional("disposable_share", |raw| share.read(raw), of_disposable),
            income_haircut: self.optional("income_haircut", |raw| haircut.read(raw), usual.income_haircut),
            min_history_days: self.optional("min_history_days", whole(0, MAX_POLICY_DAYS), usual.min_history_days),
            max_age_days: self.optional("max_age_days", whole(0, MAX_POLICY_DAYS), usual.max_age_days),
            income_basis: self.optional("income_basis", one_of("regular, all"), usual.income_basis),
        };
        Some(AffordabilityRequest {
            principal: principal?,
            currency,
            interest_rate: interest_rate?,
            rate_type,
            fees,
            fees_financed,
            term: term?,
            term_unit,
            utc_time,
            policy,
        })
    }

    fn required<T>(&mut self, name: &'static str, read: impl FnOnce(&'j RawValue) -> Result<T, String>) -> Option<T> {
        let value = match self.stated(name) {
            Some(raw) => read(raw).map_err(Fault::Value),
            None => Err(Fault::Missing),
        };
        value
            .map_err(|fault| self.faults.push(FieldFault::new(name, fault)))
            .ok()
    }

    fn optional<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&'j RawValue) -> Result<T, String>,
        default: T,
    ) -> T {
        match self.stated(name).map(read) {
            None => default,
            Some(Ok(value)) => value,
            Some(Err(rule)) => {
                self.faults.push(FieldFault::new(name, Fault::Value(rule)));
                default
            }
        }
    }

    fn stated(&self, name: &str) -> Option<&'j RawValue> {
        self.fields.get(name).copied().filter(|raw| raw.get() != "null")
    }
}

fn amount(raw: &RawValue) -> Result<Money, String> {
    serde_json::from_str(raw.get()).map_err(|error| plain(&error))
}

fn word<T: FromStr<Err: std::fmt::Display>>(raw: &RawValue) -> Result<T, String> {
    let text: String = serde_json::from_str(raw.get()).map_err(|_| "must be a string".to_owned())?;
    text.parse().map_err(|error| format!("{error}"))
}

fn one_of<T: for<'de> Deserialize<'de>>(known: &'static str) -> impl Fn(&RawValue) -> Result<T, String> {
    move |raw| serde_json::from_str(raw.get()).map_err(|_| format!("must be one of: {known}"))
}

fn whole(lowest: u32, highest: u32) -> impl Fn(&RawValue) -> Result<u32, String> {
    move |raw| {
        let number = serde_json::from_str(raw.get()).ok();
        let inside = number.filter(|number| (lowest..=highest).contains(number));
        inside.ok_or_else(|| format!("must be a whole number from {lowest} to {highest}"))
    }
}

impl Bounds {
    fn read(&self, raw: &RawValue) -> Result<Decimal, String> {
        let wrong = || self.message.to_owned();
        let text = raw.get();
        if !text.starts_with(|first: char| first == '-' || first.is_ascii_digit()) || text.len() > MAX_NAME_CHARS {
            return Err(wrong());
        }
        let value = Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text));
        let value = value.map_err(|_| wrong())?.normalize();
        let (low, high) = self.closed;
        let above = value > self.lowest || (low && value == self.lowest);
        let below = value < self.highest || (high && value == self.highest);
        (above && below && value.scale() <= MAX_RATIO_DECIMALS)
            .then_some(value)
            .ok_or_else(wrong)
    }
}

/// The message of a JSON error without its position, which is relative to the field.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split_once(" at line ")
        .map_or(text.clone(), |(message, _)| message.to_owned())
}
