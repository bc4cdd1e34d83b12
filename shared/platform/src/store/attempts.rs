//! Counters of sign-ins, which bound guessing.
//!
//! An attempt is counted *before* the password is looked at, as one in flight, so that any number of guesses at once
//! cannot pass a limit together. It becomes a failure only when the password is found wrong; otherwise it is taken back.
//! An attempt that nobody settles, because its function died, ends with its deadline.
//!
//! A failure is kept as a mark. What comes again with the same mark is the same failure and is not counted twice. A
//! success removes its own mark and no other. A window starts with its first failure; when no mark is left, the next
//! failure starts another window.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};
use uuid::Uuid;

use daftari_domain::Timestamp;

use super::backoff::Backoff;
use super::error::Fault;
use super::items::{Attributes, ItemReader, number, string, strings};
use super::key::Key;
use super::{Store, StoreError};
use crate::identity::{Fingerprint, Network};

/// Length of the window that failures are counted in.
pub const WINDOW_SECONDS: i64 = 15 * 60;
/// Wrong passwords for one email from one network.
pub const MAX_GUESSES: usize = 10;
/// Wrong passwords for one email from a network where its login has signed in lately with its present password.
pub const MAX_GUESSES_AT_HOME: usize = 100;
/// Wrong passwords for one email from all networks together but those where its login has signed in lately with its
/// present password.
pub const MAX_GUESSES_EVERYWHERE: usize = 200;
/// Emails that failed from one network where their logins have not signed in lately.
pub const MAX_EMAILS: usize = 10;

/// Attempts in flight from a network: for one email, and for all.
const MAX_IN_FLIGHT: usize = 10;
/// Attempts in flight for one email from a network where its login has signed in lately with its present password, and
/// from all other networks together.
const MAX_IN_FLIGHT_WIDE: usize = 50;
/// Longest time an attempt is in flight; a function is ended earlier.
const IN_FLIGHT_SECONDS: i64 = 30;
/// When to come again where only attempts in flight are in the way, which take a fraction of a second.
const SHORT_WAIT_SECONDS: std::ops::RangeInclusive<u32> = 1..=2;
/// Version of the layout of counters, in the attribute `v`.
const LAYOUT: u32 = 2;

/// A counter, and the mark that a failure leaves in it.
#[derive(Clone, Debug)]
pub struct Counter {
    key: Key,
    max_failures: usize,
    max_in_flight: usize,
    mark: Fingerprint,
}

impl Counter {
    /// Of the wrong passwords for an email (in lower case) from a network; `at_home` where its login has signed in from
    /// there lately with its present password.
    pub fn of_email_from(email: &str, network: Network, at_home: bool, password: Fingerprint) -> Self {
        let (max_failures, max_in_flight) = if at_home {
            (MAX_GUESSES_AT_HOME, MAX_IN_FLIGHT_WIDE)
        } else {
            (MAX_GUESSES, MAX_IN_FLIGHT)
        };
        Self {
            key: Key::attempts_from(email, network),
            max_failures,
            max_in_flight,
            mark: password,
        }
    }

    /// Of the wrong passwords for an email (in lower case) from everywhere.
    pub fn of_email(email: &str, password: Fingerprint) -> Self {
        Self {
            key: Key::attempts(email),
            max_failures: MAX_GUESSES_EVERYWHERE,
            max_in_flight: MAX_IN_FLIGHT_WIDE,
            mark: password,
        }
    }

    /// Of the emails that failed from a network where their logins have not signed in lately.
    pub fn of_network(network: Network, email: Fingerprint) -> Self {
        Self {
            key: Key::network_attempts(network),
            max_failures: MAX_EMAILS,
            max_in_flight: MAX_IN_FLIGHT,
            mark: email,
        }
    }
}

/// What came of counting an attempt.
#[derive(Debug)]
pub enum Attempt {
    /// It is in flight, and must be settled.
    InFlight(InFlight),
    /// A failure of this mark is counted already, in this counter.
    FailedBefore(Counter),
    /// There were too many.
    Refused {
        /// When to come again, in seconds, at least 1.
        retry_after_seconds: u32,
    },
}

/// An attempt that is counted and not settled.
#[derive(Debug)]
#[must_use]
pub struct InFlight {
    counter: Counter,
    reservation: String,
}

