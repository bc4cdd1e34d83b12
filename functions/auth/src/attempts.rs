//! The counters that a sign-in passes.
//!
//! A wrong password counts once, however often it is sent: a guess that is known to be wrong tells its sender nothing
//! new, and so a job with an old password locks out nobody. A failure counts where it comes from: from a network where
//! its login has signed in lately (*at home*), a sign-in is not in the way of what others do, there or elsewhere.
//!
//! | counter | bounds | applies to |
//! |---|---|---|
//! | of the network | trying many emails from one place | sign-ins that are not at home |
//! | of the email from the network | guessing one password from one place | all; looser at home |
//! | of the email | guessing one password from many places | sign-ins that are not at home |
//!
//! A sign-in at home skips the first and the last. Counters are asked in this order, and one that refuses leaves no trace
//! in the others: so a throttled network can lock no email.

use daftari_platform::Error;
use daftari_platform::identity::Fingerprint;
use daftari_platform::store::{
    Attempt, Counter, InFlight, MAX_GUESSES_EVERYWHERE, Store, StoreError,
};
use futures_util::future::try_join_all;

use crate::sign_in::Visit;

/// What failures are recognized by.
pub(crate) struct Marks {
    pub(crate) email: Fingerprint,
    /// Of the password, its email and the hash that it is compared with.
    pub(crate) password: Fingerprint,
}

/// An attempt in every counter that it passed. Must be settled; one that is not, because its function died, ends
/// with its deadline.
#[must_use]
pub(crate) struct Attempts<'a> {
    store: &'a Store,
    visit: Visit,
    /// In the counters of one network.
    here: Vec<InFlight>,
    /// In the counter of all networks.
    everywhere: Option<InFlight>,
}

impl<'a> Attempts<'a> {
    /// Passes the counters, or says why not. `email` in lower case.
    pub(crate) async fn begin(
        store: &'a Store,
        email: &str,
        visit: Visit,
        at_home: bool,
        marks: Marks,
    ) -> Result<Self, Error> {
        let mut attempts = Self {
            store,
            visit,
            here: Vec::with_capacity(2),
            everywhere: None,
        };
        match attempts.pass(email, at_home, marks).await {
            Ok(()) => Ok(attempts),
            Err(error) => {
                attempts.give_up().await;
                Err(error)
            }
        }
    }

    async fn pass(&mut self, email: &str, at_home: bool, marks: Marks) -> Result<(), Error> {
        let network = self.visit.network;
        if !at_home && network.is_known() {
            let counter = Counter::of_network(network, marks.email);
            // An email that failed here before adds nothing to the count.
            self.here.extend(self.count(counter).await?);
        }
        let counter = Counter::of_email_from(email, network, at_home, marks.password.clone());
        let attempt = self.count(counter).await?;
        self.here.push(attempt.ok_or(Error::WrongCredentials)?);
        if !at_home {
            let counter = Counter::of_email(email, marks.password);
            self.everywhere = self.count(counter).await?;
        }
        Ok(())
    }

    /// The attempt, if it is counted; `None` where it is a failure that is counted already.
    async fn count(&self, counter: Counter) -> Result<Option<InFlight>, Error> {
        match self.store.begin_attempt(counter, self.visit.now).await? {
            Attempt::InFlight(attempt) => Ok(Some(attempt)),
            Attempt::FailedBefore => Ok(None),
            Attempt::Refused {
                retry_after_seconds,
            } => Err(Error::TooManyRequests {
                retry_after_seconds,
            }),
        }
    }

    /// The password was wrong.
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
            // Without the email, which no log line holds.
            tracing::warn!(
                target: "daftari::guessing",
                failures = MAX_GUESSES_EVERYWHERE,
                "the password of one email is guessed from many networks"
            );
        }
        Ok(())
    }

    /// It was no failure.
    pub(crate) async fn take_back(&self) -> Result<(), StoreError> {
        let all = self.here.iter().chain(&self.everywhere);
        try_join_all(all.map(|attempt| self.store.take_back(attempt))).await?;
        Ok(())
    }

    /// Takes it back as far as possible, on the way to another error: the rest is over by itself.
    pub(crate) async fn give_up(&self) {
        let _ = self.take_back().await;
    }
}
