//! The examples of the data files, as messages with the records they must yield.

#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part")]

pub mod rewording;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use daftari_domain::{AccountId, CounterpartyKind, CounterpartyToken, Country, KeptDetails, Record, Timestamp};
use daftari_sms::{Message, Reading, read, read_with_tokens};
use daftari_sms_notation::files::{FamilyFile, InstitutionFile, LanguageFile, TemplateEntry};

/// One example of one template, as one institution sends it.
#[derive(Clone, Debug)]
pub struct Example {
    pub institution: String,
    pub country: Country,
    pub sender: String,
    /// The name of the template as `explain` shows it: the name of a family's template begins with the family's name.
    pub template: String,
    pub text: String,
    pub expect: Vec<String>,
}

impl Example {
    /// The reading of the example, with `text` in place of its own text.
    pub fn read(&self, text: &str) -> Reading {
        read(&self.message(text), Some(self.country))
    }

    /// Like [`read`](Self::read), with tokens of counterparties.
    pub fn read_with_tokens(&self, text: &str) -> Reading {
        read_with_tokens(&self.message(text), Some(self.country), &token_of).0
    }

    pub fn message<'a>(&'a self, text: &'a str) -> Message<'a> {
        Message {
            sender: &self.sender,
            body: text,
            received_at: received_at(),
            id: None,
        }
    }
}

/// A token that depends on every letter of the name, like the token of the service.
pub fn token_of(name: &str) -> CounterpartyToken {
    let fold = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    CounterpartyToken(name.bytes().fold(0xcbf2_9ce4_8422_2325, fold).to_be_bytes())
}

pub fn received_at() -> Timestamp {
    "2026-05-01T10:00:00Z".parse().expect("timestamp")
}

/// The reading of a message that arrived at [`received_at`].
pub fn reading(sender: &str, country: &str, body: &str) -> Reading {
    let message = Message {
        sender,
        body,
        received_at: received_at(),
        id: None,
    };
    read(&message, country.parse().ok())
}

/// A record in the words that `expect` uses: `mpesa depository DEBIT 40 KES balance 60.5 POS`.
pub fn describe(record: &Record) -> String {
    let mut words = vec![record.institution_id.to_string()];
    if record.account_id != AccountId::default() {
        words.push(format!("#{}", record.account_id));
    }
    words.push(record.account_type.to_string());
    if let (Some(impact), Some(amount)) = (record.impact, record.amount) {
        words.push(format!("{impact} {}", amount.decimal()));
    }
    words.extend(record.currency.map(|currency| currency.to_string()));
    words.extend(record.balance.map(|balance| format!("balance {}", balance.decimal())));
    words.extend(record.labels.iter().map(|label| label.to_string()));
    words.join(" ")
}

/// Whether records agree. A missing fee, reference or counterparty agrees with any, because a value at the end of a
/// text is read only if more text follows.
pub fn agree(found: &[Record], whole: &[Record]) -> bool {
    let agrees = |(found, whole): (&Record, &Record)| {
        let bare = |record: &Record| Record {
            details: KeptDetails::NONE,
            ..record.clone()
        };
        bare(found) == bare(whole) && details_do_not_differ(found, whole)
    };
    found.len() == whole.len() && found.iter().zip(whole).all(agrees)
}

fn details_do_not_differ(found: &Record, whole: &Record) -> bool {
    fn agree<T: PartialEq>(found: Option<&T>, whole: Option<&T>) -> bool {
        found.is_none() || whole.is_none() || found == whole
    }
    // A changed message may have lost full stops within a code.
    let code = |record: &Record| {
        let reference = record.details.reference.as_ref();
        reference.map(|reference| reference.as_str().replace('.', ""))
    };
    let codes = (code(found), code(whole));
    let (found, whole) = (&found.details, &whole.details);
    agree(found.fee.as_ref(), whole.fee.as_ref())
        && agree(codes.0.as_ref(), codes.1.as_ref())
        && match (found.counterparty, whole.counterparty) {
            (Some(found), Some(whole)) => {
                let unknown = [found.kind, whole.kind].contains(&CounterpartyKind::Unknown);
                agree(found.token.as_ref(), whole.token.as_ref()) && (unknown || found.kind == whole.kind)
            }
            _ => true,
        }
}

