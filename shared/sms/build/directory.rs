//! The directory of institutions and the currencies, as tables.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use daftari_domain::{AccountType, Country, Currency, InstitutionId};
use daftari_sms_notation::clause::letter_bit;
use daftari_sms_notation::directory;
use daftari_sms_notation::files::CurrencyFile;
use daftari_sms_notation::sender::sender_key;

use super::pool;

pub(crate) fn generate(root: &Path) -> Result<String, String> {
    let mut code = currencies(&super::read(&root.join("currencies.toml"))?)?;
    let path = root.join("../domain/data/institutions.csv");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let rows = directory::parse(&text).map_err(|fault| format!("{}: {fault}", path.display()))?;
    let mut by_sender: BTreeMap<(&str, String), Vec<usize>> = BTreeMap::new();
    code.push_str("pub(crate) static ROWS: &[Row] = &[\n");
    for (index, row) in rows.iter().enumerate() {
        let at = |fault: String| format!("{}: {}: {fault}", path.display(), row.id);
        super::known::<InstitutionId>(row.id).map_err(at)?;
        super::known::<Country>(row.country).map_err(at)?;
        for currency in &row.currencies {
            super::known::<Currency>(currency).map_err(at)?;
        }
        let mut types = Vec::new();
        for kind in &row.account_types {
            types.push(super::known::<AccountType>(kind).map_err(at)?);
        }
        for sender in &row.senders {
            let key = sender_key(sender);
            if key.is_empty() {
                return Err(at(format!("the sender {sender:?} has no letter or digit")));
            }
            let known = by_sender.entry((row.country, key)).or_default();
            if !known.contains(&index) {
                known.push(index);
            }
        }
        let has = |kind: AccountType| types.contains(&kind);
        let kinds = AccountType::ALL.iter().enumerate().filter(|(_, kind)| has(**kind));
        let kinds = kinds.fold(0, |bits, (at, _)| bits | 1_u8 << at);
        let mut names: Vec<String> = Vec::new();
        for name in [row.display_name, row.id].iter().chain(&row.senders) {
            let key = sender_key(name);
            if !names.contains(&key) {
                names.push(key);
            }
        }
        let parts = [
            row.id,
            row.display_name,
            row.country,
            &row.currencies.join(" "),
            &names.join(" "),
        ]
        .map(str::to_owned);
        let mut end = 0_u16;
        let ends = parts.each_ref().map(|part| {
            end += u16::try_from(part.len()).expect("a row is short");
            end
        });
        let [id, display_name, country, currencies, _] = ends;
        writeln!(
            code,
            "Row {{ text: {:?}, ends: [{id}, {display_name}, {country}, {currencies}], kind: Kind::{}, account_types: {kinds} }},",
            parts.concat(),
            row.kind
        )
        .expect("a String takes all");
    }
    let keys: Vec<String> = by_sender
        .keys()
        .map(|(country, key)| format!("{country}{key}"))
        .collect();
    writeln!(
        code,
        "];\npub(crate) static SENDERS: Texts = {};\npub(crate) static SENDER_ROWS: Lists = {};",
        pool::texts(keys.iter().map(String::as_str))?,
        pool::lists(by_sender.into_values())?
    )
    .expect("a String takes all");
    Ok(code)
}

fn currencies(file: &CurrencyFile) -> Result<String, String> {
    let mut code = String::from("pub(crate) static CURRENCIES: &[(&str, &str)] = &[");
    let checked = |code: &str| -> Result<String, String> {
        if code.is_empty() || code == "?" {
            return Ok(String::new());
        }
        super::known::<Currency>(code).map(|_| code.to_owned())
    };
    let mut all: Vec<(&str, String)> = Vec::new();
    for (currency, spellings) in &file.spellings {
        let currency = checked(currency)?;
        all.extend(spellings.iter().map(|spelling| (spelling.as_str(), currency.clone())));
    }
    let beginnings = super::by_first_byte(&mut all, |(spelling, _)| spelling);
    for (spelling, currency) in &all {
        write!(code, "({spelling:?},{currency:?}),").expect("a String takes all");
    }
    writeln!(code, "];\npub(crate) static CURRENCY_BEGINNINGS: Beginnings = {beginnings};\npub(crate) static WHOLE: &[&str] = &{:?};\npub(crate) static SPACED: &[&str] = &{:?};\npub(crate) static INTERNATIONAL: &[&str] = &{:?};\npub(crate) static SOMETIMES: &[&str] = &{:?};\npub(crate) static BALANCES_WITH_CENTS: &[&str] = &{:?};\npub(crate) static LETTERS_APART: &[&str] = &{:?};\npub(crate) static SMALL_LETTERS: &[&str] = &{:?};", file.whole, file.spaced, file.international, file.sometimes, file.balances_with_cents, file.letters_apart, file.small_letters).expect("a String takes all");
    code.push_str("pub(crate) static COUNTRIES: &[Country] = &[\n");
    for (country, entry) in &file.countries {
        super::known::<Country>(country)?;
        let (mut spellings, mut firsts) = (String::new(), 0_u32);
        for (spelling, currency) in &entry.spellings {
            let currency = checked(currency)?;
            firsts |= letter_bit(spelling.as_bytes().first().copied().unwrap_or_default());
            write!(spellings, "({spelling:?},{currency:?}),").expect("a String takes all");
        }
        writeln!(
            code,
            "Country {{ code: {country:?}, currency: {:?}, also: &{:?}, comma: {}, four_decimals: {}, payers_write_references: {}, vat_within_percent: {:?}, spellings: &[{spellings}], firsts: {firsts} }},",
            entry.currency, entry.also, entry.comma, entry.four_decimals, entry.payers_write_references, entry.vat_within_percent
        )
        .expect("a String takes all");
    }
    code.push_str("];\n");
    Ok(code)
}
