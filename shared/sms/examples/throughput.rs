//! Measures reading on one core: `cargo run --release --example throughput --features check -- [FILE...]`
//!
//! Reads the examples of the template files, the ordinary texts of the tests, and the messages of the files. Prints the
//! rate of each kind of message in messages a second, beside its bar. Measures processor time, which other work of the
//! machine hardly affects.

#[path = "../tests/support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::time::Duration;
use std::{env, fs, hint};

use cpu_time::ThreadTime;
use daftari_domain::{Country, Timestamp};
use daftari_sms::check::lines;
use daftari_sms::{Message, Reading, read, read_with_tokens};
use support::{examples, received_at, token_of};

/// The processor time of one measurement. It is long enough that the resolution of the clock does not matter.
const MEASURED: Duration = Duration::from_secs(5);
/// Texts that no template reads, as `sender|country|records|text`.
const ORDINARY: &str = include_str!("../tests/ordinary/texts.txt");

/// The kind of a message: the layer that reads it, or the outcome without records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Template,
    Clauses,
    Unread,
    NotFinancial,
}

impl Kind {
    fn of(text: &Text) -> Self {
        match read_with_tokens(&text.message(), text.country, &token_of) {
            (Reading::Records(_), Some(source)) if source.is_of_clauses() => Self::Clauses,
            (Reading::Records(_), _) => Self::Template,
            (Reading::Unrecognized, _) => Self::Unread,
            (Reading::NotFinancial(_), _) => Self::NotFinancial,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Template => "read by a template",
            Self::Clauses => "read by clauses",
            Self::Unread => "unrecognized",
            Self::NotFinancial => "not financial",
        }
    }

    /// Fewest messages a second of one core; `None` for a kind without a bar.
    fn bar(self) -> Option<u128> {
        match self {
            Self::Template => Some(100_000),
            Self::Clauses => Some(30_000),
            Self::Unread | Self::NotFinancial => None,
        }
    }
}

/// A message to read.
struct Text {
    sender: String,
    country: Option<Country>,
    body: String,
    received_at: Timestamp,
}

impl Text {
    fn message(&self) -> Message<'_> {
        Message {
            sender: &self.sender,
            body: &self.body,
            received_at: self.received_at,
            id: None,
        }
    }
}

/// The texts of the project.
fn own_texts() -> impl Iterator<Item = Text> {
    let examples = examples().into_iter().map(|example| Text {
        sender: example.sender,
        country: Some(example.country),
        body: example.text,
        received_at: received_at(),
    });
    let ordinary = ORDINARY.lines().filter_map(|line| {
        let [sender, country, _, body] = line.splitn(4, '|').collect::<Vec<_>>().try_into().ok()?;
        Some(Text {
            sender: sender.to_owned(),
            country: country.parse().ok(),
            body: body.to_owned(),
            received_at: received_at(),
        })
    });
    examples.chain(ordinary)
}

fn texts_of(path: &str) -> impl Iterator<Item = Text> {
    let text = fs::read_to_string(path).expect("a readable file");
    let all = lines(&text).expect("lines of messages").into_iter();
    all.map(|(_, line)| Text {
        sender: line.sender,
        country: line.country.parse().ok(),
        body: line.body,
        received_at: line.received_at.unwrap_or_else(received_at),
    })
}

fn main() {
    let files: Vec<String> = env::args().skip(1).collect();
    let mut kinds: BTreeMap<Kind, Vec<Text>> = BTreeMap::new();
    for text in own_texts().chain(files.iter().flat_map(|path| texts_of(path))) {
        kinds.entry(Kind::of(&text)).or_default().push(text);
    }
    println!("the project's own texts, and {} files of messages", files.len());
    for (kind, texts) in &kinds {
        let rate = messages_a_second(texts);
        let judged = kind.bar().map_or(String::new(), |bar| {
            let outcome = if rate >= bar { "met" } else { "MISSED" };
            format!(", bar {bar}: {outcome}")
        });
        println!(
            "{:<20} {:>5} messages {rate:>9} a second{judged}",
            kind.name(),
            texts.len()
        );
    }
}

/// The rate in messages a second. The first round fills the caches and does not count.
fn messages_a_second(texts: &[Text]) -> u128 {
    round(texts);
    let start = ThreadTime::now();
    let mut rounds = 0_u128;
    while start.elapsed() < MEASURED {
        round(texts);
        rounds += 1;
    }
    rounds * texts.len() as u128 * 1_000 / start.elapsed().as_millis()
}

fn round(texts: &[Text]) {
    for text in texts {
        hint::black_box(read(&text.message(), text.country));
    }
}
