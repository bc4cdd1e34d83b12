//! Which table to work on.

use anyhow::ensure;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::ProvideCredentials;
use clap::Args;
use daftari_platform::aws::client_config;
use daftari_platform::store::Store;

/// Address of the table.
#[derive(Args)]
pub(crate) struct Connection {
    /// Name of the table.
    #[arg(long, env = "DAFTARI_TABLE", default_value = "daftari")]
    pub(crate) table: String,
    /// DynamoDB endpoint, if it is not the region's. `make dev` has http://127.0.0.1:8000.
    #[arg(long, env = "AWS_ENDPOINT_URL_DYNAMODB")]
    endpoint_url: Option<String>,
}

impl Connection {
    /// Fails if the environment has no region or no credentials.
    pub(crate) async fn client(&self) -> anyhow::Result<Client> {
        let mut config = client_config();
        if let Some(url) = &self.endpoint_url {
            config = config.endpoint_url(url);
        }
        let config = config.load().await;
        ensure!(config.region().is_some(), "AWS_REGION is not set");
        let credentials = match config.credentials_provider() {
            Some(provider) => provider.provide_credentials().await.ok(),
            None => None,
        };
        ensure!(
            credentials.is_some(),
            "no credentials in the environment: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or for a profile \
             run eval \"$(aws configure export-credentials --format env)\""
        );
        Ok(Client::new(&config))
    }

    pub(crate) async fn store(&self) -> anyhow::Result<Store> {
        Ok(Store::new(self.client().await?, self.table.clone()))
    }
}
