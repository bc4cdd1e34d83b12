//! Fuzzing with anything that a phone may send: reading always ends, in time linear in the text.

mod support;

use std::time::{Duration, Instant};

use daftari_domain::Country;
use daftari_sms::{Message, Reading, explain, read};
use proptest::prelude::*;
use support::{Example, examples, received_at};

const SENDERS: &[&str] = &[
    "",
    "MPESA",
    "M-Money",
    "MobileMoney",
    "GTBank",
    "CBE",
    "127",
    "TALA",
    "+254700000000",
    "(",
    "ABC",
];

fn countries() -> impl Strategy<Value = Option<Country>> {
    let codes = ["KE", "TZ", "RW", "NG", "ET", "BF", "US"].map(|code| code.parse().expect("country"));
    prop::option::of(prop::sample::select(codes.to_vec()))
}

fn message<'a>(sender: &'a str, body: &'a str) -> Message<'a> {
    Message {
        sender,
        body,
        received_at: received_at(),
        id: None,
    }
}

fn assert_sound(reading: &Reading) -> Result<(), TestCaseError> {
    let latest = "2030-01-01T00:00:00Z".parse().expect("timestamp");
    if let Reading::Records(records) = reading {
        prop_assert!(!records.is_empty());
        for record in records {
            prop_assert_eq!(record.check(latest), Ok(()));
        }
    }
    Ok(())
}

/// The beginning of an example, random characters, and the end of an example: texts that come close to templates. The
/// first example is returned with the text.
fn spliced() -> impl Strategy<Value = (Example, String)> {
    let all = examples();
    (
        prop::sample::select(all.clone()),
        prop::sample::select(all),
        0.0..1.0_f64,
        0.0..1.0_f64,
        "\\PC{0,12}",
    )
        .prop_map(|(one, other, from, to, middle)| {
            let head: String = one.text.chars().take(place(&one.text, from)).collect();
            let tail: String = other.text.chars().skip(place(&other.text, to)).collect();
            (one, format!("{head}{middle}{tail}"))
        })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    clippy::float_arithmetic,
    reason = "a share of a short text"
)]
fn place(text: &str, share: f64) -> usize {
    (text.chars().count() as f64 * share) as usize
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_without_a_fault(sender in prop::sample::select(SENDERS.to_vec()), body in "\\PC{0,400}|[ -~\\n]{0,400}|(Ksh|NGN|[0-9,.]| |confirmed){0,80}", country in countries()) {
        assert_sound(&read(&message(sender, &body), country))?;
    }

    #[test]
    fn spliced_examples_are_read_without_a_fault((example, body) in spliced()) {
        assert_sound(&example.read(&body))?;
    }
}

/// Two messages with no mark between them, as a phone joins parts. At most the first is read, and the second is taken
/// for an advertisement or a reference. A few pairs make one good sentence, so the test limits the rate. The pairs are
/// always the same.
#[test]
fn two_messages_in_one_are_seldom_read_as_one() {
    const PAIRS: usize = 4_000;
    const MOST: usize = PAIRS / 1_000;
    // Records without money do not count: two refusals in one text are still a refusal.
    let said = |reading: &Reading| -> Vec<_> {
        let Reading::Records(records) = reading else {
            return Vec::new();
        };
        let said = records
            .iter()
            .map(|record| (record.amount, record.impact, record.balance));
        said.filter(|said| *said != (None, None, None)).collect()
    };
    let examples = examples();
    let mut joined = Vec::new();
    for step in 0..PAIRS {
        // A prime stride visits no pair twice, and spreads the pairs over all examples.
        let pair = step * 1_000_003 % (examples.len() * examples.len());
        let (one, other) = (&examples[pair / examples.len()], &examples[pair % examples.len()]);
        let text = format!("{} {}", one.text.trim(), other.text.trim());
        let reading = one.read(&text);
        if matches!(reading, Reading::Records(_)) && said(&reading) != said(&one.read(&one.text)) {
            joined.push(text);
        }
    }
    assert!(joined.len() <= MOST, "{joined:#?}");
}

proptest! {
    // An explanation is slow, so there are few cases.
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_explanation_agrees_with_the_reading((example, body) in spliced()) {
        let explanation = explain(&example.message(&body), Some(example.country));
        prop_assert_eq!(explanation.reading(), example.read(&body));
    }
}

#[test]
fn time_grows_with_the_text_and_no_faster() {
    let pieces = [
        "a ",
        "1,",
        "9",
        "Ksh1.00 ",
        "UAB4K7QM2D Confirmed. ",
        "on 1/1/26 at 1:00 PM ",
        "sent to ",
        ". ",
        "New M-PESA balance is ",
    ];
    let opening = "UAB4K7QM2D Confirmed. Ksh1.00 sent to JOHN for account 1 paid to received from You have New M-PESA balance is ";
    for piece in pieces {
        let text = format!("{opening}{}", piece.repeat(4_000 / piece.len()));
        let text: String = text.chars().take(4_000).collect();
        read(&message("MPESA", &text), "KE".parse().ok());
        let start = Instant::now();
        for _ in 0..5 {
            read(&message("MPESA", &text), "KE".parse().ok());
        }
        assert!(
            start.elapsed() < Duration::from_secs(5),
            "{piece:?}: {:?}",
            start.elapsed()
        );
    }
}

#[test]
fn a_text_beyond_all_bounds_is_not_read() {
    let text = "UAB4K7QM2D Confirmed. ".repeat(10_000);
    assert_eq!(read(&message("MPESA", &text), None), Reading::Unrecognized);
}
