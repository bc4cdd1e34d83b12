//! Tells how a message is read: `cargo run --example explain -- SENDER COUNTRY TEXT`

use std::env;

use daftari_domain::Timestamp;
use daftari_sms::{Message, explain};

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [sender, country, body] = arguments.as_slice() else {
        eprintln!("usage: explain SENDER COUNTRY TEXT");
        return;
    };
    let message = Message {
        sender,
        body,
        received_at: Timestamp::EPOCH,
        id: None,
    };
    println!("{:#?}", explain(&message, country.parse().ok()));
}
