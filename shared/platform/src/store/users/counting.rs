//! The stored directory: reading it, and changing the counts of users.
//!
//! Every change increments the version of the head on the condition that the head is unchanged (optimistic locking). So
//! changes are serialized, and none is based on outdated counts. A registration changes nothing here: its user is in
//! the tail, and is folded later.

use super::layout::Layout;
use super::leaf::LeafSeconds;
use super::list_directory::{Bound, Directory, Leaf, leaf_of};
use super::pack::{decode, pack, unpack};
use super::profile::UserRef;
use crate::identity::Tenant;
use crate::store::attributes::Attributes;
use crate::store::backoff::Backoff;
use crate::store::items::{ItemBuilder, ItemReader};
use crate::store::operation::{Action, Put, Query};
use crate::store::primary_key::{Key, SK};
use crate::store::primary_key_users::{CHUNK_PREFIX, HEAD, directory_partition};
use crate::store::{Store, StoreError};

/// Most items of a directory that one query reads.
const MAX_DIRECTORY_ITEMS: usize = 2_000;
/// Most reads of a directory that changes meanwhile.
const MAX_READS: usize = 4;

/// The attribute with the leaves of a chunk, in the packed format.
const PACKED: &str = "packed";
/// The attribute with the leaves in the unpacked format.
const LEAVES: &str = "leaves";
const BOUNDARY_SECOND: &str = "boundary";
const BOUNDARY_UUID: &str = "boundary_uuid";

/// The state of a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// The layout in which users are found. A tenant without a head has the single layout.
    pub(super) layout: Layout,
    /// Incremented by every change.
    pub(super) version: u64,
    /// Number of users in all leaves.
    pub(super) users: u64,
    /// Everything before it has been folded.
    pub(super) boundary: Bound,
}

impl Head {
    /// The head of an empty directory.
    pub(super) const fn empty(layout: Layout) -> Self {
        Self {
            layout,
            version: 1,
            users: 0,
            boundary: Bound::FIRST,
        }
    }

    fn read(item: &ItemReader) -> Result<Self, StoreError> {
        let layout = Layout::of_number(item.number("layout")?);
        let boundary = match item.optional_number(BOUNDARY_SECOND)? {
            None => Bound::FIRST,
            Some(second) => Bound {
                second,
                uuid: item.number(BOUNDARY_UUID)?,
            },
        };
        Ok(Self {
            layout: layout.ok_or_else(|| item.corrupt("layout"))?,
            version: item.number("version")?,
            users: item.number("users")?,
            boundary,
        })
    }

    pub(super) fn item(self, tenant: Tenant) -> Attributes {
        let item = ItemBuilder::new(&Key::directory_head(tenant), "directory")
            .number("layout", self.layout.number())
            .number("version", self.version)
            .number("users", self.users);
        let item = if self.boundary == Bound::FIRST {
            item
        } else {
            item.number(BOUNDARY_SECOND, self.boundary.second)
                .number(BOUNDARY_UUID, self.boundary.uuid)
        };
        item.build()
    }

    /// Replaces the head by its successor, on the condition that it is unchanged.
    pub(super) fn replace(self, tenant: Tenant, next: Self) -> Put {
        let next = Self {
            version: self.version + 1,
            ..next
        };
        Put::replace(next.item(tenant), self.version)
    }
}

/// A stored run of leaves.
#[derive(Clone, Debug)]
pub(super) struct Chunk {
    /// The rest of its sort key after the prefix; empty for the first one.
    pub(super) from: String,
    pub(super) leaves: Vec<Leaf>,
}

impl Chunk {
    pub(super) const fn first() -> Self {
        Self {
            from: String::new(),
            leaves: Vec::new(),
        }
    }

    /// The lowest sort key in the list of the users of a leaf of the chunk.
    pub(super) fn begin_of(&self, leaf: usize) -> String {
        match self.leaves.get(leaf) {
            Some(found) if leaf > 0 => found.from.sort_key(),
            _ => self.from.clone(),
        }
    }

    fn read(item: ItemReader) -> Result<Self, StoreError> {
        let mut item = item;
        let from = item.string(SK)?.strip_prefix(CHUNK_PREFIX);
        let from = from.ok_or_else(|| item.corrupt(SK))?.to_owned();
        let leaves = if item.has(LEAVES) {
            decode(&item.binary(LEAVES)?).ok_or_else(|| item.corrupt(LEAVES))?
        } else {
            unpack(&item.binary(PACKED)?).ok_or_else(|| item.corrupt(PACKED))?
        };
        Ok(Self { from, leaves })
    }

