//! Runs programs.
//!
//! The machine tries the ways through a program in the order of preference, and backtracks if a way fails. At first it
//! records nothing. If a search takes long, the machine starts again with memoization. Then it enters no step twice at
//! one position of the text, because the rest failed there before. So the number of steps is linear in the text for any
//! program.

use std::ops::Range;

use crate::form::{Bytes, END};
use crate::program::{Program, Step};

/// A text in the form that programs read: in lower case.
#[derive(Clone, Debug)]
pub struct Subject(Vec<u8>);

impl Subject {
    /// The subject for a text.
    pub fn new(text: &str) -> Self {
        let mut bytes = Vec::with_capacity(text.len() + 1);
        bytes.extend_from_slice(text.as_bytes());
        bytes.make_ascii_lowercase();
        bytes.push(END);
        Self(bytes)
    }

    /// The text in lower case. Positions are those of the text.
    pub fn lower(&self) -> &[u8] {
        &self.0[..self.0.len() - 1]
    }
}

/// Steps per byte of the text before the machine starts memoization. Texts of the layouts of `institutions/` take about
/// one.
const PATIENCE: u64 = 32;

/// Capacity for the fields of most layouts, and for open ways.
const USUAL: usize = 24;

/// Runs programs, and reuses its memory for the next run.
#[derive(Debug)]
pub struct Machine {
    patience: u64,
    steps: u64,
    /// The open ways, the preferred one last.
    ways: Vec<Way>,
    /// The fields of the current way, in the order of their ends.
    fields: Vec<(u8, Range<usize>)>,
    /// The first end of each piece that the text begins with.
    passed: Vec<usize>,
    /// With memoization: a bit for each step and position that the machine has entered.
    notes: Option<Vec<u64>>,
}

/// A way that has not been tried yet.
#[derive(Clone, Copy, Debug)]
struct Way {
    step: usize,
    at: usize,
    turn: Turn,
    opened: usize,
    fields: usize,
}

/// The next attempt of a way.
#[derive(Clone, Copy, Debug)]
enum Turn {
    /// The step is tried for the first time.
    Anew,
    /// The step matches fewer bytes, but not fewer than up to this position.
    Shorter(usize),
    /// The step matches more bytes.
    Longer,
}

/// The machine took more steps than it may take without memoization.
struct OutOfPatience;

impl Default for Machine {
    fn default() -> Self {
        Self::with_patience(PATIENCE)
    }
}

impl Machine {
    /// A machine that starts memoization after this number of steps per byte of the text.
    pub fn with_patience(patience: u64) -> Self {
        Self {
            patience,
            steps: 0,
            ways: Vec::with_capacity(USUAL),
            fields: Vec::with_capacity(USUAL),
            passed: Vec::new(),
            notes: None,
        }
    }

    /// The end of the preferred match of the program at the beginning of the text, in bytes; `None` if there is none.
    pub fn run(&mut self, program: &Program, subject: &Subject) -> Option<usize> {
        self.steps = 0;
        self.notes = None;
        if let Ok(end) = self.search(program, &subject.0) {
            return end;
        }
        let bits = program.steps.len() * subject.0.len();
        self.notes = Some(vec![0; bits / 64 + 1]);
        self.search(program, &subject.0).unwrap_or_default()
    }

    /// The number and the range in bytes of each field of the last run. Fields of missing parts are left out.
    pub fn fields(&self) -> impl Iterator<Item = (usize, Range<usize>)> {
        self.fields
            .iter()
            .map(|(field, range)| (usize::from(*field), range.clone()))
    }

    /// The first end of each piece that the text of the last run begins with, for a program [of
    /// pieces](Program::of_pieces).
    pub fn passed(&self) -> &[usize] {
        &self.passed
    }

    /// The number of steps of the last run, with the bytes that runs passed.
    pub const fn steps(&self) -> u64 {
        self.steps
    }

    fn search(&mut self, program: &Program, text: &[u8]) -> Result<Option<usize>, OutOfPatience> {
        let limit = match self.notes {
            None => self.patience.saturating_mul(text.len() as u64),
            Some(_) => u64::MAX,
        };
        self.ways.clear();
        self.fields.clear();
        self.passed.clear();
        let mut way = Way {
            step: 0,
            at: 0,
            turn: Turn::Anew,
            opened: 0,
            fields: 0,
        };
        loop {
            if self.follow(program, text, &mut way).is_some() {
                return Ok(Some(way.at));
            }
            if self.steps > limit {
                return Err(OutOfPatience);
            }
            let Some(next) = self.ways.pop() else {
                return Ok(None);
            };
            way = next;
            self.fields.truncate(way.fields);
        }
    }

