//! Measures reading on one core: `cargo run --release --example throughput --features check -- FILE...`
//!
//! Prints one rate for each kind of message, by what decides about it. Measures processor time, which other work of the
//! machine hardly affects.

use std::collections::BTreeMap;
use std::time::Duration;
use std::{env, fs, hint};

use cpu_time::ThreadTime;
use daftari_sms::Reading;
use daftari_sms::check::{Line, lines};

/// Long enough for the clock and the caches not to matter.
const MEASURED: Duration = Duration::from_secs(5);

/// What decides about a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Template,
    Clauses,
    Unread,
    NotFinancial,
}

impl Kind {
    fn of(line: &Line) -> Self {
        match line.read_with_source() {
            (Reading::Records(_), Some(source)) if source.is_of_clauses() => Self::Clauses,
            (Reading::Records(_), _) => Self::Template,
            (Reading::Unrecognized, _) => Self::Unread,
            (Reading::NotFinancial, _) => Self::NotFinancial,
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
}

fn main() {
    let mut kinds: BTreeMap<Kind, Vec<Line>> = BTreeMap::new();
    for path in env::args().skip(1) {
        let text = fs::read_to_string(&path).expect("a readable file");
        for (_, line) in lines(&text).expect("lines of messages") {
            kinds.entry(Kind::of(&line)).or_default().push(line);
        }
    }
    if kinds.is_empty() {
        eprintln!("usage: throughput FILE...");
        return;
    }
    for (kind, messages) in &kinds {
        let rate = messages_a_second(messages);
        println!("{:<20} {:>5} messages {rate:>9} a second", kind.name(), messages.len());
    }
}

/// How many messages a second are read, in rounds over all of them.
fn messages_a_second(messages: &[Line]) -> u128 {
    round(messages);
    let start = ThreadTime::now();
    let mut rounds = 0_u128;
    while start.elapsed() < MEASURED {
        round(messages);
        rounds += 1;
    }
    rounds * messages.len() as u128 * 1_000 / start.elapsed().as_millis()
}

fn round(messages: &[Line]) {
    for line in messages {
        hint::black_box(line.read());
    }
}
