//! A function with a faulty configuration does not start. It names the variable, without its value.

use std::process::{Command, Output};

use daftari_platform::identity::SigningKeys;
use serde_json::Value;

/// Starts the function with a valid configuration and some changed variables. `None` removes a variable.
fn start(changes: &[(&str, Option<&str>)]) -> Output {
    let keys = SigningKeys::generate().expect("keys");
    let jwks = keys.to_jwks().expect("jwks");
    let keys = keys.to_json().expect("json");
    let mut command = Command::new(env!("CARGO_BIN_EXE_auth"));
    command.env_clear().envs([
        // Nothing listens there, so a function that asks for an event ends.
        ("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:1"),
        ("AWS_LAMBDA_FUNCTION_NAME", "auth"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "test"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "test"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
        ("DAFTARI_TABLE", "daftari"),
        ("DAFTARI_JWKS", &jwks),
        ("DAFTARI_SIGNING_KEYS", &keys),
    ]);
    for (variable, value) in changes {
        match value {
            Some(value) => command.env(variable, value),
            None => command.env_remove(variable),
        };
    }
    command.output().expect("started")
}

/// The function's error message.
fn fault(changes: &[(&str, Option<&str>)]) -> String {
    let output = start(changes);
    assert!(!output.status.success(), "{changes:?}");
    let log = String::from_utf8(output.stdout).expect("UTF-8");
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .filter(|line: &Value| line["message"] == "the function does not start")
        .collect();
    assert_eq!(lines.len(), 1, "{changes:?}: {log}");
    assert_eq!(lines[0]["level"], "ERROR");
    lines[0]["error"].as_str().expect("error").to_owned()
}

#[test]
fn the_variable_at_fault_is_named() {
    let other = SigningKeys::generate().expect("keys").to_json().expect("json");
    for (variable, value, reason) in [
        ("AWS_REGION", None, "is not set"),
        ("DAFTARI_TABLE", None, "is not set"),
        ("DAFTARI_TABLE", Some(""), "is not set"),
        ("DAFTARI_JWKS", None, "is not set"),
        ("DAFTARI_JWKS", Some("{}"), "not a JSON Web Key Set"),
        ("DAFTARI_ISSUER", Some("who?"), "must be visible ASCII"),
        ("DAFTARI_BASE_PATH", Some("beta"), "must be a path"),
        ("DAFTARI_TIME_BUDGET_MS", Some("soon"), "must be a number"),
        ("DAFTARI_METRICS", Some("all"), "must be emf or none"),
        ("DAFTARI_SIGNING_KEYS", None, "is not set"),
        ("DAFTARI_SIGNING_KEYS", Some("{}"), "not a set of signing keys"),
        ("DAFTARI_SIGNING_KEYS", Some(&other), "is not among the published ones"),
        ("DAFTARI_SIGNING_KEYS_SECRET", Some("no-such-secret"), "not reachable"),
    ] {
        let fault = fault(&[(variable, value)]);
        let start = format!("configuration: {variable} ");
        assert!(fault.starts_with(&start), "{variable}={value:?}: {fault}");
        assert!(fault.contains(reason), "{variable}={value:?}: {fault}");
        assert!(!fault.contains("private"), "{fault}");
    }
}

#[test]
fn a_good_configuration_gets_as_far_as_the_runtime() {
    let output = start(&[]);
    let log = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(!log.contains("configuration:"), "{log}");
}
