//! The networks from which a login has signed in recently.
//!
//! Failures of other callers do not block a login's sign-ins from such a network. Each item contains one login and its
//! generation. After a change of the password, the network belongs to an earlier generation until the next sign-in.

use daftari_domain::Timestamp;
use daftari_domain::ids::LoginId;
use daftari_domain::time::DAY_SECONDS;

use super::attributes::{number, string};
use super::items::ItemReader;
use super::operation::Update;
use super::primary_key::Key;
use super::{Login, Store, StoreError};
use crate::identity::Network;

/// How long a network stays known after a sign-in from there.
pub const KNOWN_SECONDS: i64 = 30 * DAY_SECONDS;
/// The age at which a record of a sign-in is written again.
const REFRESH_SECONDS: i64 = DAY_SECONDS;

/// How familiar a network is to a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Familiarity {
    /// The login has not signed in from there recently.
    New,
    /// The login has signed in from there, but its password or state has changed since.
    Earlier,
    /// The login has signed in from there with its present password.
    Home,
}

/// A network from which some login of an email has signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownNetwork {
    login: LoginId,
    generation: u64,
    until: i64,
}

impl KnownNetwork {
    /// How familiar the network is to this login at `now`.
    pub fn familiarity(&self, login: &Login, now: Timestamp) -> Familiarity {
        if self.login != login.id || self.until <= now.unix_seconds() {
            Familiarity::New
        } else if self.generation == login.generation {
            Familiarity::Home
        } else {
            Familiarity::Earlier
        }
    }

    /// Whether a sign-in at `now` should be recorded although the network is known.
    fn is_old(&self, now: Timestamp) -> bool {
        self.until - now.unix_seconds() < KNOWN_SECONDS - REFRESH_SECONDS
    }
}

impl Store {
    /// The last sign-in from a network with an email (in lower case). Strongly consistent: 1 read unit.
    pub async fn known_network(&self, email: &str, network: Network) -> Result<Option<KnownNetwork>, StoreError> {
        let item = self.table.get(Key::known_network(email, network)).await?;
        item.map(|item| read(&item)).transpose()
    }

    /// Records a sign-in from a network, unless `known` was recorded within a day.
    pub async fn note_network(
        &self,
        login: &Login,
        network: Network,
        known: Option<KnownNetwork>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let is_noted = |known: KnownNetwork| known.familiarity(login, now) == Familiarity::Home && !known.is_old(now);
        if known.is_some_and(is_noted) {
            return Ok(());
        }
        let set = "SET #login = :login, generation = :generation, expires_at = :until, #type = :type, v = :layout";
        let update = Update::new(Key::known_network(&login.email, network), set)
            .name("#login", "login")
            .name("#type", "type")
            .value(":login", string(login.id))
            .value(":generation", number(login.generation))
            .value(":until", number(now.unix_seconds() + KNOWN_SECONDS))
            .value(":type", string("known_network"))
            .value(":layout", number(1));
        self.table.update(update).await?;
        Ok(())
    }
}

fn read(item: &ItemReader) -> Result<KnownNetwork, StoreError> {
    Ok(KnownNetwork {
        login: item.parsed("login")?,
        generation: item.number("generation")?,
        until: item.number("expires_at")?,
    })
}
