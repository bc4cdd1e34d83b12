//! Finds the service of `make dev`, for `--local`.
//!
//! `make dev` writes the addresses of its table and its API into its data folder. The folder is `DATA_DIR`, or `.local`
//! in the folder of the project. So the search covers the current folder and those above. `TABLE_PORT` and `PORT` take
//! precedence, as for `make dev`. Without any of these, the default ports apply.

use std::path::{Path, PathBuf};

use anyhow::Context;
use daftari_infra::local::{
    API_FILE, API_PORT, DATA_DIR, DEFAULT_API_PORT, DEFAULT_DATA_DIR, DEFAULT_TABLE_PORT, ENVIRONMENT_FILE,
    SIGNING_KEYS_FILE, TABLE_PORT,
};

use crate::options::Usage;

/// Variable of the environment file with the address of the table.
const ENDPOINT: &str = "AWS_ENDPOINT_URL_DYNAMODB";

/// The address of the table.
pub(crate) fn endpoint() -> anyhow::Result<String> {
    let port = |text: &str| {
        text.lines().find_map(|line| {
            let value = line.strip_prefix(ENDPOINT)?.strip_prefix('=')?;
            port_of(value.trim_matches('\''))
        })
    };
    address(TABLE_PORT, (ENVIRONMENT_FILE, port), DEFAULT_TABLE_PORT)
}

/// The address of the API.
pub(crate) fn api() -> anyhow::Result<String> {
    address(
        API_PORT,
        (API_FILE, |text: &str| port_of(text.trim())),
        DEFAULT_API_PORT,
    )
}

/// The file of the signing keys.
pub(crate) fn signing_keys() -> anyhow::Result<PathBuf> {
    Ok(data_folder()?.join(SIGNING_KEYS_FILE))
}

/// The address at the port in the environment, otherwise at the one in a file of the data, otherwise at the default.
fn address(
    variable: &str,
    (file, port_in): (&str, impl Fn(&str) -> Option<u16>),
    default: u16,
) -> anyhow::Result<String> {
    let written = || match data_folder() {
        Ok(folder) => Ok(std::fs::read_to_string(folder.join(file)).ok()),
        // Another copy may use the default port.
        Err(error) if named(DATA_DIR).is_some() => Err(error),
        Err(_) => Ok(None),
    };
    let port = match named(variable) {
        Some(text) => text
            .parse()
            .ok()
            .filter(|port| *port > 0)
            .ok_or_else(|| Usage::new(format!("{variable} must be a port from 1 to 65535, not {text:?}")))?,
        None => written()?.and_then(|text| port_in(&text)).unwrap_or(default),
    };
    Ok(format!("http://127.0.0.1:{port}"))
}

/// The port of an address on this machine. Passwords are sent to the address, so a file must not name another machine.
fn port_of(url: &str) -> Option<u16> {
    url.strip_prefix("http://127.0.0.1:")?.parse().ok()
}

fn named(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|value| !value.is_empty())
}

/// The folder of the data.
fn data_folder() -> anyhow::Result<PathBuf> {
    let name = named(DATA_DIR).unwrap_or_else(|| DEFAULT_DATA_DIR.to_owned());
    let here = std::env::current_dir().context("the present folder")?;
    find(&here, Path::new(&name)).with_context(|| {
        format!(
            "no data of make dev: there is no {name}/{ENVIRONMENT_FILE} in this folder or above. Run make dev first, and \
             this command in the folder of the project; {DATA_DIR} names another folder of data"
        )
    })
}

fn find(here: &Path, name: &Path) -> Option<PathBuf> {
    here.ancestors()
        .map(|folder| folder.join(name))
        .find(|folder| folder.join(ENVIRONMENT_FILE).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_found_from_below() {
        let project = tempfile::tempdir().expect("folder");
        let (data, below) = (project.path().join(".local"), project.path().join("infra/admin"));
        std::fs::create_dir_all(&below).expect("made");
        assert_eq!(find(&below, Path::new(".local")), None);
        std::fs::create_dir(&data).expect("made");
        assert_eq!(
            find(&below, Path::new(".local")),
            None,
            "a folder without an environment"
        );
        std::fs::write(data.join(ENVIRONMENT_FILE), "").expect("written");
        assert_eq!(find(&below, Path::new(".local")), Some(data.clone()));
        assert_eq!(find(Path::new("/"), &data), Some(data));
    }

    #[test]
    fn only_addresses_of_this_machine_are_taken_from_files() {
        assert_eq!(port_of("http://127.0.0.1:8100"), Some(8100));
        for url in [
            "http://10.0.0.1:8100",
            "https://127.0.0.1:8100",
            "http://127.0.0.1:8100@evil.example",
            "",
        ] {
            assert_eq!(port_of(url), None, "{url}");
        }
    }
}
