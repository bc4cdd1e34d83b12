//! `include`: which parts an answer has beyond its default shape.

use daftari_platform::wording::{Quoted, Shown};
use daftari_platform::{query_parameters, shown};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// A part of the answer that is left out unless requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Include {
    /// Per record: fee, reference, counterparty, due date.
    Details,
    /// `_meta.completeness`: how much of the money the messages state.
    Completeness,
}

impl Include {
    const ALL: &'static [Self] = &[Self::Details, Self::Completeness];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Details => "details",
            Self::Completeness => "completeness",
        }
    }

    pub(crate) fn parse(word: &str) -> Result<Self, Shown> {
        let known = Self::ALL.iter().find(|include| include.as_str() == word);
        known.copied().ok_or_else(|| {
            let all: Vec<_> = Self::ALL.iter().map(|include| include.as_str()).collect();
            shown!(
                "has an unknown word `{}`: it takes {}",
                Quoted(word),
                Quoted(&all.join(", "))
            )
        })
    }
}

impl PartialSchema for Include {
    fn schema() -> RefOr<Schema> {
        let words = Self::ALL.iter().map(|include| include.as_str());
        let text = ObjectBuilder::new().schema_type(Type::String);
        RefOr::T(text.enum_values(Some(words)).into())
    }
}

impl ToSchema for Include {}

query_parameters! {
    /// The optional parts of an answer.
    pub(crate) struct IncludeQuery {
        /// Parts to add to the default shape, separated by commas or by repeating the parameter. `details` adds `fee`,
        /// `reference`, `counterparty` and `due_date` to each record. `completeness` adds `_meta.completeness`: how
        /// much of the money the messages state. It covers all records of the range; other filters do not change it.
        #[param(inline, style = Form, explode = false)]
        include: Option<Vec<Include>>,
    }
}

/// The requested parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Includes(Vec<Include>);

impl Includes {
    /// These parts; their order and repetition do not matter.
    pub(crate) fn of(asked: &[Include]) -> Self {
        let all = Include::ALL.iter().copied();
        Self(all.filter(|include| asked.contains(include)).collect())
    }

    /// Whether a part was requested.
    pub(crate) fn has(&self, include: Include) -> bool {
        self.0.contains(&include)
    }
}

/// Requests for the same parts print the same, in any order.
impl std::fmt::Display for Includes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words: Vec<_> = self.0.iter().map(|include| include.as_str()).collect();
        f.write_str(&words.join(","))
    }
}
