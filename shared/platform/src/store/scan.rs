//! Scans of the whole table, for the operator's tool only. A request must never use them.

use std::ops::ControlFlow;

use daftari_domain::Timestamp;
use daftari_domain::ids::{OrganizationId, UserId};

use super::attributes::{Attributes, string};
use super::error::KeyHash;
use super::items::ItemReader;
use super::logins::{Login, login};
use super::operation::Scan;
use super::organizations::{Organization, organization};
use super::primary_key::{PK, SK};
use super::{Store, StoreError};
use crate::identity::{Environment, Tenant};

/// Most organizations or logins in one list.
const MAX_FOUND_BY_SCAN: usize = 10_000;

/// The reason why an item has the texts of its key.
const KEYED: &str = "the table's schema has both keys as texts";

impl Store {
    /// Every organization, by name. Reads the whole table.
    pub async fn scan_organizations(&self) -> Result<Vec<Organization>, StoreError> {
        let mut found = Vec::new();
        for item in self.scan_kind("organization").await? {
            found.push(organization(&item, item.parsed("uuid")?)?);
        }
        found.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        Ok(found)
    }

    /// Every login, by email. Reads the whole table.
    pub async fn scan_logins(&self) -> Result<Vec<Login>, StoreError> {
        let mut found = Vec::new();
        for item in self.scan_kind("login").await? {
            found.push(login(&item, item.string("email")?)?);
        }
        found.sort_by(|a, b| a.email.cmp(&b.email));
        Ok(found)
    }

    /// The keys of the items with a hash, at most `limit` of them. Reads the whole table, or until the limit.
    pub async fn scan_key_hash(&self, hash: KeyHash, limit: usize) -> Result<Vec<FoundKey>, StoreError> {
        let scan = Scan::default()
            .project("#pk, #sk, #type")
            .name("#pk", PK)
            .name("#sk", SK)
            .name("#type", "type");
        let mut found = Vec::new();
        let visit = |items: Vec<Attributes>| {
            let keys = items.iter().map(FoundKey::read);
            found.extend(keys.filter(|key| KeyHash::of(&key.pk, &key.sk) == hash));
            found.truncate(limit);
            Ok(if found.len() < limit {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            })
        };
        self.table.scan(scan, visit).await?;
        Ok(found)
    }

    /// Passes every user who was erased at or after a time to `visit`, in no order. Receipts of erasures are kept for
    /// 90 days. Reads the whole table. Fails after all others if a receipt cannot be read.
    pub async fn scan_erased(&self, since: Timestamp, mut visit: impl FnMut(ErasedUser)) -> Result<(), StoreError> {
        let scan = Scan::default()
            .filter("#type = :kind")
            .name("#type", "type")
            .value(":kind", string("erasure"));
        let mut damaged = None;
        let page = |items: Vec<Attributes>| {
            for item in items {
                match ErasedUser::read(&ItemReader::new(item)) {
                    Ok(erased) if erased.at >= since => visit(erased),
                    Ok(_) => {}
                    Err(error) => damaged = Some(error),
                }
            }
            Ok(ControlFlow::Continue(()))
        };
        self.table.scan(scan, page).await?;
        damaged.map_or(Ok(()), Err)
    }

    async fn scan_kind(&self, kind: &str) -> Result<Vec<ItemReader>, StoreError> {
        let scan = Scan::default()
            .filter("#type = :kind")
            .name("#type", "type")
            .value(":kind", string(kind));
        let mut found = Vec::new();
        let visit = |items: Vec<Attributes>| {
            found.extend(items.into_iter().map(ItemReader::new));
            if found.len() > MAX_FOUND_BY_SCAN {
                return Err(StoreError::Refused(format!(
                    "more than {MAX_FOUND_BY_SCAN} of kind {kind}"
                )));
            }
            Ok(ControlFlow::Continue(()))
        };
        self.table.scan(scan, visit).await?;
        Ok(found)
    }
}

/// The key of an item, and its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundKey {
    /// Its type; `None` if the item is damaged and has no type.
    pub kind: Option<String>,
    /// Its partition key.
    pub pk: String,
    /// Its sort key.
    pub sk: String,
}

impl FoundKey {
    fn read(item: &Attributes) -> Self {
        let text = |name| Some(item.get(name)?.as_s().ok()?.clone());
        Self {
            kind: text("type"),
            pk: text(PK).expect(KEYED),
            sk: text(SK).expect(KEYED),
        }
    }
}

/// A user who was erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErasedUser {
    /// The organization and the environment.
    pub tenant: Tenant,
    /// The user's uuid.
    pub user: UserId,
    /// When the erasure began.
    pub at: Timestamp,
}

impl ErasedUser {
    fn read(item: &ItemReader) -> Result<Self, StoreError> {
        let pk = item.string(PK)?;
        Ok(Self {
            tenant: tenant_of(pk).ok_or_else(|| item.corrupt(PK))?,
            user: item.parsed(SK)?,
            at: item.parsed("erased_at")?,
        })
    }
}

/// The tenant in a partition key.
fn tenant_of(pk: &str) -> Option<Tenant> {
    let mut parts = pk.split('#');
    let organization: OrganizationId = parts.next()?.parse().ok()?;
    let environment = parts.next()?;
    let environment = Environment::ALL.into_iter().find(|one| one.as_str() == environment)?;
    Some(Tenant::of_operator(organization, environment))
}
