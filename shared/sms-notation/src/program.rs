//! Programs: forms as steps that a [`Machine`](crate::machine::Machine) takes through a text.
//!
//! Most steps look one byte ahead, because a program knows the bytes with which its rest can begin. So nearly every
//! choice is decided at once, and the machine rarely backtracks.

use crate::form::{Bytes, END, Form};

/// The index of a step in its program.
pub(crate) type Place = u16;

/// The index of a set in the program's list.
type SetIndex = u16;

/// An instruction. `follow` is the set of the bytes that may follow it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// Matches a text.
    Text { start: u16, end: u16 },
    /// Matches as many bytes as possible, and backtracks to fewer if the rest may begin there.
    Run {
        of: SetIndex,
        follow: SetIndex,
        min: u8,
        max: Option<u8>,
        goes_back: bool,
    },
    /// Matches as few bytes as possible.
    Few { of: SetIndex, follow: SetIndex },
    /// Continues at `first`, and if that fails at `second`. `firsts` and `seconds` are their sets of first bytes.
    Fork {
        first: Place,
        second: Place,
        firsts: SetIndex,
        seconds: SetIndex,
    },
    /// Continues at a later step.
    Jump(Place),
    /// A field begins.
    Open,
    /// A field ends.
    Close(u8),
    /// A piece has matched.
    Passed(u16),
    /// The text must end.
    End,
}

/// A compiled form.
#[derive(Debug)]
pub struct Program {
    pub(crate) steps: Vec<Step>,
    pub(crate) sets: Vec<Bytes>,
    pub(crate) texts: Vec<u8>,
    fields: u8,
}

impl Program {
    /// The program for texts that begin with the form.
    ///
    /// # Panics
    ///
    /// If the form has more than 255 fields or takes more than 65,535 steps.
    pub fn new(form: &Form) -> Self {
        let mut writer = Writer::default();
        writer.form(form);
        writer.look_ahead();
        writer.program
    }

    /// The program for texts that begin with these forms, one after another. It records the first end of each form that
    /// matches. It is slower, because its steps do not look ahead.
    ///
    /// # Panics
    ///
    /// As in [`new`](Self::new).
    pub fn of_pieces<'f>(forms: impl IntoIterator<Item = &'f Form>) -> Self {
        let mut writer = Writer::default();
        for (index, form) in forms.into_iter().enumerate() {
            writer.form(form);
            writer.push(Step::Passed(short(index)));
        }
        writer.program
    }

    /// Number of fields of the form.
    pub fn fields(&self) -> usize {
        usize::from(self.fields)
    }
}

fn short(len: usize) -> u16 {
    u16::try_from(len).expect("a form is short")
}

#[derive(Default)]
struct Writer {
    program: Program,
    /// The largest index of a step that another step leads to.
    joint: usize,
}

impl Default for Program {
    fn default() -> Self {
        Self {
            steps: Vec::new(),
            sets: vec![Bytes::ANY_OR_END],
            texts: Vec::new(),
            fields: 0,
        }
    }
}

/// The set that excludes nothing.
const ANY_OR_END: SetIndex = 0;

impl Writer {
    fn here(&self) -> usize {
        self.program.steps.len()
    }

    fn push(&mut self, step: Step) -> usize {
        self.program.steps.push(step);
        self.here() - 1
    }

    fn set(&mut self, set: Bytes) -> SetIndex {
        let sets = &mut self.program.sets;
        let known = sets.iter().position(|known| *known == set);
        short(known.unwrap_or_else(|| {
            sets.push(set);
            sets.len() - 1
        }))
    }

    fn form(&mut self, form: &Form) {
        match form {
            Form::Text(text) => self.text(text),
            // Required bytes are counted; the others are not, so that a machine can recognise its earlier positions.
            Form::Run { of, min, max: None } if *min > 1 => {
                self.run(*of, min - 1, Some(min - 1));
                self.run(*of, 1, None);
            }
            Form::Run { of, min, max } => self.run(*of, *min, *max),
            Form::Few(of) => {
                let of = self.set(*of);
                self.push(Step::Few { of, follow: ANY_OR_END });
            }
            Form::Sequence(forms) => forms.iter().for_each(|form| self.form(form)),
            Form::Choice(forms) => self.choice(forms),
            Form::Optional(form) => {
                let fork = self.fork();
                self.form(form);
                self.second(fork);
            }
            Form::Repeated(form) => {
                let fork = self.fork();
                let begin = self.here();
                self.form(form);
                let again = self.fork();
                self.lead(again, |first, _| *first = short(begin));
                self.second(again);
                self.second(fork);
            }
            Form::Field(form) => {
                self.push(Step::Open);
                self.form(form);
                self.push(Step::Close(self.program.fields));
                self.program.fields = self.program.fields.checked_add(1).expect("few fields");
            }
            Form::End => {
                self.push(Step::End);
            }
        }
    }

