//! Standard output.

use std::fmt::Arguments;
use std::io::{ErrorKind, Write};

use crate::NAME;

/// Writes a line to standard output, formatted like `println!`. That macro panics if the reader has closed the pipe, as
/// `head` does in `daftari-admin sms institutions | head`.
macro_rules! say {
    ($($text:tt)*) => {
        $crate::output::write(format_args!("{}\n", format_args!($($text)*)))
    };
}
pub(crate) use say;

/// Writes to standard output. After the reader has closed the pipe, output is dropped and the command continues,
/// because it may change data. Any other fault, such as a full disk, ends the process.
pub(crate) fn write(text: Arguments<'_>) {
    match std::io::stdout().lock().write_fmt(text) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            eprintln!("{NAME}: standard output: {error}");
            std::process::exit(1);
        }
        Ok(()) | Err(_) => {}
    }
}

/// A text without control characters, which could change what a terminal shows.
pub(crate) fn plain(text: &str) -> String {
    let shown = |c: char| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c };
    text.chars().map(shown).collect()
}
