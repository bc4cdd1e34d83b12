//! Fee, reference and counterparty of readings.

mod support;

use std::collections::BTreeMap;

use daftari_domain::{Counterparty, CounterpartyKind, Label, Record};
use daftari_sms::{Message, Reading, read_with_source, read_with_tokens};
use support::{examples, received_at, token_of};

fn message<'a>(sender: &'a str, body: &'a str) -> Message<'a> {
    Message {
        sender,
        body,
        received_at: received_at(),
        id: None,
    }
}

fn records(country: &str, sender: &str, body: &str) -> Vec<Record> {
    let (reading, _) = read_with_tokens(&message(sender, body), country.parse().ok(), &token_of);
    match reading {
        Reading::Records(records) => records,
        other => panic!("{body}: {other:?}"),
    }
}

/// The details of a record in words: fee, reference, kind, and the name behind the token, which is one of `names`.
fn described(record: &Record, names: &[&str]) -> String {
    let details = &record.details;
    let mut words = Vec::new();
    words.extend(details.fee.map(|fee| format!("fee {}", fee.decimal())));
    words.extend(details.reference.as_ref().map(ToString::to_string));
    if let Some(Counterparty { token, kind }) = details.counterparty {
        words.push(kind.to_string());
        words.extend(token.map(|token| {
            let name = names.iter().find(|name| token_of(name) == token);
            name.map_or_else(|| "somebody".to_owned(), |name| format!("<{name}>"))
        }));
    }
    words.join(" ")
}

#[test]
fn wallets_state_fee_code_and_other_side() {
    let names = [
        "JANE WAMBUI",
        "290077",
        "KPLC PREPAID",
        "044411",
        "GRACE NEKESA",
        "NAIVAS SUPERMARKET",
    ];
    for (body, expected) in [
        (
            "QJ912ABCDE Confirmed. Ksh1,250.00 sent to JANE WAMBUI 0722000111 on 9/10/21 at 11:00 AM. New M-PESA balance is Ksh5,051.13. Transaction cost, Ksh23.00.",
            "fee 23 QJ912ABCDE person <JANE WAMBUI>",
        ),
        (
            "UAB4K7QM2D Confirmed.You have received Ksh2,350.00 from GRACE  NEKESA on 4/2/26 at 7:08 PM  New M-PESA balance is Ksh9,120.35.",
            "UAB4K7QM2D unknown <GRACE NEKESA>",
        ),
        (
            "TKC81PLW0C Confirmed. You have received Ksh4,200.00 from ODIBETS 290077 on 14/11/25 at 9:26 PM. New M-PESA balance is Ksh4,873.15.",
            "TKC81PLW0C business <290077>",
        ),
        (
            "RM42C8Y5AV Confirmed. Ksh700.00 sent to KPLC PREPAID for account 54400077 on 24/4/26 at 2:30 PM New M-PESA balance is Ksh100.00. Transaction cost, Ksh0.00.",
            "fee 0 RM42C8Y5AV business <KPLC PREPAID>",
        ),
        (
            "RM42C8Y5AQ Confirmed. You have deposited Ksh3,000.00 at agent 044411 - Baraka Ventures on 23/4/26 at 10:15 AM. New M-PESA balance is Ksh6,480.00.",
            "RM42C8Y5AQ agent <044411>",
        ),
    ] {
        let records = records("KE", "MPESA", body);
        assert_eq!(described(&records[0], &names), expected, "{body}");
    }
}

#[test]
fn the_fee_and_the_other_side_belong_to_one_record_of_a_message() {
    let body = "RM42C8Y5AU Confirmed. Ksh900.00 sent to JOYCE WAIRIMU 0722333444 on 24/4/26 at 1:30 PM. New M-PESA balance is Ksh0.00. Transaction cost, Ksh13.00. Fuliza M-PESA amount is Ksh400.00. Fuliza M-PESA outstanding amount is Ksh404.00.";
    let records = records("KE", "MPESA", body);
    let all: Vec<_> = records
        .iter()
        .map(|record| described(record, &["JOYCE WAIRIMU"]))
        .collect();
    assert_eq!(all, ["fee 13 RM42C8Y5AU person <JOYCE WAIRIMU>", "RM42C8Y5AU"]);
}

