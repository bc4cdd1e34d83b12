//! A text and its parts.

use std::cell::OnceCell;

use daftari_domain::Country;

use super::matching::Matcher;
use super::sentences::{Narration, Sentence, sentences};
use super::skeleton::{Skeleton, skeleton};

/// The parts of a text.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) skeleton: Skeleton,
    pub(super) sentences: Vec<Sentence>,
    pub(super) narrations: Vec<Narration>,
    /// The number of pattern steps that finding the sentences took.
    pub(super) steps: u64,
}

/// A text for the clauses. It is taken apart once, when its parts are first needed.
#[derive(Debug)]
pub(crate) struct Parted<'m> {
    pub(super) body: &'m str,
    user_country: Option<Country>,
    /// The code of the country; empty if it is not known.
    country: String,
    parts: OnceCell<Parts>,
}

impl<'m> Parted<'m> {
    pub(crate) fn new(body: &'m str, country: Option<Country>) -> Self {
        Self {
            body,
            user_country: country,
            country: country.map(|country| country.to_string()).unwrap_or_default(),
            parts: OnceCell::new(),
        }
    }

    /// The country of the user, if it is known.
    pub(crate) const fn user_country(&self) -> Option<Country> {
        self.user_country
    }

    /// The code of the country; empty if it is not known.
    pub(crate) fn country(&self) -> &str {
        &self.country
    }

    pub(super) fn parts(&self) -> &Parts {
        self.parts.get_or_init(|| {
            let skeleton = skeleton(self.body, &self.country);
            let mut matcher = Matcher::default();
            let (sentences, narrations) = sentences(&skeleton, &mut matcher);
            Parts {
                skeleton,
                sentences,
                narrations,
                steps: matcher.steps,
            }
        })
    }
}
