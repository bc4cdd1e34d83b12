//! Measures the start of functions, using their release binaries.
//!
//! - [`start`]: the time from process start to the first request for an event, compared with an empty function;
//! - [`first`]: the time of the first request after the start, compared with later ones, with a table behind TLS.

mod environment;
mod first;
mod runtime_api;
mod start;
mod table;
mod times;

use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

type Fault = Box<dyn std::error::Error + Send + Sync>;

/// Measures the start of functions.
#[derive(Parser)]
#[command(
    version,
    after_help = "Exit codes: 0 measured, 1 failed or over the limit, 2 usage error."
)]
enum Command {
    /// Time from process start to the first request for an event.
    Start(start::Options),
    /// Time of the first request after the start, compared with later ones.
    First(first::Options),
}

fn main() -> ExitCode {
    let within = match Command::parse() {
        Command::Start(options) => start::run(&options),
        Command::First(options) => first::run(&options),
    };
    match within {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("bench-start: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The function's name, which is the name of its binary.
fn name(binary: &Path) -> String {
    binary.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
