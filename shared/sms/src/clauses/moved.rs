//! A movement that a message tells of.

use daftari_domain::Impact;

use super::context::Mention;
use super::tables::{Event, Strength};

/// An event with the amount it moves.
#[derive(Clone)]
pub(super) struct Moved {
    pub(super) mention: Mention,
    /// The rule that found it; `None` for an alert, whose amount and direction stand apart.
    pub(super) event: Option<&'static Event>,
    pub(super) direction: Option<Impact>,
    pub(super) strength: Strength,
}

impl Moved {
    pub(super) fn has(&self, flag: u16) -> bool {
        self.event.is_some_and(|event| event.flags & flag != 0)
    }

    pub(super) fn name(&self) -> &'static str {
        self.event.map_or("clauses/alert", |event| event.name)
    }
}
