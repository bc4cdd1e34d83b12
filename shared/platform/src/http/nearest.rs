//! Misspelt names: the known name or path that a client most likely means.

use super::routes::FUNCTIONS;
use crate::error::cut;

/// A name at least this similar to a known one (1 is equal) is taken for a misspelling.
const NEAR: f64 = 0.8;
/// Shortest part of a name that is taken for it.
const MIN_PART_CHARS: usize = 3;

/// The known name that is most like a name, or contains it.
pub(super) fn nearest_name(name: &str, known: &[&'static str]) -> Option<&'static str> {
    let name = cut(name).to_lowercase();
    let part = |known: &&&str| name.chars().count() >= MIN_PART_CHARS && known.contains(&name);
    let likeness = |known: &'static str| (strsim::jaro_winkler(&name, known), known);
    let likest = known.iter().map(|known| likeness(known));
    let likest = likest.max_by(|(one, _), (other, _)| one.total_cmp(other));
    likest
        .filter(|(likeness, _)| *likeness >= NEAR)
        .map(|(_, known)| known)
        .or_else(|| known.iter().find(part).copied())
}

/// The path of the service that is most like a path that no function serves, also behind a prefix such as `/v1`.
pub(super) fn nearest_path(path: &str) -> Option<&'static str> {
    let path = cut_segments(path);
    let segments: Vec<&str> = path.iter().map(String::as_str).collect();
    let without_prefix = segments.get(1..).unwrap_or_default();
    let described = FUNCTIONS.iter().flat_map(|function| function.routes);
    let described = described.filter(|route| route.is_described());
    let likeness = |known: &'static str| {
        let likeness = path_likeness(&segments, known).or_else(|| path_likeness(without_prefix, known));
        likeness.map(|(words, least)| (words, least, known))
    };
    let likest = described.filter_map(|route| likeness(route.path));
    let likest = likest.max_by(|one, other| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)));
    likest.map(|(_, _, known)| known)
}

/// Most segments that are compared: no path of the service has more, a prefix included.
const MAX_SEGMENTS: usize = 8;

/// The segments of a path, in lower case. Empty if they are more than a path can have.
fn cut_segments(path: &str) -> Vec<String> {
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    let segments: Vec<_> = segments
        .take(MAX_SEGMENTS + 1)
        .map(|segment| cut(segment).to_lowercase())
        .collect();
    if segments.len() > MAX_SEGMENTS {
        Vec::new()
    } else {
        segments
    }
}

/// How much segments are like those of a known path: the number of its words, and the likeness of the least like one.
/// `None` if a word is not near. Anything is like a parameter.
fn path_likeness(segments: &[&str], known: &str) -> Option<(usize, f64)> {
    let known: Vec<&str> = known.split('/').filter(|segment| !segment.is_empty()).collect();
    if segments.len() != known.len() {
        return None;
    }
    let words = known.iter().zip(segments).filter(|(known, _)| !known.starts_with('{'));
    let likeness: Vec<f64> = words.map(|(known, word)| strsim::jaro_winkler(known, word)).collect();
    let least = likeness.iter().copied().min_by(f64::total_cmp)?;
    (least >= NEAR).then_some((likeness.len(), least))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelled_name_or_a_part_of_one_is_near_and_others_are_not() {
        let known = ["search", "phone_number", "created_after", "page"];
        for (name, expected) in [
            ("serach", Some("search")),
            ("SEARCH", Some("search")),
            ("search[]", Some("search")),
            ("number", Some("phone_number")),
            ("createdAfter", Some("created_after")),
            ("pages", Some("page")),
            ("p", None),
            ("limit", None),
            ("", None),
        ] {
            assert_eq!(nearest_name(name, &known), expected, "{name}");
        }
    }

    #[test]
    fn a_misspelt_path_and_one_behind_a_prefix_are_near_and_others_are_not() {
        for (path, expected) in [
            ("/user", Some("/users")),
            ("/v1/users", Some("/users")),
            ("/USERS/", Some("/users")),
            ("/users/1/credit-report", Some("/users/{user_uuid}/creditreport")),
            ("/users/1/cashflow", Some("/users/{user_uuid}/cash-flow")),
            ("/users/1/transactions", Some("/users/{user_uuid}/transactions-summary")),
            ("/wp-login.php", None),
            ("/", None),
            ("", None),
            ("/users/1/2/3/4/5/6/7/8/9", None),
        ] {
            assert_eq!(nearest_path(path), expected, "{path}");
        }
    }
}
