//! The cost of many users of one tenant: units of a page, and the rates of partition keys while users are registered.
//! Builds the items and the directory that the store writes, and bills them as DynamoDB does.
//!
//! `make bench-users` simulates 10 million users; a plain test run takes fewer.

use std::collections::{BTreeMap, HashMap};

use daftari_domain::Timestamp;
use daftari_domain::ids::{OrganizationId, UserId};
use uuid::Uuid;

use super::counting::{Chunk, Head};
use super::directory::{Bound, CHUNK_LEAVES, Directory, LEAF_USERS, Leaf, Run, fold, leaf_of};
use super::entries::{entry_bytes, entry_item};
use super::found_by::items;
use super::layout::Layout;
use super::leaf::LeafSeconds;
use super::list::{MOST_UNITS, TAIL_OF_SHARD, spare_of_shard};
use super::profile::{Profile, User, UserRef};
use super::shards::likely_share;
use super::terms::terms_of;
use crate::identity::{Environment, Tenant};
use crate::store::attributes::{AttributeValue, Attributes};
use crate::store::items::ItemBuilder;
use crate::store::key::Key;
use crate::store::key_users::SHARDS;

/// Variable with the number of users.
const USERS: &str = "DAFTARI_SIMULATED_USERS";
const FEW: u64 = 200_000;
const PAGE: u64 = 50;
/// Registrations a second.
const RATE: u64 = 1_000;
/// Most units a second of one partition key.
const MOST_WRITES: u64 = 1_000;
/// In half units, as all figures of reads here.
const MOST_READS: u64 = MOST_UNITS as u64 * 2;

fn tenant() -> Tenant {
    Tenant::of_operator(OrganizationId(Uuid::from_u128(7)), Environment::Production)
}

/// The uuid of the `n`th user: spread as random ones are, and the same in every run.
fn id(n: u64) -> UserId {
    let mut bits = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut half = || {
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        u128::from(bits)
    };
    UserId(uuid::Builder::from_random_bytes((half() << 64 | half()).to_be_bytes()).into_uuid())
}

/// The `n`th row of a file that is sorted by everything: neighbors have the same beginnings of all values.
fn user(n: u64, created_at: Timestamp) -> User {
    User {
        id: id(n),
        phone_number: format!("2547{n:08}"),
        country: "KE".parse().ok(),
        first_name: "Mercy Wanjiku".to_owned(),
        last_name: "Otieno".to_owned(),
        email: format!("mercy.otieno{n}@example.org"),
        external_id: Some(format!("CUSTOMER-{n:08}")),
        device_id: format!("d{n:015x}"),
        is_kyc_verified: true,
        created_at,
        updated_at: created_at,
    }
}

fn second(seconds: u64) -> Timestamp {
    Timestamp::EPOCH.plus_seconds(1_700_000_000 + i64::try_from(seconds).expect("seconds"))
}

/// Bytes of an item by the rules of DynamoDB, for the kinds of values that users have.
fn bytes(item: &Attributes) -> u64 {
    let value = |value: &AttributeValue| match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(text) => text.len().div_ceil(2) + 1,
        AttributeValue::B(blob) => blob.as_ref().len(),
        AttributeValue::L(list) => {
            3 + list
                .iter()
                .map(|each| each.as_s().map_or(9, String::len) + 1)
                .sum::<usize>()
        }
        _ => 1,
    };
    item.iter().map(|(name, of)| (name.len() + value(of)) as u64).sum()
}

/// Half units of an eventually consistent query over so many bytes.
fn query(bytes: u64) -> u64 {
    bytes.div_ceil(4_096).max(1)
}

fn written(item: &Attributes) -> u64 {
    2 * bytes(item).div_ceil(1_024)
}

