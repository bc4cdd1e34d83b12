//! What must not be linked.

use std::collections::BTreeSet;

const LOCK: &str = include_str!("../../Cargo.lock");

/// The packages that any crate of the workspace may link.
fn locked() -> BTreeSet<&'static str> {
    LOCK.lines()
        .filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'))
        .collect()
}

/// aws-lc gathers entropy from the processor's jitter before its first random bytes: 30 to 80 ms of a start. `ring`,
/// which TLS uses here, asks the system.
#[test]
fn no_function_waits_for_entropy_from_the_processor() {
    let locked = locked();
    assert!(locked.contains("ring"), "the list is read");
    for package in ["aws-lc-rs", "aws-lc-sys", "aws-lc-fips-sys"] {
        assert!(!locked.contains(package), "{package}");
    }
}

/// One TLS stack, and none from the system.
#[test]
fn tls_is_rustls() {
    let locked = locked();
    assert!(locked.contains("rustls"));
    for package in ["openssl", "openssl-sys", "native-tls", "s2n-tls"] {
        assert!(!locked.contains(package), "{package}");
    }
}