#[test]
fn a_fee_beside_another_charge_is_not_told() {
    let mut told = BTreeMap::new();
    for example in examples() {
        let Reading::Records(records) = example.read_with_tokens(&example.text) else {
            continue;
        };
        let lower = example.text.to_lowercase();
        let taxed = ["tax was", "vat of", "e-levy charge is"]
            .iter()
            .any(|words| lower.contains(words));
        let fees = records
            .iter()
            .filter(|record| record.details.fee.is_some_and(|fee| fee != daftari_domain::Money::ZERO));
        assert!(fees.clone().count() <= 1, "{}: a fee counts once", example.text);
        if taxed {
            told.insert(example.text.clone(), fees.count());
        }
    }
    assert!(told.len() > 5, "{}", told.len());
    let wrong: Vec<_> = told
        .iter()
        .filter(|(text, fees)| **fees > 0 && !states_no_tax(text))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whether every tax that a text states is zero.
fn states_no_tax(text: &str) -> bool {
    let lower = text.to_lowercase();
    let places = ["tax was", "vat of", "e-levy charge is"]
        .into_iter()
        .filter_map(|words| {
            let at = lower.find(words)?;
            let rest: String = lower[at + words.len()..].chars().take(16).collect();
            let digits = rest.chars().find(char::is_ascii_digit);
            Some(digits == Some('0'))
        });
    places.into_iter().all(|zero| zero)
}

/// A stated fee is taken from the text unchanged: a changed figure is another fee.
#[test]
fn no_fee_is_the_amount_or_the_balance_of_its_message() {
    let mut with_fee = 0;
    let mut with_party = 0;
    for example in examples() {
        let Reading::Records(records) = example.read_with_tokens(&example.text) else {
            continue;
        };
        for record in records {
            let Some(fee) = record.details.fee else { continue };
            with_fee += 1;
            assert!(
                Some(fee) != record.balance || fee == daftari_domain::Money::ZERO,
                "{}",
                example.text
            );
            assert!(record.amount.is_none_or(|amount| amount != fee), "{}", example.text);
        }
        with_party += 1;
    }
    println!("{with_fee} fees in {with_party} readings");
    assert!(with_fee > 100, "{with_fee}");
}

#[test]
fn money_between_accounts_of_the_reader_has_the_reader_on_both_sides() {
    let mut own = 0;
    for example in examples() {
        let Reading::Records(records) = example.read_with_tokens(&example.text) else {
            continue;
        };
        let parties: Vec<_> = records
            .iter()
            .filter_map(|record| record.details.counterparty)
            .collect();
        if parties.iter().any(|party| party.kind == CounterpartyKind::Own) {
            assert!(
                parties.len() > 1 && parties.iter().all(|party| party.token.is_none()),
                "{}",
                example.text
            );
            own += 1;
        }
    }
    assert!(own > 0);
}

#[test]
fn nobody_has_a_token_where_none_is_asked_for() {
    for example in examples() {
        let (reading, _) = read_with_source(&example.message(&example.text), Some(example.country));
        let Reading::Records(records) = reading else { continue };
        let tokens = records.iter().filter_map(|record| record.details.counterparty?.token);
        assert_eq!(tokens.count(), 0);
    }
}

#[test]
fn the_reader_is_never_the_other_side() {
    let body = "Dear Hana your Account 1*********4477 has been Credited with ETB 4,500.00 from Abel Kebede, on 14/10/2025 at 12:37:24 with Ref No FT25287ABCDE Your Current Balance is ETB 5,204.10. Thank you for Banking with CBE!";
    let (reading, _) = read_with_tokens(&message("CBE", body), "ET".parse().ok(), &token_of);
    if let Reading::Records(records) = reading {
        let token = records[0].details.counterparty.and_then(|party| party.token);
        assert_ne!(token, Some(token_of("HANA")));
    }
}

#[test]
fn a_wage_is_labelled_by_the_banks_word() {
    let body = "GTBank: Your account ****6789 has been credited with NGN40,000.00. Desc: SALARY PAYMENT";
    assert!(records("NG", "GTBank", body)[0].labels.contains(Label::Salary));
    let body = body.replace("credited", "debited");
    assert!(!records("NG", "GTBank", &body)[0].labels.contains(Label::Salary));
}
