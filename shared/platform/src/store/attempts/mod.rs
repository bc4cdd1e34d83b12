//! Counters of sign-ins, which bound guessing.
//!
//! An attempt is counted *before* its password is checked, as one in flight. So concurrent guesses cannot pass a limit
//! together. It becomes a failure if the password is wrong; otherwise it is removed. An attempt that nobody settles,
//! because its function died, expires at its deadline.
//!
//! A failure is stored as a mark. Counting is idempotent: another failure with the same mark is not counted again. A
//! success removes its own mark and no other. A window starts with its first failure; once no mark is left, the next
//! failure starts a new window.

mod counter;
mod state;

use daftari_domain::Timestamp;

pub use counter::{Counter, MAX_EMAILS, MAX_GUESSES, MAX_GUESSES_AT_HOME, MAX_GUESSES_EVERYWHERE};

use self::state::{Next, State, new_reservation};
use super::attributes::{number, string, strings};
use super::backoff::Backoff;
use super::operation::Update;
use super::{Store, StoreError};

/// Length of the window that failures are counted in.
pub const WINDOW_SECONDS: i64 = 15 * 60;
/// Version of the layout of counters, in the attribute `v`.
const LAYOUT: u32 = 2;

/// An attempt that passes a counter.
#[derive(Debug)]
pub enum Attempt {
    /// It is in flight, and must be settled.
    InFlight(InFlight),
    /// This counter already contains a failure of this mark.
    FailedBefore(Counter),
}

/// An attempt over a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyAttempts {
    /// Seconds until a further attempt makes sense, at least 1.
    pub retry_after_seconds: u32,
}

/// An attempt that is counted and not yet settled.
#[derive(Debug)]
#[must_use]
pub struct InFlight {
    counter: Counter,
    reservation: String,
}

impl Store {
    /// Counts an attempt as one in flight, if the limits admit it.
    pub async fn begin_attempt(
        &self,
        counter: Counter,
        now: Timestamp,
    ) -> Result<Result<Attempt, TooManyAttempts>, StoreError> {
        let now = now.unix_seconds();
        let reservation = new_reservation(now);
        let mut backoff = Backoff::default();
        // Most counters are empty, so the first write assumes an empty one. A refusal returns the stored state.
        let mut state = State::default();
        for conflicts in 0_u32.. {
            let update = match state.next(&counter, &reservation, now) {
                Next::Reserved => {
                    return Ok(Ok(Attempt::InFlight(InFlight { counter, reservation })));
                }
                Next::FailedBefore => return Ok(Ok(Attempt::FailedBefore(counter))),
                Next::Refuse(retry_after_seconds) => {
                    return Ok(Err(TooManyAttempts { retry_after_seconds }));
                }
                Next::Forget(expired) => forgetting(&counter, expired),
                Next::Reserve { room } => reserving(&counter, &state, room, &reservation, now),
            };
            if conflicts > 1 {
                backoff.wait().await?;
            }
            state = State::read(self.table.update_and_read(update).await?.item())?;
        }
        Err(StoreError::Contended)
    }

    /// Settles an attempt as a success: removes it, and an earlier failure of the same mark.
    pub async fn succeed_attempt(&self, attempt: &InFlight) -> Result<(), StoreError> {
        let update = removing(&attempt.counter, "DELETE in_flight :own, failed :mark")
            .value(":own", strings([&attempt.reservation]))
            .value(":mark", strings([attempt.counter.mark.as_str()]));
        self.table.update(update).await?;
        Ok(())
    }

    /// Removes the failure of the counter's own mark, after a success.
    pub async fn clear_failure(&self, counter: &Counter) -> Result<(), StoreError> {
        let update = removing(counter, "DELETE failed :mark").value(":mark", strings([counter.mark.as_str()]));
        self.table.update(update).await?;
        Ok(())
    }

    /// Removes an attempt whose outcome is unknown.
    pub async fn take_back(&self, attempt: &InFlight) -> Result<(), StoreError> {
        let update = removing(&attempt.counter, "DELETE in_flight :own").value(":own", strings([&attempt.reservation]));
        self.table.update(update).await?;
        Ok(())
    }

    /// Settles an attempt as a failure. Returns whether this failure brings the counter to its limit.
    pub async fn fail_attempt(&self, attempt: &InFlight, now: Timestamp) -> Result<bool, StoreError> {
        const FAIL: &str = "SET window_ends = if_not_exists(window_ends, :end), expires_at = :end, #type = :type, \
                            v = :layout ADD failed :mark DELETE in_flight :own";
        let update = setting(&attempt.counter, FAIL, now.unix_seconds())
            .value(":mark", strings([attempt.counter.mark.as_str()]))
            .value(":own", strings([&attempt.reservation]));
        let state = State::read(self.table.update_and_read(update).await?.item())?;
        Ok(state.failed.len() >= attempt.counter.max_failures)
    }
}

/// An update that removes elements from a counter, if the counter exists.
fn removing(counter: &Counter, expression: &str) -> Update {
    Update::new(counter.key.clone(), expression).on_condition("attribute_exists(PK)")
}

/// An update that sets a counter's `#type`, `:layout` and `:end`, at `now`.
fn setting(counter: &Counter, expression: impl Into<String>, now: i64) -> Update {
    Update::new(counter.key.clone(), expression)
        .name("#type", "type")
        .value(":type", string("attempts"))
        .value(":layout", number(LAYOUT))
        .value(":end", number(now + WINDOW_SECONDS))
}

/// Puts an attempt in flight, on the condition that failures are as in `state` and that there is still room.
fn reserving(counter: &Counter, state: &State, room: usize, reservation: &str, now: i64) -> Update {
    const SET: &str = "SET expires_at = :end, #type = :type, v = :layout ADD in_flight :own";
    const HAS_ROOM: &str = "(attribute_not_exists(in_flight) OR size(in_flight) < :room)";
    let update = match state.window_ends {
        // Successes may have removed every failure of a window but not its end.
        None => setting(counter, format!("{SET} REMOVE window_ends"), now)
            .on_condition(format!("attribute_not_exists(failed) AND {HAS_ROOM}")),
        Some(ends) if ends > now => setting(counter, SET, now)
            .on_condition(format!("window_ends = :ends AND size(failed) = :failed AND {HAS_ROOM}"))
            .value(":ends", number(ends))
            .value(":failed", number(state.failed.len())),
        // The window is over but its item still exists: TTL deletes late.
        Some(ends) => setting(counter, format!("{SET} REMOVE window_ends, failed"), now)
            .on_condition(format!("window_ends = :ends AND {HAS_ROOM}"))
            .value(":ends", number(ends)),
    };
    update
        .value(":own", strings([reservation]))
        .value(":room", number(room))
}

/// Removes attempts past their deadline.
fn forgetting(counter: &Counter, expired: Vec<String>) -> Update {
    removing(counter, "DELETE in_flight :expired").value(":expired", strings(expired))
}
