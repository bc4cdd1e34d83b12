//! One line width for code and comments.

use std::path::{Path, PathBuf};

/// The width in rustfmt.toml, which does not apply to comments.
const WIDTH: usize = 120;

/// The Rust sources of the workspace.
fn rust_files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut folders: Vec<PathBuf> = ["shared", "functions", "infra", "tests"]
        .map(|name| root.join(name))
        .into();
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("folder") {
            let path = entry.expect("entry").path();
            let name = path.file_name().unwrap_or_default();
            if path.is_dir() && name != "node_modules" {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files
}

/// A row of a table, or a link: they cannot be wrapped.
fn is_unbreakable(line: &str) -> bool {
    let text = line.trim_start().trim_start_matches(['/', '!']).trim_start();
    text.starts_with('|') || !text.trim_start_matches("- ").contains(' ')
}

#[test]
fn comments_are_at_most_120_columns_wide() {
    let width = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../rustfmt.toml"));
    assert!(width.expect("rustfmt.toml").contains(&format!("max_width = {WIDTH}\n")));
    let files = rust_files();
    assert!(files.len() > 300, "the sources are found");
    let mut wide = Vec::new();
    for file in files {
        let source = std::fs::read_to_string(&file).expect("source");
        for (number, line) in source.lines().enumerate() {
            let is_comment = line.trim_start().starts_with("//");
            if is_comment && line.chars().count() > WIDTH && !is_unbreakable(line) {
                wide.push(format!("{}:{}", file.display(), number + 1));
            }
        }
    }
    assert!(wide.is_empty(), "wider than {WIDTH} columns:\n{}", wide.join("\n"));
}
