//! The cost of many users of one tenant: units of a page, and the rates of partition keys while users are registered.
//! Builds the items and the directory that the store writes, and bills them as DynamoDB does. Reads of several
//! partitions are billed for the most expensive spread of users.
//!
//! `make bench-users` simulates 10 million users; a plain test run takes fewer.

use std::collections::{BTreeMap, HashMap};

use daftari_domain::Timestamp;
use daftari_domain::ids::{OrganizationId, UserId};
use uuid::Uuid;

use super::counting::{Chunk, Head};
use super::entries::entry_item;
use super::folding::{Due, puts};
use super::found_by::items;
use super::layout::Layout;
use super::leaf::LeafSeconds;
use super::list::{FEW_LEAVES, TAIL_OF_SHARD, readings, spare_of_entry};
use super::list_directory::{Bound, CHUNK_LEAVES, Directory, LEAF_USERS, Leaf, Run, fold, leaf_of};
use super::profile::{Profile, User, UserRef};
use super::register::FOLDING_ODDS;
use super::shards::likely_share;
use super::terms::terms_of;
use super::uncounted::{MARKING_ODDS, MAX_COUNTED_OF_SHARD, mark};
use crate::identity::{Environment, Tenant};
use crate::store::attributes::{AttributeValue, Attributes};
use crate::store::items::ItemBuilder;
use crate::store::primary_key::Key;
use crate::store::primary_key_users::SHARDS;

/// Variable with the number of users.
const USERS: &str = "DAFTARI_SIMULATED_USERS";
const FEW: u64 = 200_000;
const PAGE: u64 = 50;
/// Registrations a second.
const RATE: u64 = 1_000;
/// Duration of a folding, from reading the head to writing it. The write of a folding that begins meanwhile fails.
const FOLDING_MS: u64 = 100;
/// Limit of units a second of one partition key.
const MOST_WRITES: u64 = 1_000;
/// Limit of read units of a page: 60, in half units like all figures of reads here.
const MOST_READS: u64 = 120;
/// Most actions of a transaction.
const MOST_ACTIONS: usize = 100;

fn tenant() -> Tenant {
    Tenant::of_operator(OrganizationId(Uuid::from_u128(7)), Environment::Production)
}

/// The uuid of the `n`th user: spread like random ones, and the same in every run.
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

/// The length of the values of users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    /// Ids like uuids.
    Usual,
    /// The maximum length, in ASCII.
    Most,
}

/// The `n`th row of a file that is sorted by everything: adjacent rows have equal beginnings of all values.
fn user(n: u64, created_at: Timestamp, length: Length) -> User {
    let text = |usual: &str, most: usize| match length {
        Length::Usual => usual.to_owned(),
        Length::Most => format!("{usual:x<most$}"),
    };
    User {
        id: id(n),
        phone_number: format!("2547{n:08}"),
        country: "KE".parse().ok(),
        first_name: text("Mercy Wanjiku", 100),
        last_name: text("Otieno-Kamau", 100),
        email: text(&format!("mercywanjiku.otieno.{n:08}@customers.example.org"), 254),
        external_id: Some(text(&format!("{n:08x}-5b1d-4c3e-9f60-0123456789ab"), 128)),
        device_id: text(&format!("{n:08x}-8a02-4f7d-b1c9-0123456789ab"), 128),
        is_kyc_verified: true,
        created_at,
        updated_at: created_at,
    }
}

fn second(seconds: u64) -> Timestamp {
    Timestamp::EPOCH.plus_seconds(1_700_000_000 + i64::try_from(seconds).expect("seconds"))
}

/// Size of an item in bytes by the rules of DynamoDB, for the types of values that users have.
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

/// Half units of an eventually consistent query over this number of bytes.
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

/// Half units of reading this number of entries, at most `limit` of each partition. The most for any spread, because
/// each partition rounds up.
fn shard_reads(entries: u64, limit: u64, entry: u64) -> u64 {
    let shards = u64::from(SHARDS);
    (shards * query(limit * entry)).min(entries * entry / 4_096 + shards)
}

