//! Operators often change their texts a little. A changed example is read as the example or not at all.

mod support;

use std::collections::HashSet;
use std::sync::LazyLock;

use daftari_domain::{LabelSet, Record};
use daftari_sms::Reading;
use support::rewording::{assert_drifts, reworded, with_sentence};
use support::{Example, examples, is_part_of, templates};

/// Texts that may follow the meaningful part of a message.
const ADVERTISEMENTS: &[&str] = &[
    " Get a loan today from M-Shwari. Dial *234#.",
    ". Win up to 5,000,000 this week, play now!",
    " Join Fuliza & never miss a payment. Visit https://example.org/a?b=1",
    "\nSave & get a loan",
];

fn records(reading: Reading) -> Vec<Record> {
    match reading {
        Reading::Records(records) => records,
        Reading::NotFinancial(_) | Reading::Unrecognized => Vec::new(),
    }
}

/// The records without id and text, which belong to the changed message.
fn said(records: &[Record]) -> Vec<Record> {
    let id = "0".parse::<daftari_domain::RecordId>().expect("id");
    records
        .iter()
        .cloned()
        .map(|record| Record {
            id: id.clone(),
            body: None,
            ..record
        })
        .collect()
}

/// The examples, with those of a family only once, not for every institution.
fn distinct_examples() -> Vec<Example> {
    let mut seen = HashSet::new();
    let mut all = examples();
    all.retain(|example| {
        let in_family = example.template.split('/').count() > 1;
        !in_family
            || seen.insert((
                example.template.clone(),
                example.expect.len(),
                example.text.chars().filter(char::is_ascii_digit).collect::<String>(),
            ))
    });
    all
}

/// Examples with something to record, with their records.
fn telling_examples() -> Vec<(Example, Vec<Record>)> {
    let with_records = |example: Example| {
        let whole = said(&records(example.read_with_tokens(&example.text)));
        (!whole.is_empty()).then_some((example, whole))
    };
    distinct_examples().into_iter().filter_map(with_records).collect()
}

/// `-- --nocapture` prints the table.
#[test]
fn reworded_messages_are_read_as_before_or_not_at_all() {
    let read = |example: &Example, text: &str| said(&records(example.read_with_tokens(text)));
    assert_drifts("all layers", &telling_examples(), read, &[]);
}

