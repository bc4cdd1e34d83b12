//! Asking for secrets.

use std::io::Read;

use anyhow::{Context, bail};

/// Most bytes read as a secret.
const MAX_BYTES: u64 = 4_096;

/// A password from standard input (one line) or from a prompt that does not show it.
pub(crate) fn password(from_stdin: bool, prompt: &str) -> anyhow::Result<String> {
    if from_stdin {
        let mut text = String::new();
        std::io::stdin()
            .take(MAX_BYTES)
            .read_to_string(&mut text)
            .context("standard input")?;
        return Ok(text.trim_end_matches(['\r', '\n']).to_owned());
    }
    rpassword::prompt_password(prompt).context("no terminal to ask for the password on: use --password-stdin")
}

/// A new password: prompted for twice.
pub(crate) fn new_password(from_stdin: bool) -> anyhow::Result<String> {
    let password = self::password(from_stdin, "New password: ")?;
    if !from_stdin && self::password(false, "Again: ")? != password {
        bail!("the two passwords differ");
    }
    Ok(password)
}
