//! Messages that become records.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use daftari_domain::ledger::Outcome;
use daftari_domain::{Country, Record, RecordId, Timestamp};
use daftari_platform::http::{JsonBody, Query, UserAccess, json_answer, routes};
use daftari_platform::identity::{CounterpartyKey, UserCounterparties};
use daftari_platform::openapi::UserPath;
use daftari_platform::store::{Appended, Rejection};
use daftari_platform::wording::Shown;
use daftari_platform::{Code, Error, Platform, query_parameters, telemetry};
use daftari_sms::{Balances, Check, Explanation, Message, Outcome as Came, READER, Reading, Source, known_sender};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::learning::{Limits, Shapes};
use crate::rejected::{FUTURE_SECONDS, Rejected, check_length, read_element};

/// The name of the list in the body.
const LIST: &str = "messages";
/// Limit of a sender, in characters. Phones show names of up to 11 or numbers of up to 15.
const MAX_SENDER_CHARS: usize = 64;
/// Limit of a text, in characters: ten times a long SMS.
const MAX_MESSAGE_CHARS: usize = 16_000;
/// Stands in the log for senders that the directory does not know: they may be people.
const OTHER_SENDERS: &str = "other";
/// Most messages of a dry run for which the nearest template is determined: it takes many times as long as reading.
const MAX_NEAREST: usize = 50;
/// The reason for a reading whose records the ledger refuses.
const BREAKS_A_RULE: &str = "a record that breaks a rule of the ledger";

query_parameters! {
    /// Whether to store.
    pub(crate) struct DryRunQuery {
        /// `true` reads the messages and stores nothing: the answer has `readings`, which explain how each message is
        /// read and why. `recorded` then counts the messages that would be stored or are stored already.
        #[param(default = false)]
        dry_run: Option<bool>,
    }
}

/// A batch of up to 1,000 messages.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MessageBatch)]
pub(crate) struct Batch {
    /// The messages, in any order.
    #[schema(value_type = Vec<WireMessage>, max_items = 1_000)]
    messages: Vec<Box<RawValue>>,
}

/// A message as it arrived on the phone.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewMessage)]
struct WireMessage {
    /// The name or number of the sender.
    #[schema(max_length = 64, example = "MPESA")]
    sender: String,
    /// The text of the message.
    #[schema(max_length = 16_000)]
    body: String,
    /// When it arrived, between 1970 and a day from now.
    received_at: Timestamp,
    /// The phone's id of the message. If left out, the id is derived from the rest.
    #[serde(default)]
    id: Option<RecordId>,
}

/// The outcome of a batch. The counts and the length of `rejected` add up to the size of the batch.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = MessageBatchResult)]
pub(crate) struct BatchResult {
    /// Messages whose records were stored.
    recorded: usize,
    /// Messages whose records existed already.
    duplicates: usize,
    /// Messages with nothing to record.
    not_financial: usize,
    /// Messages that look like money and are not read.
    unrecognized: usize,
    /// Rejected messages, in the order of the batch.
    rejected: Vec<Rejected>,
    /// The messages counted under `unrecognized`.
    unrecognized_messages: Vec<UnreadMessage>,
    /// The messages counted under `not_financial`.
    not_financial_messages: Vec<UnreadMessage>,
    /// The version of the reader, which rises whenever its rules change. An unrecognized message may be read by a later
    /// one: send it again when the number has risen.
    reader: u32,
    /// How each accepted message is read, in the order of the batch; only of a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    readings: Option<Vec<MessageReading>>,
    /// The number of messages by sender and by the template that read them, if any; for the log.
    #[serde(skip)]
    outcomes: BTreeMap<(&'static str, Option<Source>, &'static str), usize>,
    /// The shapes of unread messages, without their texts.
    #[serde(skip)]
    shapes: Shapes,
    /// The results of checking the readings of each template against balances; for the log.
    #[serde(skip)]
    checks: BTreeMap<(Option<Source>, Check), usize>,
}

/// A message without records. Its text is not kept.
#[derive(Serialize, utoipa::ToSchema)]
struct UnreadMessage {
    /// Its place in the batch, from 0.
    index: usize,
    /// The name or number of the sender.
    sender: String,
}

/// How a message is read.
#[derive(Serialize, utoipa::ToSchema)]
struct MessageReading {
    /// Its place in the batch, from 0.
    index: usize,
    /// How it is read, and why.
    #[serde(flatten)]
    explanation: Explanation,
}

