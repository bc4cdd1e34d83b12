//! The settings that a function reads from its environment at start.
//!
//! | variable | content | needed by |
//! |---|---|---|
//! | `DAFTARI_TABLE` | name of the table | all |
//! | `DAFTARI_JWKS` or `DAFTARI_JWKS_FILE` | the public keys of tokens, as a JSON Web Key Set | all |
//! | `DAFTARI_ISSUER` | the `iss` of tokens; default `daftari` | all |
//! | `DAFTARI_BASE_PATH` | prefix the API is mounted under, such as `/beta`; default none | all |
//! | `DAFTARI_TIME_BUDGET_MS` | longest time a request may take before it is answered 503; default 20000 | all |
//! | `DAFTARI_ORGANIZATION_REQUESTS` | requests of an organization in a minute, 0 for no limit; default 12000 | all over the table |
//! | `DAFTARI_ORGANIZATION_WRITE_UNITS` | write units of an organization in a minute, 0 for no limit; default 120000 | all over the table |
//! | `DAFTARI_LISTS_WITHIN_A_MINUTE` | `false` for cheaper runs that leave lists up to a minute and a half old; default `true` | count-users |
//! | `DAFTARI_TRUSTED_PROXIES` | networks of proxies in front of the gateway, separated by commas; default none | auth |
//! | `DAFTARI_METRICS` | `emf` for metrics in the log lines, or `none`; default `none` | all |
//! | `DAFTARI_SERVICE` | the service in metrics; default the name of the table | all |
//! | `DAFTARI_SIGNING_KEYS_SECRET`, or `DAFTARI_SIGNING_KEYS`, or `DAFTARI_SIGNING_KEYS_FILE` | the private keys: the secret of AWS Secrets Manager that holds them, or themselves | auth |
//! | `DAFTARI_CURSOR_KEY` or `DAFTARI_CURSOR_KEY_FILE` | 32 to 64 random bytes in base64, which sign cursors | users, ledger, ingest |
//! | `DAFTARI_COUNTERPARTY_KEY` or `DAFTARI_COUNTERPARTY_KEY_FILE` | 32 to 64 random bytes in base64, which make pseudonyms of counterparties; never changed | ingest |
//!
//! The docs function needs neither table nor keys. The AWS SDK reads its own variables (`AWS_REGION`, credentials,
//! `AWS_ENDPOINT_URL_DYNAMODB`, `AWS_ENDPOINT_URL_SECRETS_MANAGER`).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::proxies::TrustedProxies;
use crate::rate_limit::Limits;

/// A variable that is missing or wrong. The text names it, and never shows its value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("configuration: {variable} {reason}")]
pub struct ConfigError {
    /// The variable.
    pub variable: String,
    /// The fault in the setting.
    pub reason: String,
}

impl ConfigError {
    /// `variable` is wrong for `reason`.
    pub fn new(variable: impl Into<String>, reason: impl ToString) -> Self {
        Self {
            variable: variable.into(),
            reason: reason.to_string(),
        }
    }
}

/// The settings of the layers around every router.
#[derive(Clone, Debug)]
pub struct Edge {
    /// Prefix of every path, without a trailing slash; empty for none.
    pub base_path: String,
    /// Longest time a request may take.
    pub time_budget: Duration,
}

impl Edge {
    /// Reads the settings; the error names the first variable that is wrong.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self {
            base_path: base_path(optional("DAFTARI_BASE_PATH")?)?,
            time_budget: time_budget(optional("DAFTARI_TIME_BUDGET_MS")?)?,
        })
    }
}

/// The settings of a function over the table.
#[derive(Clone, Debug)]
pub struct Config {
    /// Name of the table.
    pub table: String,
    /// The public keys, as JSON.
    pub jwks: String,
    /// The issuer of tokens.
    pub issuer: String,
    /// The settings of the layers around the router.
    pub edge: Edge,
    /// The limits of an organization a minute, unless its item has others.
    pub limits: Limits,
    /// The proxies whose `X-Forwarded-For` names callers.
    pub trusted_proxies: TrustedProxies,
}

impl Config {
    /// Reads the shared settings; the error names the first variable that is missing or wrong.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self {
            table: required("DAFTARI_TABLE")?,
            jwks: text_or_file("DAFTARI_JWKS")?,
            issuer: issuer()?,
            edge: Edge::from_env()?,
            limits: Limits {
                requests: limit("DAFTARI_ORGANIZATION_REQUESTS", 12_000)?,
                write_units: limit("DAFTARI_ORGANIZATION_WRITE_UNITS", 120_000)?,
            },
            trusted_proxies: trusted_proxies()?,
        })
    }
}

