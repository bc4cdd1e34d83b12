//! The number of the reader rises whenever its rules change.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};

#[derive(Deserialize)]
struct ReaderFile {
    number: u32,
    rules: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every data file that the build reads.
fn rules() -> Vec<PathBuf> {
    let mut paths = vec![
        root().join("counterparties.toml"),
        root().join("currencies.toml"),
        root().join("../domain/data/institutions.csv"),
    ];
    for folder in ["families", "institutions", "languages"] {
        let entries = fs::read_dir(root().join(folder)).expect("folder");
        paths.extend(entries.map(|entry| entry.expect("entry").path()));
    }
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "toml" || extension == "csv")
    });
    paths.sort();
    paths
}

fn digest() -> String {
    let mut hash = Sha256::new();
    for path in rules() {
        let bytes = fs::read(&path).expect("file");
        hash.update(path.file_name().expect("name").as_encoded_bytes());
        hash.update(u64::try_from(bytes.len()).expect("length").to_be_bytes());
        hash.update(&bytes);
    }
    let bytes: [u8; 32] = hash.finalize().into();
    let first: [u8; 16] = std::array::from_fn(|at| bytes[at]);
    format!("{:032x}", u128::from_be_bytes(first))
}

#[test]
fn the_number_rises_whenever_the_rules_change() {
    let path = root().join("reader.toml");
    let text = fs::read_to_string(&path).expect("reader.toml");
    let file: ReaderFile = toml::from_str(&text).expect("reader.toml");
    let rules = digest();
    if std::env::var_os("UPDATE_READER").is_some() {
        let head: String = text
            .split_inclusive('\n')
            .filter(|line| !line.contains(" = "))
            .collect();
        let number = file.number + 1;
        fs::write(&path, format!("{head}number = {number}\nrules = \"{rules}\"\n")).expect("writable");
        return;
    }
    assert_eq!(
        file.rules, rules,
        "the rules changed: UPDATE_READER=1 cargo test -p daftari-sms --test reader"
    );
    assert_eq!(daftari_sms::READER, file.number);
}
