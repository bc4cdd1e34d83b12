//! Runs the local table until a signal stops it.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use daftari_infra::local::{self, DEFAULT_DATA_DIR, DEFAULT_TABLE_PORT};
use daftari_local::folder::{Folder, TABLE};
use daftari_local::{Engine, demo};
use daftari_platform::Clock;
use daftari_platform::store::Store;
use tokio::signal::unix::{SignalKind, signal};

/// The Daftari table on this machine: an embedded DynamoDB engine with local keys and demo data.
///
/// Serves until SIGINT or SIGTERM. All data is in the data folder: the table, the signing keys, the cursor key, the
/// counterparty key, functions.env (the environment of the functions) and routes.json (their routes). Delete the folder
/// to start afresh.
#[derive(Parser)]
#[command(
    version,
    after_help = "Exit codes: 0 stopped by a signal, 1 failed, 2 usage error.\n\n\
    Example: daftari-local --data-dir .local --port 8000"
)]
struct Options {
    /// Folder of all data. Created if it does not exist.
    #[arg(long, env = local::DATA_DIR, default_value = DEFAULT_DATA_DIR)]
    data_dir: PathBuf,
    /// Port of 127.0.0.1 to serve on. 0 for any free port.
    #[arg(long, env = local::TABLE_PORT, default_value_t = DEFAULT_TABLE_PORT)]
    port: u16,
    /// Leave the table empty.
    #[arg(long)]
    no_demo: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("daftari-local: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<(), Box<dyn std::error::Error>> {
    // Registered before the demo data is written, so that an early signal is not lost.
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let folder = Folder::open(&options.data_dir)?;
    let engine = Engine::start(Some(&folder.table_file()), options.port).await?;
    let stopped = async {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    };
    let prepared = tokio::select! {
        prepared = prepare(&folder, &engine, !options.no_demo) => prepared.map(Some),
        () = stopped => Ok(None),
    };
    if let Ok(Some(())) = prepared {
        println!("table ready {}", engine.endpoint());
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
    engine.stop().await?;
    prepared.map(|_| ())
}

async fn prepare(folder: &Folder, engine: &Engine, with_demo: bool) -> Result<(), Box<dyn std::error::Error>> {
    folder.signing_keys()?;
    if engine.create_table(TABLE).await? {
        println!("table {TABLE} created");
    }
    if with_demo {
        let store = Store::new(engine.client().await, TABLE.to_owned());
        let seeded = demo::seed(&store, Clock::System.now()).await?;
        if seeded != demo::Seeded::default() {
            println!("demo data written: {} users, {} records", seeded.users, seeded.records);
        }
    }
    let environment = folder.write_environment(&engine.endpoint())?;
    println!("functions.env written: {}", environment.display());
    println!("routes.json written: {}", folder.write_routes()?.display());
    Ok(())
}