/// Half units of reading the leaves of a page.
fn page_reads(runs: &[Run], count: u64, entry: u64) -> u64 {
    let reads = |limit: u16, of_part| shard_reads(of_part, limit.into(), entry);
    let readings = readings(runs, count).into_iter();
    readings
        .map(|reading| reads(likely_share(reading.skip + reading.count), reading.of_part))
        .sum()
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
        let (mut now, mut boundary) = (0, Bound::FIRST);
        let due = |n| n * seconds.max(1) / users;
        for n in 0..users {
            // Some registrations fold, and each only once in a second.
            if due(n) != now && tail.len() >= FOLDING_ODDS as usize {
                tail.sort_unstable();
                fold(&mut leaves, boundary, tail.drain(..));
                boundary = Bound::second(second(due(n)));
            }
            now = due(n);
            let (created_at, id) = (second(now), id(n));
            tail.push(UserRef { created_at, id });
        }
        tail.sort_unstable();
        fold(&mut leaves, boundary, tail);
        Self {
            directory: Directory { leaves },
            seconds: (0..users).map(due).collect(),
        }
    }

    /// The number of users registered before a second, computed like the store: by the previous leaves, and the seconds
    /// of the leaf. Also the half units of reading these seconds.
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

    /// The half units of a page of a range of seconds; both ends are included.
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
    // A bulk import, and the usual growth of a lender over three years.
    let growth = 3 * 365 * 86_400;
    for length in [Length::Usual, Length::Most] {
        let entry = bytes(&entry_item(tenant(), &user(users - 1, second(0), length)));
        println!("an entry has {entry} bytes");
        for (name, seconds) in [("1,000 a second", users / RATE), ("over three years", growth)] {
            let simulated = Simulated::registered(users, seconds);
            let dearest = dearest_pages(&simulated, name, seconds, entry);
            assert!(dearest <= MOST_READS, "{name}: {} read units", units(dearest));
        }
    }
}

#[test]
fn more_of_the_tail_of_a_short_list_is_read_within_60_read_units() {
    let leaf = |second| Leaf {
        from: Bound { second, uuid: 0 },
        users: LEAF_USERS,
    };
    let leaves = (0..i64::try_from(FEW_LEAVES).expect("few")).map(leaf).collect();
    let directory = Directory { leaves };
    let of_directory = query(directory_bytes(&after_erasures(&directory.leaves), directory.users()));
    let shards = u64::from(SHARDS);
    for entry in (200..=913).chain([1_400, 3_000]) {
        let more = u64::from(spare_of_entry(usize::try_from(entry).expect("bytes")));
        let tail = shards * query(u64::from(TAIL_OF_SHARD) * entry);
        let rest = if more == 0 {
            0
        } else {
            shards * query((more + 1) * entry)
        };
        let pages = (0..u64::from(LEAF_USERS)).map(|offset| page_reads(&directory.runs(offset, PAGE), PAGE, entry));
        let page = pages.max().expect("pages");
        let all = of_directory + 2 + tail + rest + page;
        assert!(
            more == 0 || all <= MOST_READS,
            "{more} of {entry} bytes: {} read units",
            units(all)
        );
        assert!(more > 0 || entry > 600, "none of {entry} bytes");
    }
}

/// The directory after erasures. It is largest if every leaf has another number of users: up to a tenth of them is
/// removed.
fn after_erasures(leaves: &[Leaf]) -> Vec<Leaf> {
    let erased = |at: usize| u32::from(id(at as u64).0.as_bytes()[0]) * (LEAF_USERS / 10) / 256;
    let leaf = |(at, leaf): (usize, &Leaf)| Leaf {
        users: leaf.users.saturating_sub(erased(at)),
        ..*leaf
    };
    leaves.iter().enumerate().map(leaf).collect()
}

/// The half units of the most expensive page.
fn dearest_pages(simulated: &Simulated, name: &str, seconds: u64, entry: u64) -> u64 {
    let directory = &simulated.directory;
    let (users, leaves) = (simulated.seconds.len() as u64, directory.leaves.len());
    assert_eq!(directory.users(), users);
    let erased = after_erasures(&directory.leaves);
    let (bytes, bytes_erased) = (
        directory_bytes(&directory.leaves, users),
        directory_bytes(&erased, users),
    );
    let of_directory = query(bytes.max(bytes_erased));
    println!("the directory has {bytes} bytes, and {bytes_erased} after erasures");
    let tail = u64::from(SHARDS) * query(u64::from(TAIL_OF_SHARD) * entry);
    let pages = samples(users, 5_000).map(|offset| page_reads(&directory.runs(offset, PAGE), PAGE, entry));
    let page = pages.max().unwrap_or(0);
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
        "{users} users, {name}: {leaves} leaves; read units: directory {}, newest entries {}, leaves of the page {}; \
         the dearest page {}, of a range of time {}",
        units(of_directory),
        units(tail),
        units(page),
        units(first + page),
        units(first + range),
    );
    let mut dearest = first + page.max(range);
    if leaves <= FEW_LEAVES {
        let more = u64::from(spare_of_entry(usize::try_from(entry).expect("bytes")));
        let rest = if more == 0 {
            0
        } else {
            u64::from(SHARDS) * query((more + 1) * entry)
        };
        println!(
            "and if {more} more of each partition are read: {}",
            units(dearest + rest)
        );
        dearest += rest;
    }
    dearest
}

