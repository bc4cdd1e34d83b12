//! The notation of templates, and its translation to regular expressions.
//!
//! A pattern is the message with its variable parts in braces. `docs/adding-an-institution.md` describes it for
//! authors; this module defines its meaning. The user of the result anchors it at both ends.

/// The content of a field, and how it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number with or without its currency.
    Money(Money),
    /// The name of a person or thing: free text that makes no statement.
    Name,
    /// Free text the customer or a bank chose, a reference or a narration.
    Text,
    /// The text behind the meaningful part: advertisements.
    Tail,
    /// A word that distinguishes debit from credit.
    Direction,
    /// An account or card number, masked or not.
    Account,
    /// Checked by its shape only.
    Plain,
}

/// How a number of money is written in a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Money {
    pub style: Style,
    pub currency: CurrencyRule,
    pub decimals: Decimals,
    /// `abs`: a minus sign only repeats the text and is dropped.
    pub absolute: bool,
    /// `masked`: asterisks or `x` may replace the digits.
    pub masked: bool,
    /// `drcr`: `DR` after the number makes it negative.
    pub drcr: bool,
}

/// The separators between thousands and before decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `1,234.50`.
    English,
    /// `fr`: `1 234,50` or `1 234.50`.
    French,
    /// `eu`: `1.234,50`.
    European,
}

/// Whether a currency is written beside the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CurrencyRule {
    Stated,
    /// `loose`: it may be missing.
    Optional,
    /// `bare`: it is missing.
    Missing,
}

/// Whether the layout writes decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decimals {
    Any,
    /// `2`: always two.
    Two,
    /// `int`: never.
    None,
}

/// A piece of a pattern: an expression and the notation it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    pub regex: String,
    pub source: String,
}

/// A translated pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    pub segments: Vec<Segment>,
    /// Name and kind of each capture group, in order.
    pub fields: Vec<(String, Kind)>,
    /// Texts every matching message contains, in lower case.
    pub needles: Vec<String>,
    /// The pattern ends in a tail that needs no regex search because the preceding field has a fixed end.
    pub open_end: bool,
}

#[derive(Clone, Debug)]
enum Node {
    Literal(String),
    Space,
    Stop,
    Colon,
    Field(String, String),
    Optional(Vec<Node>),
    Choice(Vec<Vec<Node>>),
}

// Small expressions are fast. So they only find the digits and letters, which are validated when values are read.
const DATE: &str = r"(?:\d+[-/.]\d+[-/.]\d+|\d+(?:st|nd|rd|th)?[-/ .]?[a-z]+[-/ .,]*\d+)";
const TIME: &str = r"\d+:\d+(?::\d+)?(?: ?[ap]\.?m\.?)?";

/// Translates `pattern`; `currency_words` are the spellings of the currencies the institution uses.
pub fn translate(pattern: &str, currency_words: &[String]) -> Result<Pattern, String> {
    let chars: Vec<char> = pattern.trim().chars().collect();
    let mut reader = Reader { chars, at: 0 };
    let nodes = reader.sequence(None)?;
    let mut writer = Writer::new(currency_words);
    let mut needles = Needles::default();
    let mut segments = Vec::new();
    for (index, (node, source)) in nodes.iter().enumerate() {
        needles.add(node, mandatory_space(&nodes, index));
        let regex = writer.node(&nodes, index)?;
        segments.push(Segment {
            regex,
            source: source.clone(),
        });
    }
    Ok(Pattern {
        segments,
        fields: writer.fields,
        needles: needles.finish(),
        open_end: has_open_end(&nodes),
    })
}

/// A node with the notation it was read from.
type Sourced = (Node, String);

struct Reader {
    chars: Vec<char>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn source_since(&self, start: usize) -> String {
        self.chars[start..self.at].iter().collect()
    }

