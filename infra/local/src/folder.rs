//! The folder of local data: the table, the keys, and the environment and routes of functions on this machine.

use std::fmt::Write as _;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use daftari_infra::gateway;
use daftari_infra::keys::{KeyFileError, new_key, read_signing_keys};
use daftari_infra::local::{CREDENTIAL, ENVIRONMENT_FILE, REGION, SIGNING_KEYS_FILE};
use daftari_infra::secret_file::{self, SecretFileError};
use daftari_platform::identity::{KeyError, SigningKeys};

pub use daftari_infra::local::TABLE;

/// The issuer of local tokens.
pub const ISSUER: &str = "daftari";

/// The folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The folder itself.
    #[error("{}: {reason}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The cause.
        reason: io::Error,
    },
    /// Another copy uses it.
    #[error("{}: in use by another copy of daftari-local; stop it, or use another folder", .0.display())]
    InUse(PathBuf),
    /// The environment file cannot represent its path.
    #[error("{}: the path must be UTF-8 without quotes or line breaks", .0.display())]
    BadPath(PathBuf),
    /// A file in it.
    #[error(transparent)]
    File(#[from] SecretFileError),
    /// The keys in it.
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    /// The keys in it.
    #[error("local keys: {0}")]
    Keys(#[from] KeyError),
}

/// The folder, locked by this process until dropped.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Creates the folder if it does not exist, and locks it.
    pub fn open(path: &Path) -> Result<Self, FolderError> {
        let failed = |reason| FolderError::Folder {
            path: path.to_owned(),
            reason,
        };
        make_private(path).map_err(failed)?;
        let path = path.canonicalize().map_err(failed)?;
        let plain = path
            .to_str()
            .is_some_and(|text| !text.contains(['\'', '"', '\n', '\\']));
        if !plain {
            return Err(FolderError::BadPath(path));
        }
        // Hides the folder from git and from programs that watch the code for changes.
        std::fs::write(path.join(".gitignore"), "*\n").map_err(failed)?;
        let lock = File::create(path.join("lock")).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(FolderError::InUse(path)),
            Err(TryLockError::Error(reason)) => Err(failed(reason)),
        }
    }

    /// File of the table.
    pub fn table_file(&self) -> PathBuf {
        self.path.join("table.sqlite")
    }

    /// The signing keys. The first call creates and stores them, with the public keys, the cursor key and the
    /// counterparty key.
    pub fn signing_keys(&self) -> Result<SigningKeys, FolderError> {
        let path = self.signing_keys_file();
        if !path.exists() {
            secret_file::create(&path, &SigningKeys::generate()?.to_json()?)?;
        }
        let keys = read_signing_keys(&path)?;
        // The operator's tool may have rotated the signing keys.
        secret_file::replace(&self.jwks_file(), &keys.to_jwks()?)?;
        for file in [self.cursor_key_file(), self.counterparty_key_file()] {
            if !file.exists() {
                secret_file::create(&file, &new_key()?)?;
            }
        }
        Ok(keys)
    }

    /// Writes the environment of the functions. Returns the path of the file.
    pub fn write_environment(&self, endpoint: &str) -> Result<PathBuf, FolderError> {
        let file = |path: PathBuf| path.display().to_string();
        let nothing = || "/dev/null".to_owned();
        let variables = [
            ("DAFTARI_TABLE", TABLE.to_owned()),
            ("DAFTARI_ISSUER", ISSUER.to_owned()),
            ("DAFTARI_JWKS_FILE", file(self.jwks_file())),
            ("DAFTARI_SIGNING_KEYS_FILE", file(self.signing_keys_file())),
            ("DAFTARI_CURSOR_KEY_FILE", file(self.cursor_key_file())),
            ("DAFTARI_COUNTERPARTY_KEY_FILE", file(self.counterparty_key_file())),
            // `make dev` calls the function that counts users every few seconds, so a run need not look twice.
            ("DAFTARI_LISTS_WITHIN_A_MINUTE", "false".to_owned()),
            ("AWS_ENDPOINT_URL_DYNAMODB", endpoint.to_owned()),
            ("AWS_REGION", REGION.to_owned()),
            ("AWS_ACCESS_KEY_ID", CREDENTIAL.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", CREDENTIAL.to_owned()),
            // Hides the AWS account that the developer is signed in to.
            ("AWS_CONFIG_FILE", nothing()),
            ("AWS_SHARED_CREDENTIALS_FILE", nothing()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ];
        let mut text = String::new();
        for (name, value) in variables {
            let _ = writeln!(text, "{name}='{value}'");
        }
        let path = self.path.join(ENVIRONMENT_FILE);
        secret_file::replace(&path, &text)?;
        Ok(path)
    }

    /// Writes the routes of the gateway on this machine as JSON, and returns the path of the file.
    pub fn write_routes(&self) -> Result<PathBuf, FolderError> {
        let path = self.path.join("routes.json");
        secret_file::replace(&path, &routes_json())?;
        Ok(path)
    }

    fn signing_keys_file(&self) -> PathBuf {
        self.path.join(SIGNING_KEYS_FILE)
    }

    fn jwks_file(&self) -> PathBuf {
        self.path.join("jwks.json")
    }

    fn cursor_key_file(&self) -> PathBuf {
        self.path.join("cursor-key")
    }

    fn counterparty_key_file(&self) -> PathBuf {
        self.path.join("counterparty-key")
    }
}

fn routes_json() -> String {
    serde_json::to_string_pretty(&gateway::local_routes()).expect("names and paths are JSON")
}

fn make_private(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_once_and_kept() {
        let home = tempfile::tempdir().expect("folder");
        let path = home.path().join("new/data");
        let first = Folder::open(&path).expect("opened");
        let kid = first.signing_keys().expect("keys").active().to_owned();
        let read = |name: &str| std::fs::read(path.join(name)).expect("key");
        let keys = ["cursor-key", "counterparty-key"].map(read);
        assert_ne!(keys[0], keys[1]);
        drop(first);
        let second = Folder::open(&path).expect("opened");
        assert_eq!(second.signing_keys().expect("keys").active(), kid);
        assert_eq!(["cursor-key", "counterparty-key"].map(read), keys);
    }

    #[test]
    fn two_copies_cannot_share_a_folder() {
        let home = tempfile::tempdir().expect("folder");
        let _first = Folder::open(home.path()).expect("opened");
        let error = Folder::open(home.path()).expect_err("taken");
        assert!(error.to_string().contains("in use by another copy"), "{error}");
    }

    #[test]
    fn the_routes_are_written_for_cargo_lambda() {
        let home = tempfile::tempdir().expect("folder");
        let folder = Folder::open(home.path()).expect("opened");
        let text = std::fs::read_to_string(folder.write_routes().expect("routes")).expect("text");
        let routes: Vec<serde_json::Value> = serde_json::from_str(&text).expect("JSON");
        let ledger: Vec<_> = routes
            .iter()
            .filter(|route| route["path"] == daftari_platform::http::routes::GET_LEDGER.path)
            .map(|route| (&route["function"], route["methods"][0].as_str()))
            .collect();
        assert_eq!(
            ledger,
            [(&"ledger".into(), Some("GET")), (&"ingest".into(), Some("POST"))]
        );
        let last = routes.last().expect("a route");
        assert_eq!(last["path"], "/{country}/{*rest}");
        assert!(last["methods"].is_null(), "every method: {last}");
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_read_a_secret() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().expect("folder");
        let folder = Folder::open(home.path()).expect("opened");
        folder.signing_keys().expect("keys");
        folder.write_environment("http://127.0.0.1:1").expect("environment");
        for name in [
            "signing-keys.json",
            "cursor-key",
            "counterparty-key",
            "jwks.json",
            "functions.env",
        ] {
            let mode = home.path().join(name).metadata().expect(name).permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }
}
