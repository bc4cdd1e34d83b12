//! Signing keys, the cursor key and the counterparty key.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use daftari_infra::keys::{new_key, read_signing_keys};
use daftari_infra::secret_file;
use daftari_platform::identity::SigningKeys;

use crate::local;
use crate::options::Usage;
use crate::output::say;

/// Rotation: `add` a key and give the functions the `jwks`. Once all have it, `activate` the key and give the auth
/// function the file. Once the last token of the old key has expired (5 hours for API tokens, 90 days for phone
/// tokens), `retire` the old key and give the functions the `jwks` again.
#[derive(Subcommand)]
pub(crate) enum KeysCommand {
    /// Creates a file with one key, which signs.
    New {
        /// The file. It must not exist.
        file: PathBuf,
    },
    /// Adds a key, which is published but does not sign yet. Prints its id.
    Add(KeyFile),
    /// Makes a key the signing key.
    #[command(override_usage = "daftari-admin keys activate [OPTIONS] [FILE] <KID>")]
    Activate(OneKey),
    /// Removes a key that does not sign. This invalidates the tokens that it signed.
    #[command(override_usage = "daftari-admin keys retire [OPTIONS] [FILE] <KID>")]
    Retire(OneKey),
    /// Lists the ids of the keys, oldest first. A star marks the signing key.
    List(KeyFile),
    /// Prints the public keys as a JSON Web Key Set.
    Jwks(KeyFile),
}

/// An existing file of keys.
#[derive(Args)]
pub(crate) struct KeyFile {
    /// The file. Optional with --local: then it is that of make dev, which reads it when it starts.
    file: Option<PathBuf>,
    #[arg(from_global)]
    local: bool,
}

/// A key of an existing file.
#[derive(Args)]
pub(crate) struct OneKey {
    /// The file. Optional with --local: then it is that of make dev, which reads it when it starts.
    #[arg(value_name = "FILE")]
    first: PathBuf,
    /// The key's id, which may begin with a hyphen. Without FILE, such an id needs -- before it.
    #[arg(value_name = "KID", allow_hyphen_values = true)]
    second: Option<String>,
    #[arg(from_global)]
    local: bool,
}

impl OneKey {
    /// The file and the key's id. Clap takes no optional argument before one that may begin with a hyphen.
    fn parts(self) -> anyhow::Result<(PathBuf, String)> {
        match (self.second, self.local) {
            (Some(kid), _) => Ok((self.first, kid)),
            (None, true) => Ok((local::signing_keys()?, self.first.display().to_string())),
            (None, false) => Err(Usage::new("which key? Give the file and the key's id, or --local and the id").into()),
        }
    }
}

impl KeyFile {
    fn path(self) -> anyhow::Result<PathBuf> {
        match self.file {
            Some(file) => Ok(file),
            None if self.local => local::signing_keys(),
            None => Err(Usage::new("which file of keys? Name it, or give --local for that of make dev").into()),
        }
    }
}

impl KeysCommand {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        match self {
            Self::New { file } => {
                let keys = SigningKeys::generate()?;
                secret_file::create(&file, &keys.to_json()?)?;
                say!("{}", keys.active());
            }
            Self::Add(file) => {
                let file = file.path()?;
                let mut keys = read_signing_keys(&file)?;
                let kid = keys.add()?;
                secret_file::replace(&file, &keys.to_json()?)?;
                say!("{kid}");
            }
            Self::Activate(one) => {
                let (file, kid) = one.parts()?;
                let mut keys = read_signing_keys(&file)?;
                keys.activate(&kid)?;
                secret_file::replace(&file, &keys.to_json()?)?;
            }
            Self::Retire(one) => {
                let (file, kid) = one.parts()?;
                let mut keys = read_signing_keys(&file)?;
                keys.retire(&kid)?;
                secret_file::replace(&file, &keys.to_json()?)?;
            }
            Self::List(file) => {
                let keys = read_signing_keys(&file.path()?)?;
                for kid in keys.kids() {
                    say!("{kid}{}", if kid == keys.active() { " *" } else { "" });
                }
            }
            Self::Jwks(file) => say!("{}", read_signing_keys(&file.path()?)?.to_jwks()?),
        }
        Ok(())
    }
}

#[derive(Subcommand)]
pub(crate) enum RandomKeyCommand {
    /// Creates a file with 32 random bytes in base64.
    New {
        /// The file. It must not exist.
        file: PathBuf,
    },
}

impl RandomKeyCommand {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let Self::New { file } = self;
        secret_file::create(&file, &new_key()?)?;
        say!("{}", file.display());
        Ok(())
    }
}
