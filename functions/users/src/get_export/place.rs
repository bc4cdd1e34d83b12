//! Position in an export.

use std::fmt;
use std::str::FromStr;

use daftari_domain::ids::ReportId;
use daftari_platform::listing::{BadPosition, Position};

/// A position in an export: records first, then credit reports. Its text form is lossless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Before everything.
    Start,
    /// After a record.
    AfterRecord(Position),
    /// After all records, and either after a report or before the first one.
    Reports(Option<ReportId>),
}

const REPORTS: &str = "reports";

impl Place {
    /// The report before the position.
    pub(super) const fn report(&self) -> Option<ReportId> {
        match self {
            Self::Start | Self::AfterRecord(_) => None,
            Self::Reports(after) => *after,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => Ok(()),
            Self::AfterRecord(position) => position.fmt(f),
            Self::Reports(None) => f.write_str(REPORTS),
            Self::Reports(Some(id)) => write!(f, "{REPORTS} {id}"),
        }
    }
}

impl FromStr for Place {
    type Err = BadPosition;

    fn from_str(text: &str) -> Result<Self, BadPosition> {
        // The text of a record's position never starts with a word.
        let Some(rest) = text.strip_prefix(REPORTS) else {
            return text.parse().map(Self::AfterRecord);
        };
        match rest.strip_prefix(' ') {
            Some(id) => Ok(Self::Reports(Some(id.parse().map_err(|_| BadPosition)?))),
            None if rest.is_empty() => Ok(Self::Reports(None)),
            None => Err(BadPosition),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_round_trip() {
        for text in [
            "2021-10-08T10:41:25+00:00 dd9bfad8a88f838d53f63b85c109dcf1 mpesa default",
            "reports",
            "reports 017c9a5c-7f00-7000-8000-000000000000",
        ] {
            let place: Place = text.parse().expect("place");
            assert_eq!(place.to_string(), text);
        }
        for text in ["", "reportsx", "reports ", "reports x", "record"] {
            assert_eq!(text.parse::<Place>(), Err(BadPosition), "{text:?}");
        }
    }
}
