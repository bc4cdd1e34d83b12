//! The environment of the started functions.

use daftari_infra::keys::new_key;
use daftari_platform::identity::SigningKeys;

use crate::Fault;

/// Name of the table.
pub(crate) const TABLE: &str = "daftari";

/// A valid configuration with keys, for a runtime API at `runtime_api` (host and port).
pub(crate) fn environment(runtime_api: &str, keys: &SigningKeys) -> Result<Vec<(&'static str, String)>, Fault> {
    Ok(vec![
        ("AWS_LAMBDA_RUNTIME_API", runtime_api.to_owned()),
        ("AWS_LAMBDA_FUNCTION_NAME", "bench".to_owned()),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512".to_owned()),
        ("AWS_LAMBDA_FUNCTION_VERSION", "1".to_owned()),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "bench".to_owned()),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "bench".to_owned()),
        ("AWS_REGION", "eu-west-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", "bench".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "bench".to_owned()),
        ("DAFTARI_TABLE", TABLE.to_owned()),
        ("DAFTARI_JWKS", keys.to_jwks()?),
        ("DAFTARI_SIGNING_KEYS", keys.to_json()?),
        ("DAFTARI_CURSOR_KEY", new_key()?),
        ("DAFTARI_COUNTERPARTY_KEY", new_key()?),
    ])
}
