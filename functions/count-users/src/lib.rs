//! Counting users after a burst of registrations, on a schedule.
//!
//! Registrations count the users before them. The last ones of a burst leave some thousands of users, too many for a
//! page to read, and mark the list. This function counts them, so that readers need not. A run is bounded in lists and
//! time, can be repeated and cut short, and may meet others: the rest waits for the next run.

use std::time::Duration;

use daftari_domain::Timestamp;
use daftari_platform::config::{self, ConfigError};
use daftari_platform::store::{CountedList, Store, StoreError, UncountedList};
use daftari_platform::{Clock, Error};
use serde::Serialize;
use tokio::time::{Instant, timeout_at};

/// Most lists in one look.
const MAX_LISTS: usize = 800;
/// Most looks of a run.
const MAX_LOOKS: usize = 6;
/// Longest time of one look at the lists.
const LONGEST: Duration = Duration::from_secs(12);
/// The time between two looks of a run while users wait to be counted.
const PAUSE: Duration = Duration::from_secs(10);
/// When a run that found nothing to count looks once more, after its start: a burst may begin right after a look, and
/// no schedule runs more often than once a minute. So two looks are at most this far apart, unless a look itself takes
/// longer.
const SECOND_LOOK: Duration = Duration::from_secs(30);
/// No look begins later. The timeout of the function is a minute.
const LAST: Duration = Duration::from_secs(45);

/// When a run looks again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    /// While users wait to be counted. A list may end up to a minute and a half ago.
    WhileWaiting,
    /// Also 30 seconds after its start. A list ends at most a minute ago.
    TwiceAtLeast,
}

impl Looks {
    /// How long to wait for the next look; `None` if the run is over.
    fn pause(self, waiting: usize, elapsed: Duration) -> Option<Duration> {
        let pause = if waiting > 0 {
            PAUSE
        } else if self == Self::TwiceAtLeast {
            SECOND_LOOK.checked_sub(elapsed).filter(|pause| !pause.is_zero())?
        } else {
            return None;
        };
        (elapsed + pause <= LAST).then_some(pause)
    }

    /// The setting of the deployment.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(if config::flag("DAFTARI_LISTS_WITHIN_A_MINUTE", true)? {
            Self::TwiceAtLeast
        } else {
            Self::WhileWaiting
        })
    }
}

/// A run by the system's clock.
pub async fn run(store: &Store, looks: Looks) -> Result<Run, Error> {
    count_users(store, || Clock::System.now(), tokio::time::sleep, looks).await
}

/// The result of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Run {
    /// Users counted.
    pub users: u64,
    /// Lists whose users are not all counted: they were registered in the last seconds, or the time was over.
    pub waiting: usize,
    /// Lists that could not be counted. The log has the reasons.
    pub failed: usize,
}

/// Counts the users of all marked lists, and again after pauses: `looks` says when, `wait` passes the time. Fails if a
/// list cannot be counted, after all others.
pub async fn count_users(
    store: &Store,
    now: impl Fn() -> Timestamp,
    wait: impl AsyncFn(Duration),
    looks: Looks,
) -> Result<Run, Error> {
    let (started, mut waited) = (Instant::now(), Duration::ZERO);
    let mut run = look(store, now()).await?;
    for _ in 1..MAX_LOOKS {
        // A test passes the time without waiting.
        let Some(pause) = looks.pause(run.waiting, started.elapsed().max(waited)) else {
            break;
        };
        wait(pause).await;
        waited += pause;
        let next = look(store, now()).await?;
        run = Run {
            users: run.users + next.users,
            failed: run.failed.max(next.failed),
            ..next
        };
    }
    let Run { users, waiting, failed } = run;
    if run != Run::default() {
        tracing::info!(target: "daftari::users", users, waiting, failed, "users were counted");
    }
    if failed > 0 {
        return Err(Error::internal("the users of a list cannot be counted"));
    }
    Ok(run)
}

/// Looks once at all marked lists.
async fn look(store: &Store, now: Timestamp) -> Result<Run, Error> {
    let until = Instant::now() + LONGEST;
    let marked = timeout_at(until, Box::pin(store.uncounted_lists(MAX_LISTS))).await;
    let mut run = Run::default();
    for list in marked.map_err(|_| Error::TimedOut)?? {
        if Instant::now() >= until {
            run.waiting += 1;
            continue;
        }
        match count(store, list, now, until).await {
            Some(counted) => {
                run.users += counted.users;
                run.waiting += usize::from(!counted.is_done);
            }
            None => run.failed += 1,
        }
    }
    Ok(run)
}

/// Counts one list; `None` if it cannot be counted. A list waits for the next run if the time does not suffice, or if
/// the table is busy. A folding that is cut short is done or not, so nobody is counted twice.
async fn count(store: &Store, list: UncountedList, now: Timestamp, until: Instant) -> Option<CountedList> {
    let waits = Some(CountedList {
        users: 0,
        is_done: false,
    });
    let tenant = list.tenant();
    // Some 30 queries at once: too large for the future of every caller.
    match timeout_at(until, Box::pin(store.count_list(list, now))).await {
        Ok(Ok(counted)) => Some(counted),
        Err(_) => {
            tracing::warn!(target: "daftari::users", %tenant, "the time of a run was over in a list of users");
            waits
        }
        Ok(Err(error @ (StoreError::Contended | StoreError::Unavailable(_)))) => {
            tracing::warn!(target: "daftari::users", %tenant, %error, "a list of users waits to be counted");
            waits
        }
        Ok(Err(error)) => {
            tracing::error!(target: "daftari::users", %tenant, %error, "a list of users cannot be counted");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The times of the looks of a run in seconds, if the first `waiting` of them leave users waiting.
    fn looks(looks: Looks, waiting: usize) -> Vec<u64> {
        let (mut times, mut elapsed) = (vec![0], Duration::ZERO);
        while let Some(pause) = looks.pause(usize::from(times.len() <= waiting), elapsed) {
            elapsed += pause;
            times.push(elapsed.as_secs());
        }
        times
    }

    #[test]
    fn two_looks_are_at_most_half_a_minute_apart_also_of_two_runs() {
        assert_eq!(looks(Looks::TwiceAtLeast, 0), [0, 30]);
        assert_eq!(looks(Looks::TwiceAtLeast, 1), [0, 10, 30]);
        assert_eq!(looks(Looks::TwiceAtLeast, 2), [0, 10, 20, 30]);
        assert_eq!(looks(Looks::TwiceAtLeast, 3), [0, 10, 20, 30]);
        assert_eq!(looks(Looks::TwiceAtLeast, 4), [0, 10, 20, 30, 40]);
        assert_eq!(looks(Looks::TwiceAtLeast, MAX_LOOKS), [0, 10, 20, 30, 40]);
        assert!(looks(Looks::TwiceAtLeast, MAX_LOOKS).len() <= MAX_LOOKS);
    }

    #[test]
    fn without_the_second_look_a_run_ends_when_nobody_waits() {
        assert_eq!(looks(Looks::WhileWaiting, 0), [0]);
        assert_eq!(looks(Looks::WhileWaiting, 2), [0, 10, 20]);
        assert_eq!(looks(Looks::WhileWaiting, MAX_LOOKS), [0, 10, 20, 30, 40]);
    }
}
