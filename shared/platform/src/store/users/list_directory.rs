//! The directory of a list of users: the number of users in each part of the list.
//!
//! The list is divided into *leaves* of at most [`LEAF_USERS`] users, in ascending order of creation. A leaf extends
//! from its bound to the bound of the next one. The directory contains the bound and the count of each leaf, in chunks.
//! So one read of the directory yields the number of users, and the leaf of any page.
//!
//! Users are counted some time after their registration (*folded*), because a counter that every registration writes
//! would be a hot item. The directory ends at a boundary. The users behind it, the *tail*, are read and counted.

use daftari_domain::Timestamp;

use super::profile::UserRef;

/// Most users of a leaf. A page reads up to a whole leaf: 215 of the longest entries in ASCII have 192 KB. So the cost
/// of a page has a bound for any values of users, also if the values change after folding.
pub(super) const LEAF_USERS: u32 = 215;
/// Most leaves of a chunk: about 2 KB, because every change of a count writes the chunk.
pub(super) const CHUNK_LEAVES: usize = 1_024;

/// A position in the list: a second, and the beginning of a uuid within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Bound {
    pub(super) second: i64,
    /// The first two bytes of a uuid.
    pub(super) uuid: u16,
}

impl Bound {
    /// Before everything.
    pub(super) const FIRST: Self = Self {
        second: i64::MIN,
        uuid: 0,
    };

    /// The beginning of a second.
    pub(super) const fn second(second: Timestamp) -> Self {
        Self {
            second: second.unix_seconds(),
            uuid: 0,
        }
    }

    /// The last bound that is not after a user.
    pub(super) fn of(user: UserRef) -> Self {
        let [first, second, ..] = user.id.0.into_bytes();
        Self {
            second: user.created_at.unix_seconds(),
            uuid: u16::from_be_bytes([first, second]),
        }
    }

    /// A sort key of the list that is after every user before the bound, and after no other.
    pub(super) fn sort_key(self) -> String {
        match Timestamp::from_unix_seconds(self.second) {
            None => String::new(),
            Some(second) if self.uuid == 0 => second.to_string(),
            Some(second) => format!("{second}#{:04x}", self.uuid),
        }
    }
}

/// A part of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Leaf {
    /// The lower bound. The first leaf also contains everything before it.
    pub(super) from: Bound,
    /// Number of its users.
    pub(super) users: u32,
}

/// Adds users in ascending order. `floor` is after all folded users, and not after any of these. Users with the same
/// bound cannot be distinguished, so they share a leaf.
pub(super) fn fold(leaves: &mut Vec<Leaf>, floor: Bound, users: impl IntoIterator<Item = UserRef>) {
    let mut before: Option<Bound> = None;
    for user in users {
        let bound = Bound::of(user);
        let last = leaves.last_mut();
        if let Some(leaf) = last.filter(|leaf| leaf.users < LEAF_USERS || before == Some(bound)) {
            leaf.users += 1;
        } else {
            let is_after = |from: Bound| from >= floor && before.is_none_or(|before| from > before);
            leaves.push(Leaf {
                from: roundest(bound, is_after),
                users: 1,
            });
        }
        before = Some(bound);
    }
}

/// Of the permitted bounds at or before another one, the bound with the fewest bits: it takes the least storage.
fn roundest(bound: Bound, is_permitted: impl Fn(Bound) -> bool) -> Bound {
    let cut = |bits: u32| Bound {
        uuid: bound.uuid & u16::MAX.checked_shl(bits).unwrap_or_default(),
        ..bound
    };
    let permitted = (1..=16).rev().map(cut).find(|from| is_permitted(*from));
    permitted.unwrap_or(bound)
}

/// The leaf of a bound: the last one that does not begin after it, or otherwise the first.
pub(super) fn leaf_of(leaves: &[Leaf], bound: Bound) -> Option<usize> {
    let after = leaves.partition_point(|leaf| leaf.from <= bound);
    if leaves.is_empty() {
        None
    } else {
        Some(after.saturating_sub(1))
    }
}

/// The folded part of the list.
#[derive(Clone, Debug, Default)]
pub(super) struct Directory {
    /// Ascending.
    pub(super) leaves: Vec<Leaf>,
}

/// A run of adjacent leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// The lower bound; `None` for the beginning of the list.
    pub(super) from: Option<Bound>,
    /// The upper bound; `None` for the boundary of the directory.
    pub(super) to: Option<Bound>,
    /// Number of users in it.
    pub(super) users: u64,
    /// Number of its newest users to skip.
    pub(super) skip: u64,
}

impl Directory {
    /// The users of all leaves.
    pub(super) fn users(&self) -> u64 {
        self.leaves.iter().map(|leaf| u64::from(leaf.users)).sum()
    }

