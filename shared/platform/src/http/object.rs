//! JSON objects of clients: reading them, or finding all of their faults at once.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

use daftari_domain::json_fault::JsonFault;
use daftari_domain::members::Members;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::value::RawValue;

use super::declared::declared_fields;
use crate::code::Code;
use crate::error::{Error, FieldError};
use crate::fields::{Taker, pointer_to};
use crate::shown;
use crate::wording::{Quoted, Shown};

/// Most faults in the answer to a body that is an object.
const MAX_BODY_FAULTS: usize = 20;

/// An object as a client writes it. The type decides whether unknown fields are refused (`deny_unknown_fields`).
pub trait Object: DeserializeOwned {
    /// The required fields, each with a valid value in JSON. These values replace missing and wrong ones while the
    /// other fields are checked.
    const REQUIRED: &'static [(&'static str, &'static str)];

    /// Every rule that it breaks although its fields have the right types.
    fn broken(&self) -> Vec<Broken> {
        Vec::new()
    }

    /// The names of the fields. Those of a struct are known from its declaration; an object with a reader of its own
    /// states them here.
    fn fields() -> &'static [&'static str] {
        declared_fields::<Self>()
    }

    /// The query parameters of the route whose body the object is: the refusal of a field with such a name says where
    /// it belongs.
    fn parameters() -> Vec<&'static str> {
        Vec::new()
    }
}

/// Refuses every field by its name.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoFields {}

impl Object for NoFields {
    const REQUIRED: &'static [(&'static str, &'static str)] = &[];
}

/// The location of an object.
#[derive(Clone, Copy)]
struct Place<'p> {
    /// The JSON pointer to it.
    pointer: &'p str,
    /// The query parameters of the route whose body it is.
    parameters: &'p [&'static str],
}

/// A rule that an object breaks although its fields have the right types.
#[derive(Debug)]
pub struct Broken {
    /// The kind of rule.
    pub code: Code,
    /// The field; `None` for the object as a whole.
    pub field: Option<String>,
    /// The rule.
    pub detail: Shown,
    /// Whether the rule depends on this field only.
    pub alone: bool,
}

impl Broken {
    fn at(self, place: Place<'_>) -> FieldError {
        let pointer = self.field.map(|field| pointer_to(place.pointer, &field));
        FieldError::new(pointer.as_deref().unwrap_or(place.pointer), self.detail)
    }
}

/// Why an object is refused. A list of faults is never empty.
#[derive(Debug)]
pub enum Refusal {
    /// The text is not JSON.
    NotJson(Error),
    /// Fields are missing, unknown, repeated or malformed.
    Fields(Vec<FieldError>),
    /// The fields are valid but break rules. The code is that of the first rule.
    Rules(Code, Vec<FieldError>),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotJson(error) => error,
            Refusal::Fields(faults) => Self::invalid_fields(Code::InvalidBody, faults),
            Refusal::Rules(code, faults) => Self::invalid_fields(code, faults),
        }
    }
}