/// The bytes of the directory, as a query reads them.
fn directory_bytes(leaves: &[Leaf], users: u64) -> u64 {
    let head = Head {
        users,
        boundary: Bound::second(second(0)),
        ..Head::empty(Layout::Sharded)
    };
    let chunk = |leaves: &[Leaf]| {
        let from = leaves.first().map(|leaf| leaf.from.sort_key()).unwrap_or_default();
        let leaves = leaves.to_vec();
        bytes(&Chunk { from, leaves }.put(tenant()).item)
    };
    bytes(&head.item(tenant())) + leaves.chunks(CHUNK_LEAVES).map(chunk).sum::<u64>()
}

/// Half units of reading the leaves of a page, with the limits that the store sets.
fn page_reads(runs: &[Run], count: u64, entry: u64) -> u64 {
    let users: u64 = runs.iter().map(|run| run.users).sum();
    let of_shard = users.div_ceil(u64::from(SHARDS));
    // Uuids are not spread evenly: two standard deviations more.
    let share = of_shard + 2 * of_shard.isqrt();
    let limit = runs.first().map_or(0, |run| u64::from(likely_share(run.skip + count)));
    u64::from(SHARDS) * query(share.min(limit) * entry)
}

/// Half units of a folding that reads so many entries of each partition, all strongly consistent.
fn fold_reads(limit: u16, entry: u64) -> u64 {
    /// Of the chunk and the leaf.
    const OTHERS: u64 = 4;
    if limit == 0 {
        0
    } else {
        2 * u64::from(SHARDS) * query(u64::from(limit) * entry) + OTHERS
    }
}

/// A directory, and the second of each of its users.
struct Simulated {
    directory: Directory,
    seconds: Vec<u64>,
}

impl Simulated {
    fn registered(users: u64, seconds: u64) -> Self {
        let mut leaves: Vec<Leaf> = Vec::new();
        let mut tail = Vec::new();
        let mut now = 0;
        let due = |n| n * seconds.max(1) / users;
        for n in 0..=users {
            if due(n) != now || n == users {
                tail.sort_unstable();
                fold(&mut leaves, tail.drain(..));
                now = due(n);
            }
            let user = user(n, second(due(n)));
            tail.push((user.reference(), entry_bytes(&user)));
        }
        Self {
            directory: Directory { leaves },
            seconds: (0..users).map(due).collect(),
        }
    }

    /// How many users were registered before a second, as the store finds out: by the leaves before, and the seconds of
    /// the leaf. And the half units of reading these seconds.
    fn users_before(&self, end: u64) -> (u64, u64) {
        let end = Bound::second(second(end));
        let at = leaf_of(&self.directory.leaves, end).expect("leaf");
        let before = self.directory.users_before(at);
        let of_leaf = self.seconds[usize::try_from(before).expect("users")..].iter();
        let mut leaf = LeafSeconds::of(self.directory.leaves[at].from.sort_key(), None);
        for seconds in of_leaf.take(self.directory.leaves[at].users as usize) {
            leaf.add(UserRef {
                created_at: second(*seconds),
                id: id(0),
            });
        }
        let reads = query(bytes(&leaf.put(tenant()).item));
        (before + leaf.users_before(end.second), reads)
    }

    /// The half units of a page of a range of seconds, of which both ends are included.
    fn page_of_range(&self, range: (u64, u64), number: u64, entry: u64) -> u64 {
        let (before, of_start) = self.users_before(range.0);
        let (up_to, of_end) = self.users_before(range.1 + 1);
        assert_eq!(
            (before, up_to),
            (
                self.seconds.partition_point(|second| *second < range.0) as u64,
                self.seconds.partition_point(|second| *second <= range.1) as u64
            )
        );
        let count = PAGE.min((up_to - before).saturating_sub(number * PAGE));
        let offset = self.directory.users() - up_to + number * PAGE;
        of_start + of_end + page_reads(&self.directory.runs(offset, count), count, entry)
    }
}

