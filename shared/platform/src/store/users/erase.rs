//! Erasing users.
//!
//! First one transaction hides the user for good: the profile is marked and leaves the list, the phone number is free,
//! a receipt is written. Ledger pages can be created only while the profile is there unmarked, so from then on none
//! appears. Then everything is deleted, the profile last, since it knows the search terms. Killed at any point, a
//! repeated call goes on where it stopped.
//!
//! Of several erasures of one user at once, one marks the profile; the others find it marked, or gone with a receipt,
//! however late their transaction arrives. The number is freed only if it is this user's: as soon as it is free, it may be
//! registered anew, and then it is somebody else's. All other keys that an erasure deletes hold the user's uuid, which
//! nobody gets again.

use aws_sdk_dynamodb::types::{
    AttributeValue, Delete, DeleteRequest, Put, ReturnConsumedCapacity, TransactWriteItem, Update, WriteRequest,
};

use daftari_domain::Timestamp;

use super::{ERASING, Profile};
use crate::identity::UserKey;
use crate::store::backoff::Backoff;
use crate::store::error::Fault;
use crate::store::items::{Attributes, ItemBuilder, string};
use crate::store::key::{Key, PK, SK, user_partition};
use crate::store::users::register::put;
use crate::store::{Store, StoreError};

/// How long a repeated erasure is told that the user was erased, rather than never known.
const RECEIPT_SECONDS: i64 = 90 * 24 * 60 * 60;

/// Most requests the store takes in one batch write.
const BATCH_WRITE_ITEMS: usize = 25;

impl Store {
    /// Erases a user with everything held about it. True if it is erased or was erased before, false if there never was
    /// such a user.
    pub async fn erase_user(&self, user: UserKey, now: Timestamp) -> Result<bool, StoreError> {
        let mut backoff = Backoff::default();
        let profile = loop {
            let Some(profile) = self.profile(user).await? else {
                return Ok(self.get(Key::erasure(user)).await?.is_some());
            };
            if profile.erasing {
                break profile;
            }
            // A number of somebody else, or of nobody, is not this user's to free. Nobody but an erasure of this user takes
            // a number from it, and it never gets one.
            let number = &profile.user.phone_number;
            let holder = self.user_id_by_phone(user.tenant(), number).await?;
            let holds_number = holder == Some(user.id());
            if self.begin_erasure(user, &profile, holds_number, now).await? {
                break profile;
            }
            backoff.wait().await?;
        };
        let terms = profile
            .terms
            .iter()
            .map(|term| Key::term(user.tenant(), term, user.id()).into_attributes());
        self.delete_all(terms.collect()).await?;
        loop {
            let keys = self.partition_keys(user).await?;
            if keys.is_empty() {
                break;
            }
            self.delete_all(keys).await?;
        }
        self.delete_all(vec![Key::profile(user).into_attributes()]).await?;
        Ok(true)
    }

    /// False if the profile changed meanwhile, or another erasure began.
    async fn begin_erasure(
        &self,
        user: UserKey,
        profile: &Profile,
        holds_number: bool,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let refused = |error: aws_sdk_dynamodb::error::BuildError| StoreError::Refused(error.to_string());
        let mark = Update::builder()
            .table_name(&self.table)
            .set_key(Some(Key::profile(user).into_attributes()))
            .update_expression("SET #erasing = :yes REMOVE GSI1PK, GSI1SK")
            .condition_expression("version = :version AND attribute_not_exists(#erasing)")
            .expression_attribute_names("#erasing", ERASING)
            .expression_attribute_values(":yes", AttributeValue::Bool(true))
            .expression_attribute_values(":version", crate::store::items::number(profile.version))
            .build()
            .map_err(refused)?;
        let receipt = ItemBuilder::new(&Key::erasure(user), "erasure")
            .string("erased_at", now)
            .number("expires_at", now.plus_seconds(RECEIPT_SECONDS).unix_seconds())
            .build();
        let mut actions = vec![
            TransactWriteItem::builder().update(mark).build(),
            put(Put::builder().table_name(&self.table).set_item(Some(receipt)))?,
        ];
        if holds_number {
            let phone = Key::phone(user.tenant(), &profile.user.phone_number).into_attributes();
            let release = Delete::builder()
                .table_name(&self.table)
                .set_key(Some(phone))
                .condition_expression("#uuid = :user")
                .expression_attribute_names("#uuid", "uuid")
                .expression_attribute_values(":user", string(user.id()))
                .build()
                .map_err(refused)?;
            actions.push(TransactWriteItem::builder().delete(release).build());
        }
        self.transact(actions).await
    }

    /// Up to one answer's worth of keys in the user's partition, without the profile.
    async fn partition_keys(&self, user: UserKey) -> Result<Vec<Attributes>, StoreError> {
        let profile = Key::profile(user);
        let query = self
            .query()
            .consistent_read(true)
            .key_condition_expression("#pk = :pk")
            .projection_expression("#pk, #sk")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#sk", SK)
            .expression_attribute_values(":pk", string(user_partition(user)));
        let mut from = None;
        loop {
            let (items, next) = self.one_answer(query.clone(), from).await?;
            let is_profile = |item: &Attributes| item.get(SK).and_then(|sk| sk.as_s().ok()) == Some(&profile.sk);
            let keys: Vec<_> = items.into_iter().filter(|item| !is_profile(item)).collect();
            from = next;
            if !keys.is_empty() || from.is_none() {
                return Ok(keys);
            }
        }
    }

    async fn delete_all(&self, keys: Vec<Attributes>) -> Result<(), StoreError> {
        for chunk in keys.chunks(BATCH_WRITE_ITEMS) {
            let delete = |key: &Attributes| {
                let request = DeleteRequest::builder().set_key(Some(key.clone())).build();
                request.map(|request| WriteRequest::builder().delete_request(request).build())
            };
            let requests: Result<Vec<_>, _> = chunk.iter().map(delete).collect();
            let mut requests = requests.map_err(|error| StoreError::Refused(error.to_string()))?;
            let mut backoff = Backoff::default();
            while !requests.is_empty() {
                let answer = self
                    .client
                    .batch_write_item()
                    .request_items(&self.table, requests)
                    .return_consumed_capacity(ReturnConsumedCapacity::Total)
                    .send()
                    .await
                    .map_err(Fault::of)?;
                self.usage.add_write(answer.consumed_capacity());
                let rest = answer
                    .unprocessed_items
                    .and_then(|mut tables| tables.remove(&self.table));
                requests = rest.unwrap_or_default();
                if !requests.is_empty() {
                    backoff.wait().await?;
                }
            }
        }
        Ok(())
    }
}
