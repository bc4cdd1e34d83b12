//! Counts the shapes of messages that were not read. Their texts are never stored.
//!
//! Counting never fails a batch. It runs in parallel with the write to the ledger, and ends after one
//! [`SHARE_OF_TIME`]th of the request's time budget: 200 ms of 20 s. It is a sample: only the [`MAX_SHAPES_OF_BATCH`]
//! most common shapes of a batch are counted.

use std::collections::BTreeMap;
use std::time::Duration;

use daftari_domain::order::sort_by_key;
use daftari_domain::{Country, Timestamp};
use daftari_platform::identity::UserKey;
use daftari_platform::store::{CountedShape, NearestRule, Sighting, Store, StoreError, Wording};
use daftari_sms::{Message, READER, Shape, explain};
use futures_util::future::join_all;

/// The fraction of the request's time budget that counting may take.
const SHARE_OF_TIME: u32 = 100;
/// Most shapes counted of one batch. A known shape costs one write unit, an unknown one three.
const MAX_SHAPES_OF_BATCH: usize = 5;
/// Most unread messages of a batch whose shapes are determined.
const MAX_MESSAGES_OF_BATCH: usize = 200;

/// The time of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// When it arrived.
    pub(crate) now: Timestamp,
    /// Its time budget.
    pub(crate) time_budget: Duration,
}

/// The shapes of a batch.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    messages: usize,
    seen: BTreeMap<Shape, Seen>,
}

#[derive(Debug)]
struct Seen {
    count: u64,
    /// A message of the shape. It is dropped with the request.
    sender: String,
    body: String,
    refused: Option<&'static str>,
}

impl Shapes {
    /// Adds an unread message. `refused` is the reason if a rule read the message but its records were refused.
    pub(crate) fn add(&mut self, sender: &str, body: &str, country: Option<Country>, refused: Option<&'static str>) {
        self.messages += 1;
        if self.messages > MAX_MESSAGES_OF_BATCH {
            return;
        }
        let seen = self.seen.entry(Shape::of(sender, body, country));
        let seen = seen.or_insert_with(|| Seen {
            count: 0,
            sender: sender.to_owned(),
            body: body.to_owned(),
            refused,
        });
        seen.count += 1;
    }

    /// The most common shapes. The choice among equally common ones is random, so that each is counted eventually.
    fn sample(self) -> Vec<(Shape, Seen)> {
        let mut shapes: Vec<(Shape, Seen)> = self.seen.into_iter().collect();
        fastrand::shuffle(&mut shapes);
        sort_by_key(&mut shapes, |(_, seen)| std::cmp::Reverse(seen.count));
        shapes.truncate(MAX_SHAPES_OF_BATCH);
        shapes
    }

    /// Counts the shapes until the time is over. An error is logged and does not affect the answer.
    pub(crate) async fn count(self, store: &Store, user: UserKey, country: Option<Country>, limits: Limits) {
        let shapes = self.sample();
        if shapes.is_empty() {
            return;
        }
        let each = shapes
            .iter()
            .map(|shape| count_one(store, user, country, limits.now, shape));
        let counted = tokio::time::timeout(limits.time_budget / SHARE_OF_TIME, join_all(each));
        let reason = match counted.await {
            Ok(counted) => match counted.into_iter().find_map(Result::err) {
                None => return,
                Some(error) => error.to_string(),
            },
            Err(_) => "it took too long".to_owned(),
        };
        tracing::warn!(target: "daftari::shapes", reason, "shapes of unread messages were not counted");
    }
}

async fn count_one(
    store: &Store,
    user: UserKey,
    country: Option<Country>,
    now: Timestamp,
    (shape, seen): &(Shape, Seen),
) -> Result<(), StoreError> {
    let sighting = Sighting {
        shape_id: shape.id(),
        sender_id: shape.sender_id(),
        count: seen.count,
    };
    match store.count_shape(user, &sighting, now).await? {
        CountedShape::Counted | CountedShape::NoRoom => Ok(()),
        CountedShape::NeedsWording => {
            let message = Message {
                sender: &seen.sender,
                body: &seen.body,
                received_at: now,
                id: None,
            };
            let explanation = explain(&message, country);
            // Only fixed words of the explanation and masked words are kept, because its other parts contain parts of
            // the message. A refusal concerns the records and no part of the text.
            let stopped = explanation.stopped.as_ref().filter(|_| seen.refused.is_none());
            let wording = Wording {
                sender: shape.sender.clone(),
                text: shape.text.clone(),
                reason: seen
                    .refused
                    .or(stopped.map(|stop| stop.reason))
                    .unwrap_or_default()
                    .to_owned(),
                segment: stopped.map_or_else(String::new, |stop| Shape::segment(&seen.body, country, stop)),
                nearest: explanation.nearest.map(|nearest| NearestRule {
                    institution: nearest.institution.to_owned(),
                    template: nearest.template.to_owned(),
                }),
                reader: READER,
            };
            store
                .keep_wording(user.tenant(), &sighting.shape_id, &wording, now)
                .await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_counts_few_shapes_and_the_most_common_first() {
        let mut shapes = Shapes::default();
        let kenya = "KE".parse().ok();
        for sender in 0..50 {
            shapes.add(&format!("BANK {sender}"), "KES 5.00 odd", kenya, None);
        }
        for _ in 0..3 {
            shapes.add("MPESA", "KES 5.00 odd", kenya, None);
        }
        let sample = shapes.sample();
        assert_eq!(sample.len(), MAX_SHAPES_OF_BATCH);
        assert_eq!((sample[0].0.sender.as_str(), sample[0].1.count), ("mpesa", 3));
    }

    #[test]
    fn a_batch_looks_at_so_many_messages_and_no_more() {
        let mut shapes = Shapes::default();
        for _ in 0..1_000 {
            shapes.add("MPESA", "KES 5.00 odd", None, None);
        }
        assert_eq!(shapes.sample()[0].1.count, MAX_MESSAGES_OF_BATCH as u64);
    }
}
