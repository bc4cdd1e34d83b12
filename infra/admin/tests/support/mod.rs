//! The operator's tool as a process.

use std::process::Command;

/// The tool on a table of the embedded engine. Nothing else of the environment reaches it.
pub(crate) fn tool(table: &str, endpoint: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_daftari-admin"));
    command.args(arguments).env_clear().envs([
        ("DAFTARI_TABLE", table),
        ("AWS_ENDPOINT_URL_DYNAMODB", endpoint),
        ("AWS_REGION", daftari_local::engine::REGION),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
    ]);
    command
}

/// The text of an output stream.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
