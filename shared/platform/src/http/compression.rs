//! Compression of answers, as the client accepts it.
//!
//! Only gzip, whose decoder each function already has for its pages. The crate `brotli` would add 0.48 MB to each
//! zipped function, half of an empty one, most of it the dictionary of the format. At level 2 a long answer would be 11
//! to 19% smaller and take 3.5 times as long, and a short one would be larger (docs/OPERATIONS.md, *Compressed
//! answers*).
//!
//! Lambda accepts an answer of at most 6 MiB, and a compressed one is sent in base64. So an answer stays uncompressed
//! if base64 would be longer than the text, whose length `answer_budget` limits.

use std::io::Write;

use axum::body::{Body, HttpBody};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, VARY};
use http::{HeaderMap, HeaderValue};
use http_body_util::BodyExt;

use crate::error::Error;

/// The coding of compressed answers.
const CODING: &str = "gzip";

/// Shorter answers fit into one packet anyway.
const MIN_BYTES: u64 = 1_000;

/// One of zlib's levels 1 to 9. It saves 94% of what level 6 saves, in half of the time.
const LEVEL: u32 = 2;

/// Whether the client accepts gzip, by its `Accept-Encoding` (RFC 9110, section 12.5.3). Without the header a client
/// may accept anything, but clients that cannot decode send none.
pub(super) fn is_accepted(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT_ENCODING).iter();
    let elements = values.filter_map(|value| value.to_str().ok());
    let elements = elements.flat_map(|value| value.split(','));
    let (mut gzip, mut any, mut identity) = (None, None, None);
    for element in elements {
        let (coding, parameters) = element.split_once(';').unwrap_or((element, ""));
        let weight = Some(weight(parameters));
        match coding.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => gzip = weight,
            "identity" => identity = weight,
            "*" => any = weight,
            _ => {}
        }
    }
    let gzip = gzip.or(any).unwrap_or(0);
    gzip > 0 && gzip >= identity.unwrap_or(0)
}

/// The weight in thousandths; 0 if it is malformed, so that the coding is not used.
fn weight(parameters: &str) -> u32 {
    let text = parameters.trim();
    if text.is_empty() {
        return 1_000;
    }
    let value = text
        .split_once('=')
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("q"));
    let value = value.map_or("", |(_, value)| value.trim());
    let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
    let read = format!("{whole}{decimals:0<3}").parse();
    let well_formed = ["0", "1"].contains(&whole) && decimals.len() <= 3;
    read.ok().filter(|weight| well_formed && *weight <= 1_000).unwrap_or(0)
}

/// Sets `Vary: Accept-Encoding`, and compresses the answer if the client accepts that and it makes the answer smaller.
pub(super) async fn compress(mut response: Response, is_accepted: bool) -> Result<Response, Error> {
    vary(response.headers_mut());
    let is_long = response.body().size_hint().lower() >= MIN_BYTES;
    if !is_accepted || !is_long || !is_compressible(response.headers()) {
        return Ok(response);
    }
    let (mut parts, body) = response.into_parts();
    let plain = body.collect().await.map_err(Error::internal)?.to_bytes();
    let packed = gzip(&plain).map_err(Error::internal)?;
    if base64_bytes(packed.len()) > plain.len() {
        return Ok(Response::from_parts(parts, Body::from(plain)));
    }
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.insert(CONTENT_ENCODING, HeaderValue::from_static(CODING));
    Ok(Response::from_parts(parts, Body::from(packed)))
}

fn vary(headers: &mut HeaderMap) {
    let given = headers.get(VARY).and_then(|value| value.to_str().ok());
    let value = given.map(|given| HeaderValue::from_str(&format!("{given}, Accept-Encoding")));
    let value = value.and_then(Result::ok);
    headers.insert(VARY, value.unwrap_or(HeaderValue::from_static("Accept-Encoding")));
}

/// Whether the body is text that is not compressed yet.
fn is_compressible(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_text = content_type.is_some_and(|text| text.starts_with("application/json") || text.starts_with("text/"));
    is_text && !headers.contains_key(CONTENT_ENCODING)
}

fn gzip(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4), Compression::new(LEVEL));
    encoder.write_all(plain)?;
    encoder.finish()
}

