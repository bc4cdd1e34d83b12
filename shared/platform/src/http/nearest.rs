//! Suggestions for paths without a route: the paths that a client most likely means.

use daftari_domain::spelling::{changes, letters};

use super::routes::FUNCTIONS;
use crate::error::cut;

/// Shortest word that can match a part of a longer one.
const MIN_PART_CHARS: usize = 3;
/// Most segments that are compared: no path of the service has more, including a prefix.
const MAX_SEGMENTS: usize = 8;

/// The paths of the service that a path most likely means, also behind a prefix such as `/v1`. That is the one with a
/// similar spelling. Otherwise they are the one that the path shortens and the one whose last word is longer.
pub(super) fn nearest_paths(path: &str) -> Vec<&'static str> {
    let path = cut_segments(path);
    let segments: Vec<&str> = path.iter().map(String::as_str).collect();
    let without_prefix = segments.get(1..).unwrap_or_default();
    for segments in [segments.as_slice(), without_prefix] {
        if let Some(misspelt) = misspelt(segments) {
            return vec![misspelt];
        }
        let longer = [shortened(segments), with_longer_word(segments)];
        let longer: Vec<_> = longer.into_iter().flatten().collect();
        if !longer.is_empty() {
            return longer;
        }
    }
    Vec::new()
}

/// The described paths, each with its segments.
fn known_paths() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    let routes = FUNCTIONS.iter().flat_map(|function| function.routes);
    let described = routes.filter(|route| route.is_described());
    described.map(|route| {
        let segments = route.path.split('/').filter(|segment| !segment.is_empty());
        (route.path, segments.collect())
    })
}

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

fn is_parameter(segment: &str) -> bool {
    segment.starts_with('{')
}

/// The known path with the most words, of those in which every word has a similar spelling. A parameter matches any
/// word.
fn misspelt(segments: &[&str]) -> Option<&'static str> {
    let likeness = known_paths().filter_map(|(path, known)| {
        if known.len() != segments.len() {
            return None;
        }
        let words = known.iter().zip(segments).filter(|(known, _)| !is_parameter(known));
        let words: Vec<usize> = words.map(|(known, word)| changes(word, known)).collect::<Option<_>>()?;
        (!words.is_empty()).then(|| (words.len(), std::cmp::Reverse(words.iter().sum::<usize>()), path))
    });
    let likest = likeness.max_by_key(|(words, changes, _)| (*words, *changes));
    likest.map(|(_, _, path)| path)
}

/// The first known path that ends with the last word and has the other segments before it, in their order.
fn shortened(segments: &[&str]) -> Option<&'static str> {
    let (last, before) = segments.split_last()?;
    let is_shortened = |known: &[&str]| {
        let Some((known_last, known_before)) = known.split_last() else {
            return false;
        };
        let mut left = known_before.iter();
        let mut has = |segment: &&str| left.any(|known| is_parameter(known) || known == segment);
        known_last == last && before.iter().all(&mut has)
    };
    known_paths()
        .find(|(_, known)| is_shortened(known))
        .map(|(path, _)| path)
}

/// The first known path that differs only in its last word, which contains the last word of the path.
fn with_longer_word(segments: &[&str]) -> Option<&'static str> {
    let (last, before) = segments.split_last()?;
    let last = letters(last);
    if last.chars().count() < MIN_PART_CHARS {
        return None;
    }
    let is_longer = |known: &[&str]| {
        let Some((known_last, known_before)) = known.split_last() else {
            return false;
        };
        let mut pairs = known_before.iter().zip(before);
        known_before.len() == before.len()
            && !is_parameter(known_last)
            && letters(known_last).contains(&last)
            && pairs.all(|(known, word)| is_parameter(known) || known == word)
    };
    known_paths().find(|(_, known)| is_longer(known)).map(|(path, _)| path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_or_shortened_path_and_one_behind_a_prefix_are_near_and_others_are_not() {
        for (path, expected) in [
            ("/user", ["/users"].as_slice()),
            ("/v1/users", &["/users"]),
            ("/USERS/", &["/users"]),
            ("/users/1/credit-report", &["/users/{user_uuid}/creditreport"]),
            ("/users/1/report", &["/users/{user_uuid}/creditreport"]),
            ("/users/1/cashflow", &["/users/{user_uuid}/cash-flow"]),
            ("/api/users/1/cashflow", &["/users/{user_uuid}/cash-flow"]),
            ("/ledger", &["/users/{user_uuid}/ledger"]),
            (
                "/users/1/transactions",
                &[
                    "/users/{user_uuid}/institutions/{institution_id}/transactions",
                    "/users/{user_uuid}/transactions-summary",
                ],
            ),
            (
                "/users/1/balances",
                &["/users/{user_uuid}/institutions/{institution_id}/balances"],
            ),
            ("/wp-login.php", &[]),
            ("/users/1/xyz", &[]),
            ("/", &[]),
            ("", &[]),
            ("/users/1/2/3/4/5/6/7/8/9", &[]),
        ] {
            assert_eq!(nearest_paths(path), expected, "{path}");
        }
    }
}
