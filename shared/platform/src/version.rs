//! The identity of this build.

/// The version of the software.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The commit of a package. `None` in a local build, which is not packaged.
pub const COMMIT: Option<&str> = match option_env!("DAFTARI_COMMIT") {
    Some(commit) if !commit.is_empty() => Some(commit),
    _ => None,
};