impl Store {
    /// Counts an attempt as one in flight, where the limits let it.
    pub async fn begin_attempt(&self, counter: Counter, now: Timestamp) -> Result<Attempt, StoreError> {
        let now = now.unix_seconds();
        let reservation = new_reservation(now);
        let mut backoff = Backoff::default();
        // Most counters hold nothing: that is tried first, and the answer tells of what there is.
        let mut state = State::default();
        for conflicts in 0_u32.. {
            let update = match state.next(&counter, &reservation, now) {
                Next::Reserved => {
                    return Ok(Attempt::InFlight(InFlight { counter, reservation }));
                }
                Next::FailedBefore => return Ok(Attempt::FailedBefore(counter)),
                Next::Refuse(retry_after_seconds) => {
                    return Ok(Attempt::Refused { retry_after_seconds });
                }
                Next::Forget(expired) => self.forgetting(&counter, expired),
                Next::Reserve { room } => self.reserving(&counter, &state, room, &reservation, now),
            };
            if conflicts > 1 {
                backoff.wait().await?;
            }
            state = self.send_attempt(update).await?;
        }
        Err(StoreError::Contended)
    }

    /// Makes an attempt a success: takes it back, and removes an earlier failure of the same mark.
    pub async fn succeed_attempt(&self, attempt: &InFlight) -> Result<(), StoreError> {
        let update = self
            .update(attempt.counter.key.clone())
            .update_expression("DELETE in_flight :own, failed :mark")
            .condition_expression("attribute_exists(PK)")
            .expression_attribute_values(":own", strings([&attempt.reservation]))
            .expression_attribute_values(":mark", strings([attempt.counter.mark.as_str()]));
        self.try_update(update).await?;
        Ok(())
    }

    /// Removes the failure of the counter's own mark, after a success.
    pub async fn clear_failure(&self, counter: &Counter) -> Result<(), StoreError> {
        let update = self
            .update(counter.key.clone())
            .update_expression("DELETE failed :mark")
            .condition_expression("attribute_exists(PK)")
            .expression_attribute_values(":mark", strings([counter.mark.as_str()]));
        self.try_update(update).await?;
        Ok(())
    }

    /// Takes an attempt back: nobody knows whether it was a failure.
    pub async fn take_back(&self, attempt: &InFlight) -> Result<(), StoreError> {
        let update = self
            .update(attempt.counter.key.clone())
            .update_expression("DELETE in_flight :own")
            .condition_expression("attribute_exists(PK)")
            .expression_attribute_values(":own", strings([&attempt.reservation]));
        self.try_update(update).await?;
        Ok(())
    }

    /// Makes an attempt a failure. Returns whether the counter is at its limit by it.
    pub async fn fail_attempt(&self, attempt: &InFlight, now: Timestamp) -> Result<bool, StoreError> {
        let end = number(now.unix_seconds() + WINDOW_SECONDS);
        let update = self
            .counter_update(&attempt.counter)
            .update_expression(
                "SET window_ends = if_not_exists(window_ends, :end), expires_at = :end, #type = :type, v = :layout \
                 ADD failed :mark DELETE in_flight :own",
            )
            .expression_attribute_values(":end", end)
            .expression_attribute_values(":mark", strings([attempt.counter.mark.as_str()]))
            .expression_attribute_values(":own", strings([&attempt.reservation]))
            .return_values(ReturnValue::AllNew);
        let answer = update.send().await.map_err(Fault::of)?;
        self.usage.add_write(answer.consumed_capacity());
        let state = State::read(answer.attributes.unwrap_or_default())?;
        Ok(state.failed.len() >= attempt.counter.max_failures)
    }

    fn counter_update(&self, counter: &Counter) -> UpdateItemFluentBuilder {
        self.update(counter.key.clone())
            .expression_attribute_names("#type", "type")
            .expression_attribute_values(":type", string("attempts"))
            .expression_attribute_values(":layout", number(LAYOUT))
    }

