//! Counters of login attempts, which throttle guessing.
//!
//! An attempt is counted *before* the password is looked at, so that any number of guesses at once cannot pass the
//! limit together; a success takes its count back. A window starts with the first counted attempt.

use std::net::IpAddr;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{ReturnConsumedCapacity, ReturnValuesOnConditionCheckFailure};

use daftari_domain::Timestamp;

use super::backoff::Backoff;
use super::error::Fault;
use super::items::{Attributes, ItemReader, number};
use super::keys::Key;
use super::{Store, StoreError};

/// Failures after which further attempts are refused.
pub const MAX_FAILURES: u32 = 10;
/// Length of the window they are counted in.
pub const WINDOW_SECONDS: i64 = 15 * 60;

/// What came of counting an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// It may go on.
    Allowed,
    /// There were too many; the window ends after this many seconds.
    Throttled {
        /// Seconds, at least 1.
        retry_after_seconds: u32,
    },
}

impl Store {
    /// Counts an attempt with an email (in lower case).
    pub async fn count_login_attempt(
        &self,
        email: &str,
        now: Timestamp,
    ) -> Result<Attempt, StoreError> {
        self.count_attempt(Key::login_attempts(email), now).await
    }

    /// Counts an attempt from an address.
    pub async fn count_address_attempt(
        &self,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<Attempt, StoreError> {
        self.count_attempt(Key::address_attempts(address), now)
            .await
    }

    /// Forgets the attempts with an email, after a success.
    pub async fn clear_login_attempts(&self, email: &str) -> Result<(), StoreError> {
        let answer = self
            .client
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(Key::login_attempts(email).into_attributes()))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(Fault::of)?;
        self.usage.add_write(answer.consumed_capacity());
        Ok(())
    }

    /// Takes back the count of one attempt from an address that turned out a success.
    pub async fn forgive_address_attempt(&self, address: IpAddr) -> Result<(), StoreError> {
        let update = self
            .update(Key::address_attempts(address))
            .update_expression("ADD attempts :minus_one")
            .condition_expression("attempts > :zero")
            .expression_attribute_values(":minus_one", number(-1))
            .expression_attribute_values(":zero", number(0));
        self.try_update(update).await?;
        Ok(())
    }

    async fn count_attempt(&self, key: Key, now: Timestamp) -> Result<Attempt, StoreError> {
        let mut backoff = Backoff::default();
        loop {
            let Some(window) = self.try_count(&key, now).await? else {
                return Ok(Attempt::Allowed);
            };
            let left = window.expires_at - now.unix_seconds();
            if left > 0 {
                return Ok(Attempt::Throttled {
                    retry_after_seconds: u32::try_from(left).unwrap_or(u32::MAX),
                });
            }
            // The window is over but its item is still there: TTL deletes late. Restart it, unless somebody has.
            if self.restart_window(&key, &window, now).await? {
                return Ok(Attempt::Allowed);
            }
            backoff.wait().await?;
        }
    }

    /// Counts, if a window is open and below the limit or there is none; else returns the window in the way.
    async fn try_count(&self, key: &Key, now: Timestamp) -> Result<Option<Window>, StoreError> {
        let answer = self
            .update(key.clone())
            .update_expression("SET expires_at = if_not_exists(expires_at, :end), #type = :type, v = :one ADD attempts :one")
            .condition_expression("attribute_not_exists(attempts) OR (expires_at > :now AND attempts < :max)")
            .expression_attribute_names("#type", "type")
            .expression_attribute_values(":type", super::items::string("attempts"))
            .expression_attribute_values(":end", number(now.unix_seconds() + WINDOW_SECONDS))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":now", number(now.unix_seconds()))
            .expression_attribute_values(":max", number(MAX_FAILURES))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match answer {
            Ok(answer) => {
                self.usage.add_write(answer.consumed_capacity());
                Ok(None)
            }
            Err(error) => match item_in_the_way(&error) {
                Some(item) => Window::read(item).map(Some),
                None => Err(Fault::of(error).into()),
            },
        }
    }

    /// Replaces a window that is over by one that starts with this attempt; false if it changed meanwhile.
    async fn restart_window(
        &self,
        key: &Key,
        over: &Window,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let update = self
            .update(key.clone())
            .update_expression("SET expires_at = :end, attempts = :one")
            .condition_expression("expires_at = :over")
            .expression_attribute_values(":end", number(now.unix_seconds() + WINDOW_SECONDS))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":over", number(over.expires_at));
        Ok(self.try_update(update).await?.is_some())
    }
}

/// A counter that refused to count.
struct Window {
    expires_at: i64,
}

impl Window {
    fn read(item: Attributes) -> Result<Self, StoreError> {
        Ok(Self {
            expires_at: ItemReader::new(item).number("expires_at")?,
        })
    }
}

fn item_in_the_way(error: &SdkError<UpdateItemError>) -> Option<Attributes> {
    match error.as_service_error()? {
        UpdateItemError::ConditionalCheckFailedException(failed) => failed.item().cloned(),
        _ => None,
    }
}
