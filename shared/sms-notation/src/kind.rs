//! The kinds of fields.

/// The content of a field, and how it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// A number with or without its currency.
    Money(MoneyLayout),
    /// The name of a person or thing: free text that makes no statement.
    Name,
    /// Free text of the customer or the bank, such as a reference or a narration.
    Text,
    /// The text after the meaningful part: advertisements.
    Tail,
    /// A word that distinguishes debit from credit.
    Direction,
    /// An account or card number, masked or not.
    Account,
    /// Text that is checked by its shape only.
    Plain,
}

/// The notation of a number of money in a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MoneyLayout {
    pub style: Style,
    pub currency: CurrencyRule,
    pub decimals: Decimals,
    /// `abs`: the words state the direction, so a minus sign is dropped.
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

/// Whether the layout has decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decimals {
    Any,
    /// `2`: always two.
    Two,
    /// `int`: never.
    None,
}

impl MoneyLayout {
    /// The layout for its words; `None` for an unknown word, or no word.
    pub(crate) fn parse(words: &str) -> Option<Self> {
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