    /// Reserves, on the condition that failures are as in `state` and that there is still room.
    fn reserving(
        &self,
        counter: &Counter,
        state: &State,
        room: usize,
        reservation: &str,
        now: i64,
    ) -> UpdateItemFluentBuilder {
        const SET: &str = "SET expires_at = :end, #type = :type, v = :layout ADD in_flight :own";
        const HAS_ROOM: &str = "(attribute_not_exists(in_flight) OR size(in_flight) < :room)";
        let update = self
            .counter_update(counter)
            .expression_attribute_values(":end", number(now + WINDOW_SECONDS))
            .expression_attribute_values(":own", strings([reservation]))
            .expression_attribute_values(":room", number(room));
        match state.window_ends {
            // Successes may have removed every failure of a window, and left its end.
            None => update
                .update_expression(format!("{SET} REMOVE window_ends"))
                .condition_expression(format!("attribute_not_exists(failed) AND {HAS_ROOM}")),
            Some(ends) if ends > now => update
                .update_expression(SET)
                .condition_expression(format!("window_ends = :ends AND size(failed) = :failed AND {HAS_ROOM}"))
                .expression_attribute_values(":ends", number(ends))
                .expression_attribute_values(":failed", number(state.failed.len())),
            // The window is over but its item is still there: TTL deletes late.
            Some(ends) => update
                .update_expression(format!("{SET} REMOVE window_ends, failed"))
                .condition_expression(format!("window_ends = :ends AND {HAS_ROOM}"))
                .expression_attribute_values(":ends", number(ends)),
        }
    }

    /// Forgets attempts whose deadline is over.
    fn forgetting(&self, counter: &Counter, expired: Vec<String>) -> UpdateItemFluentBuilder {
        self.update(counter.key.clone())
            .update_expression("DELETE in_flight :expired")
            .condition_expression("attribute_exists(PK)")
            .expression_attribute_values(":expired", strings(expired))
    }

    /// The state after an update, or the one that its condition did not allow for.
    async fn send_attempt(&self, update: UpdateItemFluentBuilder) -> Result<State, StoreError> {
        let answer = update
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match answer {
            Ok(answer) => {
                self.usage.add_write(answer.consumed_capacity());
                State::read(answer.attributes.unwrap_or_default())
            }
            Err(error) => match item_in_the_way(&error) {
                Some(item) => State::read(item),
                None => Err(Fault::of(error).into()),
            },
        }
    }
}

/// `<deadline>#<random>`
fn new_reservation(now: i64) -> String {
    let (random, _) = Uuid::new_v4().as_u64_pair();
    format!("{}#{random:016x}", now + IN_FLIGHT_SECONDS)
}

fn has_expired(reservation: &str, now: i64) -> bool {
    let deadline = reservation.split('#').next();
    // One that is not of this form blocks nobody.
    deadline
        .and_then(|text| text.parse::<i64>().ok())
        .is_none_or(|deadline| deadline <= now)
}

/// What a counter holds.
#[derive(Debug, Default)]
struct State {
    failed: Vec<String>,
    in_flight: Vec<String>,
    /// There with the first failure.
    window_ends: Option<i64>,
}

/// The next step of an attempt.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    Reserved,
    FailedBefore,
    Refuse(u32),
    /// These deadlines are over.
    Forget(Vec<String>),
    /// There is room for so many in flight.
    Reserve {
        room: usize,
    },
}

impl State {
    fn read(item: Attributes) -> Result<Self, StoreError> {
        let item = ItemReader::new(item);
        let failed = item.string_set("failed");
        Ok(Self {
            window_ends: if failed.is_empty() {
                None
            } else {
                Some(item.number("window_ends")?)
            },
            in_flight: item.string_set("in_flight"),
            failed,
        })
    }

    /// Decides on an attempt that is in flight as `reservation`, or wants to be.
    fn next(&self, counter: &Counter, reservation: &str, now: i64) -> Next {
        if self.in_flight.iter().any(|held| held == reservation) {
            return Next::Reserved;
        }
        let seconds_left = self.window_ends.map_or(0, |ends| ends - now);
        let failed = if seconds_left > 0 { &self.failed[..] } else { &[] };
        if failed.iter().any(|mark| mark == counter.mark.as_str()) {
            return Next::FailedBefore;
        }
        let left = counter.max_failures.saturating_sub(failed.len());
        if left == 0 {
            return Next::Refuse(u32::try_from(seconds_left).unwrap_or(u32::MAX));
        }
        let room = left.min(counter.max_in_flight);
        let (expired, live): (Vec<_>, Vec<_>) = self.in_flight.iter().cloned().partition(|held| has_expired(held, now));
        if live.len() >= room {
            Next::Refuse(fastrand::u32(SHORT_WAIT_SECONDS))
        } else if self.in_flight.len() >= room {
            Next::Forget(expired)
        } else {
            Next::Reserve { room }
        }
    }
}