#[test]
fn a_page_of_any_number_of_users_costs_at_most_60_read_units() {
    let users: u64 = std::env::var(USERS)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(FEW);
    let entry = bytes(&entry_item(tenant(), &user(1, second(0))));
    println!("an entry has {entry} bytes, a full leaf {LEAF_USERS} users");
    // A bulk import, and a lender's usual growth over three years.
    let growth = 3 * 365 * 86_400;
    for (name, seconds) in [("1,000 a second", users / RATE), ("over three years", growth)] {
        let simulated = Simulated::registered(users, seconds);
        let directory = &simulated.directory;
        assert_eq!(directory.users(), users);
        let leaves = directory.leaves.len();
        let of_directory = query(directory_bytes(&directory.leaves, users));
        let tail = u64::from(SHARDS) * query(u64::from(TAIL_OF_SHARD) * entry);
        let (mut page, mut folding) = (0, 0);
        for offset in samples(users, 5_000) {
            let runs = directory.runs(offset, PAGE);
            let reads = page_reads(&runs, PAGE, entry);
            page = page.max(reads);
            // A page that counts new users takes what other pages may take.
            folding = folding.max(reads + fold_reads(spare_of_shard(directory, &runs, PAGE), entry));
        }
        let mut range = 0;
        for start in samples(seconds, 70) {
            for length in samples(seconds - start, 12) {
                for number in [0, 1, 5] {
                    let ends = (start, start + length);
                    range = range.max(simulated.page_of_range(ends, number, entry));
                }
            }
        }
        let first = of_directory + tail;
        println!(
            "{users} users, {name}: {leaves} leaves; read units: directory {}, newest entries {}, leaves of the page \
             {}; the dearest page {}, of a range of time {}, that counts new users {}",
            units(of_directory),
            units(tail),
            units(page),
            units(first + page),
            units(first + range),
            units(first + folding)
        );
        for of_pages in [page, range, folding] {
            assert!(
                first + of_pages <= MOST_READS,
                "{name}: {} read units",
                units(first + of_pages)
            );
        }
    }
}

/// About so many numbers below one, with odd distances.
fn samples(below: u64, count: u64) -> impl Iterator<Item = u64> {
    (0..below.max(1)).step_by(usize::try_from(below / count + 1).expect("step"))
}

#[test]
fn no_partition_key_is_hot_while_a_sorted_file_is_registered() {
    let mut rates: HashMap<String, u64> = HashMap::new();
    let mut all = 0;
    for n in 0..RATE {
        let user = user(5_000_000 + n, second(0));
        let profile = Profile {
            terms: terms_of(&user),
            user,
            version: 1,
            layout: Layout::Sharded,
            erasing: false,
        };
        let phone = Key::phone(tenant(), &profile.user.phone_number);
        let phone = ItemBuilder::new(&phone, "phone")
            .string("uuid", profile.user.id)
            .build();
        let found_by = items(tenant(), &profile).into_values();
        for item in found_by.chain([phone, profile.item(tenant())]) {
            let pk = item["PK"].as_s().expect("key").clone();
            *rates.entry(pk).or_default() += written(&item);
            all += written(&item);
        }
    }
    // By kind of key, that is by its word in capitals.
    let mut kinds: BTreeMap<String, (usize, u64)> = BTreeMap::new();
    for (pk, rate) in &rates {
        let kind = pk.split('#').nth(2).expect("kind").to_owned();
        let (keys, most) = kinds.entry(kind).or_default();
        *keys += 1;
        *most = (*most).max(*rate);
    }
    println!("{RATE} registrations a second: {all} write units a second");
    for (kind, (keys, most)) in &kinds {
        println!("{kind}: {keys} partition keys, the busiest {most} write units a second");
        assert!(*most <= MOST_WRITES * 8 / 10, "{kind}: {most} write units a second");
    }
}

#[allow(clippy::cast_precision_loss, clippy::float_arithmetic, reason = "for reading only")]
fn units(halves: u64) -> f64 {
    halves as f64 / 2.0
}
