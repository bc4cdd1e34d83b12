//! Organizations, and the tokens issued to them.

use anyhow::{bail, ensure};
use clap::{Args, Subcommand};
use daftari_domain::Country;
use daftari_domain::ids::OrganizationId;
use daftari_platform::store::{Organization, OwnLimits};
use uuid::Uuid;

use crate::options::{Usage, country, uuid};
use crate::output::say;
use crate::{Connection, MAX_CHARS};

#[derive(Subcommand)]
pub(crate) enum OrganizationCommand {
    /// Creates an organization and prints its uuid.
    Create {
        /// Its name.
        #[arg(long)]
        name: String,
        /// Its country, as two letters of ISO 3166-1, such as KE.
        #[arg(long, value_parser = country)]
        country: Country,
        #[command(flatten)]
        connection: Connection,
    },
    /// Refuses all sign-ins to an organization and all of its tokens, including phone tokens, everywhere within 30
    /// seconds. Its data stays.
    Disable(OneOrganization),
    /// Enables a disabled organization. Tokens that have neither expired nor been invalidated are valid again.
    Enable(OneOrganization),
    /// Sets the limits of an organization per minute, everywhere within 30 seconds. Above a limit, its requests get a
    /// 429. An omitted limit is reset to the deployment's default.
    Limit {
        /// Most requests in a minute; 0 for no limit.
        #[arg(long)]
        requests: Option<u64>,
        /// Most write units of the table in a minute; 0 for no limit.
        #[arg(long)]
        write_units: Option<u64>,
        #[command(flatten)]
        one: OneOrganization,
    },
    /// Lists all organizations: uuid, country, token generation, name, whether disabled, own limits. Reads the whole
    /// table.
    List {
        #[command(flatten)]
        connection: Connection,
    },
    /// Renames an organization. Its uuid, logins, tokens and data stay.
    Rename {
        /// Its name after the change.
        #[arg(long)]
        name: String,
        #[command(flatten)]
        one: OneOrganization,
    },
}

/// An existing organization.
#[derive(Args)]
pub(crate) struct OneOrganization {
    /// Its uuid.
    #[arg(value_parser = uuid)]
    organization: Uuid,
    #[command(flatten)]
    connection: Connection,
}

impl OneOrganization {
    async fn set_limits(self, limits: OwnLimits) -> anyhow::Result<()> {
        let store = self.connection.store().await?;
        let id = OrganizationId(self.organization);
        ensure!(
            store.set_organization_limits(id, limits).await?,
            "there is no organization {id}"
        );
        let own = own_limits(limits);
        say!(
            "{id}: {}",
            if own.is_empty() {
                "limits of the deployment"
            } else {
                own.trim()
            }
        );
        Ok(())
    }

    async fn rename(self, name: &str) -> anyhow::Result<()> {
        let name = usable_name(name)?;
        let store = self.connection.store().await?;
        let id = OrganizationId(self.organization);
        ensure!(
            store.rename_organization(id, name).await?,
            "there is no organization {id}"
        );
        say!("{id}: {name}");
        Ok(())
    }

    async fn set_disabled(self, disabled: bool) -> anyhow::Result<()> {
        let store = self.connection.store().await?;
        let id = OrganizationId(self.organization);
        ensure!(
            store.set_organization_disabled(id, disabled).await?,
            "there is no organization {id}"
        );
        say!("{id}: {}", if disabled { "disabled" } else { "enabled" });
        Ok(())
    }
}

/// A name without surrounding white space.
fn usable_name(name: &str) -> anyhow::Result<&str> {
    let name = name.trim();
    let usable = (1..=MAX_CHARS).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    Usage::ensure(
        usable,
        format!("--name must have 1 to {MAX_CHARS} characters and no control characters"),
    )?;
    Ok(name)
}

/// The organization's own limits, in words; empty without any.
fn own_limits(limits: OwnLimits) -> String {
    let of = [("requests", limits.requests), ("write units", limits.write_units)];
    let told = of.into_iter().filter_map(|(what, limit)| match limit? {
        0 => Some(format!("  (any number of {what})")),
        limit => Some(format!("  ({limit} {what} a minute)")),
    });
    told.collect()
}

impl OrganizationCommand {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Create {
                name,
                country,
                connection,
            } => {
                let id = OrganizationId(Uuid::new_v4());
                let new = Organization::new(id, usable_name(&name)?, country);
                ensure!(
                    connection.store().await?.create_organization(&new).await?,
                    "the uuid is taken: try again"
                );
                say!("{id}");
            }
            Self::Disable(one) => one.set_disabled(true).await?,
            Self::Enable(one) => one.set_disabled(false).await?,
            Self::Limit {
                requests,
                write_units,
                one,
            } => one.set_limits(OwnLimits { requests, write_units }).await?,
            Self::List { connection } => {
                for found in connection.store().await?.scan_organizations().await? {
                    say!(
                        "{}  {}  {}  {}{}{}",
                        found.id,
                        found.country,
                        found.token_generation,
                        found.name,
                        if found.disabled { "  (disabled)" } else { "" },
                        own_limits(found.limits)
                    );
                }
            }
            Self::Rename { name, one } => one.rename(&name).await?,
        }
        Ok(())
    }
}

#[derive(Subcommand)]
pub(crate) enum TokensCommand {
    /// Invalidates all tokens of an organization that have been issued, everywhere within 30 seconds.
    Invalidate {
        /// The organization.
        #[arg(value_parser = uuid)]
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
            Some(generation) => say!("tokens are good from generation {generation} on"),
            None => bail!("there is no organization {organization}"),
        }
        Ok(())
    }
}
