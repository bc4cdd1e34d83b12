//! The notation of templates, and its translation to forms.
//!
//! A pattern is the message with its variable parts in braces. `docs/adding-an-institution.md` describes it for
//! authors; this module and the forms of fields define its meaning.

use crate::field_words::FieldWords;
use crate::fields;
use crate::form::{Bytes, Form};
use crate::kind::FieldKind;
use crate::program::Program;

/// A piece of a pattern, with its notation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<'p> {
    pub form: Form,
    pub source: &'p str,
}

/// A translated pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern<'p> {
    pub pieces: Vec<Piece<'p>>,
    /// Name and kind of each field, in order.
    pub fields: Vec<(&'p str, FieldKind)>,
    /// The pattern ends in a tail that needs no search because the preceding field has a fixed end.
    pub open_end: bool,
}

/// The bytes that may follow the last piece.
const CLOSING: Bytes = Bytes::of(b" .,;!*#");

impl Pattern<'_> {
    /// The form of a whole message, but without a tail that takes the rest of the text.
    pub fn whole(&self) -> Form {
        let mut forms: Vec<Form> = self.pieces.iter().map(|piece| piece.form.clone()).collect();
        if self.open_end {
            forms.pop();
        } else {
            forms.extend([Form::any(CLOSING), Form::End]);
        }
        Form::Sequence(forms)
    }

    /// The program for texts that begin with some of the pieces.
    pub fn traced(&self) -> Program {
        Program::of_pieces(self.pieces.iter().map(|piece| &piece.form))
    }
}

#[derive(Clone, Debug)]
enum Node<'p> {
    Literal(String),
    Space,
    Stop,
    Colon,
    /// Name and kind.
    Field(&'p str, &'p str),
    Optional(Box<Node<'p>>),
    Choice(Vec<Vec<Node<'p>>>),
}

/// Translates `pattern`. `currency_words` are the spellings of the institution's currencies, `words` are the words of
/// the languages.
///
/// # Errors
///
/// The error describes the fault in the notation.
pub fn translate<'p, S: AsRef<str>>(
    pattern: &'p str,
    currency_words: &[S],
    words: &FieldWords<'_>,
) -> Result<Pattern<'p>, String> {
    let mut reader = Reader {
        pattern: pattern.trim(),
        at: 0,
    };
    let (nodes, ends) = reader.sequence(None)?;
    let mut writer = Writer {
        currency: fields::currency(currency_words),
        words,
        fields: Vec::new(),
    };
    let mut pieces = Vec::new();
    let mut start = 0;
    for (index, end) in ends.into_iter().enumerate() {
        pieces.push(Piece {
            form: writer.node(&nodes, index)?,
            source: &reader.pattern[start..end],
        });
        start = end;
    }
    Ok(Pattern {
        pieces,
        fields: writer.fields,
        open_end: has_open_end(&nodes),
    })
}

struct Reader<'p> {
    pattern: &'p str,
    at: usize,
}

impl<'p> Reader<'p> {
    fn peek(&self) -> Option<char> {
        self.pattern[self.at..].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    /// The nodes up to one of the characters or to the end, with the end of each in the pattern.
    fn sequence(&mut self, until: Option<&[char]>) -> Result<(Vec<Node<'p>>, Vec<usize>), String> {
        let (mut nodes, mut ends): (Vec<Node<'p>>, Vec<usize>) = (Vec::new(), Vec::new());
        while let Some(next) = self.peek() {
            if until.is_some_and(|ends| ends.contains(&next)) {
                return Ok((nodes, ends));
            }
            self.at += next.len_utf8();
            let node = match next {
                '{' => self.field()?,
                '[' => Node::Optional(Box::new(self.choice(']')?)),
                '<' => self.choice('>')?,
                ']' | '}' | '>' | '|' => {
                    return Err(format!("stray {next:?}: write \\{next} for the character itself"));
                }
                '\\' => Node::Literal(self.next().ok_or("a backslash at the end")?.to_string()),
                c if c.is_whitespace() => {
                    while self.peek().is_some_and(char::is_whitespace) {
                        self.next();
                    }
                    Node::Space
                }
                ':' => Node::Colon,
                '.' | ',' | ';' | '!' if self.ends_here() => Node::Stop,
                c if c.is_ascii() => Node::Literal(c.to_string()),
                c => {
                    return Err(format!(
                        "{c:?} is not ASCII: write accents and curly quotes as their plain letters"
                    ));
                }
            };
            if let (Some(Node::Literal(text)), Some(end), Node::Literal(more)) =
                (nodes.last_mut(), ends.last_mut(), &node)
            {
                text.push_str(more);
                *end = self.at;
            } else {
                nodes.push(node);
                ends.push(self.at);
            }
        }
        if until.is_some() {
            return Err("a bracket is not closed".into());
        }
        Ok((nodes, ends))
    }

    /// Punctuation before a space, a bracket, a field or the end separates sentences; inside a word it is an ordinary
    /// character.
    fn ends_here(&self) -> bool {
        self.peek().is_none_or(|c| c.is_whitespace() || "[]{<>|.".contains(c))
    }

    fn field(&mut self) -> Result<Node<'p>, String> {
        let rest = &self.pattern[self.at..];
        let Some((inside, _)) = rest.split_once('}') else {
            return Err(format!("{{{rest} is not closed"));
        };
        self.at += inside.len() + 1;
        let (name, kind) = inside.split_once(':').unwrap_or((inside, ""));
        if name.is_empty()
            || !name
                .chars()
                .all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit())
        {
            return Err(format!(
                "{{{inside}}}: a field's name is lower-case letters, digits and _"
            ));
        }
        let kind = match kind.trim() {
            "" => default_kind(name),
            kind => kind,
        };
        Ok(Node::Field(name, kind))
    }

