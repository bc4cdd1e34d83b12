//! Finding users: by time of creation, by search term, by exact ids.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::types::ReturnConsumedCapacity;

use daftari_domain::{TimeRange, Timestamp};

use super::terms::{normalized, search_prefix};
use super::{Key, User};
use crate::identity::{Tenant, UserId};
use crate::store::error::Fault;
use crate::store::items::{Attributes, ItemReader, string};
use crate::store::keys::{GSI1, GSI1_PK, GSI1_SK, PK, SK, term_partition, users_partition};
use crate::store::{Store, StoreError};

/// Most index entries looked at for one list: about 30 round trips.
const MAX_ENTRIES: usize = 100_000;

/// A user in an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UserRef {
    /// When the user was registered.
    pub created_at: Timestamp,
    /// The uuid.
    pub id: UserId,
}

/// Which users are wanted: those that match everything that is set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// What a name, email, phone number or id starts with, in any case.
    pub search: Option<String>,
    /// Digits, exactly.
    pub phone_number: Option<String>,
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
        self.phone_number.is_some() || self.device_id.is_some() || self.external_id.is_some()
    }

    fn matches(&self, user: &User) -> bool {
        let is = |wanted: &Option<String>, value: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| value == Some(wanted))
        };
        let found = self.search.as_deref().is_none_or(|search| {
            let prefix = search_prefix(search);
            super::terms::terms_of(user)
                .iter()
                .any(|term| term.starts_with(&prefix))
        });
        found
            && is(&self.phone_number, Some(&user.phone_number))
            && is(&self.device_id, Some(&user.device_id))
            && is(&self.external_id, user.external_id.as_deref())
            && self.created.contains(user.created_at)
    }
}

impl Store {
    /// The users that match, newest first; `None` if there are too many to list.
    ///
    /// Costs half a read unit per about 20 users where the filter is a range of time or nothing, one read unit per
    /// about 20 users where it is a search; exact ids cost a few. The list by time is eventually consistent.
    pub async fn find_users(
        &self,
        tenant: Tenant,
        filter: &UserFilter,
    ) -> Result<Option<Vec<UserRef>>, StoreError> {
        let found = if filter.names_an_id() {
            self.users_by_exact_id(tenant, filter).await?
        } else if let Some(search) = &filter.search {
            let found = self.terms(tenant, &search_prefix(search)).await?;
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

    /// The uuid that holds a phone number. Strongly consistent.
    pub(super) async fn user_id_by_phone(
        &self,
        tenant: Tenant,
        digits: &str,
    ) -> Result<Option<UserId>, StoreError> {
        let item = self.get(Key::phone(tenant, digits)).await?;
        item.map(|item| item.parsed("uuid")).transpose()
    }

    async fn users_by_exact_id(
        &self,
        tenant: Tenant,
        filter: &UserFilter,
    ) -> Result<Option<Vec<UserRef>>, StoreError> {
        let ids: Vec<UserId> = if let Some(digits) = &filter.phone_number {
            self.user_id_by_phone(tenant, digits)
                .await?
                .into_iter()
                .collect()
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

    async fn users_by_creation(
        &self,
        tenant: Tenant,
        range: TimeRange,
    ) -> Result<Option<Vec<UserRef>>, StoreError> {
        let start = range
            .start
            .map_or_else(|| "0".to_owned(), |start| start.to_string());
        // '~' sorts after the '#' that follows the time in a key, so the last second is inside.
        let end = range
            .end
            .map_or_else(|| "~".to_owned(), |end| format!("{end}~"));
        self.collect_entries(
            async |from: Option<Attributes>| {
                self.client
                    .query()
                    .table_name(&self.table)
                    .index_name(GSI1)
                    .key_condition_expression("#pk = :pk AND #sk BETWEEN :start AND :end")
                    .expression_attribute_names("#pk", GSI1_PK)
                    .expression_attribute_names("#sk", GSI1_SK)
                    .expression_attribute_values(":pk", string(users_partition(tenant)))
                    .expression_attribute_values(":start", string(&start))
                    .expression_attribute_values(":end", string(&end))
                    .return_consumed_capacity(ReturnConsumedCapacity::Total)
                    .set_exclusive_start_key(from)
                    .send()
                    .await
                    .map_err(|error| Fault::of(error).into())
            },
            |item| {
                let key = item.string(GSI1_SK)?;
                let (created_at, id) = key.split_once('#').ok_or_else(|| item.corrupt(GSI1_SK))?;
                match (created_at.parse(), id.parse()) {
                    (Ok(created_at), Ok(id)) => Ok(UserRef { created_at, id }),
                    _ => Err(item.corrupt(GSI1_SK)),
                }
            },
        )
        .await
    }

    /// The users with a term that starts with `prefix`, in no order, each once. Strongly consistent.
    async fn terms(
        &self,
        tenant: Tenant,
        prefix: &str,
    ) -> Result<Option<Vec<UserRef>>, StoreError> {
        let found = self
            .collect_entries(
                async |from: Option<Attributes>| {
                    self.client
                        .query()
                        .table_name(&self.table)
                        .consistent_read(true)
                        .key_condition_expression("#pk = :pk AND begins_with(#sk, :prefix)")
                        .expression_attribute_names("#pk", PK)
                        .expression_attribute_names("#sk", SK)
                        .expression_attribute_values(":pk", string(term_partition(tenant)))
                        .expression_attribute_values(":prefix", string(prefix))
                        .return_consumed_capacity(ReturnConsumedCapacity::Total)
                        .set_exclusive_start_key(from)
                        .send()
                        .await
                        .map_err(|error| Fault::of(error).into())
                },
                |item| {
                    Ok(UserRef {
                        created_at: item.parsed("created_at")?,
                        id: item.parsed("uuid")?,
                    })
                },
            )
            .await?;
        Ok(found.map(|found| {
            found
                .into_iter()
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect()
        }))
    }

    /// Follows a query over all of its pages; `None` if that is too much.
    async fn collect_entries(
        &self,
        query: impl AsyncFn(Option<Attributes>) -> Result<QueryOutput, StoreError>,
        read: impl Fn(&ItemReader) -> Result<UserRef, StoreError>,
    ) -> Result<Option<Vec<UserRef>>, StoreError> {
        let mut entries = Vec::new();
        let mut from = None;
        loop {
            let answer = query(from).await?;
            self.usage.add_read(answer.consumed_capacity());
            for item in answer.items.unwrap_or_default() {
                entries.push(read(&ItemReader::new(item))?);
            }
            if entries.len() > MAX_ENTRIES {
                return Ok(None);
            }
            from = answer.last_evaluated_key;
            if from.is_none() {
                return Ok(Some(entries));
            }
        }
    }
}
