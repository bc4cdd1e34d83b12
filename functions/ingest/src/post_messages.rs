//! Messages that become records.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use daftari_domain::ledger::Outcome;
use daftari_domain::order::sort_by_key;
use daftari_domain::unrecognized::Note;
use daftari_domain::views::Warning;
use daftari_domain::vocabulary::{NotFinancialCode, UnrecognizedCode};
use daftari_domain::{CounterpartyToken, Country, Record, RecordId, Timestamp};
use daftari_platform::http::{
    Broken, JsonBody, Object, Parameters, Query, UserAccess, Values, all, json_answer, routes,
};
use daftari_platform::identity::{CounterpartyKey, UserCounterparties, UserKey};
use daftari_platform::openapi::UserPath;
use daftari_platform::store::{Appended, Rejection, Store, User};
use daftari_platform::wording::Shown;
use daftari_platform::{Code, Error, Platform, query_parameters, shown};
use daftari_sms::{
    Explanation, MAX_READ_BYTES, Message, Outcome as Came, Pseudonyms, READER, Reading, Registered, Source, note,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::arithmetic::{self, Judged, ReadBy};
use crate::hints::Hints;
use crate::learning::Limits;
use crate::received_at::ReceivedAt;
use crate::rejected::{Element, FUTURE_SECONDS, MAX_ELEMENTS, Rejected, check_length, read_element};
use crate::tally::{Origin, Tally};

/// The name of the list in the body.
const LIST: &str = "messages";
/// Limit of a sender, in characters. Phones show names of up to 11 or numbers of up to 15.
const MAX_SENDER_CHARS: usize = 64;
/// Limit of a text, in characters: ten times a long SMS.
const MAX_MESSAGE_CHARS: usize = 16_000;
/// Most messages of a dry run with a nearest template: determining it takes many times as long as reading.
const MAX_NEAREST: usize = 50;
/// The reason if the ledger refuses the records of a reading.
const BREAKS_A_RULE: &str = "a record that breaks a rule of the ledger";
/// The reason if the balances disprove a reading by a weak rule.
const DISPROVED: &str = "the balance before contradicts it";

query_parameters! {
    /// Whether to store, and the country of a dry run.
    pub(crate) struct DryRunQuery {
        /// `true` reads the messages and stores nothing: the answer has `readings`, which explain how each message is
        /// read and why. `recorded` then counts the messages that would be stored or are stored already.
        #[param(default = false)]
        dry_run: Option<bool>,
        /// With `dry_run=true` only: reads the messages as those of a user in this country. Left out, it is the user's
        /// own.
        country: Option<Country>,
    }
}

impl DryRunQuery {
    /// Whether to store nothing, and the country of a dry run, if the query names one. Stored messages are always read
    /// in the user's own country, so a country is refused without a dry run.
    fn read(values: &Values<'_, Self>) -> Result<(bool, Option<Country>), Error> {
        let (dry_run, country) = all((values.flag("dry_run"), values.parsed("country")))?;
        if country.is_some() && !dry_run {
            return Err(Error::invalid("country", "needs `dry_run=true`"));
        }
        Ok((dry_run, country))
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

const _: () = assert!(MAX_ELEMENTS == 1_000, "`max_items` takes a literal only");
const _: () = assert!(MAX_READ_BYTES == 4_096, "the description of `body` has the number");

impl Object for Batch {
    const REQUIRED: &'static [(&'static str, &'static str)] = &[(LIST, "[]")];

    fn parameters() -> Vec<&'static str> {
        DryRunQuery::names()
    }
}

/// A message as it arrived on the phone.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewMessage)]
struct WireMessage {
    /// The name or number of the sender.
    #[schema(example = "MPESA", extensions(("x-max-length" = json!(MAX_SENDER_CHARS))))]
    sender: String,
    /// The text of the message. A message without text, or with white space only, is rejected. A text above 4,096 bytes
    /// of UTF-8 is accepted, but never read: it is unrecognized. A run of white space counts as one byte.
    #[schema(min_length = 1, extensions(("x-max-length" = json!(MAX_MESSAGE_CHARS))))]
    body: String,
    /// When it arrived, between 1970 and a day from now.
    received_at: ReceivedAt,
    /// The id of the record, instead of one that is made of sender, time and text. A message with the id, institution,
    /// account and month of a stored one replaces it, whatever its text. So an id must never return for another
    /// message. Send the same message always with the same id, or always without one: otherwise it may be stored twice.
    #[serde(default)]
    id: Option<RecordId>,
}

/// The outcome of a batch. The counts and the length of `rejected` add up to the size of the batch.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = MessageBatchResult)]
pub(crate) struct BatchResult {
    /// Messages whose records were stored.
    recorded: usize,
    /// Messages whose records existed already, and second messages about one movement: same account, amount, direction,
    /// balance and code, at most ten minutes apart.
    duplicates: usize,
    /// Messages with nothing to record.
    not_financial: usize,
    /// Messages that seem to concern money and are not read.
    unrecognized: usize,
    /// Rejected messages, in the order of the batch.
    rejected: Vec<Rejected>,
    /// The messages counted under `unrecognized`.
    unrecognized_messages: Vec<UnreadMessage>,
    /// The messages counted under `not_financial`.
    not_financial_messages: Vec<NotFinancialMessage>,
    /// The version of the reader, which rises with every change of its rules. A later version may read an unrecognized
    /// message: send it again after the number has risen.
    reader: u32,
    /// Hints about senders of unrecognized messages that may be misspelt or belong to another country: one for each
    /// sender, at most 20. Omitted if empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<Warning>,
    /// How each accepted message is read, in the order of the batch. Only for a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    readings: Option<Vec<MessageReading>>,
}

/// A message with nothing to record. Its text is not kept.
#[derive(Serialize, utoipa::ToSchema)]
struct NotFinancialMessage {
    /// Its place in the batch, from 0.
    index: usize,
    /// The name or number of the sender.
    sender: String,
    /// The reason.
    code: NotFinancialCode,
}

/// A message that is not read. Its text is not kept.
#[derive(Serialize, utoipa::ToSchema)]
struct UnreadMessage {
    /// Its place in the batch, from 0.
    index: usize,
    /// The name or number of the sender.
    sender: String,
    /// The reason.
    code: UnrecognizedCode,
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

/// Reads a phone's messages into its user's ledger.
///
/// A message is read right or counted as `unrecognized`, and never guessed. Messages that are not about money are not
/// stored. The answer is 200 even if all messages are rejected, so check `rejected`. Idempotent: sending a batch again
/// changes nothing.
#[utoipa::path(
    post, path = routes::POST_MESSAGES.path, tag = "Ledger", params(UserPath, DryRunQuery), request_body = Batch,
    responses((status = 200, description = "The outcome of the messages", body = BatchResult))
)]
pub(crate) async fn post_messages(
    State(platform): State<Platform>,
    Extension(counterparties): Extension<CounterpartyKey>,
    access: UserAccess,
    query: Query<DryRunQuery, Batch>,
    body: Result<JsonBody<Batch>, Error>,
) -> Result<Response, Error> {
    let ((dry_run, country), JsonBody(batch)) = all((query.read(DryRunQuery::read), body))?;
    check_length(LIST, &batch.messages)?;
    let store = access.store().await?;
    let user = store.user(access.user).await?.ok_or(Error::user_not_found())?;
    let now = platform.now();
    let reading = BatchReading {
        country: country.or(user.country),
        latest: now.plus_seconds(FUTURE_SECONDS),
        sides: OtherSides {
            counterparties: counterparties.of(access.user),
            user: &user,
        },
    };
    if dry_run {
        let (mut result, explained) = reading.explain(&batch);
        let read: Vec<ReadBy<'_>> = explained.iter().map(Explained::read_by).collect();
        let known = known(store, access.user, &read).await?;
        let judged = arithmetic::judge(&known.unwrap_or_default(), &read);
        result.add_readings(explained, &judged);
        return json_answer(&result);
    }
    let mut tally = Tally::new(reading.country);
    let (mut result, found) = reading.read(&batch, &mut tally);
    let read: Vec<ReadBy<'_>> = found.iter().map(Found::read_by).collect();
    let known = known(store, access.user, &read).await?;
    let judged = arithmetic::judge(known.as_deref().unwrap_or_default(), &read);
    let origins: Vec<Origin> = found
        .iter()
        .map(|found| tally.origin(&found.message.sender, found.source))
        .collect();
    if known.is_some() {
        tally.count_checks(&judged.checks, &origins);
    }
    let records: Vec<Vec<Record>> = match known {
        Some(_) => Vec::new(),
        None => found.iter().map(|found| found.records.clone()).collect(),
    };
    let found = result.keep(found, judged.disproved, &mut tally);
    let sources: Vec<(usize, usize)> = found.iter().map(|found| (found.index, found.records.len())).collect();
    let groups = found.into_iter().map(|found| found.records);
    let (shapes, sorted) = (std::mem::take(&mut tally.shapes), std::mem::take(&mut tally.sorted));
    let limits = Limits {
        now,
        time_budget: platform.edge().time_budget,
    };
    let (appended, noted, ()) = tokio::join!(
        store.append_groups(access.user, groups),
        store.sort_unrecognized(access.user, &sorted),
        shapes.count(store, access.user, user.country, limits)
    );
    let appended = appended?.ok_or(Error::user_not_found())?;
    if !noted? {
        return Err(Error::user_not_found());
    }
    // No reading depended on the ledger, so it was not read before the write.
    let read: Vec<ReadBy<'_>> = origins
        .iter()
        .map(|(_, source)| *source)
        .zip(records.iter().map(Vec::as_slice))
        .collect();
    tally.count_checks(&arithmetic::judge(&appended.before, &read).checks, &origins);
    result.add(&sources, &appended);
    tally.log();
    json_answer(&result)
}

/// The range of the ledger that readings are compared with before they are stored; `None` if no reading depends on it.
async fn known(store: &Store, user: UserKey, readings: &[ReadBy<'_>]) -> Result<Option<Vec<Record>>, Error> {
    let Some(range) = arithmetic::range_to_compare(readings.iter().copied()) else {
        return Ok(None);
    };
    let pages = store.ledger(user, range).await?.ok_or(Error::user_not_found())?;
    Ok(Some(pages.records()?))
}

/// A message that was read.
struct Found {
    index: usize,
    message: WireMessage,
    source: Option<Source>,
    /// Stored together or not at all.
    records: Vec<Record>,
}

impl Found {
    fn read_by(&self) -> ReadBy<'_> {
        (self.source, &self.records)
    }
}

/// A message of a dry run.
struct Explained {
    sender: String,
    reading: MessageReading,
}

impl Explained {
    fn read_by(&self) -> ReadBy<'_> {
        let explanation = &self.reading.explanation;
        (explanation.source, &explanation.records)
    }
}