/// Asserts that each variation is read as the example or not at all, and counts those that are read.
fn assert_never_wrong(variations: impl Fn(&str) -> Vec<String>) -> (usize, usize) {
    let (mut read, mut total) = (0, 0);
    let mut wrong = Vec::new();
    for example in distinct_examples() {
        let original = said(&records(example.read_with_tokens(&example.text)));
        for text in variations(&example.text) {
            let found = said(&records(example.read_with_tokens(&text)));
            total += 1;
            if support::agree(&found, &original) {
                read += 1;
            } else if !found.is_empty() {
                wrong.push(format!(
                    "{} {}: {text:?}\n  {found:?}",
                    example.institution, example.template
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
    (read, total)
}

/// For each place where `from` occurs, the text with `to` in that place.
fn each_replaced(text: &str, from: &str, to: &str) -> Vec<String> {
    let places = text.match_indices(from);
    places
        .map(|(at, _)| format!("{}{to}{}", &text[..at], &text[at + from.len()..]))
        .collect()
}

#[test]
fn white_space_does_not_matter() {
    let (read, total) = assert_never_wrong(|text| {
        vec![
            text.replace(' ', "  "),
            text.replace(' ', "\n"),
            text.replace('\n', " "),
            format!(" {text} \r\n"),
        ]
    });
    assert_eq!(read, total);
}

#[test]
fn a_new_line_at_any_place_is_not_misread() {
    assert_never_wrong(|text| each_replaced(text, " ", " \n"));
}

#[test]
fn a_missing_full_stop_is_not_misread() {
    let (read, total) = assert_never_wrong(|text| each_replaced(text, ". ", " "));
    assert!(read * 10 > total * 9, "{read} of {total}");
    assert_never_wrong(|text| {
        let ends_number = |at: usize| text[at + 1..].starts_with(|c: char| c.is_ascii_digit());
        let stops = text.match_indices('.').filter(|(at, _)| !ends_number(*at));
        stops
            .map(|(at, _)| format!("{}{}", &text[..at], &text[at + 1..]))
            .collect()
    });
}

#[test]
fn case_does_not_matter() {
    let (read, total) = assert_never_wrong(|text| vec![text.to_ascii_uppercase(), text.to_ascii_lowercase()]);
    assert_eq!(read, total);
}

#[test]
fn missing_thousands_separators_are_not_misread() {
    let (read, total) = assert_never_wrong(|text| {
        let bytes = text.as_bytes();
        let separates = |at: usize| {
            let thousands = bytes
                .get(at + 1..at + 4)
                .is_some_and(|next| next.iter().all(u8::is_ascii_digit));
            thousands && at > 0 && bytes[at - 1].is_ascii_digit()
        };
        let kept = text.char_indices().filter(|(at, c)| !(*c == ',' && separates(*at)));
        vec![kept.map(|(_, c)| c).collect()]
    });
    assert!(read * 10 > total * 9, "{read} of {total}");
}

#[test]
fn an_advertisement_is_not_misread() {
    let (read, total) = assert_never_wrong(|text| ADVERTISEMENTS.iter().map(|tail| format!("{text}{tail}")).collect());
    assert!(read * 10 > total * 7, "{read} of {total}");
}

/// The text with a sentence behind it. A full stop parts the sentence from free text, because it would be a part of the
/// free text without one.
fn taken_back(example: &Example, text: &str, sentence: &str) -> String {
    if ends_in_free_text(example) {
        with_sentence(text, sentence)
    } else {
        format!("{} {sentence}", text.trim_end())
    }
}

fn assert_moves_nothing(example: &Example, text: &str) {
    let found = records(example.read_with_tokens(text));
    assert!(
        !found.iter().any(Record::is_transaction),
        "{} {}: {text:?}",
        example.institution,
        example.template
    );
}

#[test]
fn words_that_undo_a_message_are_not_overlooked() {
    for sentence in [
        "Transaction has been reversed.",
        "The transaction failed.",
        "This payment was cancelled.",
    ] {
        for example in distinct_examples() {
            assert_moves_nothing(&example, &taken_back(&example, &example.text, sentence));
        }
    }
}

#[test]
fn a_reworded_message_that_is_taken_back_is_not_read() {
    for sentence in [
        "Transaction has been reversed.",
        "The transaction failed.",
        "JOHN did not receive the money.",
        "It was sent in error.",
    ] {
        for example in distinct_examples() {
            assert_moves_nothing(&example, &taken_back(&example, &reworded(&example.text), sentence));
        }
    }
}

/// The reading of a text that is cut at any character says no more than that of the whole text. A record may carry the
/// labels of another record: without the sentence about the loan, the wallet's record has the label of the repayment.
#[test]
fn a_reworded_message_that_is_cut_is_not_misread() {
    let mut wrong = Vec::new();
    for (example, whole) in telling_examples() {
        let text = reworded(&example.text);
        let labels = whole.iter().flat_map(|record| record.labels.iter().collect::<Vec<_>>());
        let labels = labels.fold(LabelSet::EMPTY, LabelSet::with);
        let whole = whole.into_iter().map(|record| Record { labels, ..record });
        let whole: Vec<Record> = whole.collect();
        for (at, _) in text.char_indices().skip(20) {
            let cut = &text[..at];
            for record in said(&records(example.read_with_tokens(cut))) {
                if !whole.iter().any(|whole| is_part_of(&record, whole)) {
                    wrong.push(format!(
                        "{} {}: {cut:?}\n  {record:?}",
                        example.institution, example.template
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// Whether the layout ends in a customer's reference, which may say anything.
fn ends_in_free_text(example: &Example) -> bool {
    static OPEN: LazyLock<HashSet<(String, String)>> = LazyLock::new(|| {
        let all = templates().into_iter().flat_map(|(file, templates)| {
            let open = templates.into_iter().filter(|(_, template)| {
                let pattern = template.pattern.trim_end_matches(']').trim_end_matches("|{tail}");
                pattern.ends_with("{text}") || pattern.ends_with(":text}")
            });
            open.map(move |(name, _)| (file.id.clone(), name))
        });
        all.collect()
    });
    OPEN.contains(&(example.institution.clone(), example.template.clone()))
}

/// The reading of a text that breaks off may say less than that of the whole text, but nothing else.
#[test]
fn a_truncated_message_is_not_misread() {
    let mut wrong = Vec::new();
    for example in distinct_examples() {
        let original = said(&records(example.read_with_tokens(&example.text)));
        for (at, _) in example.text.char_indices().skip(1) {
            let text = &example.text[..at];
            for record in said(&records(example.read_with_tokens(text))) {
                let holds = original.iter().any(|whole| is_part_of(&record, whole));
                if !holds {
                    wrong.push(format!(
                        "{} {}: {text:?}\n  {record:?}",
                        example.institution, example.template
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
