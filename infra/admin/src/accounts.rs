//! Organizations, logins, tokens and the table itself.

use anyhow::{Context, bail, ensure};
use clap::Subcommand;
use daftari_domain::Country;
use daftari_infra::template::{TEMPLATE, table_shape};
use daftari_platform::identity::{OrganizationId, PasswordHash};
use daftari_platform::store::table::create_table;
use daftari_platform::store::{Login, Organization};
use uuid::Uuid;

use crate::Connection;
use crate::secrets::new_password;

/// Longest name and email, in characters.
const MAX_CHARS: usize = 254;

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
    /// Lists all organizations: uuid, country, token generation, name. Reads the whole table.
    List {
        #[command(flatten)]
        connection: Connection,
    },
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
                let usable = (1..=MAX_CHARS).contains(&name.chars().count())
                    && !name.chars().any(char::is_control);
                ensure!(
                    usable,
                    "--name must have 1 to {MAX_CHARS} characters and no control characters"
                );
                let id = OrganizationId(Uuid::new_v4());
                let new = Organization {
                    id,
                    name,
                    country,
                    token_generation: 1,
                };
                ensure!(
                    connection.store().await?.create_organization(&new).await?,
                    "the uuid is taken: try again"
                );
                println!("{id}");
            }
            Self::List { connection } => {
                for found in connection.store().await?.scan_organizations().await? {
                    println!(
                        "{}  {}  {}  {}",
                        found.id, found.country, found.token_generation, found.name
                    );
                }
            }
        }
        Ok(())
    }
}

#[derive(Subcommand)]
pub(crate) enum LoginCommand {
    /// Creates a login. Its password has 12 to 128 characters and is prompted for, or read from standard input.
    Create {
        /// The email to sign in with.
        #[arg(long)]
        email: String,
        /// An organization it belongs to; repeat for several.
        #[arg(long = "organization", required = true)]
        organizations: Vec<Uuid>,
        /// Read the password from standard input instead of a prompt.
        #[arg(long)]
        password_stdin: bool,
        #[command(flatten)]
        connection: Connection,
    },
    /// Lists all logins: email and uuids of organizations. Reads the whole table.
    List {
        #[command(flatten)]
        connection: Connection,
    },
}

impl LoginCommand {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Create {
                email,
                organizations,
                password_stdin,
                connection,
            } => {
                let store = connection.store().await?;
                let email = email.trim().to_lowercase();
                let usable = email
                    .split_once('@')
                    .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
                let plain = email.len() <= MAX_CHARS
                    && !email.contains(|c: char| c.is_control() || c.is_whitespace());
                ensure!(
                    usable && plain && !email.contains(':'),
                    "--email is not an email address"
                );
                let organizations: Vec<_> = organizations.into_iter().map(OrganizationId).collect();
                for id in &organizations {
                    ensure!(
                        store.organization(*id).await?.is_some(),
                        "there is no organization {id}"
                    );
                }
                let password = new_password(password_stdin)?;
                let password = PasswordHash::new(&password)
                    .map_err(|problem| anyhow::anyhow!("the password {problem}"))?;
                let new = Login {
                    id: Uuid::new_v4(),
                    email,
                    password,
                    organizations,
                };
                ensure!(
                    store.create_login(&new).await?,
                    "there is a login {} already",
                    new.email
                );
                println!("{}", new.email);
            }
            Self::List { connection } => {
                for found in connection.store().await?.scan_logins().await? {
                    let organizations: Vec<_> = found
                        .organizations
                        .iter()
                        .map(ToString::to_string)
                        .collect();
                    println!("{}  {}", found.email, organizations.join(" "));
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
