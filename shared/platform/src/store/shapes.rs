//! Shapes of unread messages: counted for each tenant and month, listed once enough users sent them.
//!
//! An item counts one shape (wording and sender) in one month, by day. Until [`MIN_USERS`] different users have sent
//! the shape, the item holds only a hash, counts and user buckets; from then on it also holds the wording. A user is
//! stored as one of [`BUCKETS`] buckets of a hash of its uuid. Different buckets mean different users, so the number of
//! buckets never exceeds the number of users; and a bucket identifies nobody. Therefore an item needs no user to exist,
//! and the erasure of a user has nothing to erase here. `ROOM` stores senders as buckets too, so that it stays small;
//! two senders in one bucket share the limit of one.
//!
//! Writes are bounded. A month of a tenant has at most [`MAX_SHAPES`] shapes, of which at most [`MAX_SHAPES_OF_SENDER`]
//! are of one sender and at most [`MAX_SHAPES_OF_DAY`] appear in one day; `ROOM` counts them. Beyond these limits, new
//! shapes are not counted. Items expire 40 days after the end of their month.

use std::collections::BTreeMap;

use daftari_domain::time::DAY_SECONDS;
use sha2::{Digest, Sha256};

use daftari_domain::ids::OrganizationId;
use daftari_domain::{Month, Timestamp};

use super::attributes::{number, string, strings};
use super::call::Updated;
use super::items::ItemReader;
use super::operation::{Query, Update};
use super::primary_key::{Key, SHAPE_PREFIX, SK, shapes_partition};
use super::{Store, StoreError};
use crate::identity::{Environment, Tenant, UserKey};

/// Number of different users who must have sent a shape in a month before its wording is stored.
pub const MIN_USERS: usize = 10;
/// Number of buckets for the hashes of users and senders.
const BUCKETS: u8 = 64;
/// Most shapes of a tenant in a month.
pub const MAX_SHAPES: usize = 500;
/// Most shapes of one sender among them.
const MAX_SHAPES_OF_SENDER: usize = 50;
/// Most shapes first seen on one day.
const MAX_SHAPES_OF_DAY: usize = 100;
/// How long items stay after the end of their month.
const SHAPE_KEPT_SECONDS: i64 = 40 * DAY_SECONDS;
/// Version of the layout of both kinds of item.
const LAYOUT: u64 = 1;
/// Upper bound for the results of a query; the limits above keep a partition shorter than this.
const MAX_KEPT_SHAPES: usize = 2 * MAX_SHAPES;

/// A shape that was seen in a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// A hash of wording and sender.
    pub shape_id: String,
    /// A hash of the sender.
    pub sender_id: String,
    /// Number of messages with it.
    pub count: u64,
}

/// The outcome of counting a sighting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountedShape {
    /// It was counted.
    Counted,
    /// It was counted. Enough users have sent the shape, and its wording is not stored yet.
    NeedsWording,
    /// The month has reached its limit of shapes.
    NoRoom,
}

/// The stored wording of a shape that enough users have sent. All of it is masked: it contains no data of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// The sender, masked.
    pub sender: String,
    /// The masked text.
    pub text: String,
    /// Why it was not read, in words that do not depend on the message.
    pub reason: String,
    /// The masked part of the text that was not read; empty if the reason concerns the whole message.
    pub segment: String,
    /// The template that matched furthest.
    pub nearest: Option<NearestRule>,
    /// The version of the reader that failed to read it.
    pub reader: u32,
}

/// A template of an institution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearestRule {
    /// The institution's id.
    pub institution: String,
    /// The template's name.
    pub template: String,
}

/// A shape with its wording, as counted in one month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptShape {
    /// The hash of wording and sender.
    pub id: String,
    /// The wording.
    pub wording: Wording,
    /// The number of messages by day. The key is the day's first second.
    pub days: BTreeMap<Timestamp, u64>,
}

