//! Counting users after a burst of registrations, on a schedule.
//!
//! Registrations count the users before them. The last ones of a burst leave some thousands of users, too many for a
//! page to read, and mark the list. This function counts them, so that readers need not. A run is bounded in lists and
//! time, can be repeated and cut short, and may meet others: the rest waits for the next run.

use std::time::Duration;

use daftari_domain::Timestamp;
use daftari_platform::Error;
use daftari_platform::store::{CountedList, Store, StoreError, UncountedList};
use serde::Serialize;
use tokio::time::{Instant, timeout_at};

/// Most lists in one look.
const MAX_LISTS: usize = 800;
/// Most looks of a run.
const MAX_LOOKS: usize = 5;
/// Longest time of one look at the lists.
const LONGEST: Duration = Duration::from_secs(12);
/// The time between two looks of a run. So a list ends less than half a minute ago, although no schedule runs more
/// often than once a minute.
pub const PAUSE: Duration = Duration::from_secs(10);
/// No look begins later. The timeout of the function is a minute.
const LAST: Duration = Duration::from_secs(45);

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

/// Counts the users of all marked lists, and again after each pause as long as some of them were registered too lately.
/// Fails if a list cannot be counted, after all others.
pub async fn count_users(store: &Store, now: impl Fn() -> Timestamp, pause: Duration) -> Result<Run, Error> {
    let started = Instant::now();
    let mut run = look(store, now()).await?;
    for _ in 1..MAX_LOOKS {
        if run.waiting == 0 || started.elapsed() + pause > LAST {
            break;
        }
        tokio::time::sleep(pause).await;
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
