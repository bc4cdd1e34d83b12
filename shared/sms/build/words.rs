//! The lists of `[words]` in `languages/`, joined.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use daftari_sms_notation::files::LanguageFile;

pub(crate) fn generate(root: &Path) -> Result<String, String> {
    let mut joined: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
    for path in super::toml_files(&root.join("languages"))? {
        let file: LanguageFile = super::read(&path)?;
        for (name, words) in file.words.lists() {
            joined.entry(name).or_default().extend(words.iter().cloned());
        }
    }
    let mut code = String::from("pub(crate) static WORDS: Words = Words {\n");
    for (name, words) in joined {
        let words: Vec<&String> = words.iter().collect();
        writeln!(code, "{name}: &{words:?},").expect("a String takes all");
    }
    code.push_str("};\n");
    Ok(code)
}
