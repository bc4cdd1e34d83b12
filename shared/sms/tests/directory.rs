//! The directory: one file of institutions, from which the lists, the reading and the published page are made.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use daftari_domain::views::directory;
use daftari_sms::institutions;
use daftari_sms_notation::directory::{Row, parse};
use daftari_sms_notation::files::{FamilyFile, InstitutionFile, LanguageFile, RecordEntry, TemplateEntry};
use support::examples;

/// The markets of the product.
const COUNTRIES: &[&str] = &[
    "KE", "NG", "GH", "TZ", "UG", "RW", "ET", "ZM", "MW", "MZ", "ZW", "LS", "BW", "CI", "SN", "BJ", "TG", "BF", "ML",
    "NE", "CM", "CD", "MG", "SO", "SL", "LR", "ZA", "EG",
];

/// The code and the English name of each country of the directory, in the order of the page.
const COUNTRY_NAMES: &[(&str, &str)] = &[
    ("DZ", "Algeria"),
    ("AO", "Angola"),
    ("BJ", "Benin"),
    ("BW", "Botswana"),
    ("BF", "Burkina Faso"),
    ("BI", "Burundi"),
    ("CM", "Cameroon"),
    ("CF", "Central African Republic"),
    ("TD", "Chad"),
    ("KM", "Comoros"),
    ("CI", "Côte d'Ivoire"),
    ("CD", "Democratic Republic of the Congo"),
    ("DJ", "Djibouti"),
    ("EG", "Egypt"),
    ("GQ", "Equatorial Guinea"),
    ("SZ", "Eswatini"),
    ("ET", "Ethiopia"),
    ("GA", "Gabon"),
    ("GM", "Gambia"),
    ("GH", "Ghana"),
    ("GN", "Guinea"),
    ("GW", "Guinea-Bissau"),
    ("KE", "Kenya"),
    ("LS", "Lesotho"),
    ("LR", "Liberia"),
    ("MG", "Madagascar"),
    ("MW", "Malawi"),
    ("ML", "Mali"),
    ("MR", "Mauritania"),
    ("MU", "Mauritius"),
    ("MA", "Morocco"),
    ("MZ", "Mozambique"),
    ("NA", "Namibia"),
    ("NE", "Niger"),
    ("NG", "Nigeria"),
    ("CG", "Republic of the Congo"),
    ("RW", "Rwanda"),
    ("ST", "São Tomé and Príncipe"),
    ("SN", "Senegal"),
    ("SC", "Seychelles"),
    ("SL", "Sierra Leone"),
    ("SO", "Somalia"),
    ("ZA", "South Africa"),
    ("SS", "South Sudan"),
    ("SD", "Sudan"),
    ("TZ", "Tanzania"),
    ("TG", "Togo"),
    ("UG", "Uganda"),
    ("ZM", "Zambia"),
    ("ZW", "Zimbabwe"),
];

/// The code and the English name of each language with a grammar, in the order of the page.
const LANGUAGE_NAMES: &[(&str, &str)] = &[
    ("am", "Amharic"),
    ("ar", "Arabic"),
    ("en", "English"),
    ("fr", "French"),
    ("rw", "Kinyarwanda"),
    ("mg", "Malagasy"),
    ("pt", "Portuguese"),
    ("om", "Afaan Oromoo"),
    ("so", "Somali"),
    ("sw", "Swahili"),
];

/// The statements about loans, in the words of the page.
const LOAN_STATEMENTS: &[(&str, &str)] = &[
    ("offer", "offer"),
    ("further_offer", "further offer"),
    ("request", "request"),
    ("approved", "approved"),
    ("declined", "declined"),
    ("disbursed", "disbursed"),
    ("reminder", "reminder"),
    ("missed", "missed"),
    ("default", "default"),
    ("repayment", "repayment"),
    ("repaid", "repaid"),
];

/// Texts that no template reads, as `sender|country|records|text`.
const ORDINARY: &str = include_str!("ordinary/texts.txt");

/// The year in which the first mobile money of these countries began to send texts.
const FIRST_YEAR: u16 = 2007;

fn rows() -> Vec<Row<'static>> {
    parse(directory::FILE).expect("the directory")
}