/// The records of a reading in words, or one word for a reading without records.
pub fn describe_reading(reading: &Reading) -> Vec<String> {
    match reading {
        Reading::Records(records) => records.iter().map(describe).collect(),
        Reading::NotFinancial(_) => Vec::new(),
        Reading::Unrecognized => vec!["unrecognized".into()],
    }
}

fn toml_files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("folder")
        .map(|entry| entry.expect("entry").path())
        .collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    paths
}

fn parsed<T: serde::de::DeserializeOwned>(path: &Path) -> T {
    toml::from_str(&fs::read_to_string(path).expect("file")).expect("valid file")
}

fn stem(path: &Path) -> String {
    path.file_stem().expect("stem").to_string_lossy().into_owned()
}

/// Every file of `languages/`.
pub fn languages() -> Vec<LanguageFile> {
    toml_files("languages").iter().map(|path| parsed(path)).collect()
}

/// Every institution with its templates, those of its families included.
pub fn templates() -> Vec<(InstitutionFile, Vec<(String, TemplateEntry)>)> {
    let institutions = toml_files("institutions");
    institutions
        .iter()
        .map(|path| {
            let mut file: InstitutionFile = parsed(path);
            assert_eq!(stem(path), file.id, "a file is named after its institution");
            let own = std::mem::take(&mut file.templates);
            let mut all: Vec<(String, TemplateEntry)> = own
                .into_iter()
                .map(|template| (template.name.clone(), template))
                .collect();
            for path in toml_files("families") {
                let family = stem(&path);
                if file.families.contains(&family) {
                    let shared: FamilyFile = parsed(&path);
                    all.extend(
                        shared
                            .templates
                            .into_iter()
                            .map(|template| (format!("{family}/{}", template.name), template)),
                    );
                }
            }
            (file, all)
        })
        .collect()
}

/// Names of the templates without an example, as `institution: template`.
pub fn templates_without_example() -> Vec<String> {
    let all = templates();
    let bare = all.iter().flat_map(|(file, templates)| {
        let bare = templates.iter().filter(|(_, template)| template.examples.is_empty());
        bare.map(move |(name, _)| format!("{}: {name}", file.id))
    });
    bare.collect()
}

/// Every example of every institution. A family's examples are written with the words of the institution: `{CUR}` for
/// its currency's first spelling, `{CURRENCY}` for the code, `{ID}`, `{SENDER}`, and `{account}` for an account's
/// institution.
pub fn examples() -> Vec<Example> {
    let mut examples = Vec::new();
    for (file, templates) in templates() {
        let mut words = BTreeMap::from([
            ("{CUR}".to_owned(), file.currencies[&file.currency][0].clone()),
            ("{CURRENCY}".to_owned(), file.currency.clone()),
            ("{ID}".to_owned(), file.id.clone()),
            ("{SENDER}".to_owned(), file.senders[0].clone()),
        ]);
        for (key, account) in &file.accounts {
            words.insert(
                format!("{{{key}}}"),
                account.institution.clone().unwrap_or_else(|| file.id.clone()),
            );
        }
        let filled = |text: &str| {
            words
                .iter()
                .fold(text.to_owned(), |text, (word, value)| text.replace(word, value))
        };
        for (name, template) in &templates {
            for example in &template.examples {
                examples.push(Example {
                    institution: file.id.clone(),
                    country: file.country.parse().expect("country"),
                    sender: file.senders[0].clone(),
                    template: name.clone(),
                    text: filled(&example.text),
                    expect: example.expect.iter().map(|line| filled(line)).collect(),
                });
            }
        }
    }
    examples
}

/// Whether a record of a cut text says no more than a record of the whole text. The part that was cut off may say more.
pub fn is_part_of(record: &Record, whole: &Record) -> bool {
    let less = Record {
        amount: record.amount.and(whole.amount),
        impact: record.impact.and(whole.impact),
        balance: record.balance.and(whole.balance),
        labels: record.labels,
        details: record.details.clone(),
        ..whole.clone()
    };
    *record == less && details_do_not_differ(record, whole) && record.labels.is_subset_of(whole.labels)
}
