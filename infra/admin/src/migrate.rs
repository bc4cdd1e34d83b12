//! Moves the users of an earlier version's table to the layout of this version.

use std::time::Duration;

use anyhow::ensure;
use clap::Args;
use daftari_domain::ids::OrganizationId;
use daftari_platform::Clock;
use daftari_platform::identity::{Environment, Tenant};
use daftari_platform::store::{LAYOUT_SECONDS, Migrated, Store};
use indicatif::{ProgressBar, ProgressStyle};
use uuid::Uuid;

use crate::Connection;
use crate::options::uuid;
use crate::output::say;

/// Run it when all functions have this version. Without `--finish`, it writes the items of this version's layout and
/// switches reads to them. With `--finish`, it deletes the items that only earlier versions read. It can be repeated,
/// and resumes after an interruption.
#[derive(Args)]
pub(crate) struct Migrate {
    /// Only the users of this organization. Without it, reads the whole table for the organizations.
    #[arg(long, value_parser = uuid)]
    organization: Option<Uuid>,
    /// Deletes the items that earlier versions read. After that, a rollback to them is impossible.
    #[arg(long)]
    finish: bool,
    /// Longer than any request of the service, some of which may have read the earlier layout.
    #[arg(long, hide = true, default_value_t = LAYOUT_SECONDS)]
    wait_seconds: u64,
    #[command(flatten)]
    connection: Connection,
}

impl Migrate {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let store = self.connection.store().await?;
        let organizations = match self.organization.map(OrganizationId) {
            Some(id) => {
                ensure!(store.organization(id).await?.is_some(), "there is no organization {id}");
                vec![id]
            }
            None => store
                .scan_organizations()
                .await?
                .into_iter()
                .map(|found| found.id)
                .collect(),
        };
        let tenants: Vec<Tenant> = organizations
            .into_iter()
            .flat_map(|id| Environment::ALL.map(|environment| Tenant::of_operator(id, environment)))
            .collect();
        if self.finish {
            return finish(&store, &tenants, self.wait_seconds).await;
        }
        let mut is_due = false;
        for tenant in &tenants {
            is_due |= store.begin_migration(*tenant).await?;
        }
        if is_due {
            wait(self.wait_seconds).await;
        }
        for tenant in tenants {
            let bar = bar()?;
            let done = store
                .migrate_users(tenant, || Clock::System.now(), |done| show(&bar, tenant, done))
                .await?;
            bar.finish_and_clear();
            say!("{tenant}: {} users changed, {} counted", done.changed, done.counted);
        }
        Ok(())
    }
}

async fn finish(store: &Store, tenants: &[Tenant], wait_seconds: u64) -> anyhow::Result<()> {
    for tenant in tenants {
        ensure!(
            store.is_migrated(*tenant).await?,
            "{tenant} is not migrated: run migrate without --finish first"
        );
    }
    for tenant in tenants {
        store.write_sharded(*tenant).await?;
    }
    wait(wait_seconds).await;
    for tenant in tenants {
        let bar = bar()?;
        let done = store
            .remove_single_layout(*tenant, |done| show(&bar, *tenant, done))
            .await?;
        bar.finish_and_clear();
        say!("{tenant}: {} users changed", done.changed);
    }
    Ok(())
}

async fn wait(seconds: u64) {
    eprintln!("waits {seconds} seconds for requests that began earlier");
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

fn bar() -> anyhow::Result<ProgressBar> {
    let style = ProgressStyle::with_template("{spinner} {msg}, {elapsed}")?;
    Ok(ProgressBar::new_spinner().with_style(style))
}

fn show(bar: &ProgressBar, tenant: Tenant, done: Migrated) {
    let Migrated { seen, changed, counted } = done;
    bar.set_message(format!(
        "{tenant}: {seen} users seen, {changed} changed, {counted} counted"
    ));
    bar.tick();
}
