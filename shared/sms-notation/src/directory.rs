//! The directory of institutions: `shared/domain/data/institutions.csv`.
//!
//! One line for each institution, sorted by id, with the fields of [`HEADER`]. Senders have `|` between them, account
//! types and currencies a space. No field holds a comma.

/// A line of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<'t> {
    /// The id in records.
    pub id: &'t str,
    /// The name for people.
    pub display_name: &'t str,
    /// ISO 3166-1 alpha-2 code of its country.
    pub country: &'t str,
    /// The kinds of account it keeps.
    pub account_types: Vec<&'t str>,
    /// `Bank`, `Wallet`, `Lender`, `Savings` or `Telco`.
    pub kind: &'static str,
    /// ISO 4217 codes of the currencies that its accounts are kept in.
    pub currencies: Vec<&'t str>,
    /// The sender names of its messages. Empty if its messages come under another institution's name.
    pub senders: Vec<&'t str>,
    /// The year of the newest real message of the institution in tests or evaluation; `None` if there is none.
    pub seen: Option<u16>,
}

/// The first line of the file.
pub const HEADER: &str = "id,display_name,country,account_types,kind,currencies,senders,seen";

/// The rows of the file, in its order.
///
/// # Errors
///
/// The error names the first line that breaks the form.
pub fn parse(text: &str) -> Result<Vec<Row<'_>>, String> {
    let mut lines = text.lines();
    if lines.next() != Some(HEADER) {
        return Err(format!("the first line is not {HEADER:?}"));
    }
    lines
        .map(|line| row(line).ok_or_else(|| format!("{line:?} is not a line of the directory")))
        .collect()
}

fn row(line: &str) -> Option<Row<'_>> {
    let fields: Vec<&str> = line.split(',').collect();
    let &[
        id,
        display_name,
        country,
        account_types,
        kind,
        currencies,
        senders,
        seen,
    ] = fields.as_slice()
    else {
        return None;
    };
    let kind = match kind {
        "bank" => "Bank",
        "wallet" => "Wallet",
        "lender" => "Lender",
        "savings" => "Savings",
        "telco" => "Telco",
        _ => return None,
    };
    Some(Row {
        id,
        display_name,
        country,
        account_types: list(account_types, ' '),
        kind,
        currencies: list(currencies, ' '),
        senders: list(senders, '|'),
        seen: match seen {
            "unseen" => None,
            year => Some(year.parse().ok()?),
        },
    })
}

fn list(text: &str, mark: char) -> Vec<&str> {
    text.split(mark).filter(|entry| !entry.is_empty()).collect()
}