/// A shape with its wording, as counted over some days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShapeTraffic {
    /// The hash of wording and sender.
    pub id: String,
    /// The wording.
    pub wording: Wording,
    /// The number of messages by day, oldest first; days without messages are left out. The key is the day's first
    /// second.
    pub days: BTreeMap<Timestamp, u64>,
    /// The sum over all days.
    pub count: u64,
}

/// Joins the counts of several months from `since` on: the most common first, then by id.
pub fn by_traffic(shapes: impl IntoIterator<Item = KeptShape>, since: Timestamp) -> Vec<ShapeTraffic> {
    let mut joined: BTreeMap<String, ShapeTraffic> = BTreeMap::new();
    for shape in shapes {
        let traffic = joined.entry(shape.id.clone()).or_insert_with(|| ShapeTraffic {
            id: shape.id,
            wording: shape.wording.clone(),
            days: BTreeMap::new(),
            count: 0,
        });
        if shape.wording.reader >= traffic.wording.reader {
            traffic.wording = shape.wording;
        }
        for (day, count) in shape.days {
            if day.days_since(since) >= 0 {
                *traffic.days.entry(day).or_default() += count;
                traffic.count += count;
            }
        }
    }
    let mut traffic: Vec<ShapeTraffic> = joined.into_values().filter(|shape| shape.count > 0).collect();
    traffic.sort_by(|one, other| (other.count, &one.id).cmp(&(one.count, &other.id)));
    traffic
}

/// The months from that of one instant to that of another.
pub fn months_between(since: Timestamp, until: Timestamp) -> impl Iterator<Item = Month> {
    std::iter::successors(Some(since.month()), |month| Some(month.next()))
        .take_while(move |month| *month <= until.month())
}

/// The attribute that counts the messages of a day.
fn day_attribute(now: Timestamp) -> String {
    let start = now.month().start();
    format!("d{:02}", now.days_since(start) + 1)
}

/// The bucket of a user or a sender.
fn bucket(id: &[u8]) -> String {
    let digest = Sha256::digest(id);
    format!("{:02}", digest[0] % BUCKETS)
}

fn expires_at(month: Month) -> i64 {
    month.end().unix_seconds() + SHAPE_KEPT_SECONDS
}

impl Store {
    /// Counts the messages of a shape that a user sent. Costs 1 write unit for a shape that is known this month (2
    /// after many counted days), 3 for an unknown one, and 1 if a limit is reached.
    pub async fn count_shape(
        &self,
        user: UserKey,
        sighting: &Sighting,
        now: Timestamp,
    ) -> Result<CountedShape, StoreError> {
        if let Some(counted) = self.add_to_shape(user, sighting, now, true).await? {
            return Ok(counted);
        }
        if !self.take_shape_room(user.tenant(), sighting, now).await? {
            return Ok(CountedShape::NoRoom);
        }
        let counted = self.add_to_shape(user, sighting, now, false).await?;
        Ok(counted.unwrap_or(CountedShape::Counted))
    }

    /// `None` if `known` is true but the month does not have the shape.
    async fn add_to_shape(
        &self,
        user: UserKey,
        sighting: &Sighting,
        now: Timestamp,
        known: bool,
    ) -> Result<Option<CountedShape>, StoreError> {
        let month = now.month();
        let expression = if known {
            "ADD #day :count, #users :user"
        } else {
            "SET expires_at = :end, #type = :type, v = :layout ADD #day :count, #users :user"
        };
        let mut update = Update::new(Key::shape(user.tenant(), month, &sighting.shape_id), expression)
            .name("#day", &day_attribute(now))
            .name("#users", "users")
            .value(":count", number(sighting.count))
            .value(":user", strings([bucket(user.id().0.as_bytes())]));
        update = if known {
            update.on_condition("attribute_exists(PK)")
        } else {
            described(update, "shape", month)
        };
        let Updated::Done(item) = self.table.update_and_read(update).await? else {
            return Ok(None);
        };
        let item = ItemReader::new(item);
        let is_due = !item.has("text") && item.string_set("users")?.len() >= MIN_USERS;
        Ok(Some(if is_due {
            CountedShape::NeedsWording
        } else {
            CountedShape::Counted
        }))
    }

