//! Measures reading on one core: `cargo run --release --example throughput --features check -- FILE...`
//!
//! Measures processor time, which other work of the machine hardly affects.

use std::time::Duration;
use std::{env, fs};

use cpu_time::ThreadTime;
use daftari_sms::Reading;
use daftari_sms::check::{Line, lines};

/// Long enough for the clock and the caches not to matter.
const MEASURED: Duration = Duration::from_secs(5);

fn main() {
    let messages: Vec<Line> = env::args()
        .skip(1)
        .flat_map(|path| {
            let text = fs::read_to_string(&path).expect("a readable file");
            lines(&text).expect("lines of messages")
        })
        .map(|(_, line)| line)
        .collect();
    if messages.is_empty() {
        eprintln!("usage: throughput FILE...");
        return;
    }
    let cold = ThreadTime::now();
    let read = round(&messages);
    println!(
        "first round of {} messages, {read} with records: {:?}",
        messages.len(),
        cold.elapsed()
    );
    let start = ThreadTime::now();
    let mut rounds = 0_u128;
    while start.elapsed() < MEASURED {
        round(&messages);
        rounds += 1;
    }
    let total = rounds * messages.len() as u128;
    println!("{} messages a second", total * 1_000 / start.elapsed().as_millis());
}

fn round(messages: &[Line]) -> usize {
    messages
        .iter()
        .filter(|line| matches!(line.read(), Reading::Records(_)))
        .count()
}