    fn choice(&mut self, end: char) -> Result<Node<'p>, String> {
        let mut branches = Vec::new();
        loop {
            let (branch, _) = self.sequence(Some(&['|', end]))?;
            branches.push(branch);
            if self.next() == Some(end) {
                return Ok(Node::Choice(branches));
            }
        }
    }
}

fn is_word(node: Option<&Node<'_>>, last: bool) -> bool {
    let Some(Node::Literal(text)) = node else {
        return false;
    };
    let edge = if last { text.chars().last() } else { text.chars().next() };
    edge.is_some_and(char::is_alphanumeric)
}

/// Whether a space is required: only between two words.
fn mandatory_space(nodes: &[Node<'_>], index: usize) -> bool {
    let before = index.checked_sub(1).and_then(|before| nodes.get(before));
    is_word(before, true) && is_word(nodes.get(index + 1), false)
}

/// Whether the tail can be the rest of the text. It cannot be behind a name or a reference, because these would end too
/// early without the search.
fn has_open_end(nodes: &[Node<'_>]) -> bool {
    match nodes.split_last() {
        Some((Node::Field(_, "tail"), before)) => !may_end_lazily(before.iter().rev()),
        _ => false,
    }
}

fn may_end_lazily<'n>(backwards: impl Iterator<Item = &'n Node<'n>>) -> bool {
    for node in backwards {
        match node {
            Node::Field(_, kind) => return matches!(*kind, "name" | "text" | "tail" | "words"),
            Node::Literal(_) => return false,
            Node::Optional(inside) if may_end_lazily(std::iter::once(&**inside)) => return true,
            Node::Space | Node::Stop | Node::Colon | Node::Optional(_) => {}
            Node::Choice(branches) => {
                if branches.iter().any(|branch| may_end_lazily(branch.iter().rev())) {
                    return true;
                }
                if !branches.iter().any(Vec::is_empty) {
                    return false;
                }
            }
        }
    }
    false
}

struct Writer<'p, 'l, 'w> {
    currency: Form,
    words: &'l FieldWords<'w>,
    fields: Vec<(&'p str, FieldKind)>,
}

impl<'p> Writer<'p, '_, '_> {
    fn sequence(&mut self, nodes: &[Node<'p>]) -> Result<Form, String> {
        let forms: Result<_, String> = (0..nodes.len()).map(|index| self.node(nodes, index)).collect();
        Ok(Form::Sequence(forms?))
    }

    fn node(&mut self, nodes: &[Node<'p>], index: usize) -> Result<Form, String> {
        let space = Bytes::of(b" ");
        Ok(match &nodes[index] {
            Node::Literal(text) => Form::text(text),
            Node::Space if mandatory_space(nodes, index) => Form::text(" "),
            Node::Space => Form::maybe(space),
            Node::Stop => Form::any(Bytes::of(b" .,;!")),
            Node::Colon => Form::Sequence(vec![Form::maybe(space), Form::text(":"), Form::maybe(space)]),
            Node::Optional(inside) => self.node(std::slice::from_ref(inside), 0)?.optional(),
            Node::Choice(branches) => {
                let forms: Result<_, String> = branches.iter().map(|branch| self.sequence(branch)).collect();
                Form::Choice(forms?)
            }
            Node::Field(name, kind) => {
                let (form, kind) = fields::of_kind(kind, &self.currency, self.words)
                    .ok_or_else(|| format!("{{{name}:{kind}}}: no such kind of field"))?;
                self.fields.push((*name, kind));
                form
            }
        })
    }
}

/// The kind of a field that states none, by its name; empty if there is no such kind.
fn default_kind(name: &str) -> &str {
    match name {
        "amount" | "balance" | "fee" | "tax" => "money",
        "direction" | "name" | "text" | "tail" | "account" | "code" | "ref" | "phone" | "date" | "time" | "when"
        | "number" | "word" | "url" | "loan_id" | "words" => name,
        _ => "",
    }
}
