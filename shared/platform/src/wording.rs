//! Texts of errors by their readers: clients, or the log.

use std::borrow::Cow;
use std::fmt;

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

/// A text that clients may read: a literal, a number, a quotation, or an error of the domain or of input. Errors of the
/// store and of libraries are excluded, so they cannot get into a detail:
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
/// Nor can a text that is composed elsewhere, which may contain one of them:
///
/// ```compile_fail,E0277
/// use daftari_platform::{Error, store::StoreError};
/// Error::invalid("page", format!("failed: {}", StoreError::Contended));
/// ```
///
/// The same names in details that compile:
///
/// ```
/// use daftari_platform::{Error, shown, store::StoreError, wording::Logged};
/// Error::invalid("page", "must be a number from 1");
/// Error::invalid("page", shown!("must be a number from {} to {}", 1, 100));
/// Error::Store(StoreError::Contended);
/// Error::Internal(Logged::new("the disk is full"));
/// ```
pub trait ForClients: fmt::Display {}

impl ForClients for &'static str {}
impl ForClients for usize {}
impl ForClients for i32 {}
impl ForClients for Shown {}
impl ForClients for Quoted<'_> {}
impl ForClients for BadCursor {}
impl ForClients for BadId {}
impl ForClients for BadPhoneNumber {}
impl ForClients for BadTimestamp {}
impl ForClients for MoneyError {}
impl ForClients for RecordFault {}
impl ForClients for UnknownCountry {}
impl ForClients for UnknownCurrency {}
impl ForClients for UnknownWord {}

/// A quotation: the client's own text, the rule that a value breaks, or names of the API.
#[derive(Clone, Copy, Debug)]
pub struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A text that the client reads; it does not appear in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Shown(String);

impl Shown {
    /// The text.
    pub fn new(text: impl ForClients) -> Self {
        Self(text.to_string())
    }

    /// For [`shown!`](crate::shown) only, which checks the values.
    #[doc(hidden)]
    pub fn composed(_: EmptyBraces, text: fmt::Arguments<'_>) -> Self {
        Self(text.to_string())
    }

    /// The text, cut to `most` characters, with a mark at the cut.
    #[must_use]
    pub(crate) fn cut_at(self, most: usize) -> Self {
        Self(cut_at(&self.0, most).into_owned())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text for clients, composed like `format!`. Each value must be one that clients may read ([`ForClients`]):
///
/// ```
/// use daftari_platform::shown;
/// let most = 3;
/// assert_eq!(shown!("must have at most {} digits", most).as_str(), "must have at most 3 digits");
/// ```
///
/// ```compile_fail,E0277
/// use daftari_platform::{shown, store::StoreError};
/// shown!("failed: {}", StoreError::Contended);
/// ```
///
/// A value inside the braces would not be checked, so it is refused:
///
/// ```compile_fail,E0080
/// use daftari_platform::shown;
/// let most = 3;
/// shown!("must have at most {most} digits");
/// ```
#[macro_export]
macro_rules! shown {
    ($text:literal $(, $value:expr)* $(,)?) => {
        $crate::wording::Shown::composed(
            const { $crate::wording::EmptyBraces::of($text) },
            format_args!($text $(, $crate::wording::checked(&$value))*),
        )
    };
}

/// For [`shown!`](crate::shown): a value that clients may read.
#[doc(hidden)]
pub const fn checked<T: ForClients>(value: &T) -> &T {
    value
}

/// For [`shown!`](crate::shown): proof that no brace of a format has a name or a rule in it.
#[doc(hidden)]
#[derive(Debug)]
pub struct EmptyBraces(());

impl EmptyBraces {
    /// Checks a format while the caller is compiled.
    ///
    /// # Panics
    ///
    /// If a brace is not empty.
    pub const fn of(format: &str) -> Self {
        let bytes = format.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            if bytes[at] == b'{' {
                at += 1;
                assert!(
                    at < bytes.len() && (bytes[at] == b'}' || bytes[at] == b'{'),
                    "values are arguments"
                );
            }
            at += 1;
        }
        Self(())
    }
}

/// A text, cut to `most` characters, with a mark at the cut.
pub(crate) fn cut_at(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        Some(_) => Cow::Owned(text.chars().take(most - 1).chain(['…']).collect()),
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