fn item_in_the_way(error: &SdkError<UpdateItemError>) -> Option<Attributes> {
    match error.as_service_error()? {
        UpdateItemError::ConditionalCheckFailedException(failed) => Some(failed.item().cloned().unwrap_or_default()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::identity::SigningKeys;
    use crate::identity::TokenIssuer;

    use super::*;

    const NOW: i64 = 1_637_096_400;
    const OWN: &str = "1637096430#own";

    fn mark(text: &str) -> Fingerprint {
        let keys = SigningKeys::generate().expect("keys");
        let issuer = TokenIssuer::new("daftari", &keys).expect("issuer");
        issuer.fingerprints().of(&[text])
    }

    fn counter(mark: Fingerprint) -> Counter {
        Counter::of_email_from("a@b.example", Network::of(None), false, mark)
    }

    fn state(failed: usize, in_flight: &[(i64, usize)], window_ends: i64) -> State {
        let reservations = |(seconds, count): &(i64, usize)| {
            let deadline = NOW + seconds;
            (0..*count).map(move |n| format!("{deadline}#{n}")).collect::<Vec<_>>()
        };
        State {
            failed: (0..failed).map(|n| format!("failure {n}")).collect(),
            in_flight: in_flight.iter().flat_map(reservations).collect(),
            window_ends: (failed > 0).then_some(window_ends),
        }
    }

    fn next(state: &State) -> Next {
        state.next(&counter(mark("guess")), OWN, NOW)
    }

    #[test]
    fn failures_and_attempts_in_flight_share_the_limit() {
        for (failed, in_flight, room) in [(0, 0, 10), (0, 9, 10), (3, 6, 7), (9, 0, 1)] {
            let state = state(failed, &[(30, in_flight)], NOW + 60);
            assert_eq!(next(&state), Next::Reserve { room }, "{failed} {in_flight}");
        }
    }

    #[test]
    fn attempts_in_flight_cost_a_short_wait_and_failures_the_rest_of_the_window() {
        for (failed, in_flight) in [(0, 10), (3, 7), (9, 1)] {
            let state = state(failed, &[(30, in_flight)], NOW + 60);
            let Next::Refuse(wait) = next(&state) else {
                panic!("{failed} {in_flight}")
            };
            assert!(SHORT_WAIT_SECONDS.contains(&wait));
        }
        assert_eq!(next(&state(10, &[], NOW + 60)), Next::Refuse(60));
    }

    #[test]
    fn a_window_that_is_over_counts_no_more() {
        assert_eq!(next(&state(10, &[], NOW)), Next::Reserve { room: 10 });
    }

    #[test]
    fn attempts_past_their_deadline_are_forgotten_when_they_are_in_the_way() {
        let full = state(0, &[(0, 4), (30, 6)], 0);
        let Next::Forget(expired) = next(&full) else {
            panic!("{full:?}")
        };
        assert_eq!(expired.len(), 4);
        assert!(expired.iter().all(|held| held.starts_with(&NOW.to_string())));
        assert_eq!(next(&state(0, &[(0, 4)], 0)), Next::Reserve { room: 10 });
    }

    #[test]
    fn a_known_failure_is_told_even_where_nothing_else_passes() {
        let mark = mark("guess");
        let mut state = state(10, &[(30, 10)], NOW + 60);
        state.failed[4] = mark.as_str().to_owned();
        let counter = counter(mark);
        assert_eq!(state.next(&counter, OWN, NOW), Next::FailedBefore);
        assert_eq!(
            state.next(&counter, OWN, NOW + 60),
            Next::Forget(state.in_flight.clone())
        );
    }

    /// The answer to an update may be lost after it took effect.
    #[test]
    fn an_attempt_that_is_in_flight_already_is_not_counted_twice() {
        let mut state = state(9, &[], NOW + 60);
        state.in_flight.push(OWN.to_owned());
        assert_eq!(next(&state), Next::Reserved);
    }
}
