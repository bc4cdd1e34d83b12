//! Turns the data files into static tables, so that reading a message parses no file.
//!
//! A mistake in a file ends the build with the file, the template and the reason.

mod clauses;
mod details;
mod directory;
mod pool;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use daftari_domain::vocabulary::NotFinancialCode;
use daftari_domain::{AccountType, Country, Currency, Impact, InstitutionId, Label, Money};
use daftari_sms_notation::clause::letter_bit;
use daftari_sms_notation::field_words::FieldWords;
use daftari_sms_notation::files::{CounterpartyFile, FamilyFile, InstitutionFile, RecordEntry, TemplateEntry};
use daftari_sms_notation::kind::FieldKind;
use daftari_sms_notation::program::Program;
use daftari_sms_notation::required::Required;
use daftari_sms_notation::sender::sender_key;
use daftari_sms_notation::template::{self as notation, Pattern};

use pool::Pool;
use words::Sides;

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"));
    for watched in [
        "institutions",
        "families",
        "languages",
        "counterparties.toml",
        "currencies.toml",
        "../domain/data/institutions.csv",
        "reader.toml",
        "build",
    ] {
        println!("cargo::rerun-if-changed={watched}");
    }
    let (tables, text) = generate(&root).unwrap_or_else(|fault| {
        println!("cargo::error={fault}");
        std::process::exit(1);
    });
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo"));
    for (name, generated) in [
        ("tables.rs", Ok(tables)),
        ("text.rs", Ok(text)),
        ("words.rs", words::generate(&root)),
        ("clauses.rs", clauses::generate(&root)),
        ("directory.rs", directory::generate(&root)),
        ("reader.rs", reader(&root)),
    ] {
        let code = generated.unwrap_or_else(|fault| {
            println!("cargo::error={fault}");
            std::process::exit(1);
        });
        fs::write(out.join(name), code).expect("OUT_DIR is writable");
    }
}

/// The tables of the institutions, and the table that holds their texts.
fn generate(root: &Path) -> Result<(String, String), String> {
    let mut families = BTreeMap::new();
    for path in toml_files(&root.join("families"))? {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        families.insert(stem, read::<FamilyFile>(&path)?);
    }
    let languages = words::of_languages(root)?;
    let spoken = Spoken {
        sides: words::sides(&languages),
        fields: words::of_fields(&languages),
    };
    let mut code = Code::default();
    for path in toml_files(&root.join("institutions"))? {
        let file: InstitutionFile = read(&path)?;
        institution(&mut code, &file, &families, &spoken).map_err(|fault| format!("{}: {fault}", path.display()))?;
    }
    let path = root.join("counterparties.toml");
    let mut companies = String::new();
    counterparties(&mut companies, &read(&path)?).map_err(|fault| format!("{}: {fault}", path.display()))?;
    let tables = format!(
        "pub(crate) static INSTITUTIONS: &[Institution] = &[\n{}];\n\
         {companies}{}",
        code.institutions,
        code.pool.lists(&[
            ("WORDS_OF_UNLESS", "Text"),
            ("FIELDS", "Field"),
            ("RECORDS", "RecordRule"),
            ("CHARGES", "FieldId"),
        ])
    );
    Ok((tables, code.pool.all_text()))
}

/// The file with a digest for each version of the rules.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ReaderFile {
    rules: Vec<String>,
}

fn reader(root: &Path) -> Result<String, String> {
    let file: ReaderFile = read(&root.join("reader.toml"))?;
    Ok(format!("const NUMBER: u32 = {};", file.rules.len()))
}

/// The generated code, a line for each institution.
#[derive(Default)]
struct Code {
    institutions: String,
    /// The texts and lists of the institutions.
    pool: Pool,
}

fn toml_files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    Ok(paths)
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

/// Sorts words by their first byte, and returns the index of the sorted table as code. Words with the same first byte
/// keep their order.
fn by_first_byte<T>(words: &mut [T], word: impl Fn(&T) -> &str) -> String {
    let first = |entry: &T| word(entry).as_bytes().first().copied().unwrap_or_default();
    words.sort_by_key(first);
    let mut starts = [0; 257];
    for (byte, start) in (0_u16..).zip(&mut starts) {
        *start = u16::try_from(words.partition_point(|entry| u16::from(first(entry)) < byte)).expect("few words");
    }
    let mut seconds = [0_u32; 256];
    for entry in words.iter() {
        let second = word(entry).as_bytes().get(1);
        seconds[usize::from(first(entry))] |= second.map_or(u32::MAX, |byte| letter_bit(*byte));
    }
    format!("Beginnings {{ starts: {starts:?}, seconds: {seconds:?} }}")
}

fn known<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error| format!("{text:?} {error}"))
}

