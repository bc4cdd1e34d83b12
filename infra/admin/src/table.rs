//! The table itself.

use anyhow::Context;
use clap::Subcommand;
use daftari_infra::template::{TEMPLATE, table_shape};
use daftari_platform::store::table::create_table;

use crate::Connection;

#[derive(Subcommand)]
pub(crate) enum TableCommand {
    /// Creates the table as the SAM template defines it. For local tables: in production the template does this.
    Create {
        #[command(flatten)]
        connection: Connection,
    },
}

impl TableCommand {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let Self::Create { connection } = self;
        let shape = table_shape(TEMPLATE).context("the template built in")?;
        let created = create_table(&connection.client().await?, &connection.table, &shape).await?;
        println!(
            "{} {}",
            connection.table,
            if created {
                "created"
            } else {
                "is there already"
            }
        );
        Ok(())
    }
}
