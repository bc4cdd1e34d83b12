//! Runs patterns over the words of a sentence.
//!
//! A pattern is simulated as a set of states, without backtracking. So its time is its length times the number of words
//! that it looks at. A pattern runs only if the sentence contains one of the words that it requires.

use daftari_sms_notation::clause::{INDEX, NOT, OPTIONAL, Step, WORD};

use super::tables::{ANCHOR_STARTS, ANCHORED, OPTIONAL_STEPS, PATTERN_BLOCKS, STEP_ENDS, STEPS, UNANCHORED, in_class};

/// Which patterns may fit a sentence.
#[derive(Clone, Debug)]
pub(crate) struct Possible([u64; PATTERN_BLOCKS]);

impl Possible {
    pub(crate) fn of(words: &[u16]) -> Self {
        let mut set = [0; PATTERN_BLOCKS];
        let mut add = |pattern: u16| set[usize::from(pattern) / 64] |= 1 << (pattern % 64);
        UNANCHORED.iter().copied().for_each(&mut add);
        for word in words {
            let at = usize::from(*word);
            let range = ANCHOR_STARTS[at] as usize..ANCHOR_STARTS[at + 1] as usize;
            ANCHORED[range].iter().copied().for_each(&mut add);
        }
        Self(set)
    }

    /// The patterns that may fit one of several sentences.
    pub(crate) fn in_any<'p>(sentences: impl Iterator<Item = &'p Self>) -> Self {
        let mut all = Self::of(&[]);
        for sentence in sentences {
            for (set, more) in all.0.iter_mut().zip(sentence.0) {
                *set |= more;
            }
        }
        all
    }

    /// Whether one of a set of patterns is possible.
    pub(crate) fn has_any(&self, patterns: &[u64; PATTERN_BLOCKS]) -> bool {
        self.0.iter().zip(patterns).any(|(set, patterns)| set & patterns != 0)
    }

    /// Whether one of `patterns` is possible, or the list is empty.
    pub(crate) fn admits(&self, patterns: &[u16]) -> bool {
        patterns.is_empty() || patterns.iter().any(|pattern| self.has(*pattern))
    }

    pub(crate) fn has(&self, pattern: u16) -> bool {
        self.0[usize::from(pattern) / 64] & (1 << (pattern % 64)) != 0
    }
}

fn steps(pattern: u16) -> &'static [Step] {
    let at = usize::from(pattern);
    let start = at.checked_sub(1).map_or(0, |before| STEP_ENDS[before] as usize);
    &STEPS[start..STEP_ENDS[at] as usize]
}

fn fits(step: Step, word: u16) -> bool {
    let index = step & INDEX;
    if step & WORD != 0 {
        return index == word;
    }
    in_class(index, word) != (step & NOT != 0)
}

/// Whether a match may begin with the word. Most patterns fail there, so the check saves their run.
fn may_begin(steps: &[Step], word: u16) -> bool {
    steps
        .first()
        .is_none_or(|step| step & OPTIONAL != 0 || fits(*step, word))
}

/// A pattern made ready to run, for all places where it may begin.
struct Program {
    steps: &'static [Step],
    /// The state behind the last step.
    done: u64,
    /// The steps that may be left out.
    optional: u64,
    /// The states before the first word.
    first: u64,
}

impl Program {
    fn of(pattern: u16) -> Self {
        let steps = steps(pattern);
        let mut program = Self {
            steps,
            done: 1 << steps.len(),
            optional: OPTIONAL_STEPS[usize::from(pattern)],
            first: 0,
        };
        program.first = program.close(1);
        program
    }

    /// The states, with the states that are reached without a word.
    const fn close(&self, mut states: u64) -> u64 {
        loop {
            let more = states | ((states & self.optional) << 1);
            if more == states {
                return states;
            }
            states = more;
        }
    }

    /// The places in `words` where the pattern may begin.
    fn starts<'w>(&self, words: &'w [u16]) -> impl Iterator<Item = usize> + use<'w> {
        let steps = self.steps;
        (0..words.len()).filter(move |start| may_begin(steps, words[*start]))
    }
}

/// Runs patterns and counts their steps. A test checks that the steps are linear in the text.
#[derive(Debug, Default)]
pub(crate) struct Matcher {
    pub(crate) steps: u64,
}

impl Matcher {
    /// Whether one of the possible `patterns` fits `words` from the first one on.
    fn any(&mut self, patterns: &[u16], possible: &Possible, words: impl Iterator<Item = u16> + Clone) -> bool {
        let Some(first) = words.clone().next() else {
            return false;
        };
        patterns.iter().any(|pattern| {
            possible.has(*pattern)
                && may_begin(steps(*pattern), first)
                && self.run(&Program::of(*pattern), words.clone()).is_some()
        })
    }

    /// The greatest number of words that the program fits, from the first one on; `None` if it does not fit.
    fn run(&mut self, program: &Program, words: impl Iterator<Item = u16>) -> Option<usize> {
        let mut states = program.first;
        let mut longest = None;
        for (taken, word) in words.enumerate() {
            let mut next = 0;
            let mut left = states & (program.done - 1);
            while left != 0 {
                let at = left.trailing_zeros() as usize;
                left &= left - 1;
                self.steps += 1;
                if fits(program.steps[at], word) {
                    next |= 1 << (at + 1);
                }
            }
            if next == 0 {
                break;
            }
            states = program.close(next);
            if states & program.done != 0 {
                longest = Some(taken + 1);
            }
        }
        longest
    }

    /// Whether one of `patterns` ends at the end of `words`. The patterns are reversed.
    pub(crate) fn before(&mut self, patterns: &[u16], possible: &Possible, words: &[u16]) -> bool {
        self.any(patterns, possible, words.iter().rev().copied())
    }

    /// Whether one of `patterns` begins at the beginning of `words`.
    pub(crate) fn behind(&mut self, patterns: &[u16], possible: &Possible, words: &[u16]) -> bool {
        self.any(patterns, possible, words.iter().copied())
    }

    /// The start and the end of the words that one of `patterns` matches.
    pub(crate) fn find(&mut self, patterns: &[u16], possible: &Possible, words: &[u16]) -> Option<(usize, usize)> {
        for pattern in patterns.iter().filter(|pattern| possible.has(**pattern)) {
            let program = Program::of(*pattern);
            for start in program.starts(words) {
                if let Some(len) = self.run(&program, words[start..].iter().copied()) {
                    return Some((start, start + len));
                }
            }
        }
        None
    }

    /// Marks every word that one of `patterns` covers.
    pub(crate) fn cover(&mut self, patterns: &[u16], possible: &Possible, words: &[u16], covered: &mut [bool]) {
        for pattern in patterns.iter().filter(|pattern| possible.has(**pattern)) {
            let program = Program::of(*pattern);
            for start in program.starts(words) {
                if let Some(len) = self.run(&program, words[start..].iter().copied()) {
                    covered[start..start + len].fill(true);
                }
            }
        }
    }

    /// Like [`find`](Self::find), but without matches whose words are all covered.
    pub(crate) fn find_uncovered(
        &mut self,
        patterns: &[u16],
        possible: &Possible,
        words: &[u16],
        covered: &[bool],
    ) -> Option<(usize, usize)> {
        for pattern in patterns.iter().filter(|pattern| possible.has(**pattern)) {
            let program = Program::of(*pattern);
            for start in program.starts(words) {
                if let Some(len) = self.run(&program, words[start..].iter().copied())
                    && !covered[start..start + len].iter().all(|covered| *covered)
                {
                    return Some((start, start + len));
                }
            }
        }
        None
    }
}