/// The grammars, by the code of their language.
fn languages() -> BTreeMap<String, LanguageFile> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("languages");
    let paths = fs::read_dir(folder)
        .expect("folder")
        .map(|entry| entry.expect("entry").path());
    let files = paths.filter(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files
        .map(|path| {
            let code = path.file_stem().expect("stem").to_string_lossy().into_owned();
            let file = toml::from_str(&fs::read_to_string(&path).expect("file")).expect("valid file");
            (code, file)
        })
        .collect()
}

fn template_files() -> Vec<InstitutionFile> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("institutions");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("folder")
        .map(|entry| entry.expect("entry").path())
        .collect();
    files.sort();
    files
        .iter()
        .map(|path| toml::from_str(&fs::read_to_string(path).expect("file")).expect("valid file"))
        .collect()
}

fn templates_of_family(name: &str) -> Vec<TemplateEntry> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("families/{name}.toml"));
    let file: FamilyFile = toml::from_str(&fs::read_to_string(path).expect("file")).expect("valid file");
    file.templates
}

/// What a record of a template tells, in the order of the page.
fn told_by(account_type: &str, record: &RecordEntry) -> Vec<&'static str> {
    let is_loan = |label: &String| label.starts_with("Loan");
    let facts = [
        ("movements", account_type == "depository" && record.impact.is_some()),
        ("loans", account_type == "loan" || record.labels.iter().any(is_loan)),
        (
            "overdrafts",
            account_type == "revolving_loan" || record.labels.iter().any(|label| label == "Overdraft"),
        ),
    ];
    facts
        .into_iter()
        .filter(|(_, holds)| *holds)
        .map(|(fact, _)| fact)
        .collect()
}

/// What the templates of each institution tell, its families' too, by institution id.
fn told_by_templates() -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut told: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    for file in template_files() {
        let shared = file.families.iter().flat_map(|name| templates_of_family(name));
        let shared: Vec<TemplateEntry> = shared.collect();
        let records = file
            .templates
            .iter()
            .chain(&shared)
            .flat_map(|template| &template.records);
        for record in records {
            // A template of a family may tell of an account that the institution does not have.
            if let Some(account) = file.accounts.get(&record.account) {
                let id = account.institution.as_ref().unwrap_or(&file.id);
                let facts = told_by(&account.account_type, record);
                told.entry(id.clone()).or_default().extend(facts);
            }
        }
    }
    told
}

