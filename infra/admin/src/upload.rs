//! Sends messages to a deployment over its API.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use daftari_domain::Country;
use daftari_platform::http::routes::{GET_HEALTH, POST_MESSAGES, POST_TOKEN, POST_USER};
use daftari_platform::identity::{Environment, Password};
use daftari_sms::import::Imported;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use ureq::http::Response;
use ureq::{Agent, Body};
use uuid::Uuid;

use crate::output::plain;
use crate::readings::{Readings, Rejected};
use crate::unread::UnreadMessage;

/// Messages in one request: well below the API's limits of 1,000 and 1 MiB.
const BATCH: usize = 250;
/// Attempts for one request that the service answers with 429 or 503.
const MAX_TRIES: u32 = 5;
/// Longest time that the service may ask to wait before another attempt.
const MAX_WAIT_SECONDS: u64 = 60;
/// Most rejected messages that are listed.
const MAX_REJECTED: usize = 20;
/// Most hints that are listed.
const MAX_HINTS: usize = 50;

/// The login, and the user whose messages are uploaded.
pub(crate) struct Upload {
    pub(crate) email: String,
    pub(crate) password: Password,
    pub(crate) phone_number: String,
    /// Names to register; an absent one stays as it is.
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) environment: Environment,
    pub(crate) organization: Option<Uuid>,
}

/// The counts of the outcomes.
#[derive(Default)]
pub(crate) struct Outcomes<'m> {
    user: String,
    phone_number: String,
    /// The country of the user, if the service knows it.
    pub(crate) country: Option<Country>,
    recorded: u64,
    duplicates: u64,
    not_financial: u64,
    /// The messages that seem to concern money and were not read.
    pub(crate) unread: Vec<UnreadMessage<'m>>,
    /// The hints of the service about senders, each once.
    hints: BTreeSet<String>,
    /// The messages that the service refused, with the reason.
    rejected: Vec<(&'m Imported, String)>,
}

/// The parts of the service's answer to a batch that are counted or shown.
#[derive(Deserialize)]
struct BatchResult {
    recorded: u64,
    duplicates: u64,
    not_financial: u64,
    unrecognized_messages: Vec<Unread>,
    rejected: Vec<Rejected>,
    /// Left out if there are none.
    #[serde(default)]
    warnings: Vec<Warning>,
}

#[derive(Deserialize)]
struct Unread {
    index: usize,
    /// A reason of the API, or one that this version does not know.
    code: String,
}

#[derive(Deserialize)]
struct Warning {
    detail: String,
}

/// Signs in, registers the phone number and sends the messages, with a progress bar. `readings` gets how the service
/// reads each message, from a dry run before each batch.
pub(crate) fn upload<'m>(
    service: &Service,
    target: &Upload,
    messages: &'m [Imported],
    mut readings: Option<&mut Readings>,
) -> anyhow::Result<Outcomes<'m>> {
    let mut credentials = json!({
        "email": target.email, "password": &*target.password, "environment": target.environment,
    });
    if let Some(organization) = target.organization {
        credentials["organization"] = json!(organization);
    }
    let token = service
        .post(POST_TOKEN.path, None, &credentials)
        .context("signing in")?;
    let token = service.text(&token, "access_token").context("signing in")?;
    let mut user = json!({ "phone_number": target.phone_number });
    for (member, name) in [("first_name", &target.first_name), ("last_name", &target.last_name)] {
        if let Some(name) = name {
            user[member] = json!(name);
        }
    }
    let user = service
        .post(POST_USER.path, Some(&token), &user)
        .context("registering the phone number")?;
    let mut outcomes = Outcomes {
        user: service.text(&user, "uuid").context("registering the phone number")?,
        phone_number: target.phone_number.clone(),
        country: user["country_code"].as_str().and_then(|code| code.parse().ok()),
        ..Outcomes::default()
    };
    let path = POST_MESSAGES.path_with(&[("user_uuid", outcomes.user.clone())]);

    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} messages, {eta} left")?;
    let progress = ProgressBar::new(messages.len() as u64).with_style(style);
    for batch in messages.chunks(BATCH) {
        let list: Vec<_> = batch
            .iter()
            .map(
                |message| json!({ "sender": message.sender, "body": message.body, "received_at": message.received_at }),
            )
            .collect();
        let list = json!({ "messages": list });
        if let Some(readings) = &mut readings {
            let answer = service.post(&format!("{path}?dry_run=true"), Some(&token), &list);
            let answer = answer.and_then(|answer| service.parts(answer)).context("a dry run")?;
            readings.add(batch, &answer).context("--readings")?;
        }
        let answer = service.post(&path, Some(&token), &list);
        let result = answer.and_then(|answer| service.parts(answer));
        let added = result.and_then(|result| outcomes.add(batch, result));
        added.context("sending messages")?;
        progress.inc(batch.len() as u64);
    }
    progress.finish_and_clear();
    Ok(outcomes)
}

impl<'m> Outcomes<'m> {
    fn add(&mut self, batch: &'m [Imported], result: BatchResult) -> anyhow::Result<()> {
        let named = |index: usize| batch.get(index).context("the answer names a message that was not sent");
        self.recorded += result.recorded;
        self.duplicates += result.duplicates;
        self.not_financial += result.not_financial;
        for unread in result.unrecognized_messages {
            self.unread.push(UnreadMessage {
                message: named(unread.index)?,
                code: unread.code.parse().ok(),
            });
        }
        for rejected in result.rejected {
            self.rejected.push((named(rejected.index)?, rejected.detail));
        }
        self.hints
            .extend(result.warnings.iter().map(|warning| plain(&warning.detail)));
        Ok(())
    }

