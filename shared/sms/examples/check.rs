//! Prints the measure of evaluation files: `cargo run --example check --features check -- FILE...`

use std::process::ExitCode;
use std::{env, fs};

use daftari_sms::check::evaluate;

fn main() -> ExitCode {
    let mut wrong = 0;
    for path in env::args().skip(1) {
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => {
                eprintln!("{path}: {error}");
                return ExitCode::FAILURE;
            }
        };
        match evaluate(&text, |_| false) {
            Ok(report) => {
                println!("{path}\n{report}");
                wrong += report.total().wrong;
            }
            Err(error) => {
                eprintln!("{path}: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    if wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
