//! Reads secrets from AWS Secrets Manager.

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::{ProvideErrorMetadata, SdkError};

use crate::config::{self, ConfigError};

/// A secret could not be read. The message contains no part of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("secret cannot be read: {0}")]
pub struct SecretError(String);

/// Reads one secret. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SecretReader {
    client: Client,
    id: String,
}

impl SecretReader {
    /// The secret whose ARN or name is in `variable`; `None` if the variable is empty or missing. Region, credentials
    /// and endpoint (`AWS_ENDPOINT_URL_SECRETS_MANAGER`) come from the environment.
    pub async fn from_env(variable: &str) -> Result<Option<Self>, ConfigError> {
        let Some(id) = config::optional(variable)? else {
            return Ok(None);
        };
        let mut config = aws_sdk_secretsmanager::config::Builder::from(&super::environment().await?);
        if let Some(url) = config::optional("AWS_ENDPOINT_URL_SECRETS_MANAGER")? {
            config = config.endpoint_url(url);
        }
        let client = Client::from_conf(config.build());
        Ok(Some(Self { client, id }))
    }

    /// A secret that the given client reads.
    pub fn new(client: Client, id: impl Into<String>) -> Self {
        let id = id.into();
        Self { client, id }
    }

    /// Reads the current text of the secret.
    pub async fn read(&self) -> Result<String, SecretError> {
        let answer = self.client.get_secret_value().secret_id(&self.id).send();
        let secret = answer.await.map_err(|error| reason(&error))?.secret_string;
        secret.ok_or_else(|| SecretError("it holds no text".to_owned()))
    }
}

fn reason<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> SecretError {
    let kind = match error {
        SdkError::TimeoutError(_) => "timed out",
        SdkError::DispatchFailure(_) => "Secrets Manager is not reachable",
        _ => "refused",
    };
    SecretError(match (error.code(), error.message()) {
        (Some(code), message) => format!("{code} {}", message.unwrap_or_default()),
        (None, _) => kind.to_owned(),
    })
}
