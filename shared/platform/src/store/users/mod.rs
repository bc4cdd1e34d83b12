//! Phone users of a tenant.
//!
//! - `profile`, `terms`: a user, and the texts it is searched by;
//! - `layout`, `found_by`, `entries`: the items that find a user;
//! - `directory`, `leaf`, `counting`, `folding`: how many users there are in each part of the list; `uncounted`,
//!   `marks`: lists that are counted on a schedule; `pack`, `bits`, `varint`: these as bytes;
//! - `shards`, `list`: pages of the list; `lookups`, `single`, `index`: finding users by what they have;
//! - `register`, `erase`, `check`: registering, erasing, checking;
//! - `migrate`: from the layout of one index and one partition to the sharded one.

mod bits;
mod check;
mod counting;
mod entries;
mod erase;
mod folding;
mod found_by;
mod index;
mod layout;
mod leaf;
mod list;
mod list_directory;
mod lookups;
mod marks;
mod migrate;
mod pack;
mod profile;
mod register;
mod shards;
#[cfg(test)]
mod simulation;
mod single;
mod terms;
mod uncounted;
mod varint;

pub use check::{NumberCheck, NumberFault, NumberFaultKind};
pub(super) use counting::empty_directory;
pub use folding::GRACE_SECONDS;
pub use index::UserFilter;
pub(super) use layout::Layouts;
pub use list::UserPage;
pub(super) use marks::Marks;
pub use migrate::{LAYOUT_SECONDS, Migrated};
pub use profile::{User, UserRef};
pub use register::{NewUser, Registered, UserChanges};
pub use uncounted::{CountedList, UncountedList};
