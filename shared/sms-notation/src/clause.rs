//! The notation of clauses: patterns over the words of a message's skeleton.
//!
//! | you write | it matches |
//! |---|---|
//! | `word` | the word, as the skeleton spells it |
//! | `word*` | any word that begins with `word` |
//! | `@class` | a word of the class |
//! | `<m>` `<d>` `<a>` `<f>` `<n>` `<r>` `<u>` `<q>` | money, a date or time, a masked number, long digits, a number, a reference, a link or short code, a quantity |
//! | `(a\|@b\|<d>)` | one of them |
//! | `!(…)`, `!@class` | one word that is not among them; an amount and the ends of a sentence never fit |
//! | `_` | any one word; an amount and the ends of a sentence never fit |
//! | `*` | any one word or amount |
//! | `x?` `x{3}` | x or nothing; x up to three times or nothing: a *closed gap* |
//! | `^` `$` | the beginning and the end of a sentence |
//! | `%name` | the pattern with this name under `[macros]` of the language file |
//!
//! The build compiles a pattern to a list of [`Step`]s. The reader runs them in time linear in the sentence.

use std::collections::BTreeMap;

/// A step of a compiled pattern: the words that fit, and whether the step is optional.
///
/// The low twelve bits are the number of a word or a class, the other bits are flags.
pub type Step = u16;

/// The low bits are a word. Without this flag they are a class.
pub const WORD: Step = 1 << 15;
/// A word fits that is *not* of the class.
pub const NOT: Step = 1 << 14;
/// The step is optional.
pub const OPTIONAL: Step = 1 << 13;
/// The bits with the number of the word or the class.
pub const INDEX: Step = (1 << 12) - 1;

/// Most steps of a pattern: the width of the reader's set of states, less the final one.
pub const MAX_STEPS: usize = 63;

/// Placeholders for parts of a text that are not words, by their number. A word that no pattern names is [`UNKNOWN`].
pub const PLACEHOLDERS: [&str; 11] = ["", "^", "$", "<m>", "<d>", "<a>", "<f>", "<n>", "<r>", "<u>", "<q>"];
/// Marks that the reader asks for by name.
pub const MARKS: [&str; 5] = [".", "?", "\n", ":", "narr"];
/// The number of a word that no pattern names.
pub const UNKNOWN: u16 = 0;
/// The number of the beginning of a sentence.
pub const BEGIN: u16 = 1;
/// The number of the end of a sentence.
pub const END: u16 = 2;
/// The number of an amount.
pub const MONEY: u16 = 3;
/// The number of a date or time.
pub const DATE: u16 = 4;
/// The number of a masked number.
pub const MASK: u16 = 5;
/// The number of a run of eight digits or more.
pub const LONG: u16 = 6;
/// The number of a number that is not money.
pub const NUMBER: u16 = 7;
/// The number of a reference of letters and digits.
pub const REFERENCE: u16 = 8;
/// The number of a link, an email address or a short code.
pub const LINK: u16 = 9;
/// The number of a quantity: `5GB`, `10%`.
pub const QUANTITY: u16 = 10;

/// The bit of a byte in a set of 32. Build and reader look up beginnings of words by it. Both cases of an ASCII letter
/// have the same bit, and different letters have different bits.
pub const fn letter_bit(byte: u8) -> u32 {
    1 << (byte & 31)
}

/// The hash by which build and reader place words in their table.
pub fn hash(word: &str) -> u32 {
    let step = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    word.bytes().fold(0x811c_9dc5, step)
}

/// A word or a class of a step, as written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// A word or placeholder; a trailing `*` makes it a prefix.
    Word(String),
    /// A named class.
    Class(String),
}

/// A step as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The words and classes that the step names.
    pub items: Vec<Item>,
    /// A word fits that is none of the items.
    pub negated: bool,
    /// An amount fits too.
    pub or_money: bool,
    /// The step is optional.
    pub optional: bool,
}

/// Reads a pattern; `macros` are pieces of patterns by name.
///
/// # Errors
///
/// The error describes the fault in the notation.
pub fn parse(pattern: &str, macros: &BTreeMap<String, String>) -> Result<Vec<Written>, String> {
    let steps = steps(pattern, macros, 0)?;
    if steps.is_empty() || steps.len() > MAX_STEPS {
        return Err(format!(
            "{pattern:?} has {} steps; 1 to {MAX_STEPS} are allowed",
            steps.len()
        ));
    }
    if steps.iter().all(|step| step.optional) {
        return Err(format!("{pattern:?} fits nothing at all"));
    }
    Ok(steps)
}

/// The greatest depth of macros within macros.
const MAX_DEPTH: usize = 4;

fn steps(pattern: &str, macros: &BTreeMap<String, String>, depth: usize) -> Result<Vec<Written>, String> {
    if depth > MAX_DEPTH {
        return Err(format!("{pattern:?}: macros name one another"));
    }
    let mut steps = Vec::new();
    for part in pattern.split_whitespace() {
        if let Some(name) = part.strip_prefix('%') {
            let inner = macros.get(name).ok_or_else(|| format!("there is no macro {name:?}"))?;
            steps.extend(self::steps(inner, macros, depth + 1)?);
            continue;
        }
        let (body, repeat) = match part.strip_suffix('?').filter(|body| !body.is_empty()) {
            Some(body) => (body, Some(1)),
            None => match part.strip_suffix('}').and_then(|part| part.rsplit_once('{')) {
                Some((body, count)) => {
                    let count = count.parse().map_err(|_| format!("{part:?}: a count"))?;
                    (body, Some(count))
                }
                None => (part, None),
            },
        };
        let (body, negated) = match body.strip_prefix('!').filter(|body| !body.is_empty()) {
            Some(body) => (body, true),
            None => (body, false),
        };
        let or_money = body == "*";
        let (items, negated) = if or_money || body == "_" {
            (Vec::new(), true)
        } else if let Some(inside) = body.strip_prefix('(').filter(|inside| !inside.is_empty()) {
            let inside = inside
                .strip_suffix(')')
                .ok_or_else(|| format!("{part:?}: a bracket is not closed"))?;
            (inside.split('|').map(item).collect(), negated)
        } else {
            (vec![item(body)], negated)
        };
        let step = |optional| Written {
            items: items.clone(),
            negated,
            or_money,
            optional,
        };
        match repeat {
            None => steps.push(step(false)),
            Some(count) => steps.extend((0..count).map(|_| step(true))),
        }
    }
    Ok(steps)
}

fn item(text: &str) -> Item {
    match text.strip_prefix('@').filter(|name| !name.is_empty()) {
        Some(name) => Item::Class(name.to_owned()),
        None => Item::Word(text.to_owned()),
    }
}
