//! Identifiers: uuids of organizations, logins, users and reports; texts of records, institutions and accounts.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Timestamp;

/// Longest record id, in characters.
pub const MAX_RECORD_ID_CHARS: usize = 128;
/// Longest institution id, in characters.
pub const MAX_INSTITUTION_ID_CHARS: usize = 64;
/// Longest account id, in characters.
pub const MAX_ACCOUNT_ID_CHARS: usize = 64;

/// The text is not a valid identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadId {
    /// A record id.
    #[error("must be 1 to {MAX_RECORD_ID_CHARS} visible ASCII characters")]
    Record,
    /// An institution id.
    #[error("must be 1 to {MAX_INSTITUTION_ID_CHARS} lower-case letters, digits, '_' or '-'")]
    Institution,
    /// An account id.
    #[error("must be 1 to {MAX_ACCOUNT_ID_CHARS} visible ASCII characters")]
    Account,
}

pub(crate) fn is_visible_ascii(text: &str, max_len: usize) -> bool {
    (1..=max_len).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The id of a record within its source: 1 to 128 visible ASCII characters.
///
/// Most ids are 32 lower-case hex digits, which are stored as 16 bytes. Ordered as text.
#[derive(Clone)]
pub struct RecordId(Repr);

#[derive(Clone)]
enum Repr {
    /// 32 lower-case hex digits.
    Hex([u8; 16]),
    Text(Arc<str>),
}

impl RecordId {
    /// The id whose text is the 32 lower-case hex digits of `bytes`.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Repr::Hex(bytes))
    }

    /// The bytes of an id of 32 lower-case hex digits; `None` for any other id.
    pub const fn as_bytes(&self) -> Option<&[u8; 16]> {
        match &self.0 {
            Repr::Hex(bytes) => Some(bytes),
            Repr::Text(_) => None,
        }
    }

    /// The length of the id's text, in bytes.
    pub fn text_len(&self) -> usize {
        match &self.0 {
            Repr::Hex(bytes) => 2 * bytes.len(),
            Repr::Text(text) => text.len(),
        }
    }

    fn with_text<T>(&self, read: impl FnOnce(&[u8]) -> T) -> T {
        match &self.0 {
            Repr::Hex(bytes) => read(&to_hex(bytes)),
            Repr::Text(text) => read(text.as_bytes()),
        }
    }
}

fn to_hex(bytes: &[u8; 16]) -> [u8; 32] {
    const HEX_DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = [0; 32];
    for (pair, byte) in text.chunks_exact_mut(2).zip(bytes) {
        pair[0] = HEX_DIGITS[usize::from(byte >> 4)];
        pair[1] = HEX_DIGITS[usize::from(byte & 15)];
    }
    text
}

fn from_hex(text: &str) -> Option<[u8; 16]> {
    let text: &[u8; 32] = text.as_bytes().try_into().ok()?;
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; 16];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

impl FromStr for RecordId {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        if let Some(bytes) = from_hex(text) {
            return Ok(Self(Repr::Hex(bytes)));
        }
        if is_visible_ascii(text, MAX_RECORD_ID_CHARS) {
            Ok(Self(Repr::Text(text.into())))
        } else {
            Err(BadId::Record)
        }
    }
}

impl Ord for RecordId {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            // The order of bytes is the order of their hex digits.
            (Repr::Hex(a), Repr::Hex(b)) => a.cmp(b),
            _ => self.with_text(|a| other.with_text(|b| a.cmp(b))),
        }
    }
}

impl PartialOrd for RecordId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for RecordId {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for RecordId {}

impl Hash for RecordId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // A text of 32 hex digits is always stored as bytes, so equal ids have equal hashes.
        match &self.0 {
            Repr::Hex(bytes) => bytes.hash(state),
            Repr::Text(text) => text.hash(state),
        }
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Hex(bytes) => f.write_str(std::str::from_utf8(&to_hex(bytes)).map_err(|_| fmt::Error)?),
            Repr::Text(text) => f.write_str(text),
        }
    }
}

/// The id of an institution, such as `mpesa`: 1 to 64 lower-case letters, digits, `_` and `-`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstitutionId(Arc<str>);

impl InstitutionId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for InstitutionId {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        let valid = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
        if (1..=MAX_INSTITUTION_ID_CHARS).contains(&text.len()) && text.bytes().all(valid) {
            Ok(Self(text.into()))
        } else {
            Err(BadId::Institution)
        }
    }
}

/// The id of an account within an institution: 1 to 64 visible ASCII characters, [`AccountId::DEFAULT`] if unknown.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(Arc<str>);

