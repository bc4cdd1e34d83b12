//! Prompts for secrets.

use std::io::Read;

use anyhow::{Context, bail};
use daftari_platform::identity::Password;

/// Limit of a secret, in bytes.
const MAX_BYTES: u64 = 4_096;
/// Capacity for a secret, and for the read that finds its end.
const ROOM: usize = 2 * 4_096;

/// Reads a password from standard input (one line) or from a prompt without echo.
pub(crate) fn password(from_stdin: bool, prompt: &str) -> anyhow::Result<Password> {
    if from_stdin {
        // Allocated at full size, because a growing text leaves copies in memory.
        let mut text = String::with_capacity(ROOM);
        std::io::stdin()
            .take(MAX_BYTES)
            .read_to_string(&mut text)
            .context("standard input")?;
        text.truncate(text.trim_end_matches(['\r', '\n']).len());
        return Ok(text.into());
    }
    let password = rpassword::prompt_password(prompt);
    let password = password.context("no terminal to prompt for the password: use --password-stdin")?;
    Ok(password.into())
}

/// Prompts for a new password twice.
pub(crate) fn new_password(from_stdin: bool) -> anyhow::Result<Password> {
    let password = self::password(from_stdin, "New password: ")?;
    if !from_stdin && *self::password(false, "Again: ")? != *password {
        bail!("the two passwords differ");
    }
    Ok(password)
}
