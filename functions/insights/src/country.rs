//! The country that a path names, for clients of the hosted service.

use axum::extract::FromRequestParts;
use daftari_platform::Error;
use daftari_platform::http::path_parameter;
use http::request::Parts;
use utoipa::IntoParams;

/// The words for countries. They select nothing.
const COUNTRIES: [&str; 10] = [
    "kenya", "nigeria", "ghana", "uganda", "tanzania", "rwanda", "ethiopia", "zambia", "india", "srilanka",
];

/// A country in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "a declaration: the value is read from the path by name")]
pub(crate) struct CountryPath {
    /// A country of the hosted service: `kenya`, `nigeria`, `ghana`, `uganda`, `tanzania`, `rwanda`, `ethiopia`,
    /// `zambia`, `india` or `srilanka`. It selects nothing: the answer is the same for each. Another word is a 404.
    #[param(example = "kenya")]
    country: String,
}

/// The path names a known country.
pub(crate) struct KnownCountry;

impl<S: Send + Sync> FromRequestParts<S> for KnownCountry {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let country = path_parameter(parts, state, "country").await?;
        COUNTRIES
            .contains(&country.as_str())
            .then_some(Self)
            .ok_or(Error::NoSuchPath { nearest: Vec::new() })
    }
}