    pub(super) fn put(&self, tenant: Tenant) -> Put {
        let item = ItemBuilder::new(&Key::directory_chunk(tenant, &self.from), "chunk");
        Put::new(item.binary(PACKED, pack(&self.leaves)).build())
    }
}

/// A change of the number of users by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Added,
    Removed,
}

impl Store {
    /// The layout in which users are written. Strongly consistent; costs nothing once the tenant has only the sharded
    /// layout.
    ///
    /// A tenant without a head has the single layout only. While a version is being deployed, functions that know only
    /// that layout may still run. They would leave the other items of a user behind, so the migration creates a head
    /// after they are gone.
    pub(super) async fn layout_to_write(&self, tenant: Tenant) -> Result<Layout, StoreError> {
        if self.layouts.known(tenant) == Some(Layout::Sharded) {
            return Ok(Layout::Sharded);
        }
        let head = self.directory_head(tenant).await?;
        Ok(match head.map(|head| head.layout) {
            None => Layout::Single,
            Some(Layout::Single | Layout::Both) => Layout::Both,
            Some(Layout::Sharded) => Layout::Sharded,
        })
    }

    /// The layout of a tenant. Without a read if it is known to be at least `enough`.
    pub(super) async fn layout_to_read(&self, tenant: Tenant, enough: Layout) -> Result<Layout, StoreError> {
        match self.layouts.known(tenant) {
            Some(layout) if layout >= enough => Ok(layout),
            _ => {
                let head = self.directory_head(tenant).await?;
                Ok(head.map_or(Layout::Single, |head| head.layout))
            }
        }
    }

    /// Strongly consistent.
    pub(super) async fn directory_head(&self, tenant: Tenant) -> Result<Option<Head>, StoreError> {
        let item = self.table.get(Key::directory_head(tenant)).await?;
        let head = item.map(|item| Head::read(&item)).transpose()?;
        if let Some(head) = head {
            self.layouts.remember(tenant, head.layout);
        }
        Ok(head)
    }

    /// The whole directory. Costs half a read unit for every 4 KB, which hold some 400,000 users, or one if strongly
    /// consistent. A query may read each item at a different moment, so the counts are checked against their sum.
    pub(super) async fn directory(
        &self,
        tenant: Tenant,
        is_consistent: bool,
    ) -> Result<Option<(Head, Directory)>, StoreError> {
        let mut backoff = Backoff::default();
        for _ in 0..MAX_READS {
            let (head, chunks) = self.directory_items(tenant, is_consistent).await?;
            let Some(head) = head else {
                return Ok(None);
            };
            self.layouts.remember(tenant, head.layout);
            let leaves = chunks.into_iter().flat_map(|chunk| chunk.leaves).collect();
            let directory = Directory { leaves };
            if directory.users() == head.users {
                return Ok(Some((head, directory)));
            }
            backoff.wait().await?;
        }
        Err(StoreError::Contended)
    }

    async fn directory_items(
        &self,
        tenant: Tenant,
        is_consistent: bool,
    ) -> Result<(Option<Head>, Vec<Chunk>), StoreError> {
        let (mut head, mut chunks) = (None, Vec::new());
        for item in self.stored_directory(tenant, is_consistent).await? {
            if item.string(SK)?.starts_with(CHUNK_PREFIX) {
                chunks.push(Chunk::read(item)?);
            } else {
                head = Some(Head::read(&item)?);
            }
        }
        Ok((head, chunks))
    }

    async fn stored_directory(&self, tenant: Tenant, is_consistent: bool) -> Result<Vec<ItemReader>, StoreError> {
        let query = Query::partition(directory_partition(tenant)).between(SK, CHUNK_PREFIX, HEAD);
        let query = if is_consistent { query.consistent() } else { query };
        let items = self.table.query(query, MAX_DIRECTORY_ITEMS, Ok).await?;
        items.ok_or_else(|| StoreError::Refused("a directory of users is too large".to_owned()))
    }

    /// Stores the chunks that are in the unpacked format in the packed one. Idempotent.
    pub(super) async fn pack_directory(&self, tenant: Tenant) -> Result<(), StoreError> {
        let items = self.stored_directory(tenant, true).await?.into_iter();
        for item in items.filter(|item| item.has(LEAVES)) {
            let from = Chunk::read(item)?.from;
            let mut backoff = Backoff::default();
            // The head is read first. So if its version is unchanged, the chunks are current.
            while let Some(head) = self.directory_head(tenant).await? {
                let Some(chunk) = self.chunk_of(tenant, &from).await? else {
                    break;
                };
                let actions = vec![head.replace(tenant, head).into(), chunk.put(tenant).into()];
                if self.table.try_transact(actions).await? {
                    break;
                }
                backoff.wait().await?;
            }
        }
        Ok(())
    }

