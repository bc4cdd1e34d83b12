//! Elements of a batch: reading them, and rejecting those with faults.

use daftari_domain::Timestamp;
use daftari_domain::time::DAY_SECONDS;
use daftari_platform::error::FieldError;
use daftari_platform::http::{Broken, Object, Refusal, read_object};
use daftari_platform::openapi::RejectionCode;
use daftari_platform::store::Rejection;
use daftari_platform::wording::Shown;
use daftari_platform::{Code, Error, shown};
use serde::Serialize;
use serde_json::value::RawValue;

/// Limit of elements in a batch.
pub(crate) const MAX_ELEMENTS: usize = 1_000;
/// Most faults in the rejection of one element. A full batch of such elements still fits into an answer.
const MAX_ELEMENT_FAULTS: usize = 8;

/// Tolerated clock skew of a phone into the future.
pub(crate) const FUTURE_SECONDS: i64 = DAY_SECONDS;

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
    /// Every fault of the element, at most 8. The first is also in `detail` and `pointer`.
    #[schema(max_items = 8)]
    pub(crate) errors: Vec<FieldError>,
}

const _: () = assert!(MAX_ELEMENT_FAULTS == 8, "`max_items` takes a literal only");

impl Rejected {
    fn new(index: usize, code: Code, errors: Vec<FieldError>) -> Self {
        let first = errors.first();
        Self {
            index,
            code,
            detail: first.map_or_else(|| Shown::new(code.meaning()), |first| first.detail.clone()),
            pointer: first.map(|first| first.pointer.clone()).unwrap_or_default(),
            errors,
        }
    }

    /// An element that exceeds a limit of the ledger.
    pub(crate) fn full(list: &str, index: usize, rejection: Rejection) -> Self {
        let code = Code::from(rejection);
        let fault = FieldError::new(format!("/{list}/{index}"), code.meaning());
        Self::new(index, code, vec![fault])
    }
}

/// Refuses a batch that is too long.
pub(crate) fn check_length(list: &str, elements: &[Box<RawValue>]) -> Result<(), Error> {
    if elements.len() <= MAX_ELEMENTS {
        return Ok(());
    }
    Err(Error::invalid(
        format!("/{list}"),
        shown!("must hold at most {} elements", MAX_ELEMENTS),
    ))
}

/// An element of a batch, as the client writes it.
pub(crate) trait Element: Object {
    /// The parsed type.
    type Read;

    /// The list in the body.
    const LIST: &'static str;

    /// The code for a field of a wrong type.
    const CODE: Code;

    /// The element, and every rule that it breaks.
    fn check(self, latest: Timestamp) -> (Self::Read, Vec<Broken>);
}

/// Reads one element of a batch separately, so that one invalid element does not affect the others. `latest` is the
/// last acceptable time.
pub(crate) fn read_element<T: Element>(index: usize, json: &RawValue, latest: Timestamp) -> Result<T::Read, Rejected> {
    let place = format!("/{}/{index}", T::LIST);
    let check = |element: T| element.check(latest);
    read_object(json.get().as_bytes(), &place, MAX_ELEMENT_FAULTS, check).map_err(|refusal| match refusal {
        Refusal::Fields(faults) => Rejected::new(index, T::CODE, faults),
        Refusal::Rules(code, faults) => Rejected::new(index, code, faults),
        // A number out of range, or too deep a nesting: no field is known.
        Refusal::NotJson(_) => Rejected::new(index, T::CODE, vec![FieldError::new(place.as_str(), "cannot be read")]),
    })
}
