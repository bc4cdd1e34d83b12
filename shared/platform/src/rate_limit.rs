//! The rate limit of an organization, so that one lender cannot starve the others.
//!
//! Requests and write units of all functions are counted together, in one item per organization and minute. Counting
//! each request there would cost one write per request. So a request is counted with a probability of 1 in `n`, as `n`
//! requests. The expected count is exact for any number of running functions. A write returns the count of all of them.
//! Between two writes, a function adds its own requests.
//!
//! - `n` is a 400th of the limit, so the count has a standard deviation of at most 5% of the limit. Above half of the
//!   limit it is a 4,000th.
//! - A function writes at its first request of an organization. It also writes at the first request of a minute, if the
//!   last known count was above half of the limit. So if a flood starts more functions, each of them knows the count.
//! - Beyond the limit, each running function serves `n` more requests on average until it knows: 0.25% of the limit, or
//!   0.025% if it knew that half was used.
//! - Windows are minutes of the clock. At the turn of a minute an organization can use two limits at once.
//!
//! Nothing here does I/O or reads the clock: `platform` does.

use std::collections::HashMap;
use std::ops::AddAssign;
use std::sync::{Mutex, PoisonError};

use daftari_domain::Timestamp;
use daftari_domain::ids::OrganizationId;

/// Length of a window.
const MINUTE_SECONDS: i64 = 60;
/// Counts per limit: one count represents the limit divided by this.
const COUNTS: u64 = 400;
/// How much finer the count of an organization is after half of its limit.
const FINER: u64 = 10;
/// The capacity of the cache, in organizations. A full cache is cleared.
const MAX_REMEMBERED: usize = 10_000;

/// The limits of an organization per minute. 0 means unlimited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Requests with a valid token.
    pub requests: u64,
    /// Write request units of the table.
    pub write_units: u64,
}

impl Limits {
    /// No limit.
    pub const NONE: Self = Self {
        requests: 0,
        write_units: 0,
    };
}

/// The use of an organization in one minute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// Requests.
    pub requests: u64,
    /// Write request units.
    pub write_units: u64,
}

impl AddAssign for Used {
    fn add_assign(&mut self, other: Self) {
        self.requests = self.requests.saturating_add(other.requests);
        self.write_units = self.write_units.saturating_add(other.write_units);
    }
}

/// The start of the minute of an instant.
pub(crate) fn window_of(now: Timestamp) -> Timestamp {
    now.plus_seconds(-now.unix_seconds().rem_euclid(MINUTE_SECONDS))
}

/// A request over a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OverLimit {
    /// The exhausted limit, in words.
    pub(crate) of: &'static str,
    /// The rest of the minute, at least 1.
    pub(crate) retry_after_seconds: u32,
}

/// The use of organizations, as known to this process.
#[derive(Debug, Default)]
pub(crate) struct Limiter {
    known: Mutex<HashMap<OrganizationId, Known>>,
}

/// The known use of one organization.
#[derive(Clone, Copy, Debug)]
struct Known {
    window: Timestamp,
    /// The use by all functions, as known to this process.
    used: Used,
    /// The use by this process: an exact count, and a lower bound of `used`.
    own: Used,
    /// Whether the previous minute used at least half of a limit, and this minute has no count yet.
    asks: bool,
}

impl Known {
    /// The same in the window of `now`.
    fn at(self, window: Timestamp, limits: Limits) -> Self {
        if self.window == window {
            return self;
        }
        Self {
            window,
            used: Used::default(),
            own: Used::default(),
            asks: self.is_close(limits),
        }
    }

    fn add(&mut self, used: Used) {
        self.used += used;
        self.own += used;
    }

    fn is_close(&self, limits: Limits) -> bool {
        let close = |used: u64, limit: u64| limit > 0 && used.saturating_mul(2) >= limit;
        close(self.used.requests, limits.requests) || close(self.used.write_units, limits.write_units)
    }

    fn over(&self, limits: Limits) -> Option<&'static str> {
        let over = |used: u64, limit: u64| limit > 0 && used >= limit;
        if over(self.used.requests, limits.requests) {
            Some("requests")
        } else if over(self.used.write_units, limits.write_units) {
            Some("write units")
        } else {
            None
        }
    }

    /// The step in which a limit is counted.
    fn step(&self, limit: u64, limits: Limits) -> u64 {
        let step = if self.is_close(limits) {
            limit / COUNTS / FINER
        } else {
            limit / COUNTS
        };
        step.max(1)
    }
}