/// The length of this number of bytes in base64.
const fn base64_bytes(bytes: usize) -> usize {
    bytes.div_ceil(3) * 4
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use axum::response::IntoResponse;
    use flate2::read::GzDecoder;
    use proptest::prelude::*;

    use super::*;
    use crate::answer_budget::MAX_ANSWER_BYTES;

    fn accepts(values: &[&str]) -> bool {
        let header = |value: &&str| (ACCEPT_ENCODING, value.parse().expect("header"));
        is_accepted(&values.iter().map(header).collect())
    }

    #[test]
    fn gzip_is_used_where_the_client_asks_for_it() {
        for values in [
            &["gzip"] as &[&str],
            &["GZIP"],
            &["br, gzip, deflate"],
            &["br", "x-gzip"],
            &["gzip;q=0.5"],
            &["gzip ; q=0.001"],
            &["*"],
            &["identity;q=0.5, *;q=0.7"],
            &["deflate, gzip;q=1.0, *;q=0.5"],
            &["gzip;q=1, identity"],
        ] {
            assert!(accepts(values), "{values:?}");
        }
    }

    #[test]
    fn gzip_is_not_used_where_it_is_refused_or_another_form_is_preferred() {
        for values in [
            &[] as &[&str],
            &[""],
            &["br"],
            &["identity"],
            &["gzip;q=0"],
            &["gzip;q=0.000, *"],
            &["*;q=0"],
            &["identity, gzip;q=0.5"],
            &["gzip;q=2"],
            &["gzip;q=1.5"],
            &["gzip;q="],
            &["gzip;q=0.1234"],
            &["gzip;level=1"],
            &["gzipped"],
        ] {
            assert!(!accepts(values), "{values:?}");
        }
    }

    async fn compressed(content_type: &str, body: Vec<u8>, is_accepted: bool) -> (HeaderMap, Vec<u8>) {
        let headers = [(CONTENT_TYPE, content_type)];
        let response = compress((headers, body).into_response(), is_accepted).await;
        let (parts, body) = response.expect("an answer").into_parts();
        let body = body.collect().await.expect("body").to_bytes();
        (parts.headers, body.to_vec())
    }

    fn decoded(bytes: &[u8]) -> Vec<u8> {
        let mut plain = Vec::new();
        GzDecoder::new(bytes).read_to_end(&mut plain).expect("gzip");
        plain
    }

    #[tokio::test]
    async fn long_texts_are_compressed_and_nothing_else_is() {
        let long = b"{\"amount\":12}".repeat(1_000);
        let (headers, body) = compressed("application/json", long.clone(), true).await;
        assert_eq!(headers[CONTENT_ENCODING], "gzip");
        assert_eq!(decoded(&body), long);
        for (content_type, body, is_accepted) in [
            ("application/json", long.clone(), false),
            ("application/json", vec![b'x'; 999], true),
            ("image/png", long, true),
        ] {
            let (headers, given) = compressed(content_type, body.clone(), is_accepted).await;
            assert!(!headers.contains_key(CONTENT_ENCODING));
            assert_eq!(headers[VARY], "Accept-Encoding");
            assert_eq!(given, body);
        }
    }

    #[tokio::test]
    async fn another_encoding_is_left_alone_and_vary_keeps_what_it_names() {
        let headers = [
            (CONTENT_TYPE, "text/css"),
            (CONTENT_ENCODING, "br"),
            (VARY, "Authorization"),
        ];
        let response = (headers, vec![0; 5_000]).into_response();
        let response = compress(response, true).await.expect("an answer");
        assert_eq!(response.headers()[CONTENT_ENCODING], "br");
        assert_eq!(response.headers()[VARY], "Authorization, Accept-Encoding");
    }

    #[tokio::test]
    async fn a_text_that_does_not_compress_is_never_longer() {
        let mut random = fastrand::Rng::with_seed(1);
        let noise = std::iter::repeat_with(|| random.u8(b' '..=b'~'));
        let noise: Vec<u8> = noise.take(MAX_ANSWER_BYTES / 4).collect();
        let (headers, body) = compressed("application/json", noise.clone(), true).await;
        assert!(!headers.contains_key(CONTENT_ENCODING));
        assert!(body == noise);
    }

    proptest! {
        #[test]
        fn any_text_comes_back_and_fits_where_it_fitted_plain(text in ".{0,400}", times in 1_usize..200) {
            let plain = text.repeat(times).into_bytes();
            let runtime = tokio::runtime::Builder::new_current_thread().build().expect("runtime");
            let (headers, body) = runtime.block_on(compressed("application/json", plain.clone(), true));
            if headers.contains_key(CONTENT_ENCODING) {
                prop_assert!(base64_bytes(body.len()) <= plain.len());
                prop_assert_eq!(decoded(&body), plain);
            } else {
                prop_assert_eq!(body, plain);
            }
        }

        #[test]
        fn any_header_is_read(value in "[ -~]{0,60}") {
            accepts(&[&value]);
        }
    }
}