fn key(sender: &str) -> String {
    sender
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[test]
fn every_institution_that_messages_can_be_of_is_in_the_directory() {
    for read in institutions() {
        let known =
            directory::find(read.id).unwrap_or_else(|| panic!("shared/domain/data/institutions.csv lacks {read:?}"));
        assert_eq!(known.display_name, read.display_name, "{}", read.id);
        assert_eq!(known.country.to_string(), read.country, "{}", read.id);
        for kind in read.account_types {
            assert!(
                known.account_types.contains(kind),
                "{}: {kind:?} is not among its account types",
                read.id
            );
        }
    }
}

#[test]
fn the_markets_are_covered() {
    assert!(rows().len() >= 400, "{}", rows().len());
    for country in COUNTRIES {
        let of: Vec<Row<'_>> = rows().into_iter().filter(|row| row.country == *country).collect();
        assert!(
            of.iter().any(|row| row.kind == "Wallet" && !row.senders.is_empty()),
            "{country} has no wallet"
        );
    }
}

/// The clauses read no text of a sender that several institutions of a country use.
#[test]
fn a_sender_belongs_to_one_institution_of_a_country() {
    let mut owners: BTreeMap<(&str, String), BTreeSet<&str>> = BTreeMap::new();
    let rows = rows();
    for row in &rows {
        for sender in &row.senders {
            owners.entry((row.country, key(sender))).or_default().insert(row.id);
        }
    }
    let shared: Vec<_> = owners.iter().filter(|(_, ids)| ids.len() > 1).collect();
    assert!(shared.is_empty(), "{shared:?}");
}

/// A file with templates agrees with its row in the directory on name, country, currency and senders.
#[test]
fn files_with_templates_agree_with_the_directory() {
    let rows = rows();
    for file in template_files() {
        let row = rows
            .iter()
            .find(|row| row.id == file.id)
            .unwrap_or_else(|| panic!("no row {}", file.id));
        assert_eq!(
            (row.display_name, row.country),
            (file.name.as_str(), file.country.as_str()),
            "{}",
            file.id
        );
        assert!(row.currencies.contains(&file.currency.as_str()), "{}", file.id);
        for account in file.accounts.values() {
            let id = account.institution.as_ref().unwrap_or(&file.id);
            let name = account.name.as_ref().unwrap_or(&file.name);
            let row = rows
                .iter()
                .find(|row| row.id == id)
                .unwrap_or_else(|| panic!("no row {id}"));
            assert_eq!(row.display_name, name, "{id}");
        }
        let known: BTreeSet<String> = row.senders.iter().map(|sender| key(sender)).collect();
        for sender in &file.senders {
            assert!(
                known.contains(&key(sender)),
                "{}: the directory lacks the sender {sender}",
                file.id
            );
        }
    }
}

#[test]
fn every_country_of_the_directory_has_a_name() {
    let rows = rows();
    let in_use: BTreeSet<&str> = rows.iter().map(|row| row.country).collect();
    let named: BTreeSet<&str> = COUNTRY_NAMES.iter().map(|(code, _)| *code).collect();
    assert_eq!(named, in_use);
}

/// "Seen" is a claim that needs proof. The row names the year of the newest real message, and a test reads a text of
/// the institution.
#[test]
fn texts_of_every_institution_that_was_seen_are_read_in_tests() {
    let examples = examples();
    let expected = examples
        .iter()
        .flat_map(|example| example.expect.iter().map(String::as_str));
    let ordinary = ORDINARY.lines().filter_map(|line| line.split('|').nth(2));
    let records = expected.chain(ordinary.flat_map(|records| records.split(" + ")));
    let read: BTreeSet<&str> = records.filter_map(|record| record.split(' ').next()).collect();
    let rows = rows();
    let seen = rows.iter().filter_map(|row| Some((row.id, row.seen?)));
    let (unread, old): (Vec<_>, Vec<_>) = (
        seen.clone().filter(|(id, _)| !read.contains(id)).collect(),
        seen.filter(|(_, year)| *year < FIRST_YEAR).collect(),
    );
    assert!(unread.is_empty(), "no text in a test: {unread:?}");
    assert!(old.is_empty(), "{old:?}");
}

#[test]
fn every_language_and_every_statement_about_a_loan_has_a_name() {
    let languages = languages();
    let named: BTreeSet<&str> = LANGUAGE_NAMES.iter().map(|(code, _)| *code).collect();
    assert_eq!(named, languages.keys().map(String::as_str).collect());
    let told: BTreeSet<&str> = LOAN_STATEMENTS.iter().map(|(class, _)| *class).collect();
    // Somebody else's loan, and money that a lender sends, are only parts of statements.
    let in_part = BTreeSet::from(["somebody", "sent"]);
    for loan in languages.values().flat_map(|file| &file.loans) {
        let class = loan.class.as_str();
        assert!(told.contains(class) || in_part.contains(class), "{class}");
    }
}

/// The published page lists the institutions and how each is read. `UPDATE_COVERAGE=1` writes it.
#[test]
fn the_published_page_is_made_of_the_directory() {
    let page = page();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/COVERAGE.md");
    if env::var_os("UPDATE_COVERAGE").is_some() {
        fs::write(&path, &page).expect("docs/ is writable");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/COVERAGE.md is out of date: run `make coverage`");
}

fn page() -> String {
    let rows = rows();
    let templates: BTreeMap<String, (usize, usize)> = template_files()
        .into_iter()
        .map(|file| (file.id, (file.templates.len(), file.families.len())))
        .collect();
    let told = told_by_templates();
    let seen = rows.iter().filter(|row| row.seen.is_some()).count();
    let mut page = format!(
        "# Whose messages are read\n\n\
         {} of {} institutions are *unseen*: no real message of theirs has been tried. Their ordinary wordings are read by clauses\n\
         ([how](READER.md)), and messages with other wordings are reported as unrecognized. {seen} institutions are *seen*: real\n\
         messages of theirs are read in tests or evaluation, the newest of the year given. The institutions are of {} countries.\n\n\
         *Templates* counts the institution's own layouts; *family* means layouts it shares with others; *clauses* means none.\n\
         *Templates tell* names what these layouts state: *movements* of a money account, *loans*, and *overdrafts*, which\n\
         are lines of credit too. What clauses read depends on the language of the message.\n{}",
        rows.len() - seen,
        rows.len(),
        COUNTRY_NAMES.len(),
        page_of_languages(),
    );
    for (country, name) in COUNTRY_NAMES {
        writeln!(
            page,
            "\n## {name} ({country})\n\n| institution | id | kind | read by | templates tell | seen | senders |\n\
             |---|---|---|---|---|---|---|"
        )
        .expect("a String takes all");
        for row in rows.iter().filter(|row| row.country == *country) {
            let by = match templates.get(row.id) {
                Some((own, family)) => {
                    let own = (*own > 0).then(|| format!("{own} templates"));
                    let family = (*family > 0).then(|| "family".to_owned());
                    own.into_iter()
                        .chain(family)
                        .chain(["clauses".to_owned()])
                        .collect::<Vec<_>>()
                        .join(", ")
                }
                None if row.senders.is_empty() => "messages of another sender".to_owned(),
                None => "clauses".to_owned(),
            };
            let seen = row.seen.map_or("unseen".to_owned(), |year| year.to_string());
            let facts = ["movements", "loans", "overdrafts"];
            let facts = facts
                .into_iter()
                .filter(|fact| told.get(row.id).is_some_and(|told| told.contains(fact)));
            let facts: Vec<&str> = facts.collect();
            let facts = if facts.is_empty() {
                "–".to_owned()
            } else {
                facts.join(", ")
            };
            writeln!(
                page,
                "| {} | `{}` | {} | {by} | {facts} | {seen} | {} |",
                row.display_name,
                row.id,
                row.kind.to_lowercase(),
                row.senders.join(", ")
            )
            .expect("a String takes all");
        }
    }
    page.push_str(
        "\nMade by `make coverage` from `shared/domain/data/institutions.csv` and `shared/sms/languages/`; do not edit.\n",
    );
    page
}

/// README tells, before anybody tries it, in which languages loans are read.
#[test]
fn the_readme_names_the_languages_in_which_loans_are_read() {
    let languages = languages();
    let (read, unread): (Vec<_>, Vec<_>) = LANGUAGE_NAMES
        .iter()
        .partition(|(code, _)| !languages[*code].loans.is_empty());
    let names = |languages: Vec<&(&str, &'static str)>| {
        let names: Vec<&str> = languages.into_iter().map(|(_, name)| *name).collect();
        let (last, others) = names.split_last().expect("a language");
        (others.join(", "), *last)
    };
    let ((read, last_read), (unread, last_unread)) = (names(read), names(unread));
    let wanted =
        format!("Statements about loans are read in {read} and {last_read}, but not in {unread} or {last_unread}.");
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = fs::read_to_string(readme).expect("README.md");
    let readme = readme.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(readme.contains(&wanted), "README.md does not say: {wanted}");
}

/// The part of the page about languages: the events and loans that the clauses of each language read.
fn page_of_languages() -> String {
    let mut page = String::from(
        "\n## Languages\n\n\
         Clauses read an event only in a language that has a rule for it, and a loan only in a language that has its\n\
         statements. In a language without rules, only templates read anything; the rest is unrecognized.\n\n\
         | language | rules for money in | rules for money out | statements about loans |\n|---|---|---|---|\n",
    );
    let languages = languages();
    for (code, name) in LANGUAGE_NAMES {
        let file = &languages[*code];
        let rules = |direction: &str| file.events.iter().filter(|event| event.direction == direction).count();
        let told: BTreeSet<&str> = file.loans.iter().map(|loan| loan.class.as_str()).collect();
        let loans: Vec<&str> = LOAN_STATEMENTS
            .iter()
            .filter(|(class, _)| told.contains(class))
            .map(|(_, words)| *words)
            .collect();
        let loans = if loans.is_empty() {
            "none".to_owned()
        } else {
            loans.join(", ")
        };
        writeln!(page, "| {name} | {} | {} | {loans} |", rules("CREDIT"), rules("DEBIT")).expect("a String takes all");
    }
    page
}