impl Limiter {
    /// Admits a request, and returns the part of its use to count in the table. `draw` gives a random number below its
    /// argument.
    pub(crate) fn admit(
        &self,
        organization: OrganizationId,
        limits: Limits,
        now: Timestamp,
        draw: impl FnOnce(u64) -> u64,
    ) -> Result<Option<Used>, OverLimit> {
        if limits == Limits::NONE {
            return Ok(None);
        }
        let window = window_of(now);
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MAX_REMEMBERED {
            all.clear();
        }
        let unknown = Known {
            window,
            used: Used::default(),
            own: Used::default(),
            asks: true,
        };
        let known = all.entry(organization).or_insert(unknown);
        *known = known.at(window, limits);
        if let Some(of) = known.over(limits) {
            let left = window.unix_seconds() + MINUTE_SECONDS - now.unix_seconds();
            let retry_after_seconds = u32::try_from(left).unwrap_or(1).max(1);
            return Err(OverLimit {
                of,
                retry_after_seconds,
            });
        }
        let step = known.step(limits.requests, limits);
        known.add(Used {
            requests: 1,
            write_units: 0,
        });
        let requests = if std::mem::take(&mut known.asks) {
            1
        } else if limits.requests > 0 && draw(step) == 0 {
            step
        } else {
            return Ok(None);
        };
        Ok(Some(Used {
            requests,
            write_units: 0,
        }))
    }

    /// Records the write units of a request, and returns the part to count in the table.
    pub(crate) fn wrote(
        &self,
        organization: OrganizationId,
        limits: Limits,
        now: Timestamp,
        units: u64,
        draw: impl FnOnce(u64) -> u64,
    ) -> Option<Used> {
        if limits.write_units == 0 || units == 0 {
            return None;
        }
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.get_mut(&organization)?;
        *known = known.at(window_of(now), limits);
        let step = known.step(limits.write_units, limits);
        known.add(Used {
            requests: 0,
            write_units: units,
        });
        // Counted with a probability of units / step, as a whole step.
        let write_units = if units >= step {
            units
        } else if draw(step) < units {
            step
        } else {
            return None;
        };
        Some(Used {
            requests: 0,
            write_units,
        })
    }

