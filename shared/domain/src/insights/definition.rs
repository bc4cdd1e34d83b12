//! Named figures: the definition, the unit, the null rule and the value of each.

use std::fmt;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::Currency;
use crate::money::DecimalNumber;

/// The unit of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Money in the report currency.
    Money,
    /// Money in the report currency, for each day.
    MoneyPerDay,
    /// A number of things; a whole number.
    Count,
    /// Institutions for each day.
    InstitutionsPerDay,
    /// A quotient without a unit.
    Ratio,
    /// Minutes; a whole number.
    Minutes,
    /// Days; a whole number.
    Days,
    /// Days, with decimals.
    MeanDays,
    /// A currency code.
    Currency,
}

impl Unit {
    /// Whether values are whole numbers.
    pub const fn is_whole(self) -> bool {
        matches!(self, Self::Count | Self::Minutes | Self::Days)
    }

    /// Whether values grow with all amounts.
    pub const fn is_money(self) -> bool {
        matches!(self, Self::Money | Self::MoneyPerDay)
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Money => "money",
            Self::MoneyPerDay => "money a day",
            Self::Count => "count",
            Self::InstitutionsPerDay => "institutions a day",
            Self::Ratio => "ratio",
            Self::Minutes => "minutes",
            Self::Days | Self::MeanDays => "days",
            Self::Currency => "currency",
        })
    }
}

/// When a figure is null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NullRule {
    /// For counts, and sums of a kind: null if the window has no record of the user at all. 0 if it has records but
    /// none qualifies.
    NoRecord,
    /// For averages, medians, extremes, ratios, slopes, and totals: null if nothing qualifies.
    NothingQualifies,
    /// As the definition states.
    Other(&'static str),
}

impl fmt::Display for NullRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoRecord => "null without a record, else 0 if none qualifies",
            Self::NothingQualifies => "null if nothing qualifies",
            Self::Other(text) => text,
        })
    }
}

/// The definition of a named figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Its name, without a window.
    pub name: &'static str,
    /// How it is computed.
    pub definition: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// When it is null.
    pub null: NullRule,
    /// The source of the definition.
    pub source: &'static str,
}

/// An enum of named figures from a table: name, windows, unit, null rule, source and definition of each.
macro_rules! figures {
    (
        $(#[$meta:meta])* $Figure:ident,
        $(#[$windows_meta:meta])* $windows_of:ident: $Windows:ty;
        $($figure:ident = $name:literal, $windows:expr, $unit:ident, $null:expr, $source:literal, $definition:literal;)*
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $Figure {
            $(#[doc = $definition] $figure,)*
        }

        impl $Figure {
            /// Every figure, in the order of answers.
            pub const ALL: &'static [Self] = &[$(Self::$figure),*];

            /// Its definition.
            pub const fn definition(self) -> &'static $crate::insights::definition::Definition {
                match self {
                    $(Self::$figure => &$crate::insights::definition::Definition {
                        name: $name,
                        definition: $definition,
                        unit: $crate::insights::definition::Unit::$unit,
                        null: $null,
                        source: $source,
                    },)*
                }
            }

            $(#[$windows_meta])*
            pub const fn $windows_of(self) -> $Windows {
                match self {
                    $(Self::$figure => $windows,)*
                }
            }
        }
    };
}

pub(crate) use figures;

/// The value of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// Unknown, or nothing qualifies.
    Null,
    /// A whole number.
    Whole(i64),
    /// Money or a quotient.
    Number(DecimalNumber),
    /// A currency.
    Currency(Currency),
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Whole(number) => serializer.serialize_i64(*number),
            Self::Number(number) => number.serialize(serializer),
            Self::Currency(currency) => currency.serialize(serializer),
        }
    }
}

impl From<u64> for Value {
    fn from(count: u64) -> Self {
        Self::Whole(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Whole(number)
    }
}

impl From<DecimalNumber> for Value {
    fn from(number: DecimalNumber) -> Self {
        Self::Number(number)
    }
}

impl From<Currency> for Value {
    fn from(currency: Currency) -> Self {
        Self::Currency(currency)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Values by name, in the order of their table. Serializes as one object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values(pub Vec<(String, Value)>);

impl Values {
    /// The value with this name.
    pub fn get(&self, name: &str) -> Option<Value> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| *value)
    }
}

impl Serialize for Values {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
