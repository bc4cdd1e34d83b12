//! Lists of ledger records: newest first, as many as fit into one answer, then a cursor.

mod position;

use std::str::FromStr;

use daftari_domain::{Record, Timestamp};
use serde::Serialize;
use serde_json::value::RawValue;

pub use position::{BadPosition, Position};

use crate::answer_budget::Budget;
use crate::cursor::{BadCursor, CursorKey};
use crate::error::Error;

/// The part of a list in one answer. The default is an empty list.
#[derive(Debug, Default)]
pub struct Listing {
    /// The records, rendered, newest first.
    pub records: Vec<Box<RawValue>>,
    /// The last returned record; `None` at the end of the list.
    pub last: Option<Position>,
    /// The room left beside the records.
    pub room: Budget,
}

impl Listing {
    /// Renders records, given newest first, up to `limit` and to the size of an answer.
    pub fn of<'a, T: Serialize>(
        records: impl IntoIterator<Item = &'a Record>,
        limit: usize,
        render: impl Fn(&'a Record) -> T,
    ) -> Result<Self, Error> {
        let mut room = Budget::default();
        let mut rendered = Vec::new();
        let mut shown: Option<&Record> = None;
        for record in records {
            let json = serde_json::value::to_raw_value(&render(record))
                .map_err(|error| Error::internal(format!("rendering a record: {error}")))?;
            // At least one record is returned, so that a client makes progress.
            if rendered.len() == limit || (!room.takes(json.get()) && shown.is_some()) {
                return Ok(Self {
                    records: rendered,
                    last: shown.map(Position::of),
                    room,
                });
            }
            rendered.push(json);
            shown = Some(record);
        }
        Ok(Self {
            records: rendered,
            last: None,
            room,
        })
    }

    /// The cursor of the next answer; `None` at the end of the list.
    pub fn next_cursor(&self, key: &CursorKey, binding: &[&str], now: Timestamp) -> Option<String> {
        self.last.as_ref().map(|last| key.sign(binding, &last.to_string(), now))
    }
}

/// Parses the position in a cursor of the same list.
pub fn read_cursor<P: FromStr>(key: &CursorKey, binding: &[&str], cursor: &str, now: Timestamp) -> Result<P, Error> {
    let bad = || Error::invalid("cursor", BadCursor);
    let place = key.verify(binding, cursor, now).map_err(|_| bad())?;
    place.parse().map_err(|_| bad())
}