    /// Stores the count of all functions together in a window.
    pub(crate) fn learn(&self, organization: OrganizationId, window: Timestamp, counted: Used) {
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = all.get_mut(&organization)
            && known.window == window
        {
            known.used = Used {
                requests: counted.requests.max(known.own.requests),
                write_units: counted.write_units.max(known.own.write_units),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const LENDER: OrganizationId = OrganizationId(Uuid::from_u128(1));
    const OTHER: OrganizationId = OrganizationId(Uuid::from_u128(2));

    fn at(text: &str) -> Timestamp {
        text.parse().expect("timestamp")
    }

    fn requests(limit: u64) -> Limits {
        Limits {
            requests: limit,
            write_units: 0,
        }
    }

    fn never(_: u64) -> u64 {
        u64::MAX
    }

    #[test]
    fn a_minute_admits_its_limit_and_the_next_one_begins_anew() {
        let limiter = Limiter::default();
        let admit = |organization, now| limiter.admit(organization, requests(3), now, never);
        let now = at("2021-11-16T21:00:42Z");
        for _ in 0..3 {
            assert!(admit(LENDER, now).is_ok());
        }
        let over = admit(LENDER, now).expect_err("over");
        assert_eq!((over.of, over.retry_after_seconds), ("requests", 18));
        assert!(admit(OTHER, now).is_ok());
        let over = admit(LENDER, at("2021-11-16T21:00:59Z")).expect_err("over");
        assert_eq!(over.retry_after_seconds, 1);
        assert!(admit(LENDER, at("2021-11-16T21:01:00Z")).is_ok());
    }

    #[test]
    fn write_units_refuse_the_next_request() {
        let limiter = Limiter::default();
        let limits = Limits {
            requests: 0,
            write_units: 40,
        };
        let now = at("2021-11-16T21:00:00Z");
        assert!(limiter.admit(LENDER, limits, now, never).is_ok());
        limiter.wrote(LENDER, limits, now, 40, never);
        let over = limiter.admit(LENDER, limits, now, never).expect_err("over");
        assert_eq!((over.of, over.retry_after_seconds), ("write units", 60));
    }

    #[test]
    fn without_a_limit_nothing_is_counted() {
        let limiter = Limiter::default();
        let now = at("2021-11-16T21:00:00Z");
        for _ in 0..1_000 {
            assert_eq!(limiter.admit(LENDER, Limits::NONE, now, |_| 0), Ok(None));
            assert_eq!(limiter.wrote(LENDER, Limits::NONE, now, 100, |_| 0), None);
        }
    }

    #[test]
    fn counts_of_others_refuse_too_but_not_in_another_minute() {
        let limiter = Limiter::default();
        let now = at("2021-11-16T21:00:30Z");
        let counted = Used {
            requests: 10,
            write_units: 0,
        };
        assert!(limiter.admit(LENDER, requests(10), now, never).is_ok());
        limiter.learn(LENDER, at("2021-11-16T20:59:00Z"), counted);
        assert!(limiter.admit(LENDER, requests(10), now, never).is_ok());
        limiter.learn(LENDER, window_of(now), counted);
        assert!(limiter.admit(LENDER, requests(10), now, never).is_err());
    }

    #[test]
    fn a_process_never_forgets_what_it_served_itself() {
        let limiter = Limiter::default();
        let now = at("2021-11-16T21:00:30Z");
        for _ in 0..3 {
            assert!(limiter.admit(LENDER, requests(3), now, never).is_ok());
            // The table rejects some of the counts.
            limiter.learn(LENDER, window_of(now), Used::default());
        }
        assert!(limiter.admit(LENDER, requests(3), now, never).is_err());
    }

    /// Processes that share a counter and send requests in turn.
    struct Fleet {
        processes: Vec<Limiter>,
        shared: Used,
        writes: u64,
        random: fastrand::Rng,
    }

    impl Fleet {
        fn of(processes: usize, seed: u64) -> Self {
            Self {
                processes: std::iter::repeat_with(Limiter::default).take(processes).collect(),
                shared: Used::default(),
                writes: 0,
                random: fastrand::Rng::with_seed(seed),
            }
        }

        /// How many of a number of requests within a minute are admitted.
        fn send(&mut self, sent: usize, limits: Limits, now: Timestamp) -> u64 {
            self.shared = Used::default();
            let mut admitted = 0;
            for index in 0..sent {
                let limiter = &self.processes[index % self.processes.len()];
                let Ok(due) = limiter.admit(LENDER, limits, now, |below| self.random.u64(..below)) else {
                    continue;
                };
                admitted += 1;
                if let Some(due) = due {
                    self.shared += due;
                    self.writes += 1;
                    limiter.learn(LENDER, window_of(now), self.shared);
                }
            }
            admitted
        }
    }

    #[test]
    fn fifty_processes_admit_the_limit_within_the_stated_error() {
        let limit = 12_000;
        let (first, second) = (at("2021-11-16T21:00:00Z"), at("2021-11-16T21:01:00Z"));
        for seed in 0..20 {
            let mut fleet = Fleet::of(50, seed);
            let admitted = fleet.send(60_000, requests(limit), first);
            assert!((10_000..=15_000).contains(&admitted), "{admitted} in a first minute");
            let admitted = fleet.send(60_000, requests(limit), second);
            assert!((10_000..=14_500).contains(&admitted), "{admitted} in a second minute");
        }
    }

    #[test]
    fn an_ordinary_minute_costs_a_write_in_thirty_requests_and_refuses_nothing() {
        for seed in 0..20 {
            let mut fleet = Fleet::of(10, seed);
            let admitted = fleet.send(5_000, requests(12_000), at("2021-11-16T21:00:00Z"));
            assert_eq!(admitted, 5_000);
            // 10 first requests, and 5,000 / 30 = 167.
            assert!((110..=260).contains(&fleet.writes), "{}", fleet.writes);
        }
    }

    #[test]
    fn write_units_are_counted_in_the_mean_as_they_are() {
        let limits = Limits {
            requests: 0,
            write_units: 120_000,
        };
        let now = at("2021-11-16T21:00:00Z");
        let mut random = fastrand::Rng::with_seed(7);
        let (limiter, mut counted) = (Limiter::default(), 0);
        limiter.admit(LENDER, limits, now, never).expect("admitted");
        for index in 0..20_000_u64 {
            // 1 to 20 units, and some of 1,000.
            let units = if index % 2_000 == 0 { 1_000 } else { index % 20 + 1 };
            let due = limiter.wrote(LENDER, limits, now, units, |below| random.u64(..below));
            counted += due.map_or(0, |due| due.write_units);
        }
        // 10 × 1,000 and about 10.5 each.
        assert!((205_000..=235_000).contains(&counted), "{counted}");
    }
}
