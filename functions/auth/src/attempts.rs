//! The counters that limit the rate of sign-ins.
//!
//! A wrong password counts once, however often it is sent: the sender learns nothing from repeating a known wrong
//! guess. So a job with an old password locks out nobody. A failure counts against the network it comes from. A network
//! is *known* to a login that has signed in from there recently with its present password. It is *earlier* to a login
//! whose password or state has changed since. It is *new* to every other login.
//!
//! | counter | limits | new | earlier | known |
//! |---|---|---|---|---|
//! | of the network | trying many emails from one network | applies | | |
//! | of the email from the network | guessing one password from one network | tight | tight | looser |
//! | of the email | guessing one password from many networks | applies | applies | |
//!
//! Sign-ins from an earlier network skip the counter of the network and add nothing to it. After a reset of many
//! passwords, jobs that still send old ones therefore lock out nobody. An earlier network gives no other privilege,
//! because a person with a leaked password may have made it known.
//!
//! A success removes its own email from the counter of the network, so a mistyped password before it does not count. A
//! success removes no other email, so one valid login does not help to try others.
//!
//! Counters are checked in this order, and a counter that refuses leaves no trace in the others: a throttled network
//! cannot lock an email.

use daftari_platform::Error;
use daftari_platform::identity::Fingerprint;
use daftari_platform::store::{Attempt, Counter, Familiarity, InFlight, MAX_GUESSES_EVERYWHERE, Store, StoreError};
use futures_util::future::try_join_all;

use crate::visit::Visit;

/// Fingerprints that recognise repeated failures.
pub(crate) struct Marks {
    pub(crate) email: Fingerprint,
    /// Hash of the password, its email and the hash that it is compared with.
    pub(crate) password: Fingerprint,
}

/// An attempt, counted by every counter that it passed. It must be settled. If its function dies, it ends with its
/// deadline.
#[must_use]
pub(crate) struct Attempts<'a> {
    store: &'a Store,
    visit: Visit,
    /// In the counters of the network.
    here: Vec<InFlight>,
    /// In the counter of the email over all networks.
    everywhere: Option<InFlight>,
    /// The counter of the network, if it contains an earlier failure of the email.
    failed_before: Option<Counter>,
}

impl<'a> Attempts<'a> {
    /// Passes the counters, or returns the refusal. `email` must be in lower case.
    pub(crate) async fn begin(
        store: &'a Store,
        email: &str,
        visit: Visit,
        familiarity: Familiarity,
        marks: Marks,
    ) -> Result<Self, Error> {
        let mut attempts = Self {
            store,
            visit,
            here: Vec::with_capacity(2),
            everywhere: None,
            failed_before: None,
        };
        match attempts.pass(email, familiarity, marks).await {
            Ok(()) => Ok(attempts),
            Err(error) => {
                attempts.give_up().await;
                Err(error)
            }
        }
    }

    async fn pass(&mut self, email: &str, familiarity: Familiarity, marks: Marks) -> Result<(), Error> {
        let network = self.visit.network;
        let at_home = familiarity == Familiarity::Home;
        if familiarity == Familiarity::New && network.is_known() {
            let counter = Counter::of_network(network, marks.email);
            // An email that failed here before does not count again.
            match self.count(counter).await? {
                Attempt::InFlight(attempt) => self.here.push(attempt),
                Attempt::FailedBefore(counter) => self.failed_before = Some(counter),
            }
        }
        let counter = Counter::of_email_from(email, network, at_home, marks.password.clone());
        match self.count(counter).await? {
            Attempt::InFlight(attempt) => self.here.push(attempt),
            Attempt::FailedBefore(_) => return Err(Error::WrongCredentials),
        }
        if !at_home {
            let counter = Counter::of_email(email, marks.password);
            if let Attempt::InFlight(attempt) = self.count(counter).await? {
                self.everywhere = Some(attempt);
            }
        }
        Ok(())
    }

    async fn count(&self, counter: Counter) -> Result<Attempt, Error> {
        let counted = self.store.begin_attempt(counter, self.visit.now).await?;
        counted.map_err(|refused| Error::TooManyRequests {
            retry_after_seconds: refused.retry_after_seconds,
        })
    }

    /// Settles the attempt: the password was wrong.
    pub(crate) async fn failed(self) -> Result<(), StoreError> {
        let fail = |attempt| self.store.fail_attempt(attempt, self.visit.now);
        let everywhere = async {
            match &self.everywhere {
                Some(attempt) => fail(attempt).await,
                None => Ok(false),
            }
        };
        let here = try_join_all(self.here.iter().map(fail));
        let (at_limit, _) = futures_util::try_join!(everywhere, here)?;
        if at_limit {
            // Without the email, which is never logged.
            tracing::warn!(
                target: "daftari::guessing",
                failures = MAX_GUESSES_EVERYWHERE,
                "the password of one email is guessed from many networks"
            );
        }
        Ok(())
    }

    /// Settles the attempt: the password was right.
    pub(crate) async fn succeeded(self) -> Result<(), StoreError> {
        let all = self.here.iter().chain(&self.everywhere);
        let settled = try_join_all(all.map(|attempt| self.store.succeed_attempt(attempt)));
        let cleared = async {
            match &self.failed_before {
                Some(counter) => self.store.clear_failure(counter).await,
                None => Ok(()),
            }
        };
        futures_util::try_join!(settled, cleared)?;
        Ok(())
    }

    /// Undoes the attempt as far as possible after another error. Otherwise the attempt ends with its deadline.
    pub(crate) async fn give_up(&self) {
        let all = self.here.iter().chain(&self.everywhere);
        let _ = try_join_all(all.map(|attempt| self.store.take_back(attempt))).await;
    }
}
