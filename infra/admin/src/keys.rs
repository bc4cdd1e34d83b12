//! Signing keys, the cursor key and the counterparty key.

use std::path::PathBuf;

use clap::Subcommand;
use daftari_infra::keys::{new_key, read_signing_keys};
use daftari_infra::secret_file;
use daftari_platform::identity::SigningKeys;

/// Rotation: `add` a key and give the functions the new `jwks`. Once all have it, `activate` the key and give the auth
/// function the file. Once the last token of the old key has expired (5 hours for API tokens, 90 days for phone
/// tokens), `retire` the old key and give the functions the `jwks` again.
#[derive(Subcommand)]
pub(crate) enum KeysCommand {
    /// Creates a file with one new key, which signs.
    New {
        /// The file. It must not exist.
        file: PathBuf,
    },
    /// Adds a new key, which is published but does not sign yet. Prints its id.
    Add {
        /// The file.
        file: PathBuf,
    },
    /// Makes a key the signing key.
    Activate {
        /// The file.
        file: PathBuf,
        /// The key's id, which may begin with a hyphen.
        #[arg(allow_hyphen_values = true)]
        kid: String,
    },
    /// Removes a key that does not sign. This invalidates the tokens that it signed.
    Retire {
        /// The file.
        file: PathBuf,
        /// The key's id, which may begin with a hyphen.
        #[arg(allow_hyphen_values = true)]
        kid: String,
    },
    /// Lists the ids of the keys, oldest first. A star marks the signing key.
    List {
        /// The file.
        file: PathBuf,
    },
    /// Prints the public keys as a JSON Web Key Set.
    Jwks {
        /// The file.
        file: PathBuf,
    },
}

impl KeysCommand {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        match self {
            Self::New { file } => {
                let keys = SigningKeys::generate()?;
                secret_file::create(&file, &keys.to_json())?;
                println!("{}", keys.active());
            }
            Self::Add { file } => {
                let mut keys = read_signing_keys(&file)?;
                let kid = keys.add()?;
                secret_file::replace(&file, &keys.to_json())?;
                println!("{kid}");
            }
            Self::Activate { file, kid } => {
                let mut keys = read_signing_keys(&file)?;
                keys.activate(&kid)?;
                secret_file::replace(&file, &keys.to_json())?;
            }
            Self::Retire { file, kid } => {
                let mut keys = read_signing_keys(&file)?;
                keys.retire(&kid)?;
                secret_file::replace(&file, &keys.to_json())?;
            }
            Self::List { file } => {
                let keys = read_signing_keys(&file)?;
                for kid in keys.kids() {
                    println!("{kid}{}", if kid == keys.active() { " *" } else { "" });
                }
            }
            Self::Jwks { file } => println!("{}", read_signing_keys(&file)?.to_jwks()?),
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
        println!("{}", file.display());
        Ok(())
    }
}
