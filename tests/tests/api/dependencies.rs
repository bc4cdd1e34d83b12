//! Packages that must not be linked.

use std::collections::BTreeSet;

const LOCK: &str = include_str!("../../../Cargo.lock");

/// The packages that a crate of the workspace may link.
fn locked() -> BTreeSet<&'static str> {
    LOCK.lines()
        .filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'))
        .collect()
}

/// aws-lc gathers CPU-jitter entropy before its first random bytes, which adds 30 to 80 ms to a cold start. `ring`,
/// which TLS uses here, asks the system.
#[test]
fn no_function_waits_for_entropy_from_the_processor() {
    let locked = locked();
    assert!(locked.contains("ring"), "the list is read");
    for package in ["aws-lc-rs", "aws-lc-sys", "aws-lc-fips-sys"] {
        assert!(!locked.contains(package), "{package}");
    }
}

/// There is one TLS implementation, and it is not the system's.
#[test]
fn tls_is_rustls() {
    let locked = locked();
    assert!(locked.contains("rustls"));
    for package in ["openssl", "openssl-sys", "native-tls", "s2n-tls"] {
        assert!(!locked.contains(package), "{package}");
    }
}