/// The `iss` of tokens.
pub fn issuer() -> Result<String, ConfigError> {
    let issuer = optional("DAFTARI_ISSUER")?.unwrap_or_else(|| "daftari".to_owned());
    // Clients decode the payload with the standard base64 alphabet, in which only such text reads the same.
    let plain = issuer
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !b">?~".contains(&byte));
    if plain {
        Ok(issuer)
    } else {
        Err(ConfigError::new(
            "DAFTARI_ISSUER",
            "must be visible ASCII without > ? ~",
        ))
    }
}

/// The variable's value; `None` if it is unset or empty.
pub fn optional(variable: &str) -> Result<Option<String>, ConfigError> {
    match std::env::var(variable) {
        Ok(value) if value.is_empty() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(ConfigError::new(variable, "is not UTF-8")),
    }
}

/// The variable's value, which must be set.
pub fn required(variable: &str) -> Result<String, ConfigError> {
    optional(variable)?.ok_or_else(|| ConfigError::new(variable, "is not set"))
}

/// Whether the variable is `true`; `default` if it is unset or empty.
pub fn flag(variable: &str, default: bool) -> Result<bool, ConfigError> {
    let value = optional(variable)?.map(|value| value.parse());
    let value = value.unwrap_or(Ok(default));
    value.map_err(|_| ConfigError::new(variable, "must be true or false"))
}

/// The value of `variable`, or the contents of the file that `variable_FILE` names.
pub fn text_or_file(variable: &str) -> Result<String, ConfigError> {
    if let Some(text) = optional(variable)? {
        return Ok(text);
    }
    let file_variable = format!("{variable}_FILE");
    let path = optional(&file_variable)?
        .ok_or_else(|| ConfigError::new(variable, format!("is not set, nor is {file_variable}")))?;
    std::fs::read_to_string(&path)
        .map_err(|error| ConfigError::new(file_variable, format!("names {path}, which cannot be read: {error}")))
}

/// The bytes of a key of 32 to 64 bytes in base64: at least the output size of the hash, at most its block size.
pub(crate) fn key_bytes(text: &str) -> Option<Vec<u8>> {
    let key = STANDARD.decode(text.trim()).ok()?;
    (32..=64).contains(&key.len()).then_some(key)
}

fn base_path(value: Option<String>) -> Result<String, ConfigError> {
    let value = value.unwrap_or_default();
    let value = value.strip_suffix('/').unwrap_or(&value);
    if value.is_empty() || (value.starts_with('/') && !value.contains(['?', '#', ' '])) {
        Ok(value.to_owned())
    } else {
        Err(ConfigError::new(
            "DAFTARI_BASE_PATH",
            "must be a path that starts with /",
        ))
    }
}

fn time_budget(value: Option<String>) -> Result<Duration, ConfigError> {
    let Some(value) = value else {
        return Ok(Duration::from_secs(20));
    };
    match value.parse() {
        Ok(milliseconds @ 100..=900_000) => Ok(Duration::from_millis(milliseconds)),
        _ => Err(ConfigError::new(
            "DAFTARI_TIME_BUDGET_MS",
            "must be a number from 100 to 900000",
        )),
    }
}

fn trusted_proxies() -> Result<TrustedProxies, ConfigError> {
    const VARIABLE: &str = "DAFTARI_TRUSTED_PROXIES";
    let text = optional(VARIABLE)?.unwrap_or_default();
    text.parse().map_err(|error| ConfigError::new(VARIABLE, error))
}

fn limit(variable: &str, default: u64) -> Result<u64, ConfigError> {
    let Some(value) = optional(variable)? else {
        return Ok(default);
    };
    let limit = value.parse().ok().filter(|limit| *limit <= 1_000_000_000);
    limit.ok_or_else(|| ConfigError::new(variable, "must be a number from 0 to 1000000000"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_paths_lose_their_trailing_slash() {
        assert_eq!(base_path(None), Ok(String::new()));
        assert_eq!(base_path(Some("/".into())), Ok(String::new()));
        assert_eq!(base_path(Some("/beta/".into())), Ok("/beta".into()));
        assert!(base_path(Some("beta".into())).is_err());
    }

    #[test]
    fn a_missing_variable_is_named() {
        let error = text_or_file("DAFTARI_NO_SUCH_THING").expect_err("missing");
        assert_eq!(
            error.to_string(),
            "configuration: DAFTARI_NO_SUCH_THING is not set, nor is DAFTARI_NO_SUCH_THING_FILE"
        );
    }

    #[test]
    fn time_budgets_have_limits() {
        assert_eq!(time_budget(None), Ok(Duration::from_secs(20)));
        assert!(time_budget(Some("0".into())).is_err());
        assert!(time_budget(Some("soon".into())).is_err());
    }
}
