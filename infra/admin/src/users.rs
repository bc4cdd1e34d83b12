//! Users, and the phone numbers they are known by.

use std::process::ExitCode;

use anyhow::ensure;
use clap::Subcommand;
use daftari_domain::ids::OrganizationId;
use daftari_platform::store::{NumberFault, NumberFaultKind};
use uuid::Uuid;

use crate::{Connection, FINDING};

#[derive(Subcommand)]
pub(crate) enum UsersCommand {
    /// Lists users whose phone number is not as it should be, a line for each; exit code 3 if there are any. Changes
    /// nothing. Reads the whole table.
    #[command(after_help = LINES)]
    Check {
        /// Only the users of this organization.
        #[arg(long)]
        organization: Option<Uuid>,
        /// Lines to print at most.
        #[arg(long, default_value_t = 1_000)]
        limit: usize,
        #[command(flatten)]
        connection: Connection,
    },
}

const LINES: &str = "\
Lines, where TENANT is the uuid of an organization, # and the environment:
  odd        TENANT  USER  NUMBER  the number that NUMBER is, or why it is none
  same       TENANT  NUMBER  USER USER…: several users with one number
  unclaimed  TENANT  USER  NUMBER  kept for USER, or for nobody: the user is not found by its number
  dangling   TENANT  NUMBER  kept for USER, who is not there or has another number";

impl UsersCommand {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        let Self::Check {
            organization,
            limit,
            connection,
        } = self;
        let organization = organization.map(OrganizationId);
        let store = connection.store().await?;
        if let Some(id) = organization {
            let found = store.organization(id).await?;
            ensure!(found.is_some(), "there is no organization {id}");
        }
        let check = store.check_numbers(organization).await?;
        for fault in check.faults.iter().take(limit) {
            println!("{}", line(fault));
        }
        let (users, found) = (check.users, check.faults.len());
        let shown = if found > limit {
            format!(", of which {limit} are shown")
        } else {
            String::new()
        };
        println!("{users} users, {found} findings{shown}");
        Ok(if found == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(FINDING)
        })
    }
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
