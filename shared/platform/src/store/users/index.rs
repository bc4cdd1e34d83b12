//! Finds users by time of creation, by search terms, and by exact ids.

use std::collections::BTreeSet;

use daftari_domain::ids::UserId;
use daftari_domain::{TimeRange, Timestamp};

use super::layout::Layout;
use super::list::{Slice, UserPage};
use super::profile::{User, UserRef};
use super::terms::{Search, normalized, terms_of};
use crate::identity::Tenant;
use crate::store::primary_key::Key;
use crate::store::{Store, StoreError};

/// Most profiles that are read to check the remaining words of a search. Above it, the index is queried for another
/// word.
const FEW_USERS: usize = 100;

/// Conditions for a list of users. A user must meet all that are set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// The prefix of a name, email, phone number or id, in any case; or several words, each such a prefix.
    pub search: Option<String>,
    /// Prefixes of phone numbers that the search text may also mean.
    pub search_phones: Vec<String>,
    /// Exact digits. Several spellings of one number: the first one of a user counts.
    pub phone_numbers: Vec<String>,
    /// An exact value.
    pub device_id: Option<String>,
    /// An exact value.
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
    /// A page of the matching users, newest first: `count` of them from index `offset`. `None` if there are too many to
    /// list.
    ///
    /// A page of all users or of a range of time costs at most 60 read units and two round trips, however many users
    /// there are. It is eventually consistent. Exact ids cost two read units and one for each user, a search 4 to 30
    /// read units and one for each user of the page.
    pub async fn users_page(
        &self,
        tenant: Tenant,
        filter: &UserFilter,
        (offset, count): (u64, usize),
        now: Timestamp,
    ) -> Result<Option<UserPage>, StoreError> {
        if filter.names_an_id() {
            let Some(mut users) = self.users_by_exact_id(tenant, filter).await? else {
                return Ok(None);
            };
            users.sort_unstable_by_key(|user| std::cmp::Reverse(user.reference()));
            users.dedup_by_key(|user| user.id);
            let total = users.len() as u64;
            let users = slice(&users, offset, count).to_vec();
            return Ok(Some(UserPage {
                total,
                users,
                until: None,
            }));
        }
        let found = if let Some(search) = filter.searched() {
            let found = self.users_by_search(tenant, &search).await?;
            found.map(|mut found| {
                found.retain(|user| filter.created.contains(user.created_at));
                found
            })
        } else {
            let wanted = Slice {
                offset,
                count: count as u64,
            };
            // Some 30 queries at once are too large for the future of every caller.
            if let Some(page) = Box::pin(self.users_of_list(tenant, filter.created, wanted, now)).await? {
                return Ok(Some(page));
            }
            self.users_of_index(tenant, filter.created).await?
        };
        let Some(mut found) = found else {
            return Ok(None);
        };
        found.sort_unstable_by(|a, b| b.cmp(a));
        let ids: Vec<UserId> = slice(&found, offset, count).iter().map(|user| user.id).collect();
        Ok(Some(UserPage {
            total: found.len() as u64,
            users: self.users_by_id(tenant, &ids).await?,
            until: None,
        }))
    }

    /// Other users of the tenant with the same device id; `None` if there are too many to list. Strongly consistent.
    ///
    /// Costs two read units plus one for each user.
    pub async fn users_sharing_device(&self, tenant: Tenant, user: &User) -> Result<Option<Vec<User>>, StoreError> {
        if user.device_id.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let filter = UserFilter {
            device_id: Some(user.device_id.clone()),
            ..UserFilter::default()
        };
        let users = self.users_by_exact_id(tenant, &filter).await?;
        Ok(users.map(|mut users| {
            users.retain(|other| other.id != user.id);
            users
        }))
    }

    /// The uuid that holds a phone number. Strongly consistent.
    pub(super) async fn user_id_by_phone(&self, tenant: Tenant, digits: &str) -> Result<Option<UserId>, StoreError> {
        let item = self.table.get(Key::phone(tenant, digits)).await?;
        item.map(|item| item.parsed("uuid")).transpose()
    }

    /// The uuid that holds a phone number in its canonical digits, or otherwise in the first of the other spellings.
    pub async fn user_id_by_phones(
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

    async fn users_by_exact_id(&self, tenant: Tenant, filter: &UserFilter) -> Result<Option<Vec<User>>, StoreError> {
        let ids: Option<Vec<UserId>> = if let Some((number, others)) = filter.phone_numbers.split_first() {
            let holder = self.user_id_by_phones(tenant, number, others).await?;
            Some(holder.into_iter().collect())
        } else if self.layout_to_read(tenant, Layout::Both).await? == Layout::Single {
            let id = filter.external_id.as_ref().or(filter.device_id.as_ref());
            let term = normalized(id.map_or("", String::as_str));
            // The separator after the term excludes longer terms. A term of another field is excluded below.
            let found = self.users_of_terms(tenant, &format!("{term}#")).await?;
            found.map(|found| found.into_iter().map(|user| user.id).collect())
        } else if let Some(external) = &filter.external_id {
            self.ids_of_external(tenant, external).await?
        } else {
            let device = filter.device_id.as_deref();
            let device = device.expect("only a filter with an exact id is looked up");
            self.ids_of_device(tenant, device).await?
        };
        let Some(ids) = ids else {
            return Ok(None);
        };
        let mut users = self.users_by_id(tenant, &ids).await?;
        users.retain(|user| filter.matches(user));
        Ok(Some(users))
    }

    async fn users_by_search(&self, tenant: Tenant, search: &Search) -> Result<Option<Vec<UserRef>>, StoreError> {
        let layout = self.layout_to_read(tenant, Layout::Both).await?;
        let prefixes = search.prefixes.iter();
        let prefixes = prefixes.map(|prefix| self.terms(tenant, layout, prefix));
        let mut found = BTreeSet::new();
        for users in futures_util::future::try_join_all(prefixes).await? {
            let Some(users) = users else {
                return Ok(None);
            };
            found.extend(users);
        }
        if !search.words.is_empty() {
            match self.users_by_words(tenant, layout, search).await? {
                Some(users) => found.extend(users),
                // The words are common, but few users have these words in this order.
                None if !found.is_empty() => {}
                None => return Ok(None),
            }
        }
        Ok(Some(found.into_iter().collect()))
    }

    /// The users with a term for each word: those of the first word that are also among those of the next. Once they
    /// are few, their profiles decide.
    async fn users_by_words(
        &self,
        tenant: Tenant,
        layout: Layout,
        search: &Search,
    ) -> Result<Option<BTreeSet<UserRef>>, StoreError> {
        let mut found: Option<BTreeSet<UserRef>> = None;
        // A word with too many results is skipped: another word may have fewer.
        let mut is_passed_over = false;
        for word in &search.words {
            if let Some(few) = found.as_ref().filter(|users| users.len() <= FEW_USERS) {
                return self.of_few(tenant, few, search).await.map(Some);
            }
            match self.terms(tenant, layout, word).await? {
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

    /// Reduces a few users to those that each word finds.
    async fn of_few(
        &self,
        tenant: Tenant,
        users: &BTreeSet<UserRef>,
        search: &Search,
    ) -> Result<BTreeSet<UserRef>, StoreError> {
        let ids: Vec<UserId> = users.iter().map(|user| user.id).collect();
        let users = self.users_by_id(tenant, &ids).await?;
        let found = users.iter().filter(|user| search.finds_words(&terms_of(user)));
        Ok(found.map(User::reference).collect())
    }

    /// The users with a term that starts with `prefix`, in no order, each once; `None` if there are too many.
    async fn terms(&self, tenant: Tenant, layout: Layout, prefix: &str) -> Result<Option<Vec<UserRef>>, StoreError> {
        match layout {
            Layout::Single => self.users_of_terms(tenant, prefix).await,
            Layout::Both | Layout::Sharded => self.users_of_words(tenant, prefix).await,
        }
    }
}

fn slice<T>(all: &[T], offset: u64, count: usize) -> &[T] {
    let start = usize::try_from(offset).unwrap_or(usize::MAX).min(all.len());
    &all[start..all.len().min(start.saturating_add(count))]
}
