//! The faults of missing, repeated and unknown names of body fields and query parameters, with one wording for every
//! endpoint.

use daftari_domain::insights::affordability::request::{Fault, FieldFault};
use daftari_domain::spelling::{changes, letters};

use crate::error::{FieldError, cut};
use crate::shown;
use crate::wording::{Quoted, Shown};

/// The fault of a missing required value.
const MISSING: &str = "is required";
/// The fault of a repeated value.
const REPEATED: &str = "must be given once";
/// How the fault of an unknown name begins.
const UNKNOWN: &str = "is unknown";

/// Shortest word of a name that suggests a known name.
const MIN_WORD_CHARS: usize = 3;
/// Most names of one suggestion.
const MAX_SUGGESTED: usize = 2;

/// The owner of the names, as a detail calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taker {
    /// A JSON object.
    Object,
    /// A route, of query parameters.
    Route,
}

impl Taker {
    /// The kind of names that it accepts.
    pub(crate) fn takes(self, known: &[&str]) -> Shown {
        let (taker, names) = match self {
            Self::Object => ("object", "fields"),
            Self::Route => ("route", "parameters"),
        };
        if known.is_empty() {
            shown!("{} takes no {}", taker, names)
        } else {
            shown!("{} takes {}", taker, Quoted(&known.join(", ")))
        }
    }

    /// A name that the other part of the request accepts.
    const fn other(self) -> &'static str {
        match self {
            Self::Object => "a query parameter",
            Self::Route => "a field of the body",
        }
    }
}

impl FieldError {
    /// The fault of a missing required field or parameter.
    pub fn missing(pointer: impl AsRef<str>) -> Self {
        Self::new(pointer, MISSING)
    }

    /// The fault of a field or parameter that is given more than once.
    pub fn repeated(pointer: impl AsRef<str>) -> Self {
        Self::new(pointer, REPEATED)
    }

    /// The fault of an unknown name. It suggests the nearest known names, and lists all known ones.
    pub(crate) fn unknown(pointer: impl AsRef<str>, name: &str, known: &[&str], taker: Taker) -> Self {
        let takes = taker.takes(known);
        let detail = match suggestion(name, known) {
            Some(suggested) => shown!("{}: {} This {}", UNKNOWN, suggested, takes),
            None => shown!("{}: this {}", UNKNOWN, takes),
        };
        Self::new(pointer, detail)
    }

    /// The fault of a name that belongs to the other part of the request: of a query parameter that is a field of the
    /// body, or of a field that is a query parameter.
    pub(crate) fn misplaced(pointer: impl AsRef<str>, known: &[&str], taker: Taker) -> Self {
        let (belongs, takes) = (taker.other(), taker.takes(known));
        Self::new(pointer, shown!("{} here: it is {}. This {}", UNKNOWN, belongs, takes))
    }

    /// Whether this is the fault of an unknown name.
    pub(crate) fn is_unknown(&self) -> bool {
        self.detail.as_str().starts_with(UNKNOWN)
    }
}

/// A fault of an affordability request, which the domain parses.
impl From<FieldFault> for FieldError {
    fn from(fault: FieldFault) -> Self {
        let pointer = pointer_to("", &fault.field);
        match fault.fault {
            Fault::NoObject => Self::new("", "must be an object"),
            Fault::Missing => Self::missing(pointer),
            Fault::Repeated => Self::repeated(pointer),
            Fault::Unknown(known) => Self::unknown(pointer, &fault.field, known, Taker::Object),
            Fault::Value(rule) => Self::new(pointer, Quoted(&rule)),
        }
    }
}

/// The JSON pointer to a field of the object at `place` (RFC 6901).
pub(crate) fn pointer_to(place: &str, field: &str) -> String {
    format!("{place}/{}", field.replace('~', "~0").replace('/', "~1"))
}

/// A question with the known names that a misspelt name may mean; `None` if none is similar.
pub fn suggestion(name: &str, known: &[&str]) -> Option<Shown> {
    let quoted = nearest(name, known).into_iter().map(|name| format!("`{name}`"));
    let quoted: Vec<_> = quoted.collect();
    (!quoted.is_empty()).then(|| shown!("did you mean {}?", Quoted(&quoted.join(" or "))))
}

/// The known names that a name most likely means: those with a similar spelling, or otherwise those that share most of
/// its words. Empty if too many are equally likely.
fn nearest<'k>(name: &str, known: &[&'k str]) -> Vec<&'k str> {
    let name = cut(name);
    let misspelt = known.iter().filter_map(|known| Some((changes(&name, known)?, *known)));
    let misspelt: Vec<_> = misspelt.collect();
    if let Some(least) = misspelt.iter().map(|(changes, _)| *changes).min() {
        let nearest = misspelt.into_iter().filter(|(changes, _)| *changes == least);
        return nearest.map(|(_, known)| known).take(MAX_SUGGESTED).collect();
    }
    let words = words(&name);
    let common = |known: &str| words.iter().filter(|word| letters(known).contains(*word)).count();
    let most = known.iter().map(|known| common(known)).max().unwrap_or_default();
    let sharing: Vec<_> = known.iter().copied().filter(|known| common(known) == most).collect();
    if most == 0 || sharing.len() > MAX_SUGGESTED {
        return Vec::new();
    }
    sharing
}

