//! The words of the grammars by their spelling.

use daftari_sms_notation::clause::{UNKNOWN, hash};

use super::super::tables::{SLOTS, SPELLED, SPELLINGS, STEM_BEGINNINGS, STEMS};

/// The words that a written word stands for; empty if no pattern names it.
pub(crate) fn words_of(lower: &str) -> &'static [u16] {
    let size = SLOTS.len() - 1;
    let mut slot = hash(lower) as usize & size;
    loop {
        match SLOTS[slot] {
            0 => return &[],
            entry => {
                let at = usize::from(entry) - 1;
                if SPELLINGS.get(at) == lower {
                    return SPELLED.get(at);
                }
            }
        }
        slot = (slot + 1) & size;
    }
}

/// The number of the longest stem that a word begins with; [`UNKNOWN`] if there is none.
pub(super) fn stem_of(lower: &str) -> u16 {
    STEM_BEGINNINGS
        .of(STEMS, lower.as_bytes())
        .iter()
        .find(|(stem, _)| lower.starts_with(stem))
        .map_or(UNKNOWN, |(_, number)| *number)
}
