//! Entity tags: a client that repeats a request gets a short 304 answer if nothing changed.
//!
//! Tags are weak: one answer has one tag, compressed or not. A strong tag would have to differ between the two (RFC
//! 9110, section 8.8.3.3). The service has no range requests and no `If-Match`, so weak tags suffice.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH, VARY};
use http::{HeaderMap, HeaderName};
use sha2::{Digest, Sha256};

use crate::version::{COMMIT, VERSION};

/// The tag of an answer that depends only on `parts` and this build of the software.
pub fn of(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    // Another build may compute other figures from the same data.
    for part in [VERSION, COMMIT.unwrap_or_default()].iter().chain(parts) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    format!("W/\"{}\"", URL_SAFE_NO_PAD.encode(&hash.finalize()[..16]))
}

/// Whether `If-None-Match` names the tag, by the weak comparison of RFC 9110.
pub fn matches(headers: &HeaderMap, tag: &str) -> bool {
    let values = headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut tags = values.flat_map(|value| value.split(',')).map(str::trim);
    tags.any(|given| given == "*" || opaque(given) == opaque(tag))
}

/// A tag without its weakness prefix.
fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

/// The headers of an answer with the tag: only its recipient may cache it, and must revalidate it before each use.
pub fn headers(tag: &str) -> [(HeaderName, String); 3] {
    [
        (ETAG, tag.to_owned()),
        (CACHE_CONTROL, "private, no-cache".to_owned()),
        (VARY, "Authorization".to_owned()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(IF_NONE_MATCH, value.parse().expect("header"))])
    }

    #[test]
    fn a_tag_matches_itself_alone_in_a_list_and_as_a_strong_one() {
        let tag = of(&["a", "b"]);
        let strong = opaque(&tag).to_owned();
        for value in [tag.clone(), format!("\"x\", {tag}"), strong, "*".to_owned()] {
            assert!(matches(&asked(&value), &tag), "{value}");
        }
        assert!(!matches(&asked(&of(&["ab", ""])), &tag));
        assert!(!matches(&HeaderMap::new(), &tag));
    }
}
