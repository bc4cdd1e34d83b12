//! Texts and lists in a few long tables, each kept once.
//!
//! A static pointer costs a relocation besides its own bytes. Ten thousand pointers would be larger than their targets.

use std::collections::BTreeMap;
use std::fmt::{Debug, Write as _};

/// The tables that hold the texts and lists of all institutions.
#[derive(Default)]
pub(crate) struct Pool {
    text: String,
    texts: BTreeMap<String, usize>,
    lists: BTreeMap<&'static str, List>,
}

/// Items of one type, as code.
#[derive(Default)]
struct List {
    items: Vec<String>,
    parts: BTreeMap<Vec<String>, usize>,
}

impl Pool {
    /// A text, as code.
    pub(crate) fn text(&mut self, text: &str) -> Result<String, String> {
        let start = *self.texts.entry(text.to_owned()).or_insert_with(|| {
            let start = self.text.len();
            self.text.push_str(text);
            start
        });
        part("Text", start, text.len())
    }

    /// Consecutive items of the table `name`, as code.
    pub(crate) fn list(&mut self, name: &'static str, items: Vec<String>) -> Result<String, String> {
        let list = self.lists.entry(name).or_default();
        let len = items.len();
        let start = *list.parts.entry(items.clone()).or_insert_with(|| {
            let start = list.items.len();
            list.items.extend(items);
            start
        });
        part("Part", start, len)
    }

    /// The table of the texts, as code.
    pub(crate) fn all_text(&self) -> String {
        format!("static TEXT: &str = {:?};\n", self.text)
    }

    /// The tables of the lists, as code. `types` holds the name of each table and the type of its items.
    pub(crate) fn lists(&self, types: &[(&'static str, &str)]) -> String {
        let mut code = String::new();
        for (name, item) in types {
            let items = self.lists.get(name).map_or(&[][..], |list| &list.items);
            writeln!(code, "pub(crate) static {name}: &[{item}] = &[{}];", items.join(","))
                .expect("a String takes all");
        }
        code
    }
}

fn part(name: &str, start: usize, len: usize) -> Result<String, String> {
    let len = u16::try_from(len).map_err(|_| format!("a part of {len} is too long"))?;
    // A place beyond a million does not occur: a table of that size would not fit into a function.
    let start = match (start / 1_000, start % 1_000) {
        (0, units) => units.to_string(),
        (thousands, units) => format!("{thousands}_{units:03}"),
    };
    Ok(format!("{name}::new({start}, {len})"))
}

/// A table `Texts`, as code: the texts one after another, and the end of each in bytes.
pub(crate) fn texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> Result<String, String> {
    let (mut all, mut ends) = (String::new(), Vec::new());
    for text in texts {
        all.push_str(text);
        ends.push(end(all.len())?);
    }
    Ok(format!("Texts {{ all: {all:?}, ends: &{ends:?} }}"))
}

/// A table `Lists`, as code: the lists one after another, and the end of each.
pub(crate) fn lists<T: Copy + Debug>(lists: impl IntoIterator<Item = Vec<T>>) -> Result<String, String> {
    let (mut all, mut ends) = (Vec::new(), Vec::new());
    for list in lists {
        all.extend(list);
        ends.push(end(all.len())?);
    }
    Ok(format!("Lists {{ all: &{all:?}, ends: &{ends:?} }}"))
}

fn end(len: usize) -> Result<u16, String> {
    u16::try_from(len).map_err(|_| "a table is too long".to_owned())
}