/// Reads the object that is the body of a route with these query parameters.
pub(super) fn read_body<T: Object>(json: &[u8], parameters: &[&'static str]) -> Result<T, Error> {
    let check = |object: T| {
        let broken = object.broken();
        (object, broken)
    };
    let place = Place {
        pointer: "",
        parameters,
    };
    Ok(read_at(json, place, MAX_BODY_FAULTS, check)?)
}

/// Reads an object. `check` converts it to the required value, with every broken rule. Faults have pointers below
/// `place`; there are at most `most` of them.
pub fn read_object<T: Object, R>(
    json: &[u8],
    place: &str,
    most: usize,
    check: impl Fn(T) -> (R, Vec<Broken>),
) -> Result<R, Refusal> {
    let place = Place {
        pointer: place,
        parameters: &[],
    };
    read_at(json, place, most, check)
}

fn read_at<T: Object, R>(
    json: &[u8],
    place: Place<'_>,
    most: usize,
    check: impl Fn(T) -> (R, Vec<Broken>),
) -> Result<R, Refusal> {
    match parse::<T>(json, place) {
        Ok(object) => {
            let (value, broken) = check(object);
            let Some(first) = broken.first() else {
                return Ok(value);
            };
            let code = first.code;
            let faults = broken.into_iter().map(|broken| broken.at(place));
            Err(Refusal::Rules(code, faults.take(most).collect()))
        }
        Err(Unread::NotJson(error)) => Err(Refusal::NotJson(error)),
        Err(Unread::Fault(first)) => Err(Refusal::Fields(all_faults(json, place, first, most, check))),
    }
}

/// A text from which no object can be made.
enum Unread {
    NotJson(Error),
    Fault(Fault),
}

/// The first fault that the parser finds.
struct Fault {
    /// The place inside the object: names of fields and indices of lists.
    path: Vec<String>,
    error: FieldError,
}

fn parse<T: DeserializeOwned>(json: &[u8], place: Place<'_>) -> Result<T, Unread> {
    if json.trim_ascii().is_empty() {
        let detail = "the body is empty: send a JSON object";
        return Err(Unread::NotJson(Error::refused(Code::MalformedJson, detail)));
    }
    check_object(json, place)?;
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let value = serde_path_to_error::deserialize(&mut deserializer)
        .map_err(|error| unread(error.inner(), path_of(error.path()), place))?;
    deserializer.end().map_err(|error| unread(&error, Vec::new(), place))?;
    Ok(value)
}

/// Rejects JSON that is not an object: serde would accept an array as a struct, by field order.
fn check_object(json: &[u8], place: Place<'_>) -> Result<(), Unread> {
    let first = json.iter().find(|byte| !byte.is_ascii_whitespace());
    // Invalid JSON passes here: the parser reports it with its position.
    if first == Some(&b'{') || serde_json::from_slice::<IgnoredAny>(json).is_err() {
        return Ok(());
    }
    Err(Unread::Fault(Fault {
        path: Vec::new(),
        error: FieldError::new(place.pointer, "must be an object"),
    }))
}

fn path_of(path: &serde_path_to_error::Path) -> Vec<String> {
    use serde_path_to_error::Segment;
    let segments = path.iter().filter_map(|segment| match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(key.clone()),
        Segment::Enum { variant } => Some(variant.clone()),
        Segment::Unknown => None,
    });
    segments.collect()
}

/// The fault of a parser's error at `path`, in the terms of JSON and without texts of the client.
fn unread(error: &serde_json::Error, mut path: Vec<String>, place: Place<'_>) -> Unread {
    let fault = JsonFault::of(error);
    // The parser's path is the object that contains such a field.
    if let JsonFault::Missing(name) | JsonFault::Repeated(name) = &fault {
        path.push(name.clone());
    }
    let pointer = path
        .iter()
        .fold(place.pointer.to_owned(), |place, part| pointer_to(&place, part));
    let error = match fault {
        JsonFault::NotJson { reason, line, column } => {
            let detail = shown!("the body is not JSON: {} (line {}, column {})", reason, line, column);
            return Unread::NotJson(Error::refused(Code::MalformedJson, detail));
        }
        JsonFault::Missing(_) => FieldError::missing(pointer),
        JsonFault::Repeated(_) => FieldError::repeated(pointer),
        JsonFault::Unknown(known) => {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let name = path.last().map(String::as_str).unwrap_or_default();
            if path.len() == 1 && place.parameters.contains(&name) {
                FieldError::misplaced(pointer, &known, Taker::Object)
            } else {
                FieldError::unknown(pointer, name, &known, Taker::Object)
            }
        }
        JsonFault::Value(rule) => FieldError::new(pointer, Quoted(&rule)),
    };
    Unread::Fault(Fault { path, error })
}

