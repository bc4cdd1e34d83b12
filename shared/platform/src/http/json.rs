//! JSON bodies, within limits.

use std::marker::PhantomData;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::object::{NoFields, Object, read_body};
use super::parameters::Parameters;
use crate::error::Error;

/// Largest body taken.
pub const MAX_BODY_BYTES: usize = 1 << 20;

/// A JSON body of type `T`.
#[derive(Clone, Copy, Debug)]
pub struct JsonBody<T>(pub T);

impl<T: Object, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        if !is_json(request.headers()) || is_encoded(request.headers()) {
            return Err(Error::UnsupportedMediaType);
        }
        let body = collect(request).await?;
        read_body(&body, &T::parameters()).map(Self)
    }
}

/// An empty body, or an empty JSON object, which some clients send with every POST. The route has the query parameters
/// `P`: the refusal of a field with such a name tells where it belongs.
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

/// Whether the body is compressed.
fn is_encoded(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all(header::CONTENT_ENCODING).iter();
    codings.any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

async fn collect(request: Request) -> Result<Bytes, Error> {
    match Limited::new(request.into_body(), MAX_BODY_BYTES).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Error::TooLarge {
            limit_bytes: MAX_BODY_BYTES,
        }),
        Err(_) => Err(Error::invalid("body", "could not be read")),
    }
}
