//! JSON bodies, within limits.

use std::io::Read;
use std::marker::PhantomData;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use flate2::read::MultiGzDecoder;
use http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::object::{NoFields, Object, read_body};
use super::parameters::Parameters;
use crate::code::Code;
use crate::error::Error;

/// Largest accepted body, without compression.
pub const MAX_BODY_BYTES: usize = 1 << 20;

const _: () = assert!(MAX_BODY_BYTES == 1 << 20, "`Code::BodyTooLarge` names 1 MiB");

/// A JSON body of type `T`.
#[derive(Clone, Copy, Debug)]
pub struct JsonBody<T>(pub T);

impl<T: Object, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        if !is_json(request.headers()) {
            return Err(Error::UnsupportedMediaType);
        }
        let body = collect(request).await?;
        read_body(&body, &T::parameters()).map(Self)
    }
}

/// An empty body, or an empty JSON object, which some clients send with every POST. The route has the query parameters
/// `P`: if the body has a field of such a name, the refusal says so.
pub struct EmptyBody<P = ()>(PhantomData<fn() -> P>);

impl<P: Parameters, S: Send + Sync> FromRequest<S> for EmptyBody<P> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        let declared = is_json(request.headers());
        let body = collect(request).await?;
        match (body.is_empty(), declared) {
            (true, _) => Ok(Self(PhantomData)),
            (false, true) => read_body::<NoFields>(&body, &P::names()).map(|_| Self(PhantomData)),
            (false, false) => Err(Error::UnsupportedMediaType),
        }
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// The encoding of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Plain,
    Gzip,
}

/// The coding of the body; `None` for another one, or for several.
fn coding(headers: &HeaderMap) -> Option<Coding> {
    let values = headers.get_all(header::CONTENT_ENCODING).iter();
    let codings = values.flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    let codings = codings.map(<[u8]>::trim_ascii);
    let mut codings = codings.filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity"));
    match (codings.next(), codings.next()) {
        (None, _) => Some(Coding::Plain),
        (Some(only), None)
            if [&b"gzip"[..], b"x-gzip"]
                .iter()
                .any(|gzip| only.eq_ignore_ascii_case(gzip)) =>
        {
            Some(Coding::Gzip)
        }
        _ => None,
    }
}

/// The body without compression.
async fn collect(request: Request) -> Result<Bytes, Error> {
    let coding = coding(request.headers());
    let body = match Limited::new(request.into_body(), MAX_BODY_BYTES).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => return Err(TOO_LARGE),
        Err(_) => return Err(Error::invalid("body", "could not be read")),
    };
    if body.is_empty() {
        return Ok(body);
    }
    match coding {
        Some(Coding::Plain) => Ok(body),
        Some(Coding::Gzip) => unpacked(&body),
        None => Err(Error::UnsupportedEncoding),
    }
}

const TOO_LARGE: Error = Error::TooLarge {
    limit_bytes: MAX_BODY_BYTES,
};

/// Stops at the limit, because a small body can unpack to any size.
fn unpacked(packed: &[u8]) -> Result<Bytes, Error> {
    let mut plain = Vec::new();
    let mut within = MultiGzDecoder::new(packed).take(MAX_BODY_BYTES as u64 + 1);
    if within.read_to_end(&mut plain).is_err() {
        let detail = "the body is not gzip, as Content-Encoding says";
        return Err(Error::refused(Code::MalformedRequest, detail));
    }
    if plain.len() > MAX_BODY_BYTES {
        return Err(TOO_LARGE);
    }
    Ok(plain.into())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use axum::body::Body;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    use super::*;

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(plain).expect("in memory");
        encoder.finish().expect("in memory")
    }

    fn headers(codings: &[&str]) -> HeaderMap {
        let codings = codings.iter();
        codings
            .map(|coding| (header::CONTENT_ENCODING, coding.parse().expect("header")))
            .collect()
    }

    fn read(codings: &[&str], body: Vec<u8>) -> Result<Bytes, Error> {
        let mut request = Request::new(Body::from(body));
        *request.headers_mut() = headers(codings);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        runtime.block_on(collect(request))
    }

    #[test]
    fn a_body_is_plain_or_gzip() {
        for (codings, expected) in [
            (&[] as &[&str], Some(Coding::Plain)),
            (&["identity"], Some(Coding::Plain)),
            (&[""], Some(Coding::Plain)),
            (&["gzip"], Some(Coding::Gzip)),
            (&["X-GZIP"], Some(Coding::Gzip)),
            (&["identity, gzip"], Some(Coding::Gzip)),
            (&["gzip, gzip"], None),
            (&["gzip", "gzip"], None),
            (&["br"], None),
            (&["deflate, gzip"], None),
        ] {
            assert_eq!(coding(&headers(codings)), expected, "{codings:?}");
        }
        assert!(matches!(read(&["br"], b"x".to_vec()), Err(Error::UnsupportedEncoding)));
        // Some clients declare a coding although they send no body.
        assert!(read(&["br"], Vec::new()).expect("no body").is_empty());
    }

    #[test]
    fn the_limit_is_that_of_the_body_without_compression() {
        let most = vec![b' '; MAX_BODY_BYTES];
        assert_eq!(
            read(&["gzip"], gzip(&most)).expect("within the limit").len(),
            MAX_BODY_BYTES
        );
        let parts = [gzip(&most), gzip(b"x")].concat();
        for packed in [gzip(&vec![b' '; 100 * MAX_BODY_BYTES]), parts] {
            assert!(packed.len() < MAX_BODY_BYTES);
            assert!(matches!(read(&["gzip"], packed), Err(Error::TooLarge { .. })));
        }
    }

    #[test]
    fn bytes_other_than_gzip_are_refused() {
        let whole = gzip(b"{}");
        let mut damaged = whole.clone();
        damaged[12] ^= 1;
        for body in [
            b"{}".to_vec(),
            whole[..whole.len() - 1].to_vec(),
            damaged,
            [&whole[..], b"x"].concat(),
        ] {
            let refused = read(&["gzip"], body).expect_err("not gzip");
            assert_eq!(refused.code(), Code::MalformedRequest);
        }
    }

    proptest! {
        #[test]
        fn any_body_is_the_same_in_gzip(body in any::<Vec<u8>>()) {
            prop_assert_eq!(read(&["gzip"], gzip(&body)).expect("gzip"), body.clone());
            let _ = read(&["gzip"], body);
        }
    }
}
