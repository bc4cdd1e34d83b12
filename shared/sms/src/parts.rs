//! Texts and lists that lie in long tables, so that the tables that name them hold no pointers.
//!
//! A static pointer costs a relocation besides its own bytes. Ten thousand pointers would be larger than their targets.

/// A text in the tables of the institutions: a part of the table of all texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Text(Part);

impl Text {
    pub(crate) const fn new(start: u32, len: u16) -> Self {
        Self(Part::new(start, len))
    }

    pub(crate) fn get(self) -> &'static str {
        &TEXT[self.0.start as usize..self.0.end()]
    }
}

/// Consecutive items of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    start: u32,
    len: u16,
}

impl Part {
    pub(crate) const fn new(start: u32, len: u16) -> Self {
        Self { start, len }
    }

    const fn end(self) -> usize {
        self.start as usize + self.len as usize
    }

    pub(crate) fn of<T>(self, table: &'static [T]) -> &'static [T] {
        &table[self.start as usize..self.end()]
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.len == 0
    }
}

/// Texts one after another.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) all: &'static str,
    /// The end of each text, in bytes.
    pub(crate) ends: &'static [u16],
}

impl Texts {
    pub(crate) const fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn get(&self, index: usize) -> &'static str {
        &self.all[range(self.ends, index)]
    }

    /// The index of a text, if the texts are sorted.
    pub(crate) fn find(&self, text: &str) -> Option<usize> {
        let (mut start, mut end) = (0, self.len());
        while start < end {
            let middle = usize::midpoint(start, end);
            match self.get(middle).cmp(text) {
                std::cmp::Ordering::Less => start = middle + 1,
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Greater => end = middle,
            }
        }
        None
    }
}

/// Lists of numbers one after another.
#[derive(Debug)]
pub(crate) struct Lists {
    pub(crate) all: &'static [u16],
    /// The end of each list.
    pub(crate) ends: &'static [u16],
}

impl Lists {
    pub(crate) fn get(&self, index: usize) -> &'static [u16] {
        &self.all[range(self.ends, index)]
    }
}

fn range(ends: &[u16], index: usize) -> std::ops::Range<usize> {
    let start = index.checked_sub(1).map_or(0, |before| usize::from(ends[before]));
    start..usize::from(ends[index])
}

include!(concat!(env!("OUT_DIR"), "/text.rs"));
