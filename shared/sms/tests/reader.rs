//! The number of the reader rises whenever its rules change.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};

#[derive(Deserialize)]
struct ReaderFile {
    /// The digests of the data files, one for each version, the newest last.
    rules: Vec<String>,
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

/// The number is the count of versions. A version is only ever added at the end, so the number rises with each.
#[test]
fn the_number_rises_whenever_the_rules_change() {
    let path = root().join("reader.toml");
    let text = fs::read_to_string(&path).expect("reader.toml");
    let file: ReaderFile = toml::from_str(&text).expect("reader.toml");
    let rules = digest();
    if std::env::var_os("UPDATE_READER").is_some() {
        let end = text.rfind(']').expect("a list");
        fs::write(&path, format!("{}    \"{rules}\",\n]\n", &text[..end])).expect("writable");
        return;
    }
    assert_eq!(
        file.rules.last(),
        Some(&rules),
        "the rules changed: UPDATE_READER=1 cargo test -p daftari-sms --test reader"
    );
    assert!(
        file.rules.windows(2).all(|pair| pair[0] != pair[1]),
        "two versions are the same"
    );
    assert_eq!(usize::try_from(daftari_sms::READER), Ok(file.rules.len()));
}