    fn sequence(&mut self, until: Option<&[char]>) -> Result<Vec<Sourced>, String> {
        let mut nodes: Vec<Sourced> = Vec::new();
        while let Some(next) = self.peek() {
            if until.is_some_and(|ends| ends.contains(&next)) {
                return Ok(nodes);
            }
            let start = self.at;
            self.at += 1;
            let node = match next {
                '{' => self.field()?,
                '[' => Node::Optional(vec![self.choice(']')?]),
                '<' => self.choice('>')?,
                ']' | '}' | '>' | '|' => {
                    return Err(format!("stray {next:?}: write \\{next} for the character itself"));
                }
                '\\' => {
                    let escaped = self.peek().ok_or("a backslash at the end")?;
                    self.at += 1;
                    Node::Literal(escaped.to_string())
                }
                c if c.is_whitespace() => {
                    while self.peek().is_some_and(char::is_whitespace) {
                        self.at += 1;
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
            let source = self.source_since(start);
            match (nodes.last_mut(), &node) {
                (Some((Node::Literal(text), so_far)), Node::Literal(more)) => {
                    text.push_str(more);
                    so_far.push_str(&source);
                }
                _ => nodes.push((node, source)),
            }
        }
        if until.is_some() {
            return Err("a bracket is not closed".into());
        }
        Ok(nodes)
    }

    /// Punctuation before a space, a bracket, a field or the end separates sentences; inside a word it is an ordinary
    /// character.
    fn ends_here(&self) -> bool {
        self.peek().is_none_or(|c| c.is_whitespace() || "[]{<>|.".contains(c))
    }

    fn field(&mut self) -> Result<Node, String> {
        let start = self.at;
        while self.peek().is_some_and(|c| c != '}') {
            self.at += 1;
        }
        let inside = self.source_since(start);
        if self.peek().is_none() {
            return Err(format!("{{{inside} is not closed"));
        }
        self.at += 1;
        let (name, kind) = inside.split_once(':').unwrap_or((&inside, ""));
        if name.is_empty()
            || !name
                .chars()
                .all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit())
        {
            return Err(format!(
                "{{{inside}}}: a field's name is lower-case letters, digits and _"
            ));
        }
        Ok(Node::Field(name.to_owned(), kind.trim().to_owned()))
    }

    fn choice(&mut self, end: char) -> Result<Node, String> {
        let mut branches = Vec::new();
        loop {
            let branch = self.sequence(Some(&['|', end]))?;
            branches.push(branch.into_iter().map(|(node, _)| node).collect());
            let closed = self.peek() == Some(end);
            self.at += 1;
            if closed {
                return Ok(Node::Choice(branches));
            }
        }
    }
}

fn is_word(node: Option<&Node>, last: bool) -> bool {
    let Some(Node::Literal(text)) = node else {
        return false;
    };
    let edge = if last { text.chars().last() } else { text.chars().next() };
    edge.is_some_and(char::is_alphanumeric)
}

/// A space between two words is required; elsewhere it may be missing.
fn mandatory_space(nodes: &[Sourced], index: usize) -> bool {
    let before = index.checked_sub(1).and_then(|i| nodes.get(i)).map(|(node, _)| node);
    is_word(before, true) && is_word(nodes.get(index + 1).map(|(node, _)| node), false)
}

/// Whether the tail can be the rest of the text. After a name or a reference it cannot: without the search, these would
/// end too early.
fn has_open_end(nodes: &[Sourced]) -> bool {
    let Some(((Node::Field(name, kind), _), before)) = nodes.split_last() else {
        return false;
    };
    let is_tail = kind == "tail" || (kind.is_empty() && name == "tail");
    is_tail && !may_end_lazily(before.iter().map(|(node, _)| node).rev())
}

fn may_end_lazily<'n>(backwards: impl Iterator<Item = &'n Node>) -> bool {
    for node in backwards {
        match node {
            Node::Field(name, kind) => {
                let kind = if kind.is_empty() { default_kind(name) } else { kind };
                return matches!(kind, "name" | "text" | "tail" | "words");
            }
            Node::Literal(_) => return false,
            Node::Optional(inside) if may_end_lazily(inside.iter().rev()) => return true,
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

#[derive(Default)]
struct Needles {
    current: String,
    found: Vec<String>,
}

impl Needles {
    fn add(&mut self, node: &Node, mandatory_space: bool) {
        match node {
            Node::Literal(text) => self.current.push_str(&text.to_ascii_lowercase()),
            Node::Space if mandatory_space => self.current.push(' '),
            _ => self.flush(),
        }
    }

    fn flush(&mut self) {
        if self.current.len() >= 3 {
            self.found.push(std::mem::take(&mut self.current));
        }
        self.current.clear();
    }

    fn finish(mut self) -> Vec<String> {
        self.flush();
        self.found.sort();
        self.found.dedup();
        self.found
    }
}

struct Writer {
    currency: String,
    fields: Vec<(String, Kind)>,
}

impl Writer {
    fn new(currency_words: &[String]) -> Self {
        let mut words: Vec<&String> = currency_words.iter().collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let words: Vec<String> = words.iter().map(|word| escape(word)).collect();
        Self {
            currency: format!(r"(?:(?:{})\.?)", words.join("|")),
            fields: Vec::new(),
        }
    }

    fn sequence(&mut self, nodes: &[Node]) -> Result<String, String> {
        let sourced: Vec<Sourced> = nodes.iter().map(|node| (node.clone(), String::new())).collect();
        (0..sourced.len()).map(|index| self.node(&sourced, index)).collect()
    }

    fn node(&mut self, nodes: &[Sourced], index: usize) -> Result<String, String> {
        Ok(match &nodes[index].0 {
            Node::Literal(text) => escape(text),
            Node::Space if mandatory_space(nodes, index) => " ".into(),
            Node::Space => " ?".into(),
            Node::Stop => "[ .,;!]*".into(),
            Node::Colon => " ?: ?".into(),
            Node::Optional(inside) => format!("(?:{})?", self.sequence(inside)?),
            Node::Choice(branches) => {
                let mut all = Vec::new();
                for branch in branches {
                    all.push(self.sequence(branch)?);
                }
                format!("(?:{})", all.join("|"))
            }
            Node::Field(name, kind) => self.field(name, kind)?,
        })
    }

    fn field(&mut self, name: &str, kind: &str) -> Result<String, String> {
        let kind_word = if kind.is_empty() { default_kind(name) } else { kind };
        let (regex, kind) = match kind_word {
            "name" => (r"(\S.*?)".to_owned(), Kind::Name),
            "text" => (r"(.*?)".to_owned(), Kind::Text),
            "words" => (r"([a-z][a-z .,'-]*?)".to_owned(), Kind::Name),
            "tail" => (r"(?:[ .,;!*:_)|-]+(.*))?".to_owned(), Kind::Tail),
            "direction" => (r"(debited|credited|debit|credit|dr|cr)".to_owned(), Kind::Direction),
            "account" => (r"([\d*x#.-]+)".to_owned(), Kind::Account),
            "loan_id" => (r"([a-z0-9/_-]*\d[a-z0-9/_-]*)".to_owned(), Kind::Plain),
            "code" => (r"([a-z0-9]{8,12})".to_owned(), Kind::Plain),
            "ref" => (r"([a-z0-9](?:[a-z0-9._/|-]*[a-z0-9])?)".to_owned(), Kind::Plain),
            "phone" => (r"([+]?[\dx*][\dx* ]*[\dx*])".to_owned(), Kind::Plain),
            "date" => (format!("({DATE})"), Kind::Plain),
            "time" => (format!("({TIME})"), Kind::Plain),
            "when" => (
                format!("({DATE}(?:[ ,t:]*(?:at|as|aos|le|saa)?[ :]*{TIME})?)"),
                Kind::Plain,
            ),
            "number" => (r"(\d+)".to_owned(), Kind::Plain),
            "word" => (r"(\S+)".to_owned(), Kind::Plain),
            "url" => (r"((?:https?://)?[^ ]+[.][^ ]*[a-z0-9/])".to_owned(), Kind::Plain),
            _ => {
                let money = Money::parse(kind_word)
                    .ok_or_else(|| format!("{{{name}:{kind_word}}}: there is no such kind of field"))?;
                (self.money(money), Kind::Money(money))
            }
        };
        self.fields.push((name.to_owned(), kind));
        Ok(regex)
    }

    fn money(&self, money: Money) -> String {
        let number = match (money.style, money.decimals) {
            (Style::French, Decimals::Two) => r"\d+(?: \d+)*[.,]\d\d",
            (Style::French, Decimals::Any) => r"\d+(?: \d+)*(?:[.,]\d\d?)?",
            (Style::French, Decimals::None) => r"\d+(?: \d+)*",
            (Style::European, _) => r"\d+(?:\.\d+)*,\d\d",
            (Style::English, Decimals::Two) => r"\d+(?:,\d+)*\.\d\d",
            (Style::English, Decimals::Any) => r"\d+(?:,\d+)*(?:\.\d\d?)?",
            (Style::English, Decimals::None) => r"\d+(?:,\d+)*",
        };
        let currency = &self.currency;
        let gap = if money.style == Style::European { "[ ,]*" } else { " ?" };
        let beside = format!("-?(?:{currency} ?){{1,2}}-?{number}|-?{number}{gap}{currency}");
        let forms = match money.currency {
            CurrencyRule::Stated => beside,
            CurrencyRule::Optional => format!("{beside}|-?{number}"),
            CurrencyRule::Missing => format!("-?{number}"),
        };
        let suffix = if money.drcr { " ?(?:dr|cr)?" } else { "" };
        let masked = if money.masked {
            format!("|(?:{currency} ?)?[*x]{{2,}}(?:[.,][*x]+)*")
        } else {
            String::new()
        };
        format!("((?:{forms}){suffix}{masked})")
    }
}

impl Money {
    fn parse(words: &str) -> Option<Self> {
        if words.is_empty() {
            return None;
        }
        let mut money = Self {
            style: Style::English,
            currency: CurrencyRule::Stated,
            decimals: Decimals::Any,
            absolute: false,
            masked: false,
            drcr: false,
        };
        for word in words.split_whitespace() {
            match word {
                "money" => {}
                "fr" => money.style = Style::French,
                "eu" => money.style = Style::European,
                "loose" => money.currency = CurrencyRule::Optional,
                "bare" => money.currency = CurrencyRule::Missing,
                "2" => money.decimals = Decimals::Two,
                "int" => money.decimals = Decimals::None,
                "abs" => money.absolute = true,
                "masked" => money.masked = true,
                "drcr" => money.drcr = true,
                _ => return None,
            }
        }
        Some(money)
    }
}

/// A field with the name of its kind need not state the kind.
fn default_kind(name: &str) -> &str {
    match name {
        "amount" | "balance" | "fee" | "tax" => "money",
        "direction" | "name" | "text" | "tail" | "account" | "code" | "ref" | "phone" | "date" | "time" | "when"
        | "number" | "word" | "url" | "loan_id" | "words" => name,
        _ => "",
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        if r"\.+*?()|[]{}^$#&-~".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