/// The words of all languages in templates.
struct Spoken<'w> {
    sides: Sides,
    fields: FieldWords<'w>,
}

fn institution(
    code: &mut Code,
    file: &InstitutionFile,
    families: &BTreeMap<String, FamilyFile>,
    spoken: &Spoken<'_>,
) -> Result<(), String> {
    known::<InstitutionId>(&file.id)?;
    known::<Country>(&file.country)?;
    known::<Currency>(&file.currency)?;
    let words = file.currency_words();
    let mut currency_code = String::new();
    for (currency, spellings) in &file.currencies {
        known::<Currency>(currency)?;
        for spelling in spellings {
            write!(currency_code, "({:?},{currency:?}),", spelling.to_ascii_lowercase()).expect("a String takes all");
        }
    }
    let accounts: Vec<&String> = file.accounts.keys().collect();
    let account_code = account_rules(file)?;
    let mut templates = String::new();
    let own = file.templates.iter().map(|template| (String::new(), template));
    let mut all: Vec<(String, &TemplateEntry)> = own.collect();
    for family in &file.families {
        let shared = families
            .get(family)
            .ok_or_else(|| format!("there is no family {family:?}"))?;
        all.extend(shared.templates.iter().map(|template| (format!("{family}/"), template)));
    }
    let sources: Vec<String> = all.iter().map(|(_, entry)| file.pattern(entry)).collect();
    let mut layouts = Vec::new();
    for ((prefix, entry), source) in all.into_iter().zip(&sources) {
        let pattern = notation::translate(source, &words, &spoken.fields)
            .map_err(|fault| format!("template {:?}: {fault}", entry.name))?;
        if Required::of(&pattern.whole()).texts.is_empty() {
            return Err(format!(
                "template {:?}: needs at least one fixed word of three letters",
                entry.name
            ));
        }
        // The reader makes the program on first use and cannot report a form that is too large. The build can.
        Program::new(&pattern.whole());
        let name = format!("{prefix}{}", entry.name);
        layouts.push(Layout {
            name,
            entry,
            source,
            pattern,
        });
    }
    for layout in layouts {
        let details = details::rule(layout.entry, &layout.pattern, &spoken.sides, &mut code.pool);
        details
            .and_then(|details| template(&mut templates, &mut code.pool, &layout, &accounts, &details))
            .map_err(|fault| format!("template {:?}: {fault}", layout.entry.name))?;
    }
    let senders: BTreeSet<String> = file.senders.iter().map(|sender| sender_key(sender)).collect();
    let senders: Vec<String> = senders.into_iter().collect();
    writeln!(
        code.institutions,
        "Institution {{ id: {:?}, country: {:?}, currency: {:?}, currencies: &[{currency_code}], sender_keys: &{senders:?}, accounts: &[{account_code}], templates: &[\n{templates}] }},",
        file.id, file.country, file.currency,
    )
    .expect("a String takes all");
    Ok(())
}

fn account_rules(file: &InstitutionFile) -> Result<String, String> {
    let mut account_code = String::new();
    for entry in file.accounts.values() {
        let id = entry.institution.as_ref().unwrap_or(&file.id);
        known::<InstitutionId>(id)?;
        let account_type: AccountType = known(&entry.account_type)?;
        writeln!(
            account_code,
            "Account {{ institution_id: {id:?}, kind: AccountType::{account_type:?} }},"
        )
        .expect("a String takes all");
    }
    Ok(account_code)
}

/// A template with its pattern.
struct Layout<'a> {
    name: String,
    entry: &'a TemplateEntry,
    source: &'a str,
    pattern: Pattern<'a>,
}

fn template(
    code: &mut String,
    pool: &mut Pool,
    layout: &Layout<'_>,
    accounts: &[&String],
    details: &str,
) -> Result<(), String> {
    let Layout { entry, pattern, .. } = layout;
    let unless: Vec<String> = entry
        .unless
        .iter()
        .map(|word| pool.text(&word.to_ascii_lowercase()))
        .collect::<Result<_, _>>()?;
    write!(
        code,
        "Template {{ name: {}, unless: {}, open_end: {}, pattern: {}",
        pool.text(&layout.name)?,
        pool.list("WORDS_OF_UNLESS", unless)?,
        pattern.open_end,
        pool.text(layout.source)?,
    )
    .expect("a String takes all");
    let mut fields = Vec::new();
    for (name, kind) in &pattern.fields {
        let id = field_id(pattern, name)?;
        let kind = match kind {
            FieldKind::Money(layout) => format!(
                "FieldKind::Money(MoneyLayout {{ style: Style::{:?}, currency: CurrencyRule::{:?}, decimals: Decimals::{:?}, absolute: {}, masked: {}, drcr: {} }})",
                layout.style, layout.currency, layout.decimals, layout.absolute, layout.masked, layout.drcr
            ),
            other => format!("FieldKind::{other:?}"),
        };
        fields.push(format!("Field {{ id: {id}, kind: {kind} }}"));
    }
    let records = entry
        .records
        .iter()
        .map(|record| record_rule(record, pattern, accounts));
    let records = records.collect::<Result<Vec<_>, _>>()?;
    let nothing = match (&entry.nothing, entry.records.is_empty()) {
        (Some(word), true) => format!("Some(NotFinancialCode::{:?})", known::<NotFinancialCode>(word)?),
        (None, false) => "None".to_owned(),
        (None, true) => return Err("`nothing` must state why there are no records".into()),
        (Some(_), false) => return Err("`nothing` is only allowed with `records = []`".into()),
    };
    let (fields, records) = (pool.list("FIELDS", fields)?, pool.list("RECORDS", records)?);
    writeln!(
        code,
        ", fields: {fields}, records: {records}, nothing: {nothing}, details: {details} }},"
    )
    .expect("a String takes all");
    Ok(())
}