    /// Reserves room for a new shape; false if a limit is reached.
    async fn take_shape_room(&self, tenant: Tenant, sighting: &Sighting, now: Timestamp) -> Result<bool, StoreError> {
        let month = now.month();
        let update = Update::new(
            Key::shapes_room(tenant, month),
            "SET expires_at = :end, #type = :type, v = :layout ADD #shapes :one, #day :one, #sender :one",
        );
        let update = described(update, "shapes_room", month)
            .on_condition(
                "(attribute_not_exists(#shapes) OR #shapes < :month_limit) \
                 AND (attribute_not_exists(#day) OR #day < :day_limit) \
                 AND (attribute_not_exists(#sender) OR #sender < :sender_limit)",
            )
            .name("#shapes", "shapes")
            .name("#day", &day_attribute(now))
            .name("#sender", &format!("s{}", bucket(sighting.sender_id.as_bytes())))
            .value(":one", number(1))
            .value(":month_limit", number(MAX_SHAPES))
            .value(":day_limit", number(MAX_SHAPES_OF_DAY))
            .value(":sender_limit", number(MAX_SHAPES_OF_SENDER));
        self.table.update(update).await
    }

    /// Stores the wording of a shape that enough users have sent. Costs 1 or 2 write units, once a month.
    pub async fn keep_wording(
        &self,
        tenant: Tenant,
        shape_id: &str,
        wording: &Wording,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut expression = "SET #text = :text, #sender = :sender, #reason = :reason, #reader = :reader, \
                              #segment = :segment"
            .to_owned();
        if wording.nearest.is_some() {
            expression.push_str(", near_institution = :institution, near_template = :template");
        }
        let mut update = Update::new(Key::shape(tenant, now.month(), shape_id), expression)
            .on_condition("attribute_exists(PK)")
            .name("#text", "text")
            .name("#sender", "sender")
            .name("#reason", "reason")
            .name("#reader", "reader")
            .name("#segment", "segment")
            .value(":text", string(&wording.text))
            .value(":sender", string(&wording.sender))
            .value(":reason", string(&wording.reason))
            .value(":segment", string(&wording.segment))
            .value(":reader", number(wording.reader));
        if let Some(nearest) = &wording.nearest {
            update = update
                .value(":institution", string(&nearest.institution))
                .value(":template", string(&nearest.template));
        }
        self.table.update(update).await?;
        Ok(())
    }

    /// The shapes of a tenant in a month whose wording is stored. Eventually consistent: ½ read unit per 4 KB of the
    /// month's shapes, at most about 130.
    pub async fn kept_shapes(&self, tenant: Tenant, month: Month) -> Result<Vec<KeptShape>, StoreError> {
        self.shapes_of(&tenant.to_string(), month).await
    }

    /// The same for an organization and an environment, for the operator's tool.
    pub async fn kept_shapes_of_organization(
        &self,
        organization: OrganizationId,
        environment: Environment,
        month: Month,
    ) -> Result<Vec<KeptShape>, StoreError> {
        self.shapes_of(&format!("{organization}#{environment}"), month).await
    }

    async fn shapes_of(&self, tenant: &str, month: Month) -> Result<Vec<KeptShape>, StoreError> {
        let query = Query::partition(shapes_partition(tenant, month)).begins_with(SHAPE_PREFIX);
        let read = |item: ItemReader| {
            let is_kept = item.has("text");
            is_kept.then(|| KeptShape::read(&item, month)).transpose()
        };
        let found = self.table.query(query, MAX_KEPT_SHAPES, read).await?;
        let found =
            found.ok_or_else(|| StoreError::Refused(format!("more than {MAX_KEPT_SHAPES} shapes in a month")))?;
        Ok(found.into_iter().flatten().collect())
    }
}

