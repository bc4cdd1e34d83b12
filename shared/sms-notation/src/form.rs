//! Forms: the shape of a part of a text.
//!
//! A form is a regular expression as a tree, with the few constructions that the notation of templates needs. It
//! matches as in Perl: of the possible matches, the first in order of preference counts. Letters match in either case.

/// A set of bytes.
///
/// Texts are compared in lower case, so capital letters in a set have no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bytes([u64; 4]);

/// The end of a text. No text contains this byte, because UTF-8 does not use it.
pub(crate) const END: u8 = 0xff;

impl Bytes {
    pub(crate) const NONE: Self = Self([0; 4]);
    /// Every byte of texts.
    pub const ANY: Self = Self::range(0, END - 1);
    /// Every byte, and the end of the text.
    pub(crate) const ANY_OR_END: Self = Self([u64::MAX; 4]);
    /// ASCII digits.
    pub const DIGIT: Self = Self::range(b'0', b'9');
    /// ASCII letters.
    pub const LETTER: Self = Self::range(b'a', b'z');
    /// Everything but white space.
    pub const VISIBLE: Self = Self::ANY.without(Self::of(b" \t\n\r\x0b\x0c"));

    /// The given bytes.
    pub const fn of(bytes: &[u8]) -> Self {
        let mut set = Self::NONE;
        let mut at = 0;
        while at < bytes.len() {
            set = set.with(Self::range(bytes[at], bytes[at]));
            at += 1;
        }
        set
    }

    /// The bytes from `first` to `last`.
    pub const fn range(first: u8, last: u8) -> Self {
        let mut set = Self::NONE;
        let mut byte = first as usize;
        while byte <= last as usize {
            set.0[byte / 64] |= 1 << (byte % 64);
            byte += 1;
        }
        set
    }

    /// The bytes of either set.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        let (a, b) = (self.0, other.0);
        Self([a[0] | b[0], a[1] | b[1], a[2] | b[2], a[3] | b[3]])
    }

    /// The bytes of this set that are not in the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        let (a, b) = (self.0, other.0);
        Self([a[0] & !b[0], a[1] & !b[1], a[2] & !b[2], a[3] & !b[3]])
    }

    /// Whether no byte is in both sets.
    pub(crate) fn is_apart_from(self, other: Self) -> bool {
        self.without(other) == self
    }

    /// Whether the set contains the byte.
    pub const fn has(&self, byte: u8) -> bool {
        self.0[(byte / 64) as usize] & (1 << (byte % 64)) != 0
    }
}

/// The shape of a part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// This text, in lower case.
    Text(String),
    /// Bytes of a set, as many as possible.
    Run {
        /// The set.
        of: Bytes,
        /// Minimum number of bytes.
        min: u8,
        /// Maximum number of bytes; `None` for no limit.
        max: Option<u8>,
    },
    /// Any number of bytes of a set; as few as possible.
    Few(Bytes),
    /// One after another.
    Sequence(Vec<Form>),
    /// The first alternative that matches.
    Choice(Vec<Form>),
    /// The form or nothing. The form is preferred.
    Optional(Box<Form>),
    /// The form any number of times, as often as possible. It begins with a text or a run of at least one byte.
    Repeated(Box<Form>),
    /// A form whose position in the text is a result. Fields are numbered in their order. A field does not contain a
    /// field, and does not stand in a repetition.
    Field(Box<Form>),
    /// The end of the text.
    End,
}

impl Form {
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(text.to_ascii_lowercase())
    }

    /// One byte of the set.
    pub(crate) const fn one(of: Bytes) -> Self {
        Self::Run {
            of,
            min: 1,
            max: Some(1),
        }
    }

    /// One byte of the set, or nothing.
    pub(crate) const fn maybe(of: Bytes) -> Self {
        Self::Run {
            of,
            min: 0,
            max: Some(1),
        }
    }

    /// Any number of bytes.
    pub(crate) const fn any(of: Bytes) -> Self {
        Self::Run { of, min: 0, max: None }
    }

    /// At least one byte.
    pub(crate) const fn some(of: Bytes) -> Self {
        Self::Run { of, min: 1, max: None }
    }

    /// The first of several texts that matches.
    pub(crate) fn words(words: &[&str]) -> Self {
        Self::Choice(words.iter().map(|word| Self::text(word)).collect())
    }

    pub(crate) fn optional(self) -> Self {
        Self::Optional(Box::new(self))
    }

    pub(crate) fn repeated(self) -> Self {
        Self::Repeated(Box::new(self))
    }

    pub(crate) fn field(self) -> Self {
        Self::Field(Box::new(self))
    }
}
