//! Prompts for secrets.

use std::io::Read;

use anyhow::{Context, bail};

/// Limit of a secret, in bytes.
const MAX_BYTES: u64 = 4_096;

/// Reads a password from standard input (one line) or from a prompt without echo.
pub(crate) fn password(from_stdin: bool, prompt: &str) -> anyhow::Result<String> {
    if from_stdin {
        let mut text = String::new();
        std::io::stdin()
            .take(MAX_BYTES)
            .read_to_string(&mut text)
            .context("standard input")?;
        return Ok(text.trim_end_matches(['\r', '\n']).to_owned());
    }
    rpassword::prompt_password(prompt).context("no terminal to prompt for the password: use --password-stdin")
}

/// Prompts for a new password twice.
pub(crate) fn new_password(from_stdin: bool) -> anyhow::Result<String> {
    let password = self::password(from_stdin, "New password: ")?;
    if !from_stdin && self::password(false, "Again: ")? != password {
        bail!("the two passwords differ");
    }
    Ok(password)
}
