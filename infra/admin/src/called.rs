//! The command that runs this tool, for lines that a person can paste.

use std::ffi::OsString;

use crate::NAME;
use crate::output::plain;

/// Cargo sets this variable for the program that `cargo run` starts.
const PACKAGE: &str = "CARGO_PKG_NAME";

/// The command by which the person called this tool. Arguments follow it.
pub(crate) fn tool() -> String {
    let by_cargo = std::env::var(PACKAGE).is_ok_and(|package| package == env!("CARGO_PKG_NAME"));
    tool_of(by_cargo, std::env::args_os().next())
}

fn tool_of(by_cargo: bool, called: Option<OsString>) -> String {
    if by_cargo {
        // With -p, cargo would build most dependencies again, with other features.
        return format!("cargo run --locked -q --bin {NAME} --");
    }
    let called = called.and_then(|called| called.into_string().ok());
    quoted(
        &called
            .filter(|called| !called.is_empty())
            .unwrap_or_else(|| NAME.to_owned()),
    )
}

/// A value as one word of a shell. Control characters are replaced, because they could change what a terminal shows.
pub(crate) fn quoted(value: &str) -> String {
    let value = plain(value);
    // Only a NUL cannot be quoted, and `plain` leaves none.
    shlex::try_quote(&value).map_or_else(|_| String::new(), std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tool_is_called_as_the_person_called_it() {
        let called = |by_cargo, path: &str| tool_of(by_cargo, Some(path.into()));
        assert_eq!(
            called(true, "target/debug/daftari-admin"),
            "cargo run --locked -q --bin daftari-admin --"
        );
        assert_eq!(called(false, "daftari-admin"), "daftari-admin");
        assert_eq!(called(false, "./my tools/daftari-admin"), "'./my tools/daftari-admin'");
        assert_eq!(called(false, ""), "daftari-admin");
        assert_eq!(tool_of(false, None), "daftari-admin");
    }

    #[test]
    fn a_value_is_one_word_of_a_shell() {
        for value in ["Equity Bank", "it's", "$(id)", "a\"b`c`\\", "", "-x", "!!"] {
            assert_eq!(shlex::split(&quoted(value)), Some(vec![value.to_owned()]), "{value}");
        }
        assert_eq!(quoted("MPESA"), "MPESA");
        assert_eq!(quoted("a\u{1b}[2J\0"), "'a\u{fffd}[2J\u{fffd}'");
    }
}
