//! Logins.

use std::collections::HashSet;

use anyhow::ensure;
use clap::{Args, Subcommand};
use daftari_domain::ids::{LoginId, OrganizationId};
use daftari_platform::Clock;
use daftari_platform::email::is_email;
use daftari_platform::identity::PasswordHash;
use daftari_platform::store::{Login, LoginChange, MAX_ORGANIZATIONS, Store};
use uuid::Uuid;

use crate::Connection;
use crate::options::{Usage, uuid};
use crate::output::say;
use crate::secrets::new_password;

#[derive(Subcommand)]
pub(crate) enum LoginCommand {
    /// Creates a login. Its password has 12 to 128 characters. Prompts for it, or reads it from standard input.
    Create {
        /// Email to sign in with.
        #[arg(long)]
        email: String,
        /// An organization of the login. Repeat for several.
        #[arg(long = "organization", required = true, value_parser = uuid)]
        organizations: Vec<Uuid>,
        /// Read the password from standard input instead of a prompt.
        #[arg(long)]
        password_stdin: bool,
        #[command(flatten)]
        connection: Connection,
    },
    /// Sets another password and invalidates the login's tokens, everywhere within 30 seconds. Phone tokens stay valid.
    SetPassword {
        /// Read the password from standard input instead of a prompt.
        #[arg(long)]
        password_stdin: bool,
        #[command(flatten)]
        one: OneLogin,
    },
    /// Refuses sign-ins of a login and invalidates its tokens, everywhere within 30 seconds. Phone tokens stay valid.
    Disable(OneLogin),
    /// Enables the sign-ins of a disabled login. Its earlier tokens stay invalid.
    Enable(OneLogin),
    /// Deletes a login and invalidates its tokens, everywhere within 30 seconds. Phone tokens stay valid.
    Delete(OneLogin),
    /// Lists all logins: email, uuids of organizations, whether disabled. Reads the whole table.
    List {
        #[command(flatten)]
        connection: Connection,
    },
}

/// An existing login.
#[derive(Args)]
pub(crate) struct OneLogin {
    /// Its email.
    email: String,
    #[command(flatten)]
    connection: Connection,
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
                let email = checked(&email)?;
                let organizations = distinct(organizations)?;
                let store = connection.store().await?;
                for id in &organizations {
                    ensure!(
                        store.organization(*id).await?.is_some(),
                        "there is no organization {id}"
                    );
                }
                let new = Login::new(LoginId(Uuid::new_v4()), &email, hashed(password_stdin)?, organizations);
                ensure!(
                    store.create_login(&new).await?,
                    "there is a login {} already",
                    new.email
                );
                say!("{}", new.email);
            }
            Self::SetPassword { password_stdin, one } => {
                // Prompts only after finding the login.
                let (store, email) = one.find().await?;
                let change = LoginChange::SetPassword(hashed(password_stdin)?);
                apply(&store, &email, &change).await?;
                say!("{email}: password set, earlier tokens are invalid");
            }
            Self::Disable(one) => {
                let (store, email) = one.find().await?;
                apply(&store, &email, &LoginChange::Disable).await?;
                say!("{email}: disabled, its tokens are invalid");
            }
            Self::Enable(one) => {
                let (store, email) = one.find().await?;
                ensure!(store.enable_login(&email).await?, no_such(&email));
                say!("{email}: enabled");
            }
            Self::Delete(one) => {
                let (store, email) = one.find().await?;
                apply(&store, &email, &LoginChange::Delete).await?;
                say!("{email}: deleted, its tokens are invalid");
            }
            Self::List { connection } => {
                for found in connection.store().await?.scan_logins().await? {
                    let organizations = found.organizations.iter().map(ToString::to_string);
                    let organizations: Vec<_> = organizations.collect();
                    say!(
                        "{}  {}{}",
                        found.email,
                        organizations.join(" "),
                        if found.disabled { "  (disabled)" } else { "" }
                    );
                }
            }
        }
        Ok(())
    }
}

impl OneLogin {
    /// The table, and the email in lower case. Fails if no login has this email.
    async fn find(self) -> anyhow::Result<(Store, String)> {
        let store = self.connection.store().await?;
        let email = self.email.trim().to_lowercase();
        ensure!(store.login(&email).await?.is_some(), no_such(&email));
        Ok((store, email))
    }
}

async fn apply(store: &Store, email: &str, change: &LoginChange) -> anyhow::Result<()> {
    let changed = store.change_login(email, change, Clock::System.now()).await?;
    ensure!(changed, no_such(email));
    Ok(())
}

fn no_such(email: &str) -> String {
    format!("there is no login {email}")
}

/// An email in lower case.
fn checked(email: &str) -> Result<String, Usage> {
    let email = email.trim().to_lowercase();
    Usage::ensure(is_email(&email), "--email is not an email address")?;
    Ok(email)
}

/// The organizations without duplicates.
fn distinct(organizations: Vec<Uuid>) -> Result<Vec<OrganizationId>, Usage> {
    let mut seen = HashSet::new();
    let organizations = organizations.into_iter().map(OrganizationId);
    let organizations: Vec<_> = organizations.filter(|id| seen.insert(*id)).collect();
    Usage::ensure(
        organizations.len() <= MAX_ORGANIZATIONS,
        format!("a login belongs to at most {MAX_ORGANIZATIONS} organizations"),
    )?;
    Ok(organizations)
}

/// Prompts for a new password and hashes it.
fn hashed(password_stdin: bool) -> anyhow::Result<PasswordHash> {
    let password = new_password(password_stdin)?;
    Ok(PasswordHash::new(&password).map_err(|problem| Usage::new(format!("the password {problem}")))?)
}
