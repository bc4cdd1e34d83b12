//! The networks from which a login has signed in lately.
//!
//! From such a network its sign-ins are not in the way of other people's failures. An item says so for one login and
//! one generation of it: after a change of the password, networks are known anew.

use uuid::Uuid;

use daftari_domain::Timestamp;

use super::items::{ItemReader, number, string};
use super::keys::Key;
use super::{Login, Store, StoreError};
use crate::identity::Network;

/// How long a network stays known after a sign-in from there.
pub const KNOWN_SECONDS: i64 = 30 * 24 * 60 * 60;
/// How old the last note of a sign-in may be before another one is written.
const REFRESH_SECONDS: i64 = 24 * 60 * 60;

/// A network from which some login of an email has signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownNetwork {
    login: Uuid,
    generation: u64,
    until: i64,
}

impl KnownNetwork {
    /// Whether it is known for this login, as it is, at `now`.
    pub fn is_of(&self, login: &Login, now: Timestamp) -> bool {
        self.login == login.id
            && self.generation == login.generation
            && self.until > now.unix_seconds()
    }

    /// Whether a sign-in at `now` is worth noting, though the network is known.
    fn is_old(&self, now: Timestamp) -> bool {
        self.until - now.unix_seconds() < KNOWN_SECONDS - REFRESH_SECONDS
    }
}

impl Store {
    /// What is known of a network and an email (in lower case). Strongly consistent: 1 read unit.
    pub async fn known_network(
        &self,
        email: &str,
        network: Network,
    ) -> Result<Option<KnownNetwork>, StoreError> {
        let item = self.get(Key::known_network(email, network)).await?;
        item.map(|item| read(&item)).transpose()
    }

    /// Notes a sign-in from a network, unless `known` says that it was noted within a day.
    pub async fn note_network(
        &self,
        login: &Login,
        network: Network,
        known: Option<KnownNetwork>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if known.is_some_and(|known| known.is_of(login, now) && !known.is_old(now)) {
            return Ok(());
        }
        let update = self
            .update(Key::known_network(&login.email, network))
            .update_expression(
                "SET #login = :login, generation = :generation, expires_at = :until, #type = :type, v = :layout",
            )
            .expression_attribute_names("#login", "login")
            .expression_attribute_names("#type", "type")
            .expression_attribute_values(":login", string(login.id))
            .expression_attribute_values(":generation", number(login.generation))
            .expression_attribute_values(":until", number(now.unix_seconds() + KNOWN_SECONDS))
            .expression_attribute_values(":type", string("known_network"))
            .expression_attribute_values(":layout", number(1));
        self.try_update(update).await?;
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
