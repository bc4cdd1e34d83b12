//! The state of a counter, and the decision on an attempt. Pure.

use uuid::Uuid;

use super::counter::Counter;
use crate::store::StoreError;
use crate::store::attributes::Attributes;
use crate::store::items::ItemReader;

/// Longest time an attempt is in flight; a function is ended earlier.
const IN_FLIGHT_SECONDS: i64 = 30;
/// The wait if only attempts in flight block a further one. They take a fraction of a second.
const SHORT_WAIT_SECONDS: std::ops::RangeInclusive<u32> = 1..=2;

/// The text of a new attempt in flight: `<deadline>#<random>`.
pub(super) fn new_reservation(now: i64) -> String {
    let (random, _) = Uuid::new_v4().as_u64_pair();
    format!("{}#{random:016x}", now + IN_FLIGHT_SECONDS)
}

fn has_expired(reservation: &str, now: i64) -> bool {
    let deadline = reservation.split('#').next();
    // A malformed deadline counts as expired, so that it blocks nobody.
    deadline
        .and_then(|text| text.parse::<i64>().ok())
        .is_none_or(|deadline| deadline <= now)
}

/// The content of a counter.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) failed: Vec<String>,
    in_flight: Vec<String>,
    /// The end of the window, set by the first failure.
    pub(super) window_ends: Option<i64>,
}

/// The next step of an attempt.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// It is in flight.
    Reserved,
    /// A failure of its mark is already counted.
    FailedBefore,
    /// Refused for this number of seconds.
    Refuse(u32),
    /// Expired attempts take the room: remove these first.
    Forget(Vec<String>),
    /// Put it in flight; the counter has room for this many in flight.
    Reserve { room: usize },
}

impl State {
    pub(super) fn read(item: Attributes) -> Result<Self, StoreError> {
        let item = ItemReader::new(item);
        let failed = item.string_set("failed")?;
        Ok(Self {
            window_ends: if failed.is_empty() {
                None
            } else {
                Some(item.number("window_ends")?)
            },
            in_flight: item.string_set("in_flight")?,
            failed,
        })
    }

    /// Decides on an attempt that is in flight as `reservation`, or requests it.
    pub(super) fn next(&self, counter: &Counter, reservation: &str, now: i64) -> Next {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::{Fingerprint, Network, SigningKeys, TokenIssuer};

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
    fn a_known_failure_is_reported_even_at_the_limit() {
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