impl AccountId {
    /// The id of an account without a known id.
    pub const DEFAULT: &'static str = "default";

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for AccountId {
    fn default() -> Self {
        Self(Self::DEFAULT.into())
    }
}

impl FromStr for AccountId {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        if is_visible_ascii(text, MAX_ACCOUNT_ID_CHARS) {
            Ok(Self(text.into()))
        } else {
            Err(BadId::Account)
        }
    }
}

macro_rules! text_id {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )*};
}

/// Debug and JSON of a type by its `Display` and `FromStr`.
macro_rules! written_as_text {
    ($($name:ident),*) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{self}")
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::text::parsed(deserializer)
            }
        }
    )*};
}

text_id!(InstitutionId, AccountId);
pub(crate) use written_as_text;

written_as_text!(RecordId, InstitutionId, AccountId);

/// Reads a uuid in the hyphenated form only, in either case: one resource has one path.
pub fn parse_uuid(text: &str) -> Result<Uuid, uuid::Error> {
    let text = if text.len() == 36 { text } else { "" };
    Uuid::try_parse(text)
}

macro_rules! uuid_id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
        )]
        #[serde(transparent)]
        #[schema(value_type = Uuid)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                parse_uuid(text).map(Self)
            }
        }
    )*};
}

uuid_id! {
    /// An organization that uses Daftari.
    OrganizationId;
    /// The uuid of a phone user.
    UserId;
    /// The uuid of a login: the `sub` of its tokens.
    LoginId;
    /// The key of an institution in the older API generation: the `UUIDv5` of its id in the namespace of the user's
    /// uuid.
    AcctUuid;
    /// The id of a frozen report: a UUIDv7, so that ids sort by the time of freezing.
    ReportId;
}

impl AcctUuid {
    /// The key of an institution for a user.
    pub fn of(user: UserId, institution_id: &InstitutionId) -> Self {
        Self::of_text(user, institution_id.as_str())
    }

    pub(crate) fn of_text(user: UserId, institution_id: &str) -> Self {
        Self(Uuid::new_v5(&user.0, institution_id.as_bytes()))
    }
}

impl ReportId {
    /// The id of a report frozen at `now`, with 74 of these random bits. Times before 1970 count as 1970.
    pub fn at(now: Timestamp, random: [u8; 10]) -> Self {
        let millis = now.unix_seconds().max(0).unsigned_abs() * 1_000;
        Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn limits_are_kept() {
        assert!("x".repeat(128).parse::<RecordId>().is_ok());
        assert_eq!("x".repeat(129).parse::<RecordId>(), Err(BadId::Record));
        for text in ["", "a b", "a\n", "é"] {
            assert_eq!(text.parse::<RecordId>(), Err(BadId::Record), "{text:?}");
            assert_eq!(text.parse::<AccountId>(), Err(BadId::Account), "{text:?}");
        }
        for text in ["", "MPESA", "m pesa", "m/pesa", "m#pesa"] {
            assert_eq!(text.parse::<InstitutionId>(), Err(BadId::Institution), "{text:?}");
        }
    }

    #[test]
    fn a_uuid_has_one_form() {
        let text = "958a5ae8-f3a3-41d5-ae48-177fdc19e3f4";
        let id: UserId = text.parse().expect("uuid");
        assert_eq!(id.to_string(), text);
        assert_eq!(text.to_uppercase().parse(), Ok(id));
        for text in [
            "",
            "x",
            &text.replace('-', ""),
            &format!("{{{text}}}"),
            &format!("urn:uuid:{text}"),
        ] {
            assert!(text.parse::<OrganizationId>().is_err(), "{text}");
            assert!(text.parse::<UserId>().is_err(), "{text}");
            assert!(text.parse::<ReportId>().is_err(), "{text}");
        }
    }

    #[test]
    fn report_ids_sort_by_time() {
        let early = ReportId::at(Timestamp::EPOCH, [0xff; 10]);
        let late = ReportId::at(Timestamp::EPOCH.plus_seconds(1), [0; 10]);
        assert!(early < late && early.to_string() < late.to_string());
        assert_eq!(late.to_string().parse(), Ok(late));
    }

    proptest! {
        #[test]
        fn record_ids_print_and_order_as_their_text(a in "[0-9a-f]{32}|[!-~]{1,40}|[0-9a-fA-F]{31,33}", b in "[0-9a-f]{32}|[!-~]{1,40}") {
            let (x, y): (RecordId, RecordId) = (a.parse().expect("id"), b.parse().expect("id"));
            prop_assert_eq!(x.to_string(), a.clone());
            prop_assert_eq!(x.cmp(&y), a.cmp(&b));
        }
    }
}
