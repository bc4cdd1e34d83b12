//! Wrong usage, and the values of options.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use daftari_domain::Country;
use daftari_platform::identity::Environment;
use uuid::Uuid;

/// The command was used wrongly: exit code 2, as for the faults that clap finds.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Usage(String);

impl Usage {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// Returns [`Usage`] unless the condition holds.
    pub(crate) fn ensure(holds: bool, message: impl Into<String>) -> Result<(), Self> {
        if holds { Ok(()) } else { Err(Self::new(message)) }
    }
}

/// A country by its two letters, in any case.
pub(crate) fn country(text: &str) -> Result<Country, &'static str> {
    let code = text.trim().to_ascii_uppercase();
    code.parse()
        .map_err(|_| "a country is two letters of ISO 3166-1, such as KE")
}

/// A uuid.
pub(crate) fn uuid(text: &str) -> Result<Uuid, &'static str> {
    text.trim()
        .parse()
        .map_err(|_| "must be a uuid, such as 0b0e4a52-3f0c-4c1a-9d3e-7a5f2b8c6d10")
}

/// `production` or `test`.
pub(crate) fn environment() -> impl TypedValueParser<Value = Environment> {
    let names = PossibleValuesParser::new(Environment::ALL.map(Environment::as_str));
    names.try_map(|name| {
        let mut all = Environment::ALL.into_iter();
        all.find(|environment| environment.as_str() == name)
            .ok_or("must be production or test")
    })
}

/// An address without trailing slashes. `name` is its source, for the error.
pub(crate) fn url(name: &str, text: &str) -> Result<String, Usage> {
    let text = text.trim().trim_end_matches('/');
    let after_scheme = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let has_host = after_scheme.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', ':']));
    Usage::ensure(
        has_host,
        format!("{name}: {text:?} is not an address: it must begin with http:// or https://, and name a host"),
    )?;
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_taken_in_any_case() {
        for text in ["KE", "ke", "Ke", " ke "] {
            assert_eq!(country(text).map(|country| country.to_string()), Ok("KE".to_owned()));
        }
        for text in ["", "K", "Kenya", "ZZ", "254", "ке"] {
            assert!(country(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_address_has_a_scheme_and_a_host() {
        for (text, read) in [
            ("http://127.0.0.1:9000", "http://127.0.0.1:9000"),
            (" https://api.example.com/v1// ", "https://api.example.com/v1"),
        ] {
            assert_eq!(url("--api", text).expect("an address"), read);
        }
        for text in [
            "",
            "127.0.0.1:9000",
            "localhost",
            "ftp://x",
            "http://",
            "http:///x",
            "http://:80",
        ] {
            let error = url("--api", text).expect_err(text).to_string();
            assert!(error.starts_with("--api: ") && error.contains("http://"), "{error}");
        }
    }
}