/// The context in which the messages of a batch are read.
struct BatchReading<'a> {
    country: Option<Country>,
    /// The last acceptable timestamp.
    latest: Timestamp,
    sides: OtherSides<'a>,
}

/// The other sides of the user's movements.
struct OtherSides<'a> {
    /// Makes their pseudonyms.
    counterparties: UserCounterparties,
    user: &'a User,
}

impl Pseudonyms for OtherSides<'_> {
    fn token(&self, name: &str) -> CounterpartyToken {
        self.counterparties.token(name)
    }

    fn is_user(&self, payer: &str) -> bool {
        let user = Registered {
            phone_number: &self.user.phone_number,
            first_name: &self.user.first_name,
            last_name: &self.user.last_name,
        };
        user.is(payer)
    }
}

impl BatchReading<'_> {
    /// Reads the messages. Those with records are counted later.
    fn read(&self, batch: &Batch, tally: &mut Tally) -> (BatchResult, Vec<Found>) {
        let mut result = BatchResult::new();
        let (mut found, mut hints) = (Vec::new(), Hints::new(LIST));
        for (index, message) in result.accepted(batch, self.latest) {
            let (reading, source) = daftari_sms::read_with_tokens(&as_message(&message), self.country, &self.sides);
            let refused = match reading {
                Reading::Records(records) if self.holds(&records) => {
                    found.push(Found {
                        index,
                        message,
                        source,
                        records,
                    });
                    continue;
                }
                Reading::NotFinancial(code) => {
                    tally.count(&message.sender, source, Came::NotFinancial);
                    tally.add_read(&as_message(&message));
                    result.add_not_financial(index, message.sender, code);
                    continue;
                }
                Reading::Records(_) => Some(BREAKS_A_RULE),
                Reading::Unrecognized => None,
            };
            tally.count(&message.sender, source, Came::Unrecognized);
            let note = note(&as_message(&message), self.country);
            let code = note.code;
            tally.add_unread(&as_message(&message), note, refused);
            hints.add(index, &as_message(&message), code, self.country);
            result.add_unread(index, message.sender, code);
        }
        result.warnings = hints.into_warnings();
        (result, found)
    }

    /// Reads the messages and explains each reading, but stores nothing. Messages with records are counted later.
    fn explain(&self, batch: &Batch) -> (BatchResult, Vec<Explained>) {
        let mut result = BatchResult::new();
        let (mut explained, mut hints) = (Vec::new(), Hints::new(LIST));
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
            match explanation.reading() {
                Reading::Records(_) => {}
                Reading::NotFinancial(code) => result.add_not_financial(index, message.sender.clone(), code),
                Reading::Unrecognized => {
                    let code = note(&as_message(&message), self.country).code;
                    hints.add(index, &as_message(&message), code, self.country);
                    result.add_unread(index, message.sender.clone(), code);
                }
            }
            explained.push(Explained {
                sender: message.sender,
                reading: MessageReading { index, explanation },
            });
        }
        result.warnings = hints.into_warnings();
        (result, explained)
    }

    /// Whether the records follow the rules of the ledger. A record that breaks a rule was misread, by whichever
    /// template.
    fn holds(&self, records: &[Record]) -> bool {
        records.iter().all(|record| record.check(self.latest).is_ok())
    }
}

