//! Runs patterns over the words of a sentence.
//!
//! A pattern is simulated as a set of states, without backtracking, so its time is its length times the number of words
//! it looks at. A pattern runs only if the sentence contains one of the words that it requires.

use daftari_sms_notation::clause::{BEGIN, INDEX, NOT, OPTIONAL, Step, WORD};

use super::tables::{ANCHOR_STARTS, ANCHORED, PATTERN_BLOCKS, STEP_ENDS, STEPS, UNANCHORED, in_class};

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

/// The places in `words` where the pattern may begin. A pattern for the beginning of a sentence fits only there.
fn starts(pattern: u16, words: &[u16]) -> impl Iterator<Item = usize> + '_ {
    let anchored = steps(pattern).first() == Some(&(WORD | BEGIN));
    (0..words.len()).filter(move |start| !anchored || words[*start] == BEGIN)
}

/// Runs patterns and counts the work, which a test holds to be linear in the text.
#[derive(Debug, Default)]
pub(crate) struct Matcher {
    pub(crate) steps: u64,
}

impl Matcher {
    /// Whether the pattern fits the first of `words`; how many, at most.
    pub(crate) fn run(&mut self, pattern: u16, words: impl Iterator<Item = u16>) -> Option<usize> {
        let steps = steps(pattern);
        let done = 1_u64 << steps.len();
        let optional = steps.iter().enumerate().fold(
            0_u64,
            |set, (at, step)| {
                if step & OPTIONAL == 0 { set } else { set | (1 << at) }
            },
        );
        let close = |mut states: u64| {
            loop {
                let more = states | ((states & optional) << 1);
                if more == states {
                    return states;
                }
                states = more;
            }
        };
        let mut states = close(1);
        let mut longest = None;
        for (taken, word) in words.enumerate() {
            let mut next = 0;
            let mut left = states & (done - 1);
            while left != 0 {
                let at = left.trailing_zeros() as usize;
                left &= left - 1;
                self.steps += 1;
                if fits(steps[at], word) {
                    next |= 1 << (at + 1);
                }
            }
            if next == 0 {
                break;
            }
            states = close(next);
            if states & done != 0 {
                longest = Some(taken + 1);
            }
        }
        longest
    }

    /// Whether one of `patterns`, which are reversed, ends at the end of `words`.
    pub(crate) fn before(&mut self, patterns: &[u16], possible: &Possible, words: &[u16]) -> bool {
        patterns
            .iter()
            .any(|pattern| possible.has(*pattern) && self.run(*pattern, words.iter().rev().copied()).is_some())
    }

    /// Whether one of `patterns` begins at the beginning of `words`.
    pub(crate) fn behind(&mut self, patterns: &[u16], possible: &Possible, words: &[u16]) -> bool {
        patterns
            .iter()
            .any(|pattern| possible.has(*pattern) && self.run(*pattern, words.iter().copied()).is_some())
    }

    /// The place in `words` that one of `patterns` matches.
    pub(crate) fn find(&mut self, patterns: &[u16], possible: &Possible, words: &[u16]) -> Option<(usize, usize)> {
        for pattern in patterns.iter().filter(|pattern| possible.has(**pattern)) {
            for start in starts(*pattern, words) {
                if let Some(len) = self.run(*pattern, words[start..].iter().copied()) {
                    return Some((start, start + len));
                }
            }
        }
        None
    }

    /// Marks every word that one of `patterns` covers.
    pub(crate) fn cover(&mut self, patterns: &[u16], possible: &Possible, words: &[u16], covered: &mut [bool]) {
        for pattern in patterns.iter().filter(|pattern| possible.has(**pattern)) {
            for start in starts(*pattern, words) {
                if let Some(len) = self.run(*pattern, words[start..].iter().copied()) {
                    covered[start..start + len].fill(true);
                }
            }
        }
    }

    /// Like [`find`](Self::find), but not where every word is covered.
    pub(crate) fn find_uncovered(
        &mut self,
        patterns: &[u16],
        possible: &Possible,
        words: &[u16],
        covered: &[bool],
    ) -> Option<(usize, usize)> {
        for pattern in patterns.iter().filter(|pattern| possible.has(**pattern)) {
            for start in starts(*pattern, words) {
                if let Some(len) = self.run(*pattern, words[start..].iter().copied())
                    && !covered[start..start + len].iter().all(|covered| *covered)
                {
                    return Some((start, start + len));
                }
            }
        }
        None
    }
}
