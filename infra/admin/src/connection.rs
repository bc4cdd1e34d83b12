//! Which table to work on.

use aws_sdk_dynamodb::Client;
use clap::Args;
use daftari_platform::aws::client_config;
use daftari_platform::store::Store;

/// Where the table is.
#[derive(Args)]
pub(crate) struct Connection {
    /// Name of the table.
    #[arg(long, env = "DAFTARI_TABLE", default_value = "daftari")]
    pub(crate) table: String,
    /// DynamoDB's address, for a table that is not the region's: http://127.0.0.1:8000 is that of `make dev`.
    #[arg(long, env = "AWS_ENDPOINT_URL_DYNAMODB")]
    endpoint_url: Option<String>,
}

impl Connection {
    pub(crate) async fn client(&self) -> Client {
        let mut config = client_config();
        if let Some(url) = &self.endpoint_url {
            config = config.endpoint_url(url);
        }
        Client::new(&config.load().await)
    }

    pub(crate) async fn store(&self) -> Store {
        Store::new(self.client().await, self.table.clone())
    }
}
