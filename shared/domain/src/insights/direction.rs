//! Directions of payments.

use std::str::FromStr;

use serde::Serialize;

use crate::Impact;
use crate::vocabulary::UnknownWord;

crate::described! { "StreamDirection";
    /// Money in or out of depository accounts.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    #[serde(rename_all = "lowercase")]
    pub enum Direction {
        /// Money in.
        Inflow,
        /// Money out.
        Outflow,
    }
}

impl FromStr for Direction {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        match text {
            "inflow" => Ok(Self::Inflow),
            "outflow" => Ok(Self::Outflow),
            _ => Err(UnknownWord {
                known: "inflow, outflow",
            }),
        }
    }
}

impl From<Impact> for Direction {
    fn from(impact: Impact) -> Self {
        match impact {
            Impact::Credit => Self::Inflow,
            Impact::Debit => Self::Outflow,
        }
    }
}
