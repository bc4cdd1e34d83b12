//! The table.

use std::process::ExitCode;

use anyhow::Context;
use clap::Subcommand;
use daftari_infra::template::{TEMPLATE, table_shape};
use daftari_platform::store::KeyHash;
use daftari_platform::store::create_table::create_table;

use crate::output::say;
use crate::{Connection, FINDING};

#[derive(Subcommand)]
pub(crate) enum TableCommand {
    /// Creates the table as the SAM template defines it. Only for local tables; in production the template creates it.
    Create {
        #[command(flatten)]
        connection: Connection,
    },
    /// Finds an item by the hash of its key, as in the log line `corrupt page item 0123456789abcdef`. Prints its type,
    /// PK and SK, separated by tabs. Exits with code 3 if no item matches. Read-only. Scans the whole table.
    Find {
        /// The hash: 16 hexadecimal digits.
        hash: KeyHash,
        /// Limit of found items. The search stops at this number.
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1_000))]
        limit: u16,
        #[command(flatten)]
        connection: Connection,
    },
}

/// Shown for a damaged item without a type.
const NO_TYPE: &str = "-";

impl TableCommand {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Create { connection } => create(&connection).await,
            Self::Find {
                hash,
                limit,
                connection,
            } => find(&connection, hash, limit.into()).await,
        }
    }
}

async fn create(connection: &Connection) -> anyhow::Result<ExitCode> {
    let shape = table_shape(TEMPLATE).context("the template built in")?;
    let connected = connection.connect().await?;
    connected.ensure_there().await?;
    let created = create_table(&connected.client, &connected.table, &shape).await?;
    say!(
        "{} {}",
        connected.table,
        if created { "created" } else { "is there already" }
    );
    Ok(ExitCode::SUCCESS)
}

async fn find(connection: &Connection, hash: KeyHash, limit: usize) -> anyhow::Result<ExitCode> {
    let store = connection.store().await?;
    let found = store.scan_key_hash(hash, limit).await?;
    for key in &found {
        let kind = key.kind.as_deref().unwrap_or(NO_TYPE);
        say!("{kind}\t{}\t{}", key.pk, key.sk);
    }
    Ok(if found.is_empty() {
        eprintln!("daftari-admin: no item of {} has the hash {hash}", store.table_name());
        ExitCode::from(FINDING)
    } else {
        ExitCode::SUCCESS
    })
}