    /// The chunk that counts the users at a sort key of the list. Strongly consistent.
    pub(super) async fn chunk_of(&self, tenant: Tenant, sort_key: &str) -> Result<Option<Chunk>, StoreError> {
        let last = format!("{CHUNK_PREFIX}{sort_key}");
        let query = Query::partition(directory_partition(tenant))
            .between(SK, CHUNK_PREFIX, last)
            .descending()
            .limit(1)
            .consistent();
        let (items, _) = self.table.query_once(query, None).await?;
        let item = items.into_iter().next();
        item.map(|item| Chunk::read(ItemReader::new(item))).transpose()
    }

    /// The directory's part of the transaction that adds a user with an earlier time to the list, or removes one. Costs
    /// about 4 read units.
    pub(super) async fn count(&self, tenant: Tenant, user: UserRef, change: Change) -> Result<Vec<Action>, StoreError> {
        let bound = Bound::of(user);
        // The head is read first. A chunk or leaf that changes afterwards fails the condition on the head's version.
        // Users are written in the sharded layout only once there is a head.
        let Some(head) = self.directory_head(tenant).await? else {
            return Ok(Vec::new());
        };
        if bound >= head.boundary {
            // Not folded yet. The condition on the version fails a folding that is based on an older read.
            return Ok(vec![head.replace(tenant, head).into()]);
        }
        let sort_key = Key::list_entry(tenant, user.created_at, user.id).sk;
        let (chunk, seconds) =
            tokio::try_join!(self.chunk_of(tenant, &sort_key), self.leaf_at(tenant, &sort_key, true))?;
        let mut chunk = chunk.unwrap_or_else(Chunk::first);
        let at = leaf_of(&chunk.leaves, bound).unwrap_or_default();
        let mut seconds = LeafSeconds::of(chunk.begin_of(at), seconds);
        let leaf = chunk.leaves.get_mut(at);
        let users = match (leaf, change) {
            (Some(leaf), Change::Removed) if leaf.users > 0 => {
                leaf.users -= 1;
                head.users.saturating_sub(1)
            }
            (Some(leaf), Change::Added) => {
                leaf.users += 1;
                head.users + 1
            }
            // The next recount of the leaf repairs a wrong count.
            (_, Change::Removed) => head.users,
            (None, Change::Added) => {
                chunk.leaves.push(Leaf { from: bound, users: 1 });
                head.users + 1
            }
        };
        match change {
            Change::Added => seconds.add(user),
            Change::Removed => seconds.remove(user),
        }
        let next = Head { users, ..head };
        Ok(vec![
            head.replace(tenant, next).into(),
            chunk.put(tenant).into(),
            seconds.put(tenant).into(),
        ])
    }

    /// [`Self::count`] for many users at once before the first folding. Nobody is folded then, so there is nothing to
    /// change.
    pub(super) async fn count_if_folded(
        &self,
        tenant: Tenant,
        user: UserRef,
        change: Change,
    ) -> Result<Vec<Action>, StoreError> {
        let head = self.directory_head(tenant).await?;
        if head.is_some_and(|head| Bound::of(user) >= head.boundary) {
            return Ok(Vec::new());
        }
        self.count(tenant, user, change).await
    }

    /// Moves a tenant to a layout, unless it has that layout or a later one.
    pub(super) async fn set_layout(&self, tenant: Tenant, layout: Layout) -> Result<(), StoreError> {
        let mut backoff = Backoff::default();
        loop {
            let done = match self.directory_head(tenant).await? {
                None => self.table.create(Head::empty(layout).item(tenant)).await?,
                Some(head) if head.layout >= layout => true,
                Some(head) => {
                    let put = head.replace(tenant, Head { layout, ..head });
                    self.table.try_transact(vec![put.into()]).await?
                }
            };
            if done {
                return Ok(());
            }
            backoff.wait().await?;
        }
    }
}

/// The head of the directory of a tenant without users.
pub(in crate::store) fn empty_directory(tenant: Tenant) -> Attributes {
    Head::empty(Layout::Sharded).item(tenant)
}
