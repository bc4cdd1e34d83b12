//! The demo data on the embedded engine, behind TLS like DynamoDB.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use daftari_local::{Engine, demo};
use daftari_platform::store::Store;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::Fault;
use crate::environment::TABLE;

/// A date without histories: the ledgers are short, and reading them adds little to the cost of a first request.
const BEFORE_HISTORIES: &str = "2021-11-17T00:00:00Z";

/// A running table.
pub(crate) struct Table {
    _engine: Engine,
    _folder: tempfile::TempDir,
    /// URL of the table, over TLS.
    pub(crate) endpoint: String,
    /// The file with the certificate to trust.
    pub(crate) certificate: PathBuf,
}

impl Table {
    /// Starts a table with the demo data.
    pub(crate) async fn start() -> Result<Self, Fault> {
        let engine = Engine::start(None, 0).await?;
        engine.create_table(TABLE).await?;
        let store = Store::new(engine.client().await, TABLE.to_owned());
        demo::seed(&store, BEFORE_HISTORIES.parse()?).await?;
        let folder = tempfile::tempdir()?;
        let certificate = folder.path().join("certificate.pem");
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()])?;
        std::fs::write(&certificate, cert.pem())?;
        let key = PrivateKeyDer::try_from(signing_key.serialize_der())?;
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)?;
        let inner = engine.endpoint();
        let inner = inner.trim_start_matches("http://").parse()?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let endpoint = format!("https://localhost:{}", listener.local_addr()?.port());
        tokio::spawn(serve(listener, TlsAcceptor::from(Arc::new(config)), inner));
        Ok(Self {
            _engine: engine,
            _folder: folder,
            endpoint,
            certificate,
        })
    }
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, inner: SocketAddr) {
    while let Ok((stream, _)) = listener.accept().await {
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            // If a connection fails, its client sees the failure.
            if let (Ok(mut outside), Ok(mut inside)) = (acceptor.accept(stream).await, TcpStream::connect(inner).await)
            {
                let _ = inside.set_nodelay(true);
                let _ = copy_bidirectional(&mut outside, &mut inside).await;
            }
        });
    }
}