fn as_message(message: &WireMessage) -> Message<'_> {
    Message {
        sender: &message.sender,
        body: &message.body,
        received_at: message.received_at.0,
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
            warnings: Vec::new(),
            readings: None,
        }
    }

    /// The valid messages of a batch, with their indexes. The others are rejected.
    fn accepted(&mut self, batch: &Batch, latest: Timestamp) -> Vec<(usize, WireMessage)> {
        let mut accepted = Vec::with_capacity(batch.messages.len());
        for (index, json) in batch.messages.iter().enumerate() {
            match read_element::<WireMessage>(index, json, latest) {
                Ok(message) => accepted.push((index, message)),
                Err(rejected) => self.rejected.push(rejected),
            }
        }
        accepted
    }

    /// Counts and lists a message without records.
    fn add_not_financial(&mut self, index: usize, sender: String, code: NotFinancialCode) {
        self.not_financial += 1;
        self.not_financial_messages
            .push(NotFinancialMessage { index, sender, code });
    }

    /// Counts and lists an unread message.
    fn add_unread(&mut self, index: usize, sender: String, code: UnrecognizedCode) {
        self.unrecognized += 1;
        self.unrecognized_messages.push(UnreadMessage { index, sender, code });
    }

    /// Counts the read messages, and removes those that the balances disprove.
    fn keep(&mut self, found: Vec<Found>, disproved: Vec<bool>, tally: &mut Tally) -> Vec<Found> {
        let mut kept = Vec::with_capacity(found.len());
        for (found, disproved) in found.into_iter().zip(disproved) {
            let outcome = if disproved { Came::Unrecognized } else { Came::Read };
            tally.count(&found.message.sender, found.source, outcome);
            let message = as_message(&found.message);
            if disproved {
                let code = UnrecognizedCode::Contradicted;
                let note = Note {
                    code,
                    ..note(&message, tally.country)
                };
                tally.add_unread(&message, note, Some(DISPROVED));
                self.add_unread(found.index, found.message.sender, code);
            } else {
                tally.add_read(&message);
                kept.push(found);
            }
        }
        sort_by_key(&mut self.unrecognized_messages, |message| message.index);
        kept
    }

    /// The same for a dry run.
    fn add_readings(&mut self, explained: Vec<Explained>, judged: &Judged) {
        let mut readings = Vec::with_capacity(explained.len());
        for (Explained { sender, mut reading }, disproved) in explained.into_iter().zip(&judged.disproved) {
            if reading.explanation.outcome == Came::Read {
                if *disproved {
                    reading.explanation.refuse_records(DISPROVED);
                    self.add_unread(reading.index, sender, UnrecognizedCode::Contradicted);
                } else {
                    self.recorded += 1;
                }
            }
            readings.push(reading);
        }
        self.readings = Some(readings);
        sort_by_key(&mut self.unrecognized_messages, |message| message.index);
    }

    fn add(&mut self, sources: &[(usize, usize)], appended: &Appended) {
        let mut rest = appended.outcomes.as_slice();
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
        sort_by_key(&mut self.rejected, |rejected| rejected.index);
    }
}