    /// The hints for the screen.
    pub(crate) fn hints(&self) -> impl fmt::Display {
        fmt::from_fn(|f| {
            self.hints
                .iter()
                .take(MAX_HINTS)
                .try_for_each(|hint| writeln!(f, "hint: {hint}"))
        })
    }
}

impl Outcomes<'_> {
    /// Whether messages about money were sent, and not one was read.
    pub(crate) fn is_nothing_read(&self) -> bool {
        self.recorded + self.duplicates == 0 && !self.unread.is_empty()
    }

    /// The likeliest reason why nothing was read.
    pub(crate) fn why_nothing(&self) -> String {
        let read_as = match self.country {
            Some(country) => format!("as those of a person in {country}"),
            None => "without a country".to_owned(),
        };
        format!(
            "no message was read. They were read {read_as}, which the phone number {} decides. If the phone is of another \
             country, import with a number of that country. If this import made the user {}, erase it.",
            self.phone_number, self.user
        )
    }
}

impl fmt::Display for Outcomes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "user:          {}", self.user)?;
        if let Some(country) = self.country {
            writeln!(f, "country:       {country} (by the phone number)")?;
        }
        writeln!(f, "recorded:      {}", self.recorded)?;
        writeln!(f, "duplicates:    {}", self.duplicates)?;
        writeln!(f, "not financial: {}", self.not_financial)?;
        writeln!(f, "unrecognized:  {}", self.unread.len())?;
        writeln!(f, "rejected:      {}", self.rejected.len())?;
        for (message, reason) in self.rejected.iter().take(MAX_REJECTED) {
            writeln!(f, "  message {}: {reason}", message.number)?;
        }
        let more = self.rejected.len().saturating_sub(MAX_REJECTED);
        if more > 0 {
            writeln!(f, "  and {more} more")?;
        }
        Ok(())
    }
}

/// The API of a deployment.
pub(crate) struct Service {
    agent: Agent,
    api: String,
}

impl Service {
    /// The API at an address. Fails if it does not answer, before anybody types a password.
    pub(crate) fn find(api: &str) -> anyhow::Result<Self> {
        let config = Agent::config_builder()
            .timeout_global(Some(Duration::from_mins(1)))
            .http_status_as_error(false);
        let service = Self {
            agent: config.build().into(),
            api: api.to_owned(),
        };
        let asked = service.agent.get(format!("{api}{}", GET_HEALTH.path)).call();
        asked.map_err(|error| service.unreachable(&error))?;
        Ok(service)
    }

    fn post(&self, path: &str, token: Option<&str>, body: &Value) -> anyhow::Result<Value> {
        for _ in 0..MAX_TRIES {
            let mut request = self
                .agent
                .post(format!("{}{path}", self.api))
                .content_type("application/json");
            if let Some(token) = token {
                request = request.header("authorization", format!("Bearer {token}"));
            }
            let mut response = request
                .send(body.to_string())
                .map_err(|error| self.unreachable(&error))?;
            let (status, wait) = (response.status().as_u16(), retry_after(&response));
            let text = response.body_mut().read_to_string()?;
            let answer = serde_json::from_str::<Value>(&text);
            match (status, wait) {
                (200..=299, _) => return answer.map_err(|_| self.strange("is not JSON")),
                (429 | 503, ..=MAX_WAIT_SECONDS) => std::thread::sleep(Duration::from_secs(wait)),
                // A proxy may refuse with a page in place of a problem document.
                _ => match answer.as_ref().map(|problem| problem["detail"].as_str()) {
                    Ok(Some(detail)) => bail!("{status}: {detail}"),
                    Ok(None) | Err(_) => bail!(
                        "{status} without a reason: is {} the address of Daftari's API?",
                        self.api
                    ),
                },
            }
        }
        bail!("the service is busy: run the same command again")
    }

    fn text(&self, answer: &Value, name: &str) -> anyhow::Result<String> {
        let text = answer[name].as_str().map(str::to_owned);
        text.ok_or_else(|| self.strange(&format!("has no {name}")))
    }

    /// The parts of an answer to a batch that are used.
    fn parts<T: DeserializeOwned>(&self, answer: Value) -> anyhow::Result<T> {
        serde_json::from_value(answer).map_err(|_| self.strange("has no counts of messages"))
    }

    /// The error for an answer that the API does not give.
    fn strange(&self, fault: &str) -> anyhow::Error {
        let api = &self.api;
        anyhow!("the answer {fault}: is {api} the address of Daftari's API?")
    }

    fn unreachable(&self, error: &ureq::Error) -> anyhow::Error {
        let api = &self.api;
        anyhow!("{api} is not reachable ({error}): is make dev running? --api names another address")
    }
}

/// Seconds to wait before the next attempt.
fn retry_after(response: &Response<Body>) -> u64 {
    let header = response.headers().get("retry-after");
    let seconds = header.and_then(|value| value.to_str().ok()?.parse().ok());
    seconds.unwrap_or(1)
}