/// Sets the attributes that every item of a month has.
fn described(update: Update, kind: &str, month: Month) -> Update {
    update
        .name("#type", "type")
        .value(":end", number(expires_at(month)))
        .value(":type", string(kind))
        .value(":layout", number(LAYOUT))
}

impl KeptShape {
    fn read(item: &ItemReader, month: Month) -> Result<Self, StoreError> {
        let Some(id) = item.string(SK)?.strip_prefix(SHAPE_PREFIX) else {
            return Err(item.corrupt("sort key is not that of a shape"));
        };
        let starts = (0..31).map(|day| month.start().plus_seconds(day * DAY_SECONDS));
        let mut days = BTreeMap::new();
        for start in starts.filter(|start| start.month() == month) {
            days.extend(item.optional_number(&day_attribute(start))?.map(|count| (start, count)));
        }
        let institution = item.optional_string("near_institution")?;
        let nearest = institution.zip(item.optional_string("near_template")?);
        Ok(Self {
            id: id.to_owned(),
            wording: Wording {
                sender: item.string("sender")?.to_owned(),
                text: item.string("text")?.to_owned(),
                reason: item.string("reason")?.to_owned(),
                segment: item.optional_string("segment")?.unwrap_or_default().to_owned(),
                nearest: nearest.map(|(institution, template)| NearestRule {
                    institution: institution.to_owned(),
                    template: template.to_owned(),
                }),
                reader: item.number("reader")?,
            },
            days,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_within_their_month() {
        let at = |text: &str| text.parse::<Timestamp>().expect("timestamp");
        assert_eq!(day_attribute(at("2021-11-01T00:00:00Z")), "d01");
        assert_eq!(day_attribute(at("2021-11-30T23:59:59Z")), "d30");
        assert_eq!(day_attribute(at("2021-12-31T12:00:00Z")), "d31");
    }

    fn kept(id: &str, days: &[(&str, u64)], reader: u32) -> KeptShape {
        let days = days.iter().map(|(day, count)| {
            let day = format!("{day}T00:00:00Z").parse().expect("timestamp");
            (day, *count)
        });
        KeptShape {
            id: id.to_owned(),
            wording: Wording {
                sender: "mpesa".to_owned(),
                text: "w".to_owned(),
                reason: String::new(),
                segment: String::new(),
                nearest: None,
                reader,
            },
            days: days.collect(),
        }
    }

    #[test]
    fn months_are_joined_and_the_most_common_shape_comes_first() {
        let since: Timestamp = "2021-10-20T09:00:00Z".parse().expect("timestamp");
        let found = by_traffic(
            [
                kept("a", &[("2021-10-19", 100), ("2021-10-20", 2)], 1),
                kept("b", &[("2021-10-31", 4)], 1),
                kept("old", &[("2021-10-01", 9)], 1),
                kept("a", &[("2021-11-01", 3)], 2),
                kept("c", &[("2021-11-02", 4)], 2),
            ],
            since,
        );
        let short: Vec<_> = found
            .iter()
            .map(|shape| (shape.id.as_str(), shape.count, shape.days.len()))
            .collect();
        assert_eq!(short, [("a", 5, 2), ("b", 4, 1), ("c", 4, 1)]);
        assert_eq!(found[0].wording.reader, 2);
    }

    #[test]
    fn a_user_has_one_bucket_of_few() {
        let buckets: std::collections::BTreeSet<String> =
            (0..2_000_u32).map(|number| bucket(&number.to_be_bytes())).collect();
        assert_eq!(buckets.len(), usize::from(BUCKETS));
        assert!(buckets.iter().all(|bucket| bucket.len() == 2));
    }
}
