//! Lists of ledger records: newest first, as many as one answer can hold, then a cursor.

mod position;

use std::str::FromStr;

use daftari_domain::{Record, Timestamp};
use serde::Serialize;
use serde_json::value::RawValue;

pub use position::{BadPosition, Position};

use crate::answer_budget::Budget;
use crate::cursor::{BadCursor, CursorKey};
use crate::error::Error;

/// One answer's worth of a list. The default is an empty list.
#[derive(Debug, Default)]
pub struct Listing {
    /// The records, rendered, newest first.
    pub records: Vec<Box<RawValue>>,
    /// The last record shown; `None` where the list ends here.
    pub last: Option<Position>,
    /// What the records leave of the answer.
    pub room: Budget,
}

impl Listing {
    /// Renders records given newest first, up to `limit` and to what one answer can hold.
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
            // One record is always shown, so that a client gets on.
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

    /// The cursor that goes on after this answer; `None` where the list ends here.
    pub fn next_cursor(&self, key: &CursorKey, binding: &[&str], now: Timestamp) -> Option<String> {
        self.last.as_ref().map(|last| key.sign(binding, &last.to_string(), now))
    }
}

/// The place in a cursor of the same list.
pub fn read_cursor<P: FromStr>(key: &CursorKey, binding: &[&str], cursor: &str, now: Timestamp) -> Result<P, Error> {
    let bad = || Error::invalid("cursor", BadCursor);
    let place = key.verify(binding, cursor, now).map_err(|_| bad())?;
    place.parse().map_err(|_| bad())
}
