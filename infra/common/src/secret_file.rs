//! Files that only their owner may read.
//!
//! Writes are atomic. The text goes to a temporary file in the same folder, created with its final permissions, which
//! is then moved into place. A reader sees the old text or the new one, never a part.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file could not be read or written. Names the file, never its contents.
#[derive(Debug, thiserror::Error)]
#[error("{}: {reason}", path.display())]
pub struct SecretFileError {
    /// The file.
    pub path: PathBuf,
    /// The cause.
    pub reason: io::Error,
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> SecretFileError {
    let path = path.to_owned();
    move |reason| SecretFileError { path, reason }
}

/// Reads the text of a file.
pub fn read(path: &Path) -> Result<String, SecretFileError> {
    std::fs::read_to_string(path).map_err(at(path))
}

/// Creates a file. Fails if it exists.
pub fn create(path: &Path, text: &str) -> Result<(), SecretFileError> {
    let part = write_beside(path, text)?;
    // Unlike a rename, a link does not replace an existing file.
    let linked = std::fs::hard_link(&part, path);
    let _ = std::fs::remove_file(&part);
    linked.map_err(at(path))
}

/// Creates or replaces a file.
pub fn replace(path: &Path, text: &str) -> Result<(), SecretFileError> {
    let part = write_beside(path, text)?;
    std::fs::rename(&part, path).map_err(|error| {
        let _ = std::fs::remove_file(&part);
        at(path)(error)
    })
}

fn write_beside(path: &Path, text: &str) -> Result<PathBuf, SecretFileError> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput.into());
    let mut name = name.map_err(at(path))?.to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let written = open_private(&part).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    match written {
        Ok(()) => Ok(part),
        Err(error) => {
            let _ = std::fs::remove_file(&part);
            Err(at(path)(error))
        }
    }
}

fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    fn mode(path: &Path) -> u32 {
        use std::os::unix::fs::PermissionsExt;
        path.metadata().expect("metadata").permissions().mode() & 0o777
    }

    #[test]
    fn creating_never_replaces_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("keys.json");
        create(&path, "first").expect("created");
        let error = create(&path, "second").expect_err("taken");
        assert_eq!(error.reason.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(read(&path).expect("read"), "first");
        assert_eq!(folder.path().read_dir().expect("folder").count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_a_file_that_was_open_before() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("keys.json");
        std::fs::write(&path, "wide").expect("written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("mode");
        replace(&path, "narrow").expect("replaced");
        assert_eq!(mode(&path), 0o600);
        assert_eq!(read(&path).expect("read"), "narrow");
    }

    #[test]
    fn a_path_without_a_file_name_is_refused() {
        let folder = tempfile::tempdir().expect("folder");
        let inner = folder.path().join("inner");
        std::fs::create_dir(&inner).expect("created");
        replace(&inner.join(".."), "text").expect_err("a folder");
        create(&inner.join(".."), "text").expect_err("a folder");
        let error = write_beside(Path::new("/"), "text").expect_err("no name");
        assert_eq!(error.reason.kind(), io::ErrorKind::InvalidInput);
        assert_eq!(inner.read_dir().expect("folder").count(), 0);
    }

    #[test]
    fn an_error_names_the_file() {
        let error = read(Path::new("/no/such/keys.json")).expect_err("missing");
        assert!(error.to_string().starts_with("/no/such/keys.json: "), "{error}");
    }
}
