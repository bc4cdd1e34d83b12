//! `POST /users/{user_uuid}/messages`

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use daftari_domain::ledger::Outcome;
use daftari_domain::{Country, Record, RecordId, Timestamp};
use daftari_platform::http::{JsonBody, Query, SendsMessages, UserAccess, routes};
use daftari_platform::openapi::UserPath;
use daftari_platform::store::{Appended, Rejection};
use daftari_platform::wording::Shown;
use daftari_platform::{Code, Error, Platform};
use daftari_sms::{Balances, Check, Message, Reading, Source};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::rejected::{FUTURE_SECONDS, Rejected, check_length, read_element};

/// The name of the list in the body.
const LIST: &str = "messages";
/// Longest sender, in characters. Phones show names of up to 11 or numbers of up to 15.
const MAX_SENDER_CHARS: usize = 64;
/// Longest text, in characters: ten times what a long SMS holds.
const MAX_KEPT_TEXT_CHARS: usize = 16_000;

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
    /// The name or number it came from.
    #[schema(max_length = 64, example = "MPESA")]
    sender: String,
    /// Its text.
    #[schema(max_length = 16_000)]
    body: String,
    /// When it arrived, between 1970 and a day from now.
    received_at: Timestamp,
    /// The id the phone gave it; left out, one is made of the rest.
    #[serde(default)]
    id: Option<RecordId>,
}

/// What became of a batch. The counts and the length of `rejected` add up to the size of the batch.
#[derive(Default, Serialize, utoipa::ToSchema)]
#[schema(as = MessageBatchResult)]
pub(crate) struct BatchResult {
    /// Messages whose records were stored.
    recorded: usize,
    /// Messages whose records were there already.
    duplicates: usize,
    /// Messages with nothing to record.
    not_financial: usize,
    /// Messages that look like money and that no template reads.
    unrecognized: usize,
    /// Messages that were not taken, in the order of the batch.
    rejected: Vec<Rejected>,
    /// The messages counted under `unrecognized`.
    unrecognized_messages: Vec<UnrecognizedMessage>,
    /// How many messages each template read, and how many none did; for the log.
    #[serde(skip)]
    outcomes: BTreeMap<(Option<Source>, &'static str), usize>,
    /// What read each message that has records, in their order.
    #[serde(skip)]
    read_by: Vec<Option<Source>>,
    /// What the balances say of the readings of each template; for the log.
    #[serde(skip)]
    checks: BTreeMap<(Option<Source>, Check), usize>,
}

/// A message that no template reads. Its text is not kept.
#[derive(Serialize, utoipa::ToSchema)]
struct UnrecognizedMessage {
    /// Its place in the batch, from 0.
    index: usize,
    /// The name or number it came from.
    sender: String,
}

/// Reads a phone's messages into its user's ledger: right or unrecognized, never wrong. Sending a batch again changes
/// nothing.
#[utoipa::path(
    post, path = routes::POST_MESSAGES.path, tag = "Ledger", params(UserPath), request_body = Batch,
    responses((status = 200, description = "What became of the messages", body = BatchResult))
)]
pub(crate) async fn post_messages(
    State(platform): State<Platform>,
    access: UserAccess<SendsMessages>,
    _: Query,
    JsonBody(batch): JsonBody<Batch>,
) -> Result<Json<BatchResult>, Error> {
    check_length(LIST, &batch.messages)?;
    let user = access.store.user(access.user).await?.ok_or(Error::user_not_found())?;
    let latest = platform.now().plus_seconds(FUTURE_SECONDS);
    let mut result = BatchResult::default();
    // The records of each message, which are stored together or not at all.
    let mut groups = Vec::new();
    // How many records each message has, in the order of the records.
    let mut sources = Vec::new();
    for (index, json) in batch.messages.iter().enumerate() {
        let found = result.read(index, json, user.country, latest);
        if !found.is_empty() {
            sources.push((index, found.len()));
            groups.push(found);
        }
    }
    result.check(&groups);
    let appended = access
        .store
        .append_groups(access.user, groups)
        .await?
        .ok_or(Error::user_not_found())?;
    result.add(&sources, &appended);
    result.log();
    Ok(Json(result))
}

impl BatchResult {
    /// The records of one message; none where it is counted as something else.
    fn read(&mut self, index: usize, json: &RawValue, country: Option<Country>, latest: Timestamp) -> Vec<Record> {
        let message = match read_message(index, json, latest) {
            Ok(message) => message,
            Err(rejected) => {
                self.rejected.push(rejected);
                return Vec::new();
            }
        };
        let (reading, source) = daftari_sms::read_with_source(
            &Message {
                sender: &message.sender,
                body: &message.body,
                received_at: message.received_at,
                id: message.id.as_ref(),
            },
            country,
        );
        *self.outcomes.entry((source, outcome_of(&reading))).or_default() += 1;
        match reading {
            // What breaks a rule of the ledger was not read right, whatever template it was.
            Reading::Records(records) if records.iter().all(|record| record.check(latest).is_ok()) => {
                if !records.is_empty() {
                    self.read_by.push(source);
                }
                return records;
            }
            Reading::NotFinancial => self.not_financial += 1,
            Reading::Records(_) | Reading::Unrecognized => {
                self.unrecognized += 1;
                self.unrecognized_messages.push(UnrecognizedMessage {
                    index,
                    sender: message.sender,
                });
            }
        }
        Vec::new()
    }

    /// Checks the balances of the batch against one another, in the order of time.
    fn check(&mut self, groups: &[Vec<Record>]) {
        let mut order: Vec<(&Vec<Record>, Option<Source>)> = groups.iter().zip(self.read_by.iter().copied()).collect();
        order.sort_by_key(|(group, _)| group.first().map(|record| record.timestamp));
        let mut balances = Balances::default();
        for (group, source) in order {
            for record in group {
                *self.checks.entry((source, balances.check(record, None))).or_default() += 1;
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

    /// One line per institution and template, and one for what the balances say of its readings: the only things about
    /// messages that are logged. A rule whose readings are often contradicted is a wrong rule.
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
        for ((source, outcome), messages) in &self.outcomes {
            tracing::info!(
                target: "daftari::messages",
                institution = source.map_or("", |source| source.institution),
                template = source.map_or("", |source| source.template),
                outcome,
                messages,
                "messages"
            );
        }
    }
}

const fn outcome_of(reading: &Reading) -> &'static str {
    match reading {
        Reading::Records(_) => "read",
        Reading::NotFinancial => "not_financial",
        Reading::Unrecognized => "unrecognized",
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
    } else if message.body.chars().count() > MAX_KEPT_TEXT_CHARS {
        Some((
            "body",
            Code::InvalidMessage,
            format!("must have at most {MAX_KEPT_TEXT_CHARS} characters"),
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