    fn text(&mut self, text: &str) {
        let texts = &mut self.program.texts;
        let start = texts.len();
        texts.extend_from_slice(text.as_bytes());
        let all = short(texts.len());
        let joins = self.joint < self.program.steps.len();
        match self.program.steps.last_mut() {
            // Adjacent texts are joined.
            Some(Step::Text { end, .. }) if joins => *end = all,
            _ if text.is_empty() => {}
            _ => {
                self.push(Step::Text {
                    start: short(start),
                    end: all,
                });
            }
        }
    }

    fn run(&mut self, of: Bytes, min: u8, max: Option<u8>) {
        let of = self.set(of);
        self.push(Step::Run {
            of,
            follow: ANY_OR_END,
            min,
            max,
            goes_back: true,
        });
    }

    fn choice(&mut self, forms: &[Form]) {
        let Some((last, others)) = forms.split_last() else {
            return;
        };
        let mut jumps = Vec::new();
        for form in others {
            let fork = self.fork();
            self.form(form);
            jumps.push(self.push(Step::Jump(0)));
            self.second(fork);
        }
        self.form(last);
        let end = self.land();
        for jump in jumps {
            self.program.steps[jump] = Step::Jump(end);
        }
    }

    /// The next index, to which steps lead.
    fn land(&mut self) -> Place {
        self.joint = self.here();
        short(self.joint)
    }

    /// A fork whose first way is the next step.
    fn fork(&mut self) -> usize {
        let fork = self.push(Step::Fork {
            first: 0,
            second: 0,
            firsts: ANY_OR_END,
            seconds: ANY_OR_END,
        });
        let next = self.land();
        self.lead(fork, |first, _| *first = next);
        fork
    }

    /// Makes the fork lead to the next index if its first way fails.
    fn second(&mut self, fork: usize) {
        let next = self.land();
        self.lead(fork, |_, second| *second = next);
    }

    fn lead(&mut self, fork: usize, change: impl FnOnce(&mut Place, &mut Place)) {
        if let Step::Fork { first, second, .. } = &mut self.program.steps[fork] {
            change(first, second);
        }
    }

    /// The first bytes of the step at `at`, if `next` are the first bytes of the rest.
    fn begins(&self, at: usize, next: Bytes) -> Bytes {
        match self.program.steps[at] {
            Step::Text { start, .. } => {
                let byte = self.program.texts[usize::from(start)];
                Bytes::range(byte, byte)
            }
            Step::Run { of, min, .. } if min > 0 => self.program.sets[usize::from(of)],
            Step::Run { of, .. } | Step::Few { of, .. } => self.program.sets[usize::from(of)].with(next),
            Step::End => Bytes::range(END, END),
            Step::Fork { .. } | Step::Jump(_) | Step::Open | Step::Close(_) | Step::Passed(_) => next,
        }
    }

    /// Finds the bytes that may follow each step, from the last step to the first.
    fn look_ahead(&mut self) {
        let count = self.here();
        let mut begins = vec![Bytes::ANY_OR_END; count + 1];
        for at in (0..count).rev() {
            let mut next = begins[at + 1];
            match self.program.steps[at] {
                Step::Fork { first, second, .. } => {
                    let first = usize::from(first);
                    // A repetition begins with bytes of its own, independent of the rest.
                    let a = if first > at {
                        begins[first]
                    } else {
                        self.begins(first, Bytes::NONE)
                    };
                    let b = begins[usize::from(second)];
                    let (a_index, b_index) = (self.set(a), self.set(b));
                    if let Step::Fork { firsts, seconds, .. } = &mut self.program.steps[at] {
                        (*firsts, *seconds) = (a_index, b_index);
                    }
                    next = a.with(b);
                }
                Step::Jump(place) => next = begins[usize::from(place)],
                Step::Run { of, .. } => {
                    let apart = self.program.sets[usize::from(of)].is_apart_from(next);
                    let index = self.set(next);
                    if let Step::Run { follow, goes_back, .. } = &mut self.program.steps[at] {
                        (*follow, *goes_back) = (index, !apart);
                    }
                }
                Step::Few { .. } => {
                    let index = self.set(next);
                    if let Step::Few { follow, .. } = &mut self.program.steps[at] {
                        *follow = index;
                    }
                }
                Step::Text { .. } | Step::Open | Step::Close(_) | Step::Passed(_) | Step::End => {}
            }
            begins[at] = self.begins(at, next);
        }
    }
}