/// The id of a field: the place of the first field of that name.
fn field_id(pattern: &Pattern<'_>, name: &str) -> Result<u8, String> {
    let place = pattern.fields.iter().position(|(field, _)| *field == name);
    let place = place.ok_or_else(|| format!("the pattern has no field {{{name}}}"))?;
    u8::try_from(place).map_err(|_| "the pattern has too many fields".to_owned())
}

fn record_rule(entry: &RecordEntry, pattern: &Pattern<'_>, accounts: &[&String]) -> Result<String, String> {
    let account = accounts
        .iter()
        .position(|key| **key == entry.account)
        .ok_or_else(|| format!("account {:?} is not declared under [accounts]", entry.account))?;
    let field = |name: &String| field_id(pattern, name);
    let optional = |name: &Option<String>| name.as_ref().map(field).transpose();
    let impact = match entry.impact.as_deref() {
        None => "ImpactRule::None".to_owned(),
        Some(word) => match word.parse::<Impact>() {
            Ok(impact) => format!("ImpactRule::Always(Impact::{impact:?})"),
            Err(_) => format!("ImpactRule::Field({:?})", field(&word.to_owned())?),
        },
    };
    if entry.impact.is_some() != entry.amount.is_some() {
        return Err("amount and impact go together".into());
    }
    let balance = match &entry.balance {
        None => "BalanceRule::None".to_owned(),
        Some(text) if text.parse::<Money>().is_ok() => format!("BalanceRule::Always({text:?})"),
        Some(text) => format!("BalanceRule::Field({:?})", field(text)?),
    };
    let mut labels = String::from("LabelSet::EMPTY");
    for label in &entry.labels {
        let label: Label = known(label)?;
        write!(labels, ".with(Label::{label:?})").expect("a String takes all");
    }
    let (amount, number) = (optional(&entry.amount)?, optional(&entry.number)?);
    let (counterparty, narration) = (optional(&entry.counterparty)?, optional(&entry.narration)?);
    Ok(format!(
        "RecordRule {{ account: {account}, impact: {impact}, amount: {amount:?}, balance: {balance}, number: {number:?}, labels: {labels}, counterparty: {counterparty:?}, narration: {narration:?} }}"
    ))
}

fn counterparties(code: &mut String, file: &CounterpartyFile) -> Result<(), String> {
    code.push_str("pub(crate) static COUNTERPARTIES: &[Counterparty] = &[\n");
    for rule in &file.rules {
        for country in &rule.countries {
            known::<Country>(country)?;
        }
        let label = |label: &Option<String>| -> Result<String, String> {
            let label = label.as_deref().map(known::<Label>).transpose()?;
            Ok(label.map_or("None".into(), |label| format!("Some(Label::{label:?})")))
        };
        let (debit, credit) = (label(&rule.debit)?, label(&rule.credit)?);
        if let Some(name) = rule.names.iter().find(|name| name.contains('|')) {
            return Err(format!("a name has no |: {name}"));
        }
        let place = rule
            .place
            .map_or("None".into(), |place| format!("Some(Place::{place:?})"));
        let names = rule.names.join("|").to_ascii_lowercase();
        writeln!(code, "Counterparty {{ names: {names:?}, countries: &{:?}, place: {place}, in_names: {}, in_narrations: {}, debit: {debit}, credit: {credit} }},", rule.countries, rule.counterparty, rule.narration)
            .expect("a String takes all");
    }
    code.push_str("];\n");
    for (name, ids) in [("TILLS", &file.tills), ("COMMON_NAMES", &file.common_names)] {
        writeln!(code, "pub(crate) static {name}: &[&str] = &{ids:?};").expect("a String takes all");
    }
    Ok(())
}
