//! The embedded engine, served on a loopback port.

use std::net::SocketAddr;
use std::path::Path;

use aws_config::Region;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Credentials;
use daftari_platform::store::create_table::create_table;
use dynoxide::Database;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use daftari_infra::local::CREDENTIAL;
use daftari_infra::template::{TEMPLATE, table_shape};

pub use daftari_infra::local::REGION;

/// The engine could not be started or stopped.
#[derive(Debug, thiserror::Error)]
#[error("local table: {0}")]
pub struct EngineError(String);

impl EngineError {
    fn of(error: impl ToString) -> Self {
        Self(error.to_string())
    }
}

/// A running engine. Dropping it stops it.
#[derive(Debug)]
pub struct Engine {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<Result<(), String>>,
}

impl Engine {
    /// Serves a table on a port of 127.0.0.1 (0 for any). The table is kept in `file`, or in memory.
    pub async fn start(file: Option<&Path>, port: u16) -> Result<Self, EngineError> {
        let database = match file {
            Some(path) => {
                let path = path
                    .to_str()
                    .ok_or_else(|| EngineError::of("path of the data is not UTF-8"))?;
                Database::new(path)
            }
            None => Database::memory(),
        };
        let database = database.map_err(EngineError::of)?;
        let listener = TcpListener::bind(("127.0.0.1", port))
            .await
            .map_err(|error| EngineError(format!("cannot listen on port {port}: {error}")))?;
        let address = listener.local_addr().map_err(EngineError::of)?;
        let (stop, stopped) = oneshot::channel();
        let server = tokio::spawn(dynoxide::server::serve_with_shutdown(listener, database, async {
            let _ = stopped.await;
        }));
        Ok(Self {
            address,
            stop: Some(stop),
            server,
        })
    }

    /// The URL of the engine.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A client of the engine.
    pub async fn client(&self) -> Client {
        client(&self.endpoint()).await
    }

    /// Creates the table that the SAM template defines. False if it exists.
    pub async fn create_table(&self, name: &str) -> Result<bool, EngineError> {
        let shape = table_shape(TEMPLATE).map_err(EngineError::of)?;
        create_table(&self.client().await, name, &shape)
            .await
            .map_err(EngineError::of)
    }

    /// Completes running requests and closes the data.
    pub async fn stop(mut self) -> Result<(), EngineError> {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        match (&mut self.server).await {
            Ok(served) => served.map_err(EngineError),
            Err(error) => Err(EngineError::of(error)),
        }
    }
}

/// A client of an engine, or of a proxy in front of one, with the retries and timeouts of the functions.
pub async fn client(endpoint: &str) -> Client {
    let config = daftari_platform::aws::client_config()
        .region(Region::new(REGION))
        .credentials_provider(Credentials::new(CREDENTIAL, CREDENTIAL, None, None, "local"))
        .endpoint_url(endpoint)
        .load()
        .await;
    Client::new(&config)
}
