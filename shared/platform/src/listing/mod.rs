//! Lists of ledger records: newest first, as many as one answer can hold, then a cursor.

mod answer;
mod position;

use daftari_domain::{Record, Timestamp};
use serde::Serialize;
use serde_json::value::RawValue;

pub use answer::MAX_ANSWER_BYTES;
pub use position::Position;

use crate::cursor::CursorKey;
use crate::error::Error;

/// One answer's worth of a list.
#[derive(Debug)]
pub struct Listing {
    /// The records, rendered, newest first.
    pub records: Vec<Box<RawValue>>,
    /// The last record shown; `None` where the list ends here.
    pub last: Option<Position>,
}

impl Listing {
    /// Renders records given newest first, up to `limit` and to what one answer can hold.
    pub fn of<'a, T: Serialize>(
        records: impl IntoIterator<Item = &'a Record>,
        limit: usize,
        render: impl Fn(&'a Record) -> T,
    ) -> Result<Self, Error> {
        let mut budget = answer::Budget::default();
        let mut rendered = Vec::new();
        let mut shown: Option<&Record> = None;
        for record in records {
            let json = serde_json::value::to_raw_value(&render(record))
                .map_err(|error| Error::Internal(format!("rendering a record: {error}")))?;
            // One record is always shown, so that a client gets on.
            if rendered.len() == limit || (!budget.takes(json.get()) && shown.is_some()) {
                return Ok(Self {
                    records: rendered,
                    last: shown.map(Position::of),
                });
            }
            rendered.push(json);
            shown = Some(record);
        }
        Ok(Self {
            records: rendered,
            last: None,
        })
    }

    /// The cursor that goes on after this answer; `None` where the list ends here.
    pub fn next_cursor(&self, key: &CursorKey, binding: &[&str], now: Timestamp) -> Option<String> {
        self.last
            .as_ref()
            .map(|last| key.sign(binding, &last.to_string(), now))
    }
}

/// The position in a cursor of the same list.
pub fn read_cursor(
    key: &CursorKey,
    binding: &[&str],
    cursor: &str,
    now: Timestamp,
) -> Result<Position, Error> {
    let position = key
        .verify(binding, cursor, now)
        .map_err(|error| Error::invalid("cursor", error))?;
    position
        .parse()
        .map_err(|_| Error::invalid("cursor", crate::cursor::BadCursor))
}
