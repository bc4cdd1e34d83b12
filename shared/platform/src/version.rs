//! The identity of this build.

/// The version of the software.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The commit that a package was built from. `None` in a build that `make package` did not make.
pub const COMMIT: Option<&str> = match option_env!("DAFTARI_COMMIT") {
    Some(commit) if !commit.is_empty() => Some(commit),
    _ => None,
};
