//! Sends messages to a deployment over its API.

use std::time::Duration;

use anyhow::{Context, bail};
use daftari_sms::import::Imported;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use ureq::Agent;

/// Messages in one request: well below the API's limits of 1,000 and 1 MiB.
const BATCH: usize = 250;
/// Attempts for one request that the service answers with 429 or 503.
const MAX_TRIES: u32 = 5;

/// The destination and the sender.
pub(crate) struct Upload {
    pub(crate) api: String,
    pub(crate) email: String,
    pub(crate) password: String,
    pub(crate) phone_number: String,
}

/// Counts of the messages' outcomes.
#[derive(Default)]
struct Counts {
    recorded: u64,
    duplicates: u64,
    not_financial: u64,
    unrecognized: u64,
    rejected: u64,
}

/// Signs in, registers the phone number and sends the messages, with a progress bar. Then prints the outcomes.
pub(crate) fn upload(target: &Upload, messages: &[Imported]) -> anyhow::Result<()> {
    let config = Agent::config_builder()
        .timeout_global(Some(Duration::from_mins(1)))
        .http_status_as_error(false);
    let client = Client {
        agent: config.build().into(),
        api: target.api.clone(),
    };
    let credentials = json!({ "email": target.email, "password": target.password });
    let token = client.post("/auth", None, &credentials).context("signing in")?;
    let token = text(&token, "access_token")?;
    let user = json!({ "phone_number": target.phone_number });
    let user = client
        .post("/users", Some(&token), &user)
        .context("registering the phone number")?;
    let user = text(&user, "uuid")?;

    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} messages, {eta} left")?;
    let progress = ProgressBar::new(messages.len() as u64).with_style(style);
    let mut counts = Counts::default();
    for batch in messages.chunks(BATCH) {
        let list: Vec<_> = batch
            .iter()
            .map(
                |message| json!({ "sender": message.sender, "body": message.body, "received_at": message.received_at }),
            )
            .collect();
        let path = format!("/users/{user}/messages");
        counts.add(
            &client
                .post(&path, Some(&token), &json!({ "messages": list }))
                .context("sending messages")?,
        );
        progress.inc(batch.len() as u64);
    }
    progress.finish_and_clear();
    println!("user:          {user}");
    println!("recorded:      {}", counts.recorded);
    println!("duplicates:    {}", counts.duplicates);
    println!("not financial: {}", counts.not_financial);
    println!("unrecognized:  {}", counts.unrecognized);
    println!("rejected:      {}", counts.rejected);
    Ok(())
}

impl Counts {
    fn add(&mut self, answer: &Value) {
        let count = |name: &str| answer[name].as_u64().unwrap_or_default();
        self.recorded += count("recorded");
        self.duplicates += count("duplicates");
        self.not_financial += count("not_financial");
        self.unrecognized += count("unrecognized");
        self.rejected += answer["rejected"].as_array().map_or(0, |list| list.len() as u64);
    }
}

struct Client {
    agent: Agent,
    api: String,
}

impl Client {
    fn post(&self, path: &str, token: Option<&str>, body: &Value) -> anyhow::Result<Value> {
        for _ in 0..MAX_TRIES {
            let mut request = self
                .agent
                .post(format!("{}{path}", self.api))
                .content_type("application/json");
            if let Some(token) = token {
                request = request.header("authorization", format!("Bearer {token}"));
            }
            let mut response = request.send(body.to_string())?;
            let (status, text) = (response.status().as_u16(), response.body_mut().read_to_string()?);
            let answer: Value = serde_json::from_str(&text).unwrap_or_default();
            match status {
                200..=299 => return Ok(answer),
                503 => std::thread::sleep(Duration::from_secs(1)),
                _ => bail!(
                    "{status}: {}",
                    answer["detail"].as_str().unwrap_or("no problem document")
                ),
            }
        }
        bail!("the service is busy: run the same command again")
    }
}

fn text(answer: &Value, name: &str) -> anyhow::Result<String> {
    answer[name]
        .as_str()
        .map(str::to_owned)
        .with_context(|| format!("the answer has no {name}"))
}
