//! The events of a stream: the payments of one local date form an event.

use crate::Country;
use crate::Date;
use crate::insights::movements::Movement;
use crate::reports::total::Total;

/// The payments of a stream on one local date.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Event<'m, 'a> {
    pub(crate) date: Date,
    /// Their sum.
    pub(crate) amount: Total,
    pub(crate) movements: &'m [Movement<'a>],
}

/// The events of payments, which are ordered oldest first.
pub(crate) fn events<'m, 'a>(movements: &'m [Movement<'a>], country: Option<Country>) -> Vec<Event<'m, 'a>> {
    let date = |movement: &Movement<'_>| Date::local(movement.at(), country);
    let mut rest = movements;
    let mut events = Vec::new();
    while let Some(first) = rest.first() {
        let day = date(first);
        let count = rest.iter().take_while(|movement| date(movement) == day).count();
        let (movements, later) = rest.split_at(count);
        rest = later;
        events.push(Event {
            date: day,
            amount: movements.iter().map(|movement| movement.amount).sum(),
            movements,
        });
    }
    events
}
