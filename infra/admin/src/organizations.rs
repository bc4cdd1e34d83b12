//! Organizations, and the tokens issued to them.

use anyhow::{bail, ensure};
use clap::{Args, Subcommand};
use daftari_domain::Country;
use daftari_domain::ids::OrganizationId;
use daftari_platform::store::Organization;
use uuid::Uuid;

use crate::{Connection, MAX_CHARS};

#[derive(Subcommand)]
pub(crate) enum OrganizationCommand {
    /// Creates an organization and prints its uuid.
    Create {
        /// Its name.
        #[arg(long)]
        name: String,
        /// Where it is at home: two letters of ISO 3166.
        #[arg(long)]
        country: Country,
        #[command(flatten)]
        connection: Connection,
    },
    /// Refuses all sign-ins to an organization and all of its tokens, those of phones too, everywhere within 30 seconds.
    /// Its data stays.
    Disable(OneOrganization),
    /// Takes a disabled organization back. Tokens that have not expired or been invalidated are good again.
    Enable(OneOrganization),
    /// Lists all organizations: uuid, country, token generation, name, whether disabled. Reads the whole table.
    List {
        #[command(flatten)]
        connection: Connection,
    },
}

/// An organization that is there.
#[derive(Args)]
pub(crate) struct OneOrganization {
    /// Its uuid.
    organization: Uuid,
    #[command(flatten)]
    connection: Connection,
}

impl OneOrganization {
    async fn set_disabled(self, disabled: bool) -> anyhow::Result<()> {
        let store = self.connection.store().await?;
        let id = OrganizationId(self.organization);
        ensure!(
            store.set_organization_disabled(id, disabled).await?,
            "there is no organization {id}"
        );
        println!("{id}: {}", if disabled { "disabled" } else { "enabled" });
        Ok(())
    }
}

impl OrganizationCommand {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Create {
                name,
                country,
                connection,
            } => {
                let name = name.trim().to_owned();
                let usable = (1..=MAX_CHARS).contains(&name.chars().count()) && !name.chars().any(char::is_control);
                ensure!(
                    usable,
                    "--name must have 1 to {MAX_CHARS} characters and no control characters"
                );
                let id = OrganizationId(Uuid::new_v4());
                let new = Organization::new(id, &name, country);
                ensure!(
                    connection.store().await?.create_organization(&new).await?,
                    "the uuid is taken: try again"
                );
                println!("{id}");
            }
            Self::Disable(one) => one.set_disabled(true).await?,
            Self::Enable(one) => one.set_disabled(false).await?,
            Self::List { connection } => {
                for found in connection.store().await?.scan_organizations().await? {
                    println!(
                        "{}  {}  {}  {}{}",
                        found.id,
                        found.country,
                        found.token_generation,
                        found.name,
                        if found.disabled { "  (disabled)" } else { "" }
                    );
                }
            }
        }
        Ok(())
    }
}

#[derive(Subcommand)]
pub(crate) enum TokensCommand {
    /// Invalidates every token of an organization issued so far, everywhere within 30 seconds.
    Invalidate {
        /// The organization.
        organization: Uuid,
        #[command(flatten)]
        connection: Connection,
    },
}

impl TokensCommand {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let Self::Invalidate {
            organization,
            connection,
        } = self;
        match connection
            .store()
            .await?
            .invalidate_tokens(OrganizationId(organization))
            .await?
        {
            Some(generation) => println!("tokens are good from generation {generation} on"),
            None => bail!("there is no organization {organization}"),
        }
        Ok(())
    }
}