/// The faults of an object that cannot be parsed: first those of its fields, in their order as far as possible, then
/// its missing fields, then the rules that its other fields break.
///
/// The parser stops at the first fault. So each faulty field is replaced by a valid one, or removed if it is optional,
/// until the rest can be parsed.
fn all_faults<T: Object, R>(
    json: &[u8],
    place: Place<'_>,
    first: Fault,
    most: usize,
    check: impl Fn(T) -> (R, Vec<Broken>),
) -> Vec<FieldError> {
    let Ok(Members(members)) = serde_json::from_slice(json) else {
        return vec![first.error];
    };
    let mut fields = Fields::of(&members);
    let missing: Vec<&str> = T::REQUIRED
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| !fields.seen.contains(name))
        .collect();
    // The fields whose values the rules do not see as the client wrote them.
    let mut amended: BTreeSet<String> = fields.repeated.iter().map(|name| (*name).to_owned()).collect();
    for name in &missing {
        fields.amend::<T>(&[(*name).to_owned()]);
        amended.insert((*name).to_owned());
    }
    let (mut faults, mut of_rules) = (Vec::new(), Vec::new());
    // Each round removes a fault, so the limit of faults limits the rounds.
    for _ in 0..most {
        match parse::<T>(&fields.json(), place) {
            Ok(object) => {
                let (_, broken) = check(object);
                let untouched =
                    |broken: &Broken| broken.alone && broken.field.as_ref().is_some_and(|name| !amended.contains(name));
                let broken = broken.into_iter().filter(untouched);
                of_rules = broken.map(|broken| broken.at(place)).collect();
                break;
            }
            Err(Unread::Fault(fault)) => {
                // The object may lack the removed field.
                if !faults
                    .iter()
                    .any(|told: &FieldError| told.pointer == fault.error.pointer)
                {
                    faults.push(fault.error);
                }
                if !fields.amend::<T>(&fault.path) {
                    break;
                }
                amended.extend(fault.path.into_iter().next());
            }
            // A number that no type can hold: no field is known.
            Err(Unread::NotJson(_)) => {
                faults.push(FieldError::new(place.pointer, "cannot be read"));
                break;
            }
        }
    }
    for name in &fields.repeated {
        let repeated = FieldError::repeated(pointer_to(place.pointer, name));
        let inside = format!("{}/", repeated.pointer);
        let is_of_it = |fault: &FieldError| fault.pointer == repeated.pointer || fault.pointer.starts_with(&inside);
        if !faults.iter().any(|fault| is_of_it(fault) && fault.is_unknown()) {
            faults.retain(|fault| !is_of_it(fault));
            faults.push(repeated);
        }
    }
    faults.truncate(most.saturating_sub(missing.len()));
    let missing = missing
        .into_iter()
        .map(|name| FieldError::missing(pointer_to(place.pointer, name)));
    faults.extend(missing);
    // The answer has the code of a malformed field, so such a fault comes first.
    faults.extend(of_rules);
    faults.truncate(most);
    faults
}

/// The fields of an object while its faults are searched, each once.
struct Fields<'j> {
    fields: Vec<(Cow<'j, str>, Cow<'j, RawValue>)>,
    seen: HashSet<&'j str>,
    repeated: BTreeSet<&'j str>,
}

