//! Finding users: by time of creation, by search terms, by exact ids.

use std::collections::BTreeSet;

use daftari_domain::ids::UserId;
use daftari_domain::{TimeRange, Timestamp};

use super::profile::User;
use super::terms::{Search, normalized, terms_of};
use crate::identity::Tenant;
use crate::store::items::ItemReader;
use crate::store::key::{GSI1, GSI1_PK, GSI1_SK, Key, term_partition, users_partition};
use crate::store::request::Query;
use crate::store::{Store, StoreError};

/// Most index entries looked at for one list: about 30 round trips.
const MAX_ENTRIES: usize = 100_000;

/// At most this many profiles are read to check the remaining words of a search. Above it, the index is queried for
/// another word.
const FEW_USERS: usize = 100;

/// Most users with one device id whose profiles are read.
pub const MAX_SHARING_USERS: u16 = 100;

/// A user in an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UserRef {
    /// When the user was registered.
    pub created_at: Timestamp,
    /// The uuid.
    pub id: UserId,
}

/// Conditions for a list of users. A user must meet all that are set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// The start of a name, email, phone number or id, in any case; or several words, each the start of one of them.
    pub search: Option<String>,
    /// Starts of phone numbers that the search text may also mean.
    pub search_phones: Vec<String>,
    /// Exact digits. Several spellings of one number: the first that a user has counts.
    pub phone_numbers: Vec<String>,
    /// Exactly.
    pub device_id: Option<String>,
    /// Exactly.
    pub external_id: Option<String>,
    /// Registered in this range, both ends included.
    pub created: TimeRange,
}

impl UserFilter {
    /// Whether an exact id narrows the list down to a few users.
    fn names_an_id(&self) -> bool {
        !self.phone_numbers.is_empty() || self.device_id.is_some() || self.external_id.is_some()
    }

    fn searched(&self) -> Option<Search> {
        let text = self.search.as_deref()?;
        Some(Search::new(text, &self.search_phones))
    }

    fn matches(&self, user: &User) -> bool {
        let is =
            |wanted: &Option<String>, value: Option<&str>| wanted.as_deref().is_none_or(|wanted| value == Some(wanted));
        let found = self.searched().is_none_or(|search| search.finds(&terms_of(user)));
        found
            && (self.phone_numbers.is_empty() || self.phone_numbers.contains(&user.phone_number))
            && is(&self.device_id, Some(&user.device_id))
            && is(&self.external_id, user.external_id.as_deref())
            && self.created.contains(user.created_at)
    }
}

impl Store {
    /// The users that match, newest first; `None` if there are too many to list.
    ///
    /// A list by time, or without a filter, costs half a read unit per about 20 users. A search costs one read unit per
    /// about 20 users that a word finds. Exact ids cost a few units. The list by time is eventually consistent.
    pub async fn find_users(&self, tenant: Tenant, filter: &UserFilter) -> Result<Option<Vec<UserRef>>, StoreError> {
        let found = if filter.names_an_id() {
            self.users_by_exact_id(tenant, filter).await?
        } else if let Some(search) = filter.searched() {
            let found = self.users_by_search(tenant, &search).await?;
            found.map(|found| {
                found
                    .into_iter()
                    .filter(|user| filter.created.contains(user.created_at))
                    .collect()
            })
        } else {
            self.users_by_creation(tenant, filter.created).await?
        };
        Ok(found.map(|mut users: Vec<UserRef>| {
            users.sort_unstable_by(|a, b| b.cmp(a));
            users.dedup();
            users
        }))
    }

    /// Other users of the tenant with the device id of a user: all, or [`MAX_SHARING_USERS`] of them.
    ///
    /// Costs one read unit per about 20 users with the id, in one round trip, and one for each of those returned.
    pub async fn users_sharing_device(&self, tenant: Tenant, user: &User) -> Result<Vec<User>, StoreError> {
        if user.device_id.is_empty() {
            return Ok(Vec::new());
        }
        let query = Query::partition(term_partition(tenant))
            .begins_with(format!("{}#", normalized(&user.device_id)))
            // The user itself is among them.
            .limit(MAX_SHARING_USERS + 1)
            .consistent();
        let (items, _) = self.table.query_once(query, None).await?;
        let ids = items.into_iter().map(|item| ItemReader::new(item).parsed("uuid"));
        let mut ids: Vec<UserId> = ids.collect::<Result<_, _>>()?;
        ids.retain(|id| *id != user.id);
        ids.truncate(usize::from(MAX_SHARING_USERS));
        let users = self.users_by_id(tenant, &ids).await?;
        // Another field may have the same term.
        let sharing = users.into_iter().filter(|other| other.device_id == user.device_id);
        Ok(sharing.collect())
    }

    /// The uuid that holds a phone number. Strongly consistent.
    pub(super) async fn user_id_by_phone(&self, tenant: Tenant, digits: &str) -> Result<Option<UserId>, StoreError> {
        let item = self.table.get(Key::phone(tenant, digits)).await?;
        item.map(|item| item.parsed("uuid")).transpose()
    }

    /// The uuid that holds a phone number under its usual digits, or else under the first of others.
    pub(super) async fn user_id_by_phones(
        &self,
        tenant: Tenant,
        digits: &str,
        others: &[String],
    ) -> Result<Option<UserId>, StoreError> {
        if let Some(id) = self.user_id_by_phone(tenant, digits).await? {
            return Ok(Some(id));
        }
        let others = others.iter().map(|digits| self.user_id_by_phone(tenant, digits));
        let holders = futures_util::future::try_join_all(others).await?;
        Ok(holders.into_iter().flatten().next())
    }

