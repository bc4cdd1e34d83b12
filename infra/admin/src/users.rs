//! Users and their phone numbers.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::ensure;
use clap::Subcommand;
use daftari_domain::Timestamp;
use daftari_domain::ids::OrganizationId;
use daftari_platform::identity::{Environment, Tenant};
use daftari_platform::store::{ErasedUser, NumberFault, NumberFaultKind, Store};
use uuid::Uuid;

use crate::import::Import;
use crate::options::{environment, uuid};
use crate::output::say;
use crate::{Connection, FINDING};

#[derive(Subcommand)]
pub(crate) enum UsersCommand {
    /// Lists users with a faulty phone number, one per line. Exits with code 3 if there are any. Read-only. Scans the
    /// whole table.
    #[command(after_help = LINES)]
    Check {
        /// Only the users of this organization.
        #[arg(long, value_parser = uuid)]
        organization: Option<Uuid>,
        /// Limit of printed lines.
        #[arg(long, default_value_t = 1_000)]
        limit: usize,
        #[command(flatten)]
        connection: Connection,
    },
    /// Lists the users of all organizations that were erased at or after a time, one per line: organization,
    /// environment, uuid and time, separated by tabs. After a restore of the table they are erased again. Receipts of
    /// erasures are kept for 90 days. Read-only. Scans the whole table.
    Erased {
        /// The time, such as 2021-11-16T20:00:00Z.
        #[arg(long)]
        since: Timestamp,
        #[command(flatten)]
        connection: Connection,
    },
    /// Registers the users of a CSV file with a header: phone_number, and any of first_name, last_name, email,
    /// external_id, device_id, is_kyc_verified. An empty cell leaves a known user's value unchanged. Writes a result
    /// file with a line for each row. After an interruption, the same command continues. Exits with code 3 if rows were
    /// rejected.
    Import {
        /// The file.
        file: PathBuf,
        /// The organization of the users.
        #[arg(long, value_parser = uuid)]
        organization: Uuid,
        /// The environment of the users.
        #[arg(long, default_value = "production", value_parser = environment())]
        environment: Environment,
        /// The result file. Default: FILE.result.csv.
        #[arg(long)]
        result: Option<PathBuf>,
        /// Rows that are registered concurrently.
        #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=1_000))]
        at_once: u16,
        /// Limit of rows a second. Each takes about 25 write units, and the functions share the table.
        #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        per_second: u32,
        #[command(flatten)]
        connection: Connection,
    },
}

const LINES: &str = "\
Lines, where TENANT is the uuid of an organization, # and the environment:
  odd        TENANT  USER  NUMBER  the correct spelling of NUMBER, or why it is not a phone number
  same       TENANT  NUMBER  USER USER…: several users with one number
  unclaimed  TENANT  USER  NUMBER  kept for USER or for nobody: a search by number does not find the user
  dangling   TENANT  NUMBER  kept for USER, who does not exist or has another number";

impl UsersCommand {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Check {
                organization,
                limit,
                connection,
            } => check(organization.map(OrganizationId), limit, &connection).await,
            Self::Erased { since, connection } => {
                let store = connection.store().await?;
                let scan = store.scan_erased(since, |erased| say!("{}", erased_line(&erased)));
                scan.await?;
                Ok(ExitCode::SUCCESS)
            }
            Self::Import {
                file,
                organization,
                environment,
                result,
                at_once,
                per_second,
                connection,
            } => {
                let store = connection.store().await?;
                let organization = OrganizationId(organization);
                ensure_there(&store, organization).await?;
                let import = Import {
                    file,
                    result,
                    tenant: Tenant::of_operator(organization, environment),
                    at_once: at_once.into(),
                    per_second,
                };
                let outcomes = import.run(&store).await?;
                Ok(if outcomes.rejected == 0 {
                    ExitCode::SUCCESS
                } else {
                    ExitCode::from(FINDING)
                })
            }
        }
    }
}

pub(crate) async fn ensure_there(store: &Store, organization: OrganizationId) -> anyhow::Result<()> {
    let found = store.organization(organization).await?;
    ensure!(found.is_some(), "there is no organization {organization}");
    Ok(())
}

async fn check(
    organization: Option<OrganizationId>,
    limit: usize,
    connection: &Connection,
) -> anyhow::Result<ExitCode> {
    let store = connection.store().await?;
    if let Some(id) = organization {
        ensure_there(&store, id).await?;
    }
    let check = store.check_numbers(organization).await?;
    for fault in check.faults.iter().take(limit) {
        say!("{}", line(fault));
    }
    let (users, found) = (check.users, check.faults.len());
    let shown = if found > limit {
        format!(", of which {limit} are shown")
    } else {
        String::new()
    };
    say!("{users} users, {found} findings{shown}");
    Ok(if found == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FINDING)
    })
}

fn erased_line(erased: &ErasedUser) -> String {
    let ErasedUser { tenant, user, at } = erased;
    format!("{}\t{}\t{user}\t{at}", tenant.organization(), tenant.environment())
}

fn line(fault: &NumberFault) -> String {
    let tenant = &fault.tenant;
    match &fault.kind {
        NumberFaultKind::Odd {
            user,
            stored,
            spelling: Ok(number),
        } => format!("odd        {tenant}  {user}  {stored}  is {number}"),
        NumberFaultKind::Odd {
            user,
            stored,
            spelling: Err(reason),
        } => format!("odd        {tenant}  {user}  {stored}  {reason}"),
        NumberFaultKind::Same { number, users } => {
            let users: Vec<_> = users.iter().map(ToString::to_string).collect();
            format!("same       {tenant}  {number}  {}", users.join(" "))
        }
        NumberFaultKind::Unclaimed { user, stored, holder } => {
            let holder = holder.map_or_else(|| "nobody".to_owned(), |holder| holder.to_string());
            format!("unclaimed  {tenant}  {user}  {stored}  kept for {holder}")
        }
        NumberFaultKind::Dangling { number, holder } => {
            format!("dangling   {tenant}  {number}  kept for {holder}")
        }
    }
}
