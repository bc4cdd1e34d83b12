//! Rejected elements of a batch.

use daftari_platform::http::read_json;
use daftari_platform::openapi::RejectionCode;
use daftari_platform::store::Rejection;
use daftari_platform::wording::Shown;
use daftari_platform::{Code, Error};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// Limit of elements in a batch.
const MAX_ELEMENTS: usize = 1_000;

/// Tolerated clock skew of a phone into the future.
pub(crate) const FUTURE_SECONDS: i64 = 24 * 60 * 60;

/// An element of a batch that was not stored.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Rejected {
    /// Its place in the batch, from 0.
    pub(crate) index: usize,
    /// The reason, for programs. `instant_full`, `month_full` and `ledger_full` mean that the ledger has reached a
    /// limit.
    #[schema(value_type = RejectionCode)]
    pub(crate) code: Code,
    /// The reason, for people.
    #[schema(value_type = String)]
    pub(crate) detail: Shown,
    /// The field at fault, as a JSON pointer into the body.
    pub(crate) pointer: String,
}

impl Rejected {
    /// An element that exceeds a limit of the ledger.
    pub(crate) fn full(list: &str, index: usize, rejection: Rejection) -> Self {
        let code = Code::from(rejection);
        Self {
            index,
            code,
            detail: Shown::new(code.meaning()),
            pointer: format!("/{list}/{index}"),
        }
    }
}

/// Refuses a batch that is too long.
pub(crate) fn check_length(list: &str, elements: &[Box<RawValue>]) -> Result<(), Error> {
    if elements.len() <= MAX_ELEMENTS {
        return Ok(());
    }
    Err(Error::invalid(
        format!("/{list}"),
        format!("must hold at most {MAX_ELEMENTS} elements"),
    ))
}

/// Parses one element of a batch separately, so that one invalid element does not affect the others.
pub(crate) fn read_element<T: DeserializeOwned>(
    list: &str,
    index: usize,
    json: &RawValue,
    code: Code,
) -> Result<T, Rejected> {
    let place = format!("/{list}/{index}");
    read_json(json.get().as_bytes(), &place).map_err(|error| {
        let first = match error {
            Error::Invalid { errors, .. } => errors.into_iter().next(),
            _ => None,
        };
        let (pointer, detail) = first.map_or_else(
            || (place, Shown::new("cannot be read")),
            |error| (error.pointer, error.detail),
        );
        Rejected {
            index,
            code,
            detail,
            pointer,
        }
    })
}
