//! The lists of `[words]` in `languages/`, joined.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use daftari_sms_notation::field_words::FieldWords;
use daftari_sms_notation::files::{LanguageFile, Words};

/// Lists that only the build uses. It joins the last three with others to the words of fields.
const OF_THE_BUILD: [&str; 10] = [
    "agents",
    "other_side",
    "undone",
    "undone_stems",
    "told",
    "sentence",
    "aftermath",
    "before_time",
    "debited",
    "credited",
];

/// The parts of a message that the reader searches for words of a verdict or of another sentence, each with its lists.
const SEARCHED: [(&str, &[&str]); 3] = [
    ("in_names", &["refused", "undone", "undone_stems", "told", "sentence"]),
    ("in_tails", &["refused", "undone", "told", "aftermath"]),
    ("in_texts", &["refused", "heads"]),
];
/// The list that the reader also searches for alone, in the whole text.
const ALONE: &str = "refused";

/// The words before the name of the other side in a layout.
#[derive(Default)]
pub(crate) struct Sides {
    /// "from", "to" and the like.
    pub(crate) other_side: BTreeSet<String>,
    /// "agent" and the like: the name behind it is an agent's.
    pub(crate) agents: BTreeSet<String>,
}

pub(crate) fn sides(languages: &[Words]) -> Sides {
    let mut sides = Sides::default();
    for words in languages {
        sides.other_side.extend(words.other_side.iter().cloned());
        sides.agents.extend(words.agents.iter().cloned());
    }
    sides
}

/// The words of each language.
pub(crate) fn of_languages(root: &Path) -> Result<Vec<Words>, String> {
    let files = super::toml_files(&root.join("languages"))?;
    let words = files.iter().map(|path| Ok(super::read::<LanguageFile>(path)?.words));
    words.collect()
}

/// The words of all languages that fields contain.
pub(crate) fn of_fields(languages: &[Words]) -> FieldWords<'_> {
    FieldWords::of(&languages.iter().collect::<Vec<_>>())
}

/// Refuses a superfluous word: wherever the reader searches for it, it also searches for a word within it.
fn check_coverage(joined: &BTreeMap<&'static str, BTreeSet<String>>) -> Result<(), String> {
    let mut groups: Vec<&[&str]> = SEARCHED.iter().map(|(_, lists)| *lists).collect();
    groups.push(&[ALONE]);
    for list in SEARCHED.iter().flat_map(|(_, lists)| *lists).copied() {
        let within: Vec<_> = groups.iter().filter(|lists| lists.contains(&list)).collect();
        for word in &joined[list] {
            let covered: Option<Vec<_>> = within
                .iter()
                .map(|lists| found_by(joined, lists, (list, word)))
                .collect();
            if let Some((by, text)) = covered.and_then(|covered| covered.first().copied()) {
                return Err(format!("[words] {list}: {word:?} is superfluous, {by} holds {text:?}"));
            }
        }
    }
    Ok(())
}

/// The first other word of `lists` that `word` of `list` contains, with its list.
fn found_by<'j>(
    joined: &'j BTreeMap<&'static str, BTreeSet<String>>,
    lists: &[&'j str],
    (list, word): (&str, &str),
) -> Option<(&'j str, &'j str)> {
    let mut others = lists
        .iter()
        .flat_map(|other| joined[other].iter().map(|text| (*other, text.as_str())));
    others.find(|(other, text)| (*other, *text) != (list, word) && word.contains(text))
}

pub(crate) fn generate(root: &Path) -> Result<String, String> {
    let mut joined: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
    let languages = of_languages(root)?;
    for words in &languages {
        for (name, words) in words.lists() {
            joined.entry(name).or_default().extend(words.iter().cloned());
        }
    }
    check_coverage(&joined)?;
    for (name, lists) in SEARCHED {
        let words = lists.iter().flat_map(|list| joined[list].iter().cloned()).collect();
        joined.insert(name, words);
    }
    joined.retain(|name, _| !OF_THE_BUILD.contains(name) && *name != "heads");
    let mut code = String::from("pub(crate) static WORDS: Words = Words {\n");
    for (name, words) in joined {
        let words: Vec<&String> = words.iter().collect();
        writeln!(code, "{name}: &{words:?},").expect("a String takes all");
    }
    code.push_str("};\npub(crate) static FIELD_WORDS: FieldWords<'static> = FieldWords {\n");
    for (name, words) in of_fields(&languages).lists() {
        writeln!(code, "{name}: Cow::Borrowed(&{words:?}),").expect("a String takes all");
    }
    code.push_str("};\n");
    Ok(code)
}
