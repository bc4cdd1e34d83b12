//! Elements of a batch: reading them, and rejecting those with faults.

use std::collections::{BTreeMap, BTreeSet};

use daftari_domain::Timestamp;
use daftari_platform::error::FieldError;
use daftari_platform::http::{lacks_field, read_json};
use daftari_platform::openapi::RejectionCode;
use daftari_platform::store::Rejection;
use daftari_platform::wording::Shown;
use daftari_platform::{Code, Error};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// Limit of elements in a batch.
pub(crate) const MAX_ELEMENTS: usize = 1_000;
/// Most faults told of one element. A full batch of such elements still fits into an answer.
const MAX_FAULTS: usize = 8;

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
    /// Every fault of the element, at most 8. The first is also in `detail` and `pointer`.
    #[schema(max_items = 8)]
    pub(crate) errors: Vec<FieldError>,
}

const _: () = assert!(MAX_FAULTS == 8, "`max_items` takes a literal only");

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
        format!("must hold at most {MAX_ELEMENTS} elements"),
    ))
}

/// A rule that an element breaks although the types of its fields are right.
pub(crate) struct Broken {
    pub(crate) code: Code,
    /// The field at fault; `None` if it is the element as a whole.
    pub(crate) field: Option<&'static str>,
    pub(crate) detail: String,
    /// Whether the rule depends on this field only.
    pub(crate) alone: bool,
}

/// An element of a batch, as the client writes it.
pub(crate) trait Element: DeserializeOwned {
    /// The parsed type.
    type Read;

    /// The list in the body.
    const LIST: &'static str;

    /// The code for a field of a wrong type.
    const CODE: Code;

    /// The fields that an element must have, each with a valid value in JSON. These values stand in for missing and
    /// wrong ones while the other fields are checked.
    const REQUIRED: &'static [(&'static str, &'static str)];

    /// The element, and every rule that it breaks.
    fn check(self, latest: Timestamp) -> (Self::Read, Vec<Broken>);
}

/// Reads one element of a batch separately, so that one invalid element does not affect the others. `latest` is the
/// last acceptable time.
pub(crate) fn read_element<T: Element>(index: usize, json: &RawValue, latest: Timestamp) -> Result<T::Read, Rejected> {
    let place = format!("/{}/{index}", T::LIST);
    match read_json::<T>(json.get().as_bytes(), &place) {
        Ok(element) => {
            let (read, broken) = element.check(latest);
            let Some(first) = broken.first() else {
                return Ok(read);
            };
            let code = first.code;
            let errors = broken.into_iter().map(|broken| broken.at(&place));
            Err(Rejected::new(index, code, errors.take(MAX_FAULTS).collect()))
        }
        Err(error) => Err(Rejected::new(
            index,
            T::CODE,
            all_faults::<T>(json, &place, error, latest),
        )),
    }
}

impl Broken {
    fn at(self, place: &str) -> FieldError {
        let field = self.field.map(|field| format!("/{field}")).unwrap_or_default();
        FieldError::new(format!("{place}{field}"), self.detail)
    }
}

/// The faults of an element that cannot be read. The parser stops at the first fault. So each faulty field is replaced
/// by a valid one, or removed if it may be left out, until the rest can be read.
fn all_faults<T: Element>(json: &RawValue, place: &str, first: Error, latest: Timestamp) -> Vec<FieldError> {
    let mut faults = faults_of(first);
    // A number out of range, or too deep a nesting: no field is known.
    if faults.is_empty() {
        return vec![FieldError::new(place, "cannot be read")];
    }
    let Ok(mut fields) = serde_json::from_str::<BTreeMap<String, Box<RawValue>>>(json.get()) else {
        return faults;
    };
    let mut amended = BTreeSet::new();
    for (name, _) in T::REQUIRED {
        if !fields.contains_key(*name) {
            add(&mut faults, FieldError::new(place, lacks_field(name)));
            amend::<T>(&mut fields, name);
            amended.insert((*name).to_owned());
        }
    }
    // Each round removes a fault, so the limit of faults is one of rounds.
    for _ in 0..MAX_FAULTS {
        let text = serde_json::to_vec(&fields).expect("names and raw JSON have a form in JSON");
        match read_json::<T>(&text, place) {
            Ok(element) => {
                let (_, broken) = element.check(latest);
                let untouched =
                    |broken: &Broken| broken.alone && broken.field.is_some_and(|name| !amended.contains(name));
                for broken in broken.into_iter().filter(untouched) {
                    add(&mut faults, broken.at(place));
                }
                break;
            }
            Err(error) => {
                let found = faults_of(error);
                let name = found.first().and_then(|fault| field_of(fault, place));
                for fault in found {
                    add(&mut faults, fault);
                }
                let Some(name) = name.filter(|name| fields.contains_key(name)) else {
                    break;
                };
                amend::<T>(&mut fields, &name);
                amended.insert(name);
            }
        }
    }
    faults.truncate(MAX_FAULTS);
    faults
}

fn faults_of(error: Error) -> Vec<FieldError> {
    match error {
        Error::Invalid { errors, .. } => errors,
        _ => Vec::new(),
    }
}

fn add(faults: &mut Vec<FieldError>, fault: FieldError) {
    if !faults.contains(&fault) {
        faults.push(fault);
    }
}

/// The field of the element that a fault is in.
fn field_of(fault: &FieldError, place: &str) -> Option<String> {
    let inside = fault.pointer.strip_prefix(place)?.strip_prefix('/')?;
    let name = inside.split('/').next()?;
    Some(name.replace("~1", "/").replace("~0", "~"))
}

/// Replaces a field by a valid value, or removes it.
fn amend<T: Element>(fields: &mut BTreeMap<String, Box<RawValue>>, name: &str) {
    let required = T::REQUIRED.iter().find(|(required, _)| *required == name);
    let valid = required.and_then(|(_, valid)| RawValue::from_string((*valid).to_owned()).ok());
    match valid {
        Some(valid) => fields.insert(name.to_owned(), valid),
        None => fields.remove(name),
    };
}