/// This number of numbers below one, with irregular distances.
fn samples(below: u64, count: u64) -> impl Iterator<Item = u64> {
    (0..below.max(1)).step_by(usize::try_from(below / count + 1).expect("step"))
}

#[test]
fn no_partition_key_is_hot_while_a_sorted_file_is_registered() {
    let mut rates: HashMap<String, u64> = HashMap::new();
    let mut all = 0;
    let mut write = |item: &Attributes, times: u64| {
        let pk = item["PK"].as_s().expect("key").clone();
        *rates.entry(pk).or_default() += times * written(item);
        all += times * written(item);
    };
    let mut users = Vec::new();
    for n in 0..RATE {
        let user = user(5_000_000 + n, second(0), Length::Usual);
        users.push(user.clone());
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
            write(&item, 1);
        }
    }
    // At most, if each registration is in a process of its own: none relies on a mark of another. Outside of a
    // transaction a write costs half.
    write(&mark(tenant(), second(0)), RATE / u64::from(MARKING_ODDS) / 2);
    // The registrations of one second are folded at once, by all who begin to fold until one of them has.
    let foldings = 1 + RATE * FOLDING_MS / 1_000 / u64::from(FOLDING_ODDS);
    let of_folding = folding_of(users, LEAF_USERS);
    for item in &of_folding {
        write(item, foldings);
    }
    println!(
        "{foldings} foldings a second, of {} items and {} write units",
        of_folding.len(),
        of_folding.iter().map(written).sum::<u64>()
    );
    // By kind of key: the word in capitals.
    let mut kinds: BTreeMap<String, (usize, u64)> = BTreeMap::new();
    for (pk, rate) in &rates {
        let mut words = pk
            .split('#')
            .filter(|part| part.len() > 1 && part.chars().all(|c| c.is_ascii_uppercase()));
        let kind = words.next().expect("kind").to_owned();
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

#[test]
fn the_rest_of_a_burst_is_counted_in_one_transaction() {
    let users = u64::from(MAX_COUNTED_OF_SHARD) * u64::from(SHARDS);
    let user = |n| user(n, second(n / RATE), Length::Usual);
    // The last leaf is full, or takes one more.
    for of_last in [LEAF_USERS, LEAF_USERS - 1] {
        let items = folding_of((0..users).map(user).collect(), of_last);
        assert!(items.len() <= MOST_ACTIONS, "{} items", items.len());
        println!("{users} users: {} items", items.len());
    }
}

/// The writes of a folding that fills the last chunk of the directory.
fn folding_of(users: Vec<User>, of_last: u32) -> Vec<Attributes> {
    let mut users = users;
    users.sort_unstable_by_key(User::reference);
    let leaves = CHUNK_LEAVES - 1;
    let before = i64::try_from(leaves).expect("few leaves");
    let leaf = |at: i64| Leaf {
        from: Bound {
            second: second(0).unix_seconds() - before + at,
            uuid: 7,
        },
        users: if at + 1 == before { of_last } else { LEAF_USERS },
    };
    let due = Due {
        users,
        boundary: Bound::second(second(3_600)),
        has_more: false,
        last_chunk: Chunk {
            from: leaf(0).from.sort_key(),
            leaves: (0..before).map(leaf).collect(),
        },
        last_leaf: None,
    };
    let head = Head {
        users: 5_000_000,
        boundary: Bound::second(second(0)),
        ..Head::empty(Layout::Sharded)
    };
    puts(tenant(), head, due).into_iter().map(|put| put.item).collect()
}

#[allow(clippy::cast_precision_loss, clippy::float_arithmetic, reason = "for reading only")]
fn units(halves: u64) -> f64 {
    halves as f64 / 2.0
}
