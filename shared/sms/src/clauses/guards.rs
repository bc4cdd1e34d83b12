//! Words that could reverse a reading. They count anywhere outside text that is known to be harmless.

use super::context::{Context, Mention};
use super::matching::Possible;
use super::sentences::Sentence;
use super::tables::{GUARDING, GUARDS, Role, class, in_class, pattern};

/// Most words before a greeting or a receipt's code of the same message: "Congratulations!", "FINAL NOTICE".
const MOST_WORDS_BEFORE_A_GREETING: usize = 8;

/// The part of a sentence whose words of undoing the event itself explains.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spared {
    /// Index into the sentences.
    pub(crate) sentence: usize,
    /// Index of the first word.
    pub(crate) from: usize,
    /// Index behind the last word.
    pub(crate) to: usize,
    /// The sentences before it are spared too, if they state no other amount: "Your transaction has been reversed. …"
    pub(crate) before: bool,
}

/// Whether an amount in the sentence is another one than that of an undone movement.
fn tells(index: usize) -> impl Fn(&Mention) -> bool {
    move |mention| mention.sentence == index && mention.role != Some(Role::Mentioned)
}

impl Context<'_> {
    /// Whether a greeting or a receipt's code stands within the text. Another message begins there.
    pub(crate) fn is_two_messages(&mut self) -> bool {
        let mut before = 0;
        (0..self.sentences.len()).any(|index| {
            let late = |word: &u16| in_class(class::GREETING_WORD, *word);
            let greeted = self.sentences[index]
                .words
                .iter()
                .enumerate()
                .any(|(at, word)| late(word) && before + at > MOST_WORDS_BEFORE_A_GREETING);
            let receipt = before > MOST_WORDS_BEFORE_A_GREETING && self.sentence_says(index, pattern::RECEIPT_BEGINS);
            before += self.sentences[index].tokens.len();
            greeted || receipt
        })
    }

    /// Whether a narration states the result of the movement.
    pub(crate) fn narration_tells(&mut self) -> bool {
        self.narrations_say(pattern::NARRATION_TELLS)
    }

    /// Whether a narration holds one of `patterns`.
    pub(crate) fn narrations_say(&mut self, patterns: &[u16]) -> bool {
        let matcher = &mut self.matcher;
        self.narrations.iter().any(|narration| {
            let possible = Possible::of(&narration.words);
            matcher.find(patterns, &possible, &narration.words).is_some()
        })
    }

    /// The first guard that finds its words, by its name, and the words. Guards with a name in `allowed` are skipped.
    ///
    /// `spared` are the words of an undoing that the event itself states. The guards `undone` and `paid back` do not
    /// count them.
    pub(crate) fn guard(&mut self, allowed: &[&str], spared: Option<Spared>) -> Option<(&'static str, String)> {
        // Few sentences hold a word that a guard looks for, so the others are left out first.
        let suspect = |index: &usize| {
            let sentence = &self.sentences[*index];
            !sentence.harmless && sentence.possible.has_any(&GUARDING)
        };
        let suspects: Vec<usize> = (0..self.sentences.len()).filter(suspect).collect();
        if suspects.is_empty() {
            return None;
        }
        for guard in GUARDS {
            if allowed.contains(&guard.name) || !self.speaks(guard.language) {
                continue;
            }
            for index in suspects.iter().copied() {
                let sentence = &self.sentences[index];
                if !guard.hard && sentence.opener && !sentence.has_money {
                    continue;
                }
                if !guard.patterns.iter().any(|pattern| sentence.possible.has(*pattern)) {
                    continue;
                }
                let mut covered = vec![false; sentence.words.len()];
                self.matcher
                    .cover(guard.except, &sentence.possible, &sentence.words, &mut covered);
                if let Some(spared) = spared.filter(|_| matches!(guard.name, "undone" | "paid back")) {
                    if spared.sentence == index {
                        covered[spared.from..spared.to].fill(true);
                    } else if spared.before
                        && index < spared.sentence
                        && !self.mentions.iter().any(tells(index))
                        && self
                            .matcher
                            .find(pattern::REVERSAL_BEFORE, &sentence.possible, &sentence.words)
                            .is_some()
                    {
                        covered.fill(true);
                    }
                }
                // Possessives that do not own an account: "McDonald's", "today's".
                for (at, word) in sentence.words.iter().enumerate() {
                    covered[at] |= in_class(class::OWN_POSSESSIVE, *word);
                }
                let found = self
                    .matcher
                    .find_uncovered(guard.patterns, &sentence.possible, &sentence.words, &covered);
                if let Some(found) = found {
                    return Some((guard.name, self.words_at(sentence, found)));
                }
                if self.notes.is_some()
                    && let Some(found) = self.matcher.find(guard.patterns, &sentence.possible, &sentence.words)
                {
                    let words = self.words_at(sentence, found);
                    self.note(|| format!("guard {:?} passed: {words}", guard.name));
                }
            }
        }
        None
    }

    /// The text of the words `start..end` of a sentence.
    pub(super) fn words_at(&self, sentence: &Sentence, (start, end): (usize, usize)) -> String {
        let first = sentence.tokens.get(start.saturating_sub(1));
        let last = sentence
            .tokens
            .get(end.saturating_sub(2).min(sentence.tokens.len().saturating_sub(1)));
        match (first, last) {
            (Some(first), Some(last)) if first.start < last.end => {
                self.skeleton.text[first.start as usize..last.end as usize].to_owned()
            }
            _ => String::new(),
        }
    }
}