/// Reads a phone's messages into its user's ledger: right or unrecognized, never wrong. Idempotent: sending a batch
/// again changes nothing.
#[utoipa::path(
    post, path = routes::POST_MESSAGES.path, tag = "Ledger", params(UserPath, DryRunQuery), request_body = Batch,
    responses((status = 200, description = "The outcome of the messages", body = BatchResult))
)]
pub(crate) async fn post_messages(
    State(platform): State<Platform>,
    Extension(counterparties): Extension<CounterpartyKey>,
    access: UserAccess,
    query: Query<DryRunQuery>,
    JsonBody(batch): JsonBody<Batch>,
) -> Result<Response, Error> {
    let dry_run = query.flag("dry_run")?;
    check_length(LIST, &batch.messages)?;
    let store = access.store().await?;
    let user = store.user(access.user).await?.ok_or(Error::user_not_found())?;
    let now = platform.now();
    let reading = BatchReading {
        country: user.country,
        latest: now.plus_seconds(FUTURE_SECONDS),
        counterparties: counterparties.of(access.user),
    };
    if dry_run {
        return json_answer(&reading.explain(&batch));
    }
    let (mut result, found) = reading.read(&batch);
    let sources: Vec<(usize, usize)> = found.iter().map(|(index, records)| (*index, records.len())).collect();
    let groups = found.into_iter().map(|(_, records)| records);
    let shapes = std::mem::take(&mut result.shapes);
    let limits = Limits {
        now,
        time_budget: platform.edge().time_budget,
    };
    let (appended, ()) = tokio::join!(
        store.append_groups(access.user, groups),
        shapes.count(store, access.user, user.country, limits)
    );
    result.add(&sources, &appended?.ok_or(Error::user_not_found())?);
    result.log();
    json_answer(&result)
}

/// The context in which the messages of a batch are read.
struct BatchReading {
    country: Option<Country>,
    /// The last acceptable timestamp.
    latest: Timestamp,
    /// Makes the pseudonyms of the other sides.
    counterparties: UserCounterparties,
}

impl BatchReading {
    /// Reads the messages; with the records of each, by its place, which are stored together or not at all.
    fn read(&self, batch: &Batch) -> (BatchResult, Vec<(usize, Vec<Record>)>) {
        let mut result = BatchResult::new();
        let mut found = Vec::new();
        let mut read_by = Vec::new();
        for (index, message) in result.accepted(batch, self.latest) {
            let token = |name: &str| self.counterparties.token(name);
            let (reading, source) = daftari_sms::read_with_tokens(&as_message(&message), self.country, &token);
            let outcome = Came::of(&reading);
            let sender = known_sender(&message.sender, self.country).unwrap_or(OTHER_SENDERS);
            *result.outcomes.entry((sender, source, outcome.as_str())).or_default() += 1;
            match reading {
                Reading::Records(records) if self.holds(&records) => {
                    found.push((index, records));
                    read_by.push(source);
                    continue;
                }
                Reading::NotFinancial => {}
                Reading::Records(_) | Reading::Unrecognized => {
                    result.shapes.add(&message.sender, &message.body, self.country);
                }
            }
            result.add_unread(index, message.sender, outcome);
        }
        let groups = found
            .iter()
            .map(|(_, records): &(usize, Vec<Record>)| records.as_slice());
        result.check(read_by.into_iter().zip(groups).collect());
        (result, found)
    }

    /// Reads the messages and explains each reading, but stores nothing.
    fn explain(&self, batch: &Batch) -> BatchResult {
        let mut result = BatchResult::new();
        let mut readings = Vec::new();
        for (index, message) in result.accepted(batch, self.latest) {
            let explain = if result.unrecognized + result.not_financial < MAX_NEAREST {
                daftari_sms::explain
            } else {
                daftari_sms::explain_briefly
            };
            let mut explanation = explain(&as_message(&message), self.country);
            if !self.holds(&explanation.records) {
                explanation.refuse_records(BREAKS_A_RULE);
            }
            match explanation.outcome {
                Came::Read => result.recorded += 1,
                outcome => result.add_unread(index, message.sender, outcome),
            }
            readings.push(MessageReading { index, explanation });
        }
        result.readings = Some(readings);
        result
    }

    /// Whether records keep the rules of the ledger. A record that breaks a rule was misread, whichever template read
    /// it.
    fn holds(&self, records: &[Record]) -> bool {
        records.iter().all(|record| record.check(self.latest).is_ok())
    }
}

fn as_message(message: &WireMessage) -> Message<'_> {
    Message {
        sender: &message.sender,
        body: &message.body,
        received_at: message.received_at,
        id: message.id.as_ref(),
    }
}

