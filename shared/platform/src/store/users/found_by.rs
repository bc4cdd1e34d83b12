//! The items that find a user. One transaction writes them with the profile, from which all of them are derived.

use std::collections::BTreeMap;

use super::entries::entry_item;
use super::profile::{Profile, User};
use crate::identity::Tenant;
use crate::store::attributes::{Attributes, number};
use crate::store::items::ItemBuilder;
use crate::store::operation::{Action, Delete, Put};
use crate::store::primary_key::Key;
use crate::store::user_items::ERASING;

/// The items that find the user of a profile, by key. One of them is the entry in the list of users.
pub(super) fn items(tenant: Tenant, profile: &Profile) -> BTreeMap<(String, String), Attributes> {
    let mut items = BTreeMap::new();
    let mut add = |key: Key, item: Attributes| drop(items.insert((key.pk, key.sk), item));
    let user = &profile.user;
    if profile.layout.has_single() {
        for term in &profile.terms {
            let key = Key::term(tenant, term, user.id);
            let item = ItemBuilder::new(&key, "term")
                .string("uuid", user.id)
                .string("created_at", user.created_at)
                .build();
            add(key, item);
        }
    }
    if profile.layout.has_sharded() {
        for term in &profile.terms {
            let key = Key::word(tenant, term, user.id);
            let created = user.created_at.unix_seconds();
            let item = ItemBuilder::new(&key, "word").number("created", created).build();
            add(key, item);
        }
        let entry = entry_item(tenant, user);
        add(Key::list_entry(tenant, user.created_at, user.id), entry);
        for (kind, key) in ids(tenant, user) {
            let item = ItemBuilder::new(&key, kind).build();
            add(key, item);
        }
    }
    items
}

/// The lookups of a user's ids.
fn ids(tenant: Tenant, user: &User) -> impl Iterator<Item = (&'static str, Key)> {
    let device = Some(&user.device_id).filter(|id| !id.is_empty());
    let device = device.map(|id| ("device", Key::device(tenant, id, user.id)));
    let external = user.external_id.as_ref().filter(|id| !id.is_empty());
    let external = external.map(|id| ("external", Key::external(tenant, id, user.id)));
    device.into_iter().chain(external)
}

/// The actions that replace a profile and the items that find its user. They fail if the profile has changed since it
/// was read, or if the user is being erased.
pub(super) fn replacement(tenant: Tenant, old: &Profile, new: &Profile) -> Vec<Action> {
    let unchanged = Put::new(new.item(tenant))
        .on_condition("version = :version AND attribute_not_exists(#erasing)")
        .name("#erasing", ERASING)
        .value(":version", number(old.version));
    let mut actions = vec![unchanged.into()];
    actions.extend(changes(tenant, Some(old), new));
    actions
}

/// The actions that change the items of one profile into those of another. Equal items stay unchanged.
pub(super) fn changes(tenant: Tenant, old: Option<&Profile>, new: &Profile) -> Vec<Action> {
    let mut old = old.map(|old| items(tenant, old)).unwrap_or_default();
    let mut actions = Vec::new();
    for (key, item) in items(tenant, new) {
        if old.remove(&key).as_ref() != Some(&item) {
            actions.push(Put::new(item).into());
        }
    }
    let removed = old.into_keys();
    actions.extend(removed.map(|(pk, sk)| Delete::new(Key { pk, sk }).into()));
    actions
}
