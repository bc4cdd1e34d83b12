//! The cost of many users of one tenant: units of a page, and the rates of partition keys while users are registered.
//! Builds the items and the directory that the store writes, and bills them as DynamoDB does.
//!
//! `make bench-users` simulates 10 million users; a plain test run takes fewer.

use std::collections::{BTreeMap, HashMap};

use daftari_domain::Timestamp;
use daftari_domain::ids::{OrganizationId, UserId};
use uuid::Uuid;

use super::counting::{Chunk, Head};
use super::directory::{Bound, CHUNK_LEAVES, Directory, LEAF_USERS, Leaf, Run, fold};
use super::entries::{entry_bytes, entry_item};
use super::found_by::items;
use super::layout::Layout;
use super::list::{LONG_TAILS, TAIL_OF_SHARD};
use super::profile::{Profile, User};
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
const MOST_READS: u64 = 60 * 2;

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

/// Half units of reading a leaf for a page, with the limits that the store sets.
fn run_reads(run: &Run, entry: u64) -> u64 {
    let of_shard = run.users.div_ceil(u64::from(SHARDS));
    // Uuids are not spread evenly: two standard deviations more.
    let share = of_shard + 2 * of_shard.isqrt();
    let limit = u64::from(likely_share(run.skip + PAGE.min(run.users - run.skip)));
    u64::from(SHARDS) * query(share.min(limit) * entry)
}

#[test]
fn a_page_of_any_number_of_users_costs_at_most_60_read_units() {
    let users: u64 = std::env::var(USERS)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(FEW);
    let entry = bytes(&entry_item(tenant(), &user(1, second(0))));
    println!("an entry has {entry} bytes, a full leaf {LEAF_USERS} users");
    // A bulk import, a lender's usual growth over three years, and both in one.
    let growth = 3 * 365 * 86_400;
    for (name, seconds) in [("1,000 a second", users / RATE), ("over three years", growth)] {
        let mut leaves: Vec<Leaf> = Vec::new();
        let mut at_second = Vec::new();
        let mut now = 0;
        for n in 0..=users {
            let due = n * seconds.max(1) / users;
            if due != now || n == users {
                at_second.sort_unstable();
                fold(&mut leaves, at_second.drain(..));
                now = due;
            }
            let user = user(n, second(due));
            at_second.push((user.reference(), entry_bytes(&user)));
        }
        let directory = Directory { leaves };
        assert_eq!(directory.users(), users);
        let of_directory = query(directory_bytes(&directory.leaves, users));
        let tail = u64::from(SHARDS) * query(u64::from(TAIL_OF_SHARD) * entry);
        let long = LONG_TAILS.iter().find(|(most, _)| directory.leaves.len() <= *most);
        let long = u64::from(SHARDS) * query(u64::from(long.expect("limit").1) * entry);
        let pages = users.div_ceil(PAGE);
        let mut most = 0;
        for page in (0..pages).step_by(usize::try_from(pages / 5_000 + 1).expect("step")) {
            let runs = directory.runs(0..directory.leaves.len(), page * PAGE, PAGE);
            most = most.max(runs.iter().map(|run| run_reads(run, entry)).sum::<u64>());
        }
        let all = of_directory + tail + most;
        println!(
            "{users} users, {name}: {} leaves; directory {} read units, newest entries {}, leaves of the page {}, \
             together {}; with a long tail {}",
            directory.leaves.len(),
            units(of_directory),
            units(tail),
            units(most),
            units(all),
            units(all + long)
        );
        assert!(all + long <= MOST_READS, "{name}: {} read units", units(all + long));
    }
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