    async fn users_by_exact_id(&self, tenant: Tenant, filter: &UserFilter) -> Result<Option<Vec<UserRef>>, StoreError> {
        let ids: Vec<UserId> = if let Some((number, others)) = filter.phone_numbers.split_first() {
            let holder = self.user_id_by_phones(tenant, number, others).await?;
            holder.into_iter().collect()
        } else {
            let id = filter.external_id.as_ref().or(filter.device_id.as_ref());
            let term = normalized(id.map_or("", String::as_str));
            // The separator after the term leaves out longer terms; a term shared by another field is left out below.
            let Some(found) = self.terms(tenant, &format!("{term}#")).await? else {
                return Ok(None);
            };
            found.into_iter().map(|user| user.id).collect()
        };
        let users = self.users_by_id(tenant, &ids).await?;
        let matching = users.iter().filter(|user| filter.matches(user));
        Ok(Some(
            matching
                .map(|user| UserRef {
                    created_at: user.created_at,
                    id: user.id,
                })
                .collect(),
        ))
    }

    async fn users_by_search(&self, tenant: Tenant, search: &Search) -> Result<Option<Vec<UserRef>>, StoreError> {
        let prefixes = search.prefixes.iter();
        let prefixes = prefixes.map(|prefix| self.terms(tenant, prefix));
        let mut found = BTreeSet::new();
        for users in futures_util::future::try_join_all(prefixes).await? {
            let Some(users) = users else {
                return Ok(None);
            };
            found.extend(users);
        }
        if !search.words.is_empty() {
            let Some(users) = self.users_by_words(tenant, search).await? else {
                return Ok(None);
            };
            found.extend(users);
        }
        Ok(Some(found.into_iter().collect()))
    }

    /// The users with a term for each word: the users of the first word, narrowed down word by word. Once they are few,
    /// their profiles are read to check the remaining words.
    async fn users_by_words(&self, tenant: Tenant, search: &Search) -> Result<Option<BTreeSet<UserRef>>, StoreError> {
        let mut found: Option<BTreeSet<UserRef>> = None;
        // A word with too many results is skipped: another word may find fewer.
        let mut is_passed_over = false;
        for word in &search.words {
            if let Some(few) = found.as_ref().filter(|users| users.len() <= FEW_USERS) {
                return self.of_few(tenant, few, search).await.map(Some);
            }
            match self.terms(tenant, word).await? {
                None => is_passed_over = true,
                Some(users) => {
                    let users = users.into_iter();
                    found = Some(match &found {
                        None => users.collect(),
                        Some(before) => users.filter(|user| before.contains(user)).collect(),
                    });
                }
            }
        }
        match found {
            Some(few) if is_passed_over && few.len() <= FEW_USERS => self.of_few(tenant, &few, search).await.map(Some),
            found => Ok(found.filter(|_| !is_passed_over)),
        }
    }

    /// Narrows a few users down to those that each word finds.
    async fn of_few(
        &self,
        tenant: Tenant,
        users: &BTreeSet<UserRef>,
        search: &Search,
    ) -> Result<BTreeSet<UserRef>, StoreError> {
        let ids: Vec<UserId> = users.iter().map(|user| user.id).collect();
        let users = self.users_by_id(tenant, &ids).await?;
        let found = users.iter().filter(|user| search.finds_words(&terms_of(user)));
        Ok(found
            .map(|user| UserRef {
                created_at: user.created_at,
                id: user.id,
            })
            .collect())
    }

    async fn users_by_creation(&self, tenant: Tenant, range: TimeRange) -> Result<Option<Vec<UserRef>>, StoreError> {
        let start = range.start.map_or_else(|| "0".to_owned(), |start| start.to_string());
        // '~' sorts after the '#' that follows the time in a key, so the last second is inside.
        let end = range.end.map_or_else(|| "~".to_owned(), |end| format!("{end}~"));
        let query = Query::index(GSI1, GSI1_PK, users_partition(tenant)).between(GSI1_SK, start, end);
        let read = |item: ItemReader| {
            let key = item.string(GSI1_SK)?;
            let (created_at, id) = key.split_once('#').ok_or_else(|| item.corrupt(GSI1_SK))?;
            match (created_at.parse(), id.parse()) {
                (Ok(created_at), Ok(id)) => Ok(UserRef { created_at, id }),
                _ => Err(item.corrupt(GSI1_SK)),
            }
        };
        self.table.query(query, MAX_ENTRIES, read).await
    }

    /// The users with a term that starts with `prefix`, in no order, each once. Strongly consistent.
    async fn terms(&self, tenant: Tenant, prefix: &str) -> Result<Option<Vec<UserRef>>, StoreError> {
        let query = Query::partition(term_partition(tenant))
            .begins_with(prefix)
            .consistent();
        let read = |item: ItemReader| {
            Ok(UserRef {
                created_at: item.parsed("created_at")?,
                id: item.parsed("uuid")?,
            })
        };
        let found = self.table.query(query, MAX_ENTRIES, read).await?;
        Ok(found.map(|found| found.into_iter().collect::<BTreeSet<_>>().into_iter().collect()))
    }
}