impl BatchResult {
    fn new() -> Self {
        Self {
            recorded: 0,
            duplicates: 0,
            not_financial: 0,
            unrecognized: 0,
            rejected: Vec::new(),
            unrecognized_messages: Vec::new(),
            not_financial_messages: Vec::new(),
            reader: READER,
            readings: None,
            outcomes: BTreeMap::new(),
            shapes: Shapes::default(),
            checks: BTreeMap::new(),
        }
    }

    /// The messages of a batch that can be taken, with their places; the others are rejected.
    fn accepted(&mut self, batch: &Batch, latest: Timestamp) -> Vec<(usize, WireMessage)> {
        let mut accepted = Vec::with_capacity(batch.messages.len());
        for (index, json) in batch.messages.iter().enumerate() {
            match read_message(index, json, latest) {
                Ok(message) => accepted.push((index, message)),
                Err(rejected) => self.rejected.push(rejected),
            }
        }
        accepted
    }

    /// Counts and names a message without records.
    fn add_unread(&mut self, index: usize, sender: String, outcome: Came) {
        let message = UnreadMessage { index, sender };
        if outcome == Came::NotFinancial {
            self.not_financial += 1;
            self.not_financial_messages.push(message);
        } else {
            self.unrecognized += 1;
            self.unrecognized_messages.push(message);
        }
    }

    /// Compares each reading with the balance that its account had before, in the order of time.
    fn check(&mut self, mut found: Vec<(Option<Source>, &[Record])>) {
        found.sort_by_key(|(_, records)| records.first().map(|record| record.timestamp));
        let mut balances = Balances::default();
        for (source, records) in found {
            for record in records {
                *self.checks.entry((source, balances.check(record))).or_default() += 1;
            }
        }
    }

    fn add(&mut self, sources: &[(usize, usize)], appended: &Appended) {
        let mut rest = appended.0.as_slice();
        for (index, count) in sources {
            let (outcomes, later) = rest.split_at((*count).min(rest.len()));
            rest = later;
            let rejection: Option<Rejection> = outcomes.iter().find_map(|outcome| outcome.err());
            match rejection {
                Some(rejection) => self.rejected.push(Rejected::full(LIST, *index, rejection)),
                None if outcomes.iter().all(|outcome| *outcome == Ok(Outcome::Duplicate)) => {
                    self.duplicates += 1;
                }
                None => self.recorded += 1,
            }
        }
        self.rejected.sort_by_key(|rejected| rejected.index);
    }

    /// One line per sender, institution and template, and one per template for its readings checked against balances.
    /// Nothing else about messages is logged. A template whose readings are often contradicted is wrong.
    fn log(&self) {
        for ((source, check), records) in &self.checks {
            tracing::info!(
                target: "daftari::checks",
                institution = source.map_or("", |source| source.institution),
                template = source.map_or("", |source| source.template),
                check = check.name(),
                records,
                "checks"
            );
        }
        for ((sender, source, outcome), messages) in &self.outcomes {
            telemetry::log_messages(&telemetry::MessagesLine {
                sender,
                institution: source.map_or("", |source| source.institution),
                template: source.map_or("", |source| source.template),
                outcome,
                messages: *messages,
            });
        }
    }
}

fn read_message(index: usize, json: &RawValue, latest: Timestamp) -> Result<WireMessage, Rejected> {
    let message: WireMessage = read_element(LIST, index, json, Code::InvalidMessage)?;
    let fault = if message.sender.chars().count() > MAX_SENDER_CHARS {
        Some((
            "sender",
            Code::InvalidMessage,
            format!("must have at most {MAX_SENDER_CHARS} characters"),
        ))
    } else if message.body.chars().count() > MAX_MESSAGE_CHARS {
        Some((
            "body",
            Code::InvalidMessage,
            format!("must have at most {MAX_MESSAGE_CHARS} characters"),
        ))
    } else if message.received_at < Timestamp::EPOCH {
        Some((
            "received_at",
            Code::TimestampTooEarly,
            "must not be before 1970".to_owned(),
        ))
    } else if message.received_at > latest {
        Some((
            "received_at",
            Code::TimestampInFuture,
            "must not be in the future".to_owned(),
        ))
    } else {
        None
    };
    match fault {
        None => Ok(message),
        Some((field, code, detail)) => Err(Rejected {
            index,
            code,
            detail: Shown::new(detail),
            pointer: format!("/{LIST}/{index}/{field}"),
        }),
    }
}