impl Object for WireMessage {
    const REQUIRED: &'static [(&'static str, &'static str)] =
        &[("sender", r#""""#), ("body", r#""-""#), ("received_at", "0")];
}

impl Element for WireMessage {
    type Read = Self;

    const LIST: &'static str = LIST;

    const CODE: Code = Code::InvalidMessage;

    fn check(self, latest: Timestamp) -> (Self, Vec<Broken>) {
        let ReceivedAt(received_at) = self.received_at;
        let too_long = |text: &str, most: usize| {
            let long = text.chars().count() > most;
            long.then(|| (Code::InvalidMessage, shown!("must have at most {} characters", most)))
        };
        let empty = |text: &str| {
            let empty = text.trim().is_empty();
            empty.then(|| (Code::InvalidMessage, Shown::new("must not be empty")))
        };
        let time = if received_at < Timestamp::EPOCH {
            Some((Code::TimestampTooEarly, Shown::new("must not be before 1970")))
        } else if received_at > latest {
            Some((Code::TimestampInFuture, Shown::new("must not be in the future")))
        } else {
            None
        };
        let faults = [
            ("sender", too_long(&self.sender, MAX_SENDER_CHARS)),
            (
                "body",
                empty(&self.body).or_else(|| too_long(&self.body, MAX_MESSAGE_CHARS)),
            ),
            ("received_at", time),
        ];
        let broken = faults.into_iter().filter_map(|(field, fault)| {
            let (code, detail) = fault?;
            Some(Broken {
                code,
                field: Some(field.to_owned()),
                detail,
                alone: true,
            })
        });
        let broken = broken.collect();
        (self, broken)
    }
}