    /// A part of the list as a leaf: its begin and its end.
    pub(super) fn extent(&self, leaf: usize) -> (Option<Bound>, Option<Bound>) {
        let from = |at: usize| self.leaves.get(at).map(|leaf| leaf.from);
        (if leaf == 0 { None } else { from(leaf) }, from(leaf + 1))
    }

    /// The number of users in the leaves before one.
    pub(super) fn users_before(&self, leaf: usize) -> u64 {
        let before = self.leaves.iter().take(leaf);
        before.map(|leaf| u64::from(leaf.users)).sum()
    }

    /// The leaves with the users from index `offset`, counted from the newest, up to `count` users, newest first. Empty
    /// leaves are left out, so only the first one has users to skip.
    pub(super) fn runs(&self, offset: u64, count: u64) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        let (mut before, mut missing) = (0, count);
        for (at, leaf) in self.leaves.iter().enumerate().rev() {
            if missing == 0 {
                break;
            }
            let users = u64::from(leaf.users);
            let skip = offset.saturating_sub(before);
            before += users;
            if skip >= users {
                continue;
            }
            let (from, to) = self.extent(at);
            runs.push(Run { from, to, users, skip });
            missing = missing.saturating_sub(users - skip);
        }
        runs
    }
}

#[cfg(test)]
mod tests {
    use daftari_domain::ids::UserId;
    use proptest::prelude::*;

    use super::*;

    fn user(second: i64, uuid: u128) -> UserRef {
        UserRef {
            created_at: Timestamp::from_unix_seconds(second).expect("time"),
            id: UserId(uuid::Uuid::from_u128(uuid)),
        }
    }

    fn sort_key(user: UserRef) -> String {
        format!("{}#{}", user.created_at, user.id)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn bounds_order_users_as_their_sort_keys_do(
            a in (0_i64..3, any::<u128>()), b in (0_i64..3, any::<u128>())
        ) {
            let (user, bound) = (user(a.0, a.1), Bound::of(super::tests::user(b.0, b.1)));
            prop_assert_eq!(Bound::of(user) < bound, sort_key(user) < bound.sort_key());
        }

        #[test]
        fn folding_in_steps_counts_each_user_once_in_the_leaf_of_its_bound(
            seconds in proptest::collection::vec((0_i64..4, any::<u128>()), 0..1_500),
            step in 1_usize..1_000,
        ) {
            let mut users: Vec<UserRef> = seconds.into_iter().map(|(second, uuid)| user(second, uuid)).collect();
            users.sort_unstable();
            // Steps end between bounds.
            users.dedup_by_key(|user| Bound::of(*user));
            let (mut leaves, mut floor) = (Vec::new(), Bound::FIRST);
            for step in users.chunks(step) {
                fold(&mut leaves, floor, step.iter().copied());
                // Up to the last one that was read.
                floor = step.last().map_or(floor, |last| Bound::of(*last));
                floor.uuid = floor.uuid.saturating_add(1);
            }
            let directory = Directory { leaves };
            prop_assert_eq!(directory.users(), users.len() as u64);
            prop_assert!(directory.leaves.iter().all(|leaf| leaf.users <= LEAF_USERS));
            let mut counts = vec![0; directory.leaves.len()];
            for user in &users {
                counts[leaf_of(&directory.leaves, Bound::of(*user)).expect("leaf")] += 1;
            }
            let kept: Vec<u32> = directory.leaves.iter().map(|leaf| leaf.users).collect();
            prop_assert_eq!(counts, kept);
        }

        #[test]
        fn runs_cover_the_users_of_a_page(
            counts in proptest::collection::vec(0_u32..6, 1..30), offset in 0_u64..100, count in 1_u64..20
        ) {
            let leaf = |(second, users): (i64, &u32)| Leaf { from: Bound { second, uuid: 0 }, users: *users };
            let directory = Directory { leaves: (0..).zip(&counts).map(leaf).collect() };
            let number = |count: u64| usize::try_from(count).expect("few users");
            // Each user by its leaf, newest first.
            let all: Vec<usize> = (0..counts.len()).rev().flat_map(|at| vec![at; counts[at] as usize]).collect();
            let page: Vec<usize> = all.iter().copied().skip(number(offset)).take(number(count)).collect();
            let mut found = Vec::new();
            for run in directory.runs(offset, count) {
                let at = run.from.map_or(0, |from| usize::try_from(from.second).expect("a leaf"));
                prop_assert_eq!(run.users, u64::from(counts[at]));
                found.extend(vec![at; number(run.users - run.skip)]);
            }
            found.truncate(number(count));
            prop_assert_eq!(found, page);
        }
    }
}
