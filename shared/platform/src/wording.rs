//! Texts of errors by their readers: clients, or the log.

use serde::Serialize;

use daftari_domain::RecordFault;
use daftari_domain::country::UnknownCountry;
use daftari_domain::currency::UnknownCurrency;
use daftari_domain::ids::BadId;
use daftari_domain::money::MoneyError;
use daftari_domain::time::BadTimestamp;
use daftari_domain::vocabulary::UnknownWord;

use crate::cursor::BadCursor;
use crate::phone::BadPhoneNumber;

/// A text that clients may read. The errors of the domain and of input are such texts. Errors of the store and of
/// libraries are not, so they cannot get into a detail:
///
/// ```compile_fail,E0277
/// use daftari_platform::{Error, store::StoreError};
/// Error::invalid("page", StoreError::Contended);
/// ```
///
/// Nor can a text for the log, or an error of the service:
///
/// ```compile_fail,E0277
/// use daftari_platform::{Error, wording::Logged};
/// Error::invalid("page", Logged::new("the disk is full"));
/// ```
///
/// ```compile_fail,E0277
/// use daftari_platform::Error;
/// Error::invalid("page", Error::TimedOut);
/// ```
///
/// ```
/// use daftari_platform::Error;
/// Error::invalid("page", "must be a number from 1");
/// ```
pub trait ForClients: ToString {}

impl ForClients for &str {}
impl ForClients for String {}
impl ForClients for BadCursor {}
impl ForClients for BadId {}
impl ForClients for BadPhoneNumber {}
impl ForClients for BadTimestamp {}
impl ForClients for MoneyError {}
impl ForClients for RecordFault {}
impl ForClients for UnknownCountry {}
impl ForClients for UnknownCurrency {}
impl ForClients for UnknownWord {}

/// A text that the client reads; it does not appear in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Shown(String);

impl Shown {
    /// The text.
    pub fn new(text: impl ForClients) -> Self {
        Self(text.to_string())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text for the log only. It has no `Display`, so that no message to a client can contain it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged(String);

impl Logged {
    /// The text.
    pub fn new(text: impl ToString) -> Self {
        Self(text.to_string())
    }

    /// The text, for the log line of the request.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}
