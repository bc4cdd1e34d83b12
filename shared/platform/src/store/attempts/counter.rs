//! Counters of sign-ins, and their limits.

use crate::identity::{Fingerprint, Network};
use crate::store::primary_key::Key;

/// Wrong passwords for one email from one network.
pub const MAX_GUESSES: usize = 10;
/// Wrong passwords for one email from its home networks: its login has signed in there recently with its present
/// password.
pub const MAX_GUESSES_AT_HOME: usize = 100;
/// Wrong passwords for one email from all other networks together.
pub const MAX_GUESSES_EVERYWHERE: usize = 200;
/// Emails that failed from one network that is new to their logins.
pub const MAX_EMAILS: usize = 10;

/// Attempts in flight from a network: for one email, and for all.
const MAX_IN_FLIGHT: usize = 10;
/// Attempts in flight for one email: from a home network, and from all other networks together.
const MAX_IN_FLIGHT_WIDE: usize = 50;

/// A counter, and the mark that a failure leaves in it.
#[derive(Clone, Debug)]
pub struct Counter {
    pub(super) key: Key,
    pub(super) max_failures: usize,
    pub(super) max_in_flight: usize,
    pub(super) mark: Fingerprint,
}

impl Counter {
    /// Wrong passwords for an email (in lower case) from a network. `at_home` if its login has signed in there recently
    /// with its present password.
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

    /// Wrong passwords for an email (in lower case) from all networks.
    pub fn of_email(email: &str, password: Fingerprint) -> Self {
        Self {
            key: Key::attempts(email),
            max_failures: MAX_GUESSES_EVERYWHERE,
            max_in_flight: MAX_IN_FLIGHT_WIDE,
            mark: password,
        }
    }

    /// Emails that failed from a network that is new to their logins.
    pub fn of_network(network: Network, email: Fingerprint) -> Self {
        Self {
            key: Key::network_attempts(network),
            max_failures: MAX_EMAILS,
            max_in_flight: MAX_IN_FLIGHT,
            mark: email,
        }
    }
}
