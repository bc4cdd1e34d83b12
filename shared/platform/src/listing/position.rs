//! The position of a record in its ledger.

use std::fmt;
use std::str::FromStr;

use daftari_domain::{AccountId, InstitutionId, Record, RecordId, Timestamp};

/// The position of a record in the order of its ledger. Its text form is lossless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// Time of the record.
    pub timestamp: Timestamp,
    id: RecordId,
    institution_id: InstitutionId,
    account_id: AccountId,
}

impl Position {
    /// The position of a record.
    pub fn of(record: &Record) -> Self {
        Self {
            timestamp: record.timestamp,
            id: record.id.clone(),
            institution_id: record.institution_id.clone(),
            account_id: record.account_id.clone(),
        }
    }

    /// Whether a record is older than this position, so that a list in descending order has not returned it yet.
    pub fn is_after(&self, record: &Record) -> bool {
        record.position() < (self.timestamp, &self.id, &self.institution_id, &self.account_id)
    }
}

impl fmt::Display for Position {
    /// The parts contain no spaces, which separate them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} {} {}",
            self.timestamp, self.id, self.institution_id, self.account_id
        )
    }
}

/// The text is not a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadPosition;

impl FromStr for Position {
    type Err = BadPosition;

    fn from_str(text: &str) -> Result<Self, BadPosition> {
        let mut parts = text.split(' ');
        let mut part = || parts.next().ok_or(BadPosition);
        let position = Self {
            timestamp: part()?.parse().map_err(|_| BadPosition)?,
            id: part()?.parse().map_err(|_| BadPosition)?,
            institution_id: part()?.parse().map_err(|_| BadPosition)?,
            account_id: part()?.parse().map_err(|_| BadPosition)?,
        };
        if parts.next().is_none() {
            Ok(position)
        } else {
            Err(BadPosition)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_round_trip() {
        let text = "2021-10-08T10:41:25+00:00 dd9bfad8a88f838d53f63b85c109dcf1 mpesa default";
        let position: Position = text.parse().expect("position");
        assert_eq!(position.to_string(), text);
        for text in ["", "2021-10-08T10:41:25+00:00", "a b c d", &format!("{text} more")] {
            assert_eq!(text.parse::<Position>(), Err(BadPosition), "{text}");
        }
    }
}
