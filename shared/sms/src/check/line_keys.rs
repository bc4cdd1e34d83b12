//! The keys of an evaluation file, with their meaning.

use std::fmt::Write;

/// A key and its meaning.
pub type Key = (&'static str, &'static str);

/// The keys of a line.
pub const LINE: &[Key] = &[
    ("institution", "any name; counts are grouped by it (required)"),
    ("country", "the user's country, ISO 3166-1, such as KE (required)"),
    ("body", "the message (required)"),
    ("expected", "the known reading, see below (required)"),
    ("sender", "the sender as the phone shows it"),
    ("received_at", "RFC 3339, such as 2026-05-01T10:00:00Z"),
    ("id", "names the line in the report"),
];

/// The keys of `expected`, each of which is compared.
pub const EXPECTED: &[Key] = &[
    ("amount", "the money moved, as text: \"1250.00\""),
    ("impact", "CREDIT or DEBIT"),
    ("balance", "the balance after it, as text"),
    ("currency", "ISO 4217, such as KES"),
    (
        "labels",
        "the labels of all records together; [] alone: nothing is recorded",
    ),
    ("account_type", "depository, loan, revolving_loan or airtime"),
    ("account_id", "the account id in full; null: of no account"),
    ("account_last4", "the visible digits the account id ends in"),
    ("account_last4_must_be_null", "true: the account id shows no digits"),
    (
        "is_transaction",
        "true: money moved; false: none moved; an amount in the text need not be recorded. Not compared beside ledger",
    ),
    ("ledger", "every record, in full: a list of objects, keys below"),
    (
        "also_accepted",
        "a list of other ledgers that are right too; [] in it: it may stay unread",
    ),
];

/// The keys of an entry of `ledger`.
pub const ENTRY: &[Key] = &[
    ("institution_id", "one id, or several: \"kcb|kcb_loans\", \"mela*\""),
    ("account", "institution and account in one word, such as MSHWARI_LOAN"),
    ("account_type", "as above"),
    ("account_id", "as above"),
    ("amount", "left out: the record has none"),
    ("impact", "left out: the record has none"),
    ("balance", "left out: the record has none"),
    ("balance_not_compared", "true: the balance may be anything or none"),
    ("currency", "as above"),
    ("labels", "the labels of this record"),
];

/// Keys of a line that state its origin.
pub const LINE_NOTES: &[&str] = &["case", "derived", "licence", "note", "realism", "source"];

/// Keys of `expected` and of entries that describe the message. None is compared: most are not in a record, and files
/// disagree on the form of fees, references and counterparties.
pub const NOTES: &[&str] = &[
    "agent_number",
    "approved_amount",
    "attempted_amount",
    "bank",
    "category",
    "counterparty",
    "counterparty_contains",
    "counterparty_phone",
    "counterparty_raw",
    "date",
    "dest_network",
    "destination_country",
    "direction_hint",
    "due_amount",
    "error",
    "fee",
    "fuliza_amount",
    "fuliza_limit",
    "fuliza_outstanding",
    "fuliza_repayment",
    "is_from_card",
    "is_mobile_wallet",
    "memo",
    "note",
    "paybill",
    "payment_account",
    "reference",
    "reversed_reference",
    "route",
    "template_id",
    "time",
    "timestamp_epoch",
    "timestamp_local",
    "timezone",
    "type_derived",
    "type_source",
];

/// The prefix of keys of the file's author, which are not compared.
const NOTE_PREFIX: char = '_';

/// The format of a file, for people.
pub fn format() -> String {
    let mut text = String::from("A file holds one JSON object a line. Keys of a line:\n");
    let list = |text: &mut String, keys: &[Key]| {
        for (key, meaning) in keys {
            let _ = writeln!(text, "  {key:<26} {meaning}");
        }
    };
    list(&mut text, LINE);
    text.push_str("Keys of expected. Omitted keys are not compared; null states that there is no value:\n");
    list(&mut text, EXPECTED);
    text.push_str("Keys of an entry of ledger:\n");
    list(&mut text, ENTRY);
    let _ = write!(
        text,
        "Accepted and not compared: in a line {}; in expected and ledger {}; and any key that begins with {NOTE_PREFIX}. \
         Any other key is an error.\n\n\
         Example:\n  {{\"institution\":\"mpesa\",\"country\":\"KE\",\"sender\":\"MPESA\",\"body\":\"…\",\
         \"expected\":{{\"amount\":\"500\",\"impact\":\"DEBIT\"}}}}\n\n\
         Counts: right, read as expected; unrecognized, not read; wrong, read as something else, or taken for not \
         financial; not financial, nothing is to be recorded and nothing was; not compared, expected states nothing.",
        LINE_NOTES.join(" "),
        NOTES.join(" "),
    );
    text
}

/// Refuses a key that is neither compared nor a note, and names the known key that its author may have meant.
pub(super) fn check<'a>(
    place: &str,
    found: impl Iterator<Item = &'a String>,
    known: &[Key],
    notes: &[&str],
) -> Result<(), String> {
    for key in found {
        if key.starts_with(NOTE_PREFIX) || notes.contains(&key.as_str()) {
            continue;
        }
        let names = known.iter().map(|(name, _)| *name);
        let nearest = names
            .chain(notes.iter().copied())
            .min_by_key(|name| strsim::damerau_levenshtein(name, key));
        return Err(format!(
            "{place} has an unknown key {key:?}; the nearest known one is {:?}",
            nearest.unwrap_or_default()
        ));
    }
    Ok(())
}