    /// Follows a way to the end of the program; `None` if it fails.
    fn follow(&mut self, program: &Program, text: &[u8], way: &mut Way) -> Option<()> {
        while let Some(step) = program.steps.get(way.step) {
            self.steps += 1;
            match *step {
                Step::Text { start, end } => {
                    let expected = &program.texts[usize::from(start)..usize::from(end)];
                    if !text[way.at..].starts_with(expected) {
                        return None;
                    }
                    way.at += expected.len();
                }
                Step::Run {
                    of,
                    follow,
                    min,
                    max,
                    goes_back,
                } => {
                    let (of, follow) = (&program.sets[usize::from(of)], &program.sets[usize::from(follow)]);
                    let (low, mut end) = match way.turn {
                        Turn::Shorter(low) => (low, way.at),
                        Turn::Anew | Turn::Longer => self.reach(text, way, of, min, max)?,
                    };
                    while !follow.has(text[end]) {
                        if !goes_back || end == low {
                            return None;
                        }
                        self.steps += 1;
                        end -= 1;
                    }
                    if goes_back && end > low {
                        self.leave(way, end - 1, Turn::Shorter(low));
                    }
                    way.at = end;
                }
                Step::Few { of, follow } => {
                    let (of, follow) = (&program.sets[usize::from(of)], &program.sets[usize::from(follow)]);
                    self.pass_few(text, way, of, follow)?;
                }
                Step::Fork {
                    first,
                    second,
                    firsts,
                    seconds,
                } => {
                    if self.was_here(way.step, way.at, text) {
                        return None;
                    }
                    let byte = text[way.at];
                    let (first, second) = (usize::from(first), usize::from(second));
                    let on = program.sets[usize::from(seconds)].has(byte);
                    if program.sets[usize::from(firsts)].has(byte) {
                        if on {
                            self.leave(&Way { step: second, ..*way }, way.at, Turn::Anew);
                        }
                        way.step = first;
                    } else if on {
                        way.step = second;
                    } else {
                        return None;
                    }
                    continue;
                }
                Step::Jump(place) => {
                    way.step = usize::from(place);
                    continue;
                }
                Step::Open => way.opened = way.at,
                Step::Close(field) => self.fields.push((field, way.opened..way.at)),
                Step::Passed(piece) => {
                    if self.passed.len() == usize::from(piece) {
                        self.passed.push(way.at);
                    }
                }
                Step::End => {
                    if text[way.at] != END {
                        return None;
                    }
                }
            }
            way.step += 1;
            way.turn = Turn::Anew;
        }
        Some(())
    }

    /// Matches as few bytes of the set as possible, up to a position where the rest may begin. `None` if no such
    /// position follows.
    fn pass_few(&mut self, text: &[u8], way: &mut Way, of: &Bytes, follow: &Bytes) -> Option<()> {
        if matches!(way.turn, Turn::Longer) {
            way.at += 1;
        }
        loop {
            if self.was_here(way.step, way.at, text) {
                return None;
            }
            if follow.has(text[way.at]) {
                break;
            }
            if !of.has(text[way.at]) {
                return None;
            }
            self.steps += 1;
            way.at += 1;
        }
        if of.has(text[way.at]) {
            self.leave(way, way.at, Turn::Longer);
        }
        Some(())
    }

    /// The nearest and the furthest position at which a run of bytes may end; `None` if it has too few.
    fn reach(&mut self, text: &[u8], way: &Way, of: &Bytes, min: u8, max: Option<u8>) -> Option<(usize, usize)> {
        let low = way.at + usize::from(min);
        let most = max.map_or(text.len(), |max| way.at + usize::from(max));
        let mut end = way.at;
        if self.notes.is_none() || max.is_some() {
            if max.is_some() && self.was_here(way.step, way.at, text) {
                return None;
            }
            while end < most && of.has(text[end]) {
                end += 1;
            }
            self.steps += (end - way.at) as u64;
            return (end >= low).then_some((low, end));
        }
        // From a position that this run has passed before, it would only try the same ends again.
        while end < low {
            if !of.has(text[end]) {
                return None;
            }
            end += 1;
        }
        while !self.was_here(way.step, end, text) {
            self.steps += 1;
            if !of.has(text[end]) {
                return Some((low, end));
            }
            end += 1;
        }
        (end > low).then(|| (low, end - 1))
    }

    fn leave(&mut self, way: &Way, at: usize, turn: Turn) {
        let fields = self.fields.len();
        self.ways.push(Way {
            at,
            turn,
            fields,
            ..*way
        });
    }

    /// Whether the step was already entered at this position of the text. Records the entry.
    fn was_here(&mut self, step: usize, at: usize, text: &[u8]) -> bool {
        let Some(notes) = &mut self.notes else {
            return false;
        };
        let bit = step * text.len() + at;
        let (word, bit) = (&mut notes[bit / 64], 1 << (bit % 64));
        let was = *word & bit != 0;
        *word |= bit;
        was
    }
}
