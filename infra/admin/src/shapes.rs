//! The wordings that the reader does not read.

use anyhow::ensure;
use clap::Args;
use daftari_domain::ids::OrganizationId;
use daftari_domain::time::DAY_SECONDS;
use daftari_platform::Clock;
use daftari_platform::identity::Environment;
use daftari_platform::store::{KeptShape, ShapeTraffic, Store, by_traffic, months_between};
use uuid::Uuid;

use crate::Connection;
use crate::options::uuid;
use crate::output::say;

/// Most days of the list: items of earlier months expire.
const MAX_DAYS: i64 = 31;

#[derive(Args)]
pub(crate) struct ShapesArguments {
    /// Only of this organization. Left out, of all organizations, for which it reads the whole table.
    #[arg(long, value_parser = uuid)]
    organization: Option<Uuid>,
    /// Number of days up to today.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(i64).range(1..=MAX_DAYS))]
    days: i64,
    /// Most shapes to print.
    #[arg(long, default_value_t = 100)]
    limit: usize,
    #[command(flatten)]
    connection: Connection,
}

impl ShapesArguments {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let store = self.connection.store().await?;
        let organizations = if let Some(id) = self.organization.map(OrganizationId) {
            let found = store.organization(id).await?;
            ensure!(found.is_some(), "there is no organization {id}");
            vec![id]
        } else {
            let all = store.scan_organizations().await?;
            all.iter().map(|organization| organization.id).collect()
        };
        let found = traffic(&store, &organizations, self.days).await?;
        for shape in found.iter().take(self.limit) {
            print(shape);
        }
        let shown = found.len().min(self.limit);
        say!("{shown} of {} shapes", found.len());
        Ok(())
    }
}

/// The shapes of the organizations together, the most common first.
async fn traffic(store: &Store, organizations: &[OrganizationId], days: i64) -> anyhow::Result<Vec<ShapeTraffic>> {
    let now = Clock::System.now();
    let since = now.plus_seconds((1 - days) * DAY_SECONDS);
    let mut shapes: Vec<KeptShape> = Vec::new();
    for organization in organizations {
        for environment in Environment::ALL {
            for month in months_between(since, now) {
                let found = store.kept_shapes_of_organization(*organization, environment, month);
                shapes.extend(found.await?);
            }
        }
    }
    Ok(by_traffic(shapes, since))
}

fn print(shape: &ShapeTraffic) {
    let wording = &shape.wording;
    say!("{:>7}  {}  {}", shape.count, wording.sender, wording.text);
    let stop = match wording.segment.as_str() {
        "" => wording.reason.clone(),
        segment => format!("{}: {segment}", wording.reason),
    };
    say!("         stopped by: {stop} (reader {})", wording.reader);
    if let Some(nearest) = &wording.nearest {
        say!("         nearest:    {} / {}", nearest.institution, nearest.template);
    }
}