impl<'j> Fields<'j> {
    fn of(members: &'j [(String, &'j RawValue)]) -> Self {
        let mut fields = Self {
            fields: Vec::new(),
            seen: HashSet::new(),
            repeated: BTreeSet::new(),
        };
        for (name, value) in members {
            if fields.seen.insert(name) {
                fields.fields.push((Cow::Borrowed(name), Cow::Borrowed(*value)));
            } else {
                fields.repeated.insert(name);
            }
        }
        fields
    }

    fn json(&self) -> Vec<u8> {
        to_json(&self.fields)
    }

    /// Repairs the field at a path: a required one gets a valid value, another one is removed. If an optional field
    /// contains an object, only the field inside is removed. Returns whether anything has changed.
    fn amend<T: Object>(&mut self, path: &[String]) -> bool {
        let Some(name) = path.first() else {
            return false;
        };
        let place = self.fields.iter().position(|(known, _)| known == name);
        if let Some((name, valid)) = T::REQUIRED.iter().find(|(required, _)| required == name) {
            let Ok(valid) = RawValue::from_string((*valid).to_owned()) else {
                return false;
            };
            match place {
                Some(place) => self.fields[place].1 = Cow::Owned(valid),
                None => self.fields.push((Cow::Borrowed(*name), Cow::Owned(valid))),
            }
            return true;
        }
        let Some(place) = place else {
            return false;
        };
        let inner = path.get(1).and_then(|inner| without(&self.fields[place].1, inner));
        match inner {
            Some(rest) => self.fields[place].1 = Cow::Owned(rest),
            None => drop(self.fields.remove(place)),
        }
        true
    }
}

/// An object without one of its fields; `None` if it has no such field.
fn without(object: &RawValue, field: &str) -> Option<Box<RawValue>> {
    let Members(members) = serde_json::from_str(object.get()).ok()?;
    let rest: Vec<_> = members.iter().filter(|(name, _)| name != field).collect();
    if rest.len() == members.len() {
        return None;
    }
    let rest: Vec<_> = rest.into_iter().map(|(name, value)| (name, *value)).collect();
    RawValue::from_string(String::from_utf8(to_json(&rest)).ok()?).ok()
}

