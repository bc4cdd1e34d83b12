//! Words that could turn a reading round, wherever they stand outside what is known to be harmless.

use super::context::Context;
use super::tables::{GUARDS, class, in_class};

impl Context<'_> {
    /// The first guard that finds its words: its name and the words. Guards of `allowed` names are passed over.
    pub(crate) fn guard(&mut self, allowed: &[&str]) -> Option<(&'static str, String)> {
        for guard in GUARDS {
            if allowed.contains(&guard.name) || !self.speaks(guard.language) {
                continue;
            }
            for index in 0..self.sentences.len() {
                let sentence = &self.sentences[index];
                if sentence.harmless || (!guard.hard && sentence.opener && !sentence.has_money) {
                    continue;
                }
                if !guard.patterns.iter().any(|pattern| sentence.possible.has(*pattern)) {
                    continue;
                }
                let mut covered = vec![false; sentence.words.len()];
                self.matcher.cover(guard.except, &sentence.possible, &sentence.words, &mut covered);
                // Names that own no account: "McDonald's", "today's".
                for (at, word) in sentence.words.iter().enumerate() {
                    covered[at] |= in_class(class::OWN_POSSESSIVE, *word);
                }
                let found = self.matcher.find_uncovered(guard.patterns, &sentence.possible, &sentence.words, &covered);
                if let Some((start, end)) = found {
                    let first = sentence.tokens.get(start.saturating_sub(1));
                    let last = sentence.tokens.get(end.saturating_sub(2).min(sentence.tokens.len().saturating_sub(1)));
                    let words = match (first, last) {
                        (Some(first), Some(last)) if first.start < last.end => self.skeleton.text[first.start as usize..last.end as usize].to_owned(),
                        _ => String::new(),
                    };
                    return Some((guard.name, words));
                }
            }
        }
        None
    }
}
