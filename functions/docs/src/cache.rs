//! The cache lifetime of the answers.

/// Cache lifetime of these answers. They are the same for every client and change only with a deployment.
pub(crate) const CACHEABLE: &str = "public, max-age=3600";
