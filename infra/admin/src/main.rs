//! `daftari-admin`, the operator's tool.
//!
//! `--local` works on the service of `make dev`. Commands that need no service ignore it.
//!
//! Exit codes: 0 done, 1 failed, 2 usage error, 3 a check found something, or a search found nothing. An error is one
//! line on standard error. Secrets are prompted for or read from standard input. They are never arguments, which every
//! user of the machine can see.

mod called;
mod connection;
mod import;
mod insights;
mod institutions;
mod keys;
mod local;
mod logins;
mod migrate;
mod options;
mod organizations;
mod output;
mod readings;
mod sandbox;
mod secrets;
mod shapes;
mod sms;
mod table;
mod unread;
mod unseen;
mod upload;
mod users;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

use crate::connection::Connection;
use crate::options::Usage;

/// Exit code of a successful command with a notable result: a check found something, or a search found nothing.
const FINDING: u8 = 3;

/// Exit code of wrong usage, as in clap.
const WRONG_USAGE: u8 = 2;

const NAME: &str = "daftari-admin";

/// Longest name, in characters.
const MAX_CHARS: usize = 254;

/// Manages a Daftari deployment: organizations, logins, keys, the table. Also tests the reading of SMS, and computes
/// insights of a file.
#[derive(Parser)]
#[command(name = NAME, version, after_help = EXAMPLES)]
struct Arguments {
    /// Work on the service of `make dev` on this machine: its table, its API, its signing keys. Ignores the
    /// environment's settings of AWS and of the table; other options of the command take precedence. DATA_DIR,
    /// TABLE_PORT and PORT have the same meaning as for `make dev`.
    #[arg(long, global = true)]
    local: bool,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  daftari-admin organization list --local
  daftari-admin keys new signing-keys.json
  daftari-admin organization create --name 'Kijani Credit' --country KE
  daftari-admin login create --email amina@kijani.example --organization 0b0e4a52-…
  daftari-admin login set-password amina@kijani.example
  daftari-admin sandbox seed --organization 0b0e4a52-…
  daftari-admin sms explain --sender MPESA < message.txt
  daftari-admin sms import sms.xml --local --phone-number 254700000001 --email demo@daftari.example
  daftari-admin insights records.jsonl --country KE --affordability loan.json

Region and credentials are read from the environment (AWS_REGION, AWS_ACCESS_KEY_ID, …), not from profiles.
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 a check found something, or a search nothing.";

#[derive(Subcommand)]
enum Command {
    /// Organizations: the lenders, whose data is kept separate.
    #[command(subcommand)]
    Organization(organizations::OrganizationCommand),
    /// Logins: people who sign in with email and password.
    #[command(subcommand)]
    Login(logins::LoginCommand),
    /// Issued tokens.
    #[command(subcommand)]
    Tokens(organizations::TokensCommand),
    /// The table.
    #[command(subcommand)]
    Table(table::TableCommand),
    /// Users and their phone numbers.
    #[command(subcommand)]
    Users(users::UsersCommand),
    /// Invented people to try the service with.
    #[command(subcommand)]
    Sandbox(sandbox::SandboxCommand),
    /// Moves the users of an earlier version's table to the layout of this version, while the service runs.
    Migrate(migrate::Migrate),
    /// The keys that sign tokens, in a file that only its owner can read.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// The key that signs cursors.
    #[command(subcommand)]
    CursorKey(keys::RandomKeyCommand),
    /// The key that makes pseudonyms of counterparties.
    #[command(subcommand)]
    CounterpartyKey(keys::RandomKeyCommand),
    /// Reading SMS: explain one, check a file of them, list unread wordings and institutions, import a phone's.
    #[command(subcommand)]
    Sms(sms::SmsCommand),
    /// Prints features, income, recurring payments, cash flow and affordability of a file of records, as JSON.
    Insights(insights::InsightsArguments),
    /// Prints a script that completes the commands of this tool in a shell.
    #[command(after_help = COMPLETIONS)]
    Completions {
        /// The shell.
        shell: Shell,
    },
}

const COMPLETIONS: &str = "\
Where the script goes:
  daftari-admin completions bash > ~/.local/share/bash-completion/completions/daftari-admin
  daftari-admin completions zsh  > ~/.zfunc/_daftari-admin
      # ~/.zshrc needs fpath+=~/.zfunc before compinit
  daftari-admin completions fish > ~/.config/fish/completions/daftari-admin.fish";

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments.command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{NAME}: {error:#}");
            if error.is::<Usage>() {
                ExitCode::from(WRONG_USAGE)
            } else {
                ExitCode::FAILURE
            }
        }
    }
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Organization(command) => blocking(command.run())?,
        Command::Login(command) => blocking(command.run())?,
        Command::Tokens(command) => blocking(command.run())?,
        Command::Table(command) => return blocking(command.run()),
        Command::Migrate(command) => blocking(command.run())?,
        Command::Users(command) => return blocking(command.run()),
        Command::Sandbox(command) => return blocking(command.run()),
        Command::Keys(command) => command.run()?,
        Command::CursorKey(command) | Command::CounterpartyKey(command) => command.run()?,
        Command::Sms(command) => return command.run(),
        Command::Insights(arguments) => arguments.run()?,
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), NAME, &mut script);
            output::write(format_args!("{}", String::from_utf8(script)?));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn blocking<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(work)
}