/// The words of a name in snake case, kebab case or camel case, without short ones.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in name.chars() {
        if !letter.is_alphanumeric() || letter.is_uppercase() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(letter.to_lowercase().filter(|letter| letter.is_alphanumeric()));
        }
    }
    words.retain(|word| word.chars().count() >= MIN_WORD_CHARS);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const USERS: [&str; 7] = [
        "search",
        "phone_number",
        "device_id",
        "external_id",
        "created_after",
        "created_before",
        "page",
    ];
    const LEDGER: [&str; 10] = [
        "utc_starttime",
        "utc_endtime",
        "labels",
        "account_types",
        "institution_id",
        "account_id",
        "impact",
        "limit",
        "cursor",
        "include",
    ];

    #[test]
    fn a_misspelt_name_or_one_with_the_same_words_is_near_and_others_are_not() {
        for (name, known, expected) in [
            ("serach", USERS.as_slice(), ["search"].as_slice()),
            ("SEARCH", &USERS, &["search"]),
            ("search[]", &USERS, &["search"]),
            ("number", &USERS, &["phone_number"]),
            ("phoneNumber", &USERS, &["phone_number"]),
            ("phone", &USERS, &["phone_number"]),
            ("createdAfter", &USERS, &["created_after"]),
            ("created", &USERS, &["created_after", "created_before"]),
            ("pages", &USERS, &["page"]),
            ("p", &USERS, &[]),
            ("limit", &USERS, &[]),
            ("", &USERS, &[]),
            ("[]", &USERS, &[]),
            ("created_at", &USERS, &["created_after"]),
            ("utc_time", &LEDGER, &["utc_starttime", "utc_endtime"]),
            ("start", &LEDGER, &["utc_starttime"]),
            ("start_date", &LEDGER, &["utc_starttime"]),
            ("end", &LEDGER, &["utc_endtime"]),
            ("utc", &LEDGER, &["utc_starttime", "utc_endtime"]),
            ("account_type", &LEDGER, &["account_types"]),
            ("institution", &LEDGER, &["institution_id"]),
            ("currency", &LEDGER, &[]),
            ("record_id", &LEDGER, &[]),
            ("utc_endtime", &["utc_time", "currency"], &["utc_time"]),
        ] {
            assert_eq!(nearest(name, known), expected, "{name}");
        }
    }

    #[test]
    fn missing_repeated_and_unknown_names_have_one_wording() {
        let unknown = |name: &str, known: &[&str], taker| FieldError::unknown("x", name, known, taker).detail;
        for (detail, expected) in [
            (FieldError::missing("x").detail, "is required"),
            (FieldError::repeated("x").detail, "must be given once"),
            (
                unknown("amout", &["amount", "fee"], Taker::Object),
                "is unknown: did you mean `amount`? This object takes amount, fee",
            ),
            (
                unknown("created", &USERS[4..6], Taker::Route),
                "is unknown: did you mean `created_after` or `created_before`? This route takes created_after, \
                 created_before",
            ),
            (
                unknown("x", &["page"], Taker::Route),
                "is unknown: this route takes page",
            ),
            (
                unknown("x", &[], Taker::Route),
                "is unknown: this route takes no parameters",
            ),
            (
                unknown("x", &[], Taker::Object),
                "is unknown: this object takes no fields",
            ),
            (
                FieldError::misplaced("x", &["page"], Taker::Route).detail,
                "is unknown here: it is a field of the body. This route takes page",
            ),
            (
                FieldError::misplaced("x", &["name"], Taker::Object).detail,
                "is unknown here: it is a query parameter. This object takes name",
            ),
        ] {
            assert_eq!(detail.as_str(), expected);
        }
    }

    #[test]
    fn faults_of_an_affordability_request_have_the_same_wording() {
        let fault = |field: &str, fault| {
            let error = FieldError::from(FieldFault {
                field: field.to_owned(),
                fault,
            });
            (error.pointer.clone(), error.detail.as_str().to_owned())
        };
        assert_eq!(
            fault("term", Fault::Missing),
            ("/term".to_owned(), FieldError::missing("").detail.as_str().to_owned())
        );
        let (pointer, detail) = fault("ter/m", Fault::Unknown(&["term"]));
        assert_eq!(pointer, "/ter~1m");
        assert_eq!(detail, "is unknown: did you mean `term`? This object takes term");
    }
}
