//! Messages in the rewordings of operators, and the table of how many of them are still read.

#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part")]

use daftari_domain::{Details, Record};

use super::{Example, agree};

/// A way of rewording a message without changing its meaning.
pub type Drift = fn(&str) -> String;

/// How many of a hundred reworded examples must be read.
const BAR: usize = 90;
/// Fewest examples that a way of rewording must change. The share of a few examples would prove nothing.
const MIN_EXAMPLES: usize = 40;

const WHOLE_AMOUNTS: &str = "whole amounts";

const DRIFTS: &[(&str, Drift)] = &[
    ("a greeting in front", |text| format!("Dear Customer, {text}")),
    ("bal: for balance is", |text| {
        text.replace("balance is ", "bal: ").replace("Balance is ", "Bal: ")
    }),
    ("was for has been", |text| {
        text.replace("has been", "was").replace("have been", "were")
    }),
    ("Completed for Confirmed", |text| text.replace("Confirmed", "Completed")),
    (WHOLE_AMOUNTS, without_cents),
    ("no thousands separators", without_separators),
    ("a fee sentence in the middle", with_fee),
    ("no space after full stops", |text| text.replace(". ", ".")),
    ("an advertisement behind", |text| {
        with_sentence(text, "Download our new app today and enjoy free transfers.")
    }),
    ("an advertisement with money behind", |text| {
        with_sentence(text, "Get a loan of up to 50,000 today!")
    }),
    ("capitals", str::to_uppercase),
];

/// The text with a sentence behind it. A full stop parts the two.
pub fn with_sentence(text: &str, sentence: &str) -> String {
    let text = text.trim_end();
    let stop = if text.ends_with(['.', '!']) { "" } else { "." };
    format!("{text}{stop} {sentence}")
}

fn digits_at(text: &str, at: usize, len: usize) -> bool {
    text.get(at..at + len)
        .is_some_and(|piece| piece.bytes().all(|byte| byte.is_ascii_digit()))
}

fn digit_at(text: &str, at: usize) -> bool {
    digits_at(text, at, 1)
}

fn without_cents(text: &str) -> String {
    let mut out = String::new();
    let mut at = 0;
    while at < text.len() {
        if text[at..].starts_with(".00") && at > 0 && digit_at(text, at - 1) && !digit_at(text, at + 3) {
            at += 3;
            continue;
        }
        let c = text[at..].chars().next().expect("not at the end");
        out.push(c);
        at += c.len_utf8();
    }
    out
}

fn without_separators(text: &str) -> String {
    let kept = text.char_indices().filter(|(at, c)| {
        let separates =
            *c == ',' && *at > 0 && digit_at(text, at - 1) && digits_at(text, at + 1, 3) && !digit_at(text, at + 4);
        !separates
    });
    kept.map(|(_, c)| c).collect()
}

/// The text with a sentence about a fee behind the first full stop that a capital follows.
fn with_fee(text: &str) -> String {
    let place = text
        .match_indices(". ")
        .find(|(at, _)| text[at + 2..].starts_with(|c: char| c.is_ascii_uppercase()));
    match place {
        Some((at, _)) => format!("{}. Service fee 1.50 charged. {}", &text[..at], &text[at + 2..]),
        None => text.to_owned(),
    }
}

/// The parts of records that a drift must not change. A drift that states another fee may change the fee.
fn told(drift: &str, records: &[Record]) -> Vec<Record> {
    let mut records = records.to_vec();
    if drift == "a fee sentence in the middle" {
        for record in &mut records {
            let details = Details {
                fee: None,
                ..(*record.details).clone()
            };
            record.details = details.into();
        }
    }
    records
}

/// The text in every way of rewording.
pub fn drifted(text: &str) -> impl Iterator<Item = String> {
    DRIFTS.iter().map(move |(_, drift)| drift(text))
}

/// The text with several changes at once, which only templates in a more usual wording read.
pub fn reworded(text: &str) -> String {
    let text = text.replace("Confirmed", "Completed").replace("balance is ", "bal: ");
    format!("Dear Customer, {text}")
}

/// Whether a text ends in a number. If its sender writes cents, a whole amount at the end may be the beginning of a
/// longer amount. It is right to read nothing from such a text, so it does not count.
fn ends_in_number(text: &str) -> bool {
    let end = text.trim_end_matches(['.', ' ', '\n']);
    end.ends_with(|c: char| c.is_ascii_digit())
}

/// The part of a line of the table about the texts that the count leaves out.
fn without(dropped: usize) -> String {
    if dropped == 0 {
        return String::new();
    }
    format!(", without {dropped} unread texts that end in a whole amount")
}

/// Prints the table. Asserts that no text is misread, and that [`BAR`] of a hundred texts of each kind are read; `bars`
/// are bars of kinds that have their own. `examples` are texts with the records that `read` finds in them.
pub fn assert_drifts(
    reader: &str,
    examples: &[(Example, Vec<Record>)],
    read: impl Fn(&Example, &str) -> Vec<Record>,
    bars: &[(&str, usize)],
) {
    let (mut wrong, mut low) = (Vec::new(), Vec::new());
    println!("{reader}: {} examples of distinct shape", examples.len());
    for (name, drift) in DRIFTS {
        let (mut right, mut total, mut dropped) = (0, 0, 0);
        let mut unread = Vec::new();
        for (example, expected) in examples {
            let text = drift(&example.text);
            if text == example.text {
                continue;
            }
            let found = read(example, &text);
            if found.is_empty() && *name == WHOLE_AMOUNTS && ends_in_number(&text) {
                dropped += 1;
                continue;
            }
            total += 1;
            let named = || format!("{} {}: {text:?}", example.institution, example.template);
            if agree(&told(name, &found), &told(name, expected)) {
                right += 1;
            } else if found.is_empty() {
                unread.push(format!("  {}", named()));
            } else {
                wrong.push(format!("{name}: {}\n  {found:?}\n  {expected:?}", named()));
            }
        }
        println!("{name}: {right} of {total} right{}", without(dropped));
        assert!(total >= MIN_EXAMPLES, "{name} changes {total} examples");
        if std::env::var_os("SHOW_UNREAD").is_some() {
            println!("{}", unread.join("\n"));
        }
        let own = bars.iter().find(|(kind, _)| kind == name);
        if right * 100 < total * own.map_or(BAR, |(_, bar)| *bar) {
            low.push(format!("{name}: {right} of {total}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
    assert!(low.is_empty(), "{low:?}");
}
