//! The lists of `[words]` in `languages/`, joined.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use daftari_sms_notation::files::LanguageFile;

/// Lists that only the build uses.
const OF_THE_BUILD: [&str; 2] = ["agents", "other_side"];

/// The words before the name of the other side in a layout.
#[derive(Default)]
pub(crate) struct Sides {
    /// "from", "to" and the like.
    pub(crate) other_side: BTreeSet<String>,
    /// "agent" and the like: the name is an agent's.
    pub(crate) agents: BTreeSet<String>,
}

pub(crate) fn sides(root: &Path) -> Result<Sides, String> {
    let mut sides = Sides::default();
    for path in super::toml_files(&root.join("languages"))? {
        let file: LanguageFile = super::read(&path)?;
        sides.other_side.extend(file.words.other_side);
        sides.agents.extend(file.words.agents);
    }
    Ok(sides)
}

pub(crate) fn generate(root: &Path) -> Result<String, String> {
    let mut joined: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
    for path in super::toml_files(&root.join("languages"))? {
        let file: LanguageFile = super::read(&path)?;
        let lists = file.words.lists().into_iter();
        for (name, words) in lists.filter(|(name, _)| !OF_THE_BUILD.contains(name)) {
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
