//! Invented people to try the service with.

use std::process::ExitCode;

use clap::Subcommand;
use daftari_domain::ids::OrganizationId;
use daftari_platform::Clock;
use daftari_platform::identity::{Environment, Tenant};
use daftari_sandbox::{Absent, HISTORY_DAYS, Outcome, Registered, Seeded, people, seed};
use uuid::Uuid;

use crate::options::{Usage, environment, uuid};
use crate::output::say;
use crate::users::ensure_there;
use crate::{Connection, FINDING};

#[derive(Subcommand)]
pub(crate) enum SandboxCommand {
    /// Registers seven invented people with histories that end yesterday. A second run on the same day changes nothing;
    /// on a later day, it adds the days since. Exits with code 3 if a person's phone number belongs to somebody else.
    #[command(after_help = PEOPLE)]
    Seed {
        /// The organization of the users.
        #[arg(long, value_parser = uuid)]
        organization: Uuid,
        /// The environment.
        #[arg(long, value_parser = environment(), default_value = Environment::Test.as_str())]
        environment: Environment,
        /// Confirms that invented people may be added to the real ones of `production`.
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        connection: Connection,
    },
}

const PEOPLE: &str = "\
People: a late payer (Kenya), a loan stacker (Nigeria), a trader (Ghana), a gambler (Tanzania),
a salaried person (Uganda), one without records (Rwanda): their last names say so. And Mercy
(Kenya), whom the examples of the reference name. Her uuid is the same everywhere; the uuid of the
others follows from organization and environment. The API erases a person; the next run registers an
erased person again.";

impl SandboxCommand {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        let Self::Seed {
            organization,
            environment,
            yes,
            connection,
        } = self;
        Usage::ensure(
            environment == Environment::Test || yes,
            "production holds real customers: confirm with --yes, or leave out --environment",
        )?;
        let store = connection.store().await?;
        let organization = OrganizationId(organization);
        ensure_there(&store, organization).await?;
        let now = Clock::System.now();
        let absent = Absent::Register(Registered::At(now));
        let tenant = Tenant::of_operator(organization, environment);
        let seeded = seed(&store, tenant, &people(now), absent).await?;
        for person in &seeded {
            say!("{}", line(person));
        }
        say!("{}", summary(&seeded));
        let taken = seeded
            .iter()
            .any(|person| matches!(person.outcome, Outcome::NumberTaken(_)));
        Ok(if taken {
            ExitCode::from(FINDING)
        } else {
            ExitCode::SUCCESS
        })
    }
}

fn line(person: &Seeded) -> String {
    let Seeded { key, user, outcome } = person;
    let what = match outcome {
        Outcome::New(records) => format!("registered, {records} records"),
        Outcome::Continued(0) => "there already, nothing new".to_owned(),
        Outcome::Continued(records) => format!("there already, {records} new records"),
        Outcome::Skipped => "not there".to_owned(),
        Outcome::NumberTaken(holder) => format!("left out: {holder} has the phone number"),
    };
    format!("{key:<13} {user}  {what}")
}

fn summary(seeded: &[Seeded]) -> String {
    let (mut registered, mut records) = (0, 0);
    for person in seeded {
        match person.outcome {
            Outcome::New(new) => {
                registered += 1;
                records += new;
            }
            Outcome::Continued(new) => records += new,
            Outcome::Skipped | Outcome::NumberTaken(_) => {}
        }
    }
    if registered == 0 && records == 0 {
        "nothing changed".to_owned()
    } else {
        format!(
            "{registered} people registered, {records} records added; a history has {HISTORY_DAYS} days and ends yesterday"
        )
    }
}
