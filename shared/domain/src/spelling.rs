//! How near two names are.

/// A misspelling changes at most one of so many letters.
const LETTERS_PER_CHANGE: usize = 4;

/// The changed letters, if a name is a misspelling of a known one.
pub fn changes(name: &str, known: &str) -> Option<usize> {
    let (name, known) = (letters(name), letters(known));
    let (length, known_length) = (name.chars().count(), known.chars().count());
    let is_near = |changes: usize| changes * LETTERS_PER_CHANGE <= length.max(known_length);
    // Each letter too many or too few is a change, so most known names need no comparison.
    if name.is_empty() || !is_near(length.abs_diff(known_length)) {
        return None;
    }
    Some(strsim::osa_distance(&name, &known)).filter(|changes| is_near(*changes))
}

/// Letters and digits in lower case: writers differ in capitals and separators.
pub fn letters(name: &str) -> String {
    let letters = name.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}
