//! Entries of the list of users. Each contains the user's whole profile, so that a page needs no profiles.

use daftari_domain::Timestamp;

use super::profile::{User, UserRef};
use crate::identity::Tenant;
use crate::store::StoreError;
use crate::store::attributes::Attributes;
use crate::store::items::{ItemBuilder, ItemReader};
use crate::store::primary_key::{Key, SK};

/// The entry of a user. Empty values are left out and names are short, because a page is found by reading a few hundred
/// entries.
pub(super) fn entry_item(tenant: Tenant, user: &User) -> Attributes {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    ItemBuilder::new(&Key::list_entry(tenant, user.created_at, user.id), "entry")
        .string("phone", &user.phone_number)
        .optional("country", user.country)
        .optional("first", some(&user.first_name))
        .optional("last", some(&user.last_name))
        .optional("email", some(&user.email))
        .optional("external", user.external_id.as_ref())
        .optional("device", some(&user.device_id))
        .optional("kyc", user.is_kyc_verified.then_some("y"))
        .number("updated", user.updated_at.unix_seconds())
        .build()
}

pub(super) fn read_entry(item: &ItemReader) -> Result<User, StoreError> {
    let UserRef { created_at, id } = user_of_sort_key(item, SK)?;
    let text = |name: &str| Ok::<_, StoreError>(item.optional_string(name)?.unwrap_or_default().to_owned());
    let updated_at = Timestamp::from_unix_seconds(item.number("updated")?);
    Ok(User {
        id,
        phone_number: item.string("phone")?.to_owned(),
        country: item.optional_parsed("country")?,
        first_name: text("first")?,
        last_name: text("last")?,
        email: text("email")?,
        external_id: item.optional_string("external")?.map(str::to_owned),
        device_id: text("device")?,
        is_kyc_verified: item.optional_string("kyc")?.is_some(),
        created_at,
        updated_at: updated_at.ok_or_else(|| item.corrupt("updated"))?,
    })
}

/// The user of a sort key of a list: time of creation and uuid.
pub(super) fn user_of_sort_key(item: &ItemReader, attribute: &str) -> Result<UserRef, StoreError> {
    let key = item.string(attribute)?;
    let (created_at, id) = key.split_once('#').ok_or_else(|| item.corrupt(attribute))?;
    match (created_at.parse(), id.parse()) {
        (Ok(created_at), Ok(id)) => Ok(UserRef { created_at, id }),
        _ => Err(item.corrupt(attribute)),
    }
}

/// The approximate size of an entry in bytes.
pub(super) fn entry_bytes(user: &User) -> usize {
    /// Keys, names and times.
    const FIXED: usize = 191;
    let texts = [
        &user.phone_number,
        &user.first_name,
        &user.last_name,
        &user.email,
        &user.device_id,
    ];
    let texts: usize = texts.iter().map(|text| text.len()).sum();
    FIXED + texts + user.external_id.as_ref().map_or(0, String::len)
}