/// An object with these members. A map would change their order.
fn to_json<N: serde::Serialize, V: serde::Serialize>(members: &[(N, V)]) -> Vec<u8> {
    struct AsObject<'m, N, V>(&'m [(N, V)]);

    impl<N: serde::Serialize, V: serde::Serialize> serde::Serialize for AsObject<'_, N, V> {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
        }
    }

    serde_json::to_vec(&AsObject(members)).expect("names and raw JSON have a form in JSON")
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only faults are looked at")]
    struct Sample {
        list: Vec<Inner>,
        name: String,
        #[serde(default)]
        size: Option<u8>,
        #[serde(default)]
        inner: Option<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only faults are looked at")]
    struct Inner {
        number: u8,
        #[serde(default)]
        other: Option<bool>,
    }

    impl Object for Sample {
        const REQUIRED: &'static [(&'static str, &'static str)] = &[("list", "[]"), ("name", r#""""#)];

        fn broken(&self) -> Vec<Broken> {
            let rules = [
                (self.size == Some(0), Some("size"), true),
                (self.name.len() > 3, Some("name"), true),
                (self.list.is_empty() && self.size.is_none(), None, false),
            ];
            let broken = rules.into_iter().filter(|(broken, ..)| *broken);
            let broken = broken.map(|(_, field, alone)| Broken {
                code: Code::InvalidBody,
                field: field.map(str::to_owned),
                detail: Shown::new("breaks a rule"),
                alone,
            });
            broken.collect()
        }
    }

    /// The code, and each fault as pointer and detail.
    fn faults(json: &str) -> (&'static str, Vec<(String, String)>) {
        match read_body::<Sample>(json.as_bytes(), &["page"]) {
            Err(Error::Invalid { code, errors, .. }) => {
                let errors = errors.into_iter();
                let errors = errors.map(|error| (error.pointer.clone(), error.detail.as_str().to_owned()));
                (code.as_str(), errors.collect())
            }
            other => panic!("{other:?}"),
        }
    }

    fn told(json: &str) -> Vec<String> {
        let (code, faults) = faults(json);
        assert_eq!(code, "invalid_body", "{json}");
        faults
            .into_iter()
            .map(|(pointer, detail)| format!("{pointer}: {detail}"))
            .collect()
    }

    #[test]
    fn every_fault_is_told_with_its_field() {
        let takes = "takes list, name, size, inner";
        for (json, expected) in [
            (
                r#"{"list":[{"number":1},{"number":"x"}],"name":"a"}"#,
                vec!["/list/1/number: must be a whole number".to_owned()],
            ),
            (
                r#"{"list":[{"number":300}],"name":5,"size":"x"}"#,
                vec![
                    "/list/0/number: must be a whole number".to_owned(),
                    "/name: must be a string".to_owned(),
                    "/size: must be a whole number".to_owned(),
                ],
            ),
            (
                r#"{"nam":"a","more":1}"#,
                vec![
                    format!("/nam: is unknown: did you mean `name`? This object {takes}"),
                    format!("/more: is unknown: this object {takes}"),
                    "/list: is required".to_owned(),
                    "/name: is required".to_owned(),
                ],
            ),
            (
                r#"{"list":[],"name":"a","inner":{"number":"x","other":1,"mor":2}}"#,
                vec![
                    "/inner/number: must be a whole number".to_owned(),
                    "/inner/other: must be a boolean".to_owned(),
                    "/inner/mor: is unknown: this object takes number, other".to_owned(),
                ],
            ),
            (
                r#"{"list":[],"name":"a","name":5,"size":1,"size":"x","inner":{"number":1,"number":2}}"#,
                vec![
                    "/inner/number: must be given once".to_owned(),
                    "/name: must be given once".to_owned(),
                    "/size: must be given once".to_owned(),
                ],
            ),
            (
                r#"{"x":1,"x":2,"list":[],"name":"long"}"#,
                vec![
                    format!("/x: is unknown: this object {takes}"),
                    "/name: breaks a rule".to_owned(),
                ],
            ),
            (
                r#"{"list":[],"size":0}"#,
                vec!["/name: is required".to_owned(), "/size: breaks a rule".to_owned()],
            ),
            (
                r#"{"list":[{"number":1,"page":2}],"name":"a","page":2}"#,
                vec![
                    "/list/0/page: is unknown: this object takes number, other".to_owned(),
                    format!("/page: is unknown here: it is a query parameter. This object {takes}"),
                ],
            ),
            (r#"{"list":[],"name":"a"}"#, vec![": breaks a rule".to_owned()]),
            ("[]", vec![": must be an object".to_owned()]),
        ] {
            assert_eq!(told(json), expected, "{json}");
        }
    }

    #[test]
    fn the_fields_of_a_struct_are_known_from_its_declaration() {
        assert_eq!(Sample::fields(), ["list", "name", "size", "inner"]);
        assert!(NoFields::fields().is_empty());
        assert!(declared_fields::<Vec<u8>>().is_empty());
    }

    #[test]
    fn faults_are_limited_and_missing_fields_are_among_them() {
        let fields: Vec<String> = (0..100).map(|n| format!(r#""{}{n}":1"#, "x".repeat(10))).collect();
        let told = told(&format!("{{{}}}", fields.join(",")));
        assert_eq!(told.len(), MAX_BODY_FAULTS);
        assert_eq!(told.last().map(String::as_str), Some("/name: is required"));
    }

    #[test]
    fn text_that_is_not_json_is_reported_as_such() {
        for json in [
            "",
            "{",
            "nope",
            r#"{"list":[{"number":NaN}]}"#,
            r#"{"list":[],"name":"a"} x"#,
        ] {
            assert_eq!(faults(json).0, "malformed_json", "{json}");
        }
    }

    #[test]
    fn an_empty_body_is_called_empty() {
        let is_called_empty = |json: &str| match read_body::<Sample>(json.as_bytes(), &["page"]) {
            Err(Error::Invalid { detail, .. }) => detail.as_str().contains("the body is empty"),
            other => panic!("{other:?}"),
        };
        for (json, is_empty) in [("", true), (" \n", true), ("{", false), ("{\n", false)] {
            assert_eq!(is_called_empty(json), is_empty, "{json:?}");
        }
    }

    #[test]
    fn deep_nesting_is_an_error_and_not_a_crash() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(faults(&deep).0, "invalid_body");
    }
}
