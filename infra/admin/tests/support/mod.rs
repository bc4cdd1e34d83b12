//! The operator's tool as a process.

#![allow(dead_code, reason = "each test binary uses a part")]

use std::io::Write;
use std::process::{Command, Output, Stdio};

/// The tool on a table of the embedded engine. It gets no other part of the environment.
pub(crate) fn tool(table: &str, endpoint: &str, arguments: &[&str]) -> Command {
    let mut command = bare(arguments);
    command.envs([
        ("DAFTARI_TABLE", table),
        ("AWS_ENDPOINT_URL_DYNAMODB", endpoint),
        ("AWS_REGION", daftari_local::engine::REGION),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
    ]);
    command
}

/// The tool with an empty environment.
pub(crate) fn bare(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_daftari-admin"));
    command.args(arguments).env_clear();
    command
}

/// Runs the tool with a text on standard input.
pub(crate) fn run(mut command: Command, input: &str) -> Output {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("starts");
    // A tool that fails early does not read its input.
    let _ = child.stdin.take().expect("stdin").write_all(input.as_bytes());
    child.wait_with_output().expect("ends")
}

/// The output of a run that succeeded.
#[track_caller]
pub(crate) fn done(output: &Output) -> String {
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// Asserts the exit code. Returns the lines of standard output.
#[track_caller]
pub(crate) fn lines(output: &Output, code: i32) -> Vec<String> {
    assert_eq!(output.status.code(), Some(code), "{}", text(&output.stderr));
    text(&output.stdout).lines().map(str::to_owned).collect()
}

/// Asserts the exit code and the words of the error. Faults other than wrong usage take one line.
#[track_caller]
pub(crate) fn failed(output: &Output, code: i32, words: &str) {
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{errors}");
    assert!(errors.contains(words), "{errors}");
    assert!(
        code != 1 || errors.trim_end().lines().count() == 1,
        "one line: {errors}"
    );
}

/// The text of an output stream.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
