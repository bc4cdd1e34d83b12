//! Queries that may take several answers.

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::ReturnConsumedCapacity;

use super::error::Fault;
use super::items::{Attributes, ItemReader};
use super::{Store, StoreError};

impl Store {
    /// A query of the table, which counts what it consumes.
    pub(super) fn query(&self) -> QueryFluentBuilder {
        let query = self.client.query().table_name(&self.table);
        query.return_consumed_capacity(ReturnConsumedCapacity::Total)
    }

    /// One answer to a query (up to 1 MB), and where the next one goes on.
    pub(super) async fn one_answer(
        &self,
        query: QueryFluentBuilder,
        from: Option<Attributes>,
    ) -> Result<(Vec<Attributes>, Option<Attributes>), StoreError> {
        let answer = query.set_exclusive_start_key(from).send().await.map_err(Fault::of)?;
        self.usage.add_read(answer.consumed_capacity());
        Ok((answer.items.unwrap_or_default(), answer.last_evaluated_key))
    }

    /// Everything a query finds, read by `read`; `None` if that is more than `most`.
    pub(super) async fn all_answers<T>(
        &self,
        query: QueryFluentBuilder,
        most: usize,
        read: impl Fn(ItemReader) -> Result<T, StoreError>,
    ) -> Result<Option<Vec<T>>, StoreError> {
        let mut found = Vec::new();
        let mut from = None;
        loop {
            let (items, next) = self.one_answer(query.clone(), from).await?;
            for item in items {
                found.push(read(ItemReader::new(item))?);
            }
            if found.len() > most {
                return Ok(None);
            }
            from = next;
            if from.is_none() {
                return Ok(Some(found));
            }
        }
    }
}
