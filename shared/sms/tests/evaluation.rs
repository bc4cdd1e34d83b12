//! Reads the evaluation sets, which are not part of the project.
//!
//! The files are expected in `../shared/sms` beside the workspace, or in `DAFTARI_SMS_DATA`. Without them the tests
//! measure nothing, and print a note.

use std::path::PathBuf;
use std::{env, fs};

use daftari_domain::{CounterpartyKind, CounterpartyToken, Impact, Money, Record, Timestamp};
use daftari_sms::check::{Line, evaluate, lines};
use daftari_sms::{Message, Reading, explain, read_with_tokens};

/// Lines whose expectation contradicts the text or the contract, by id, with the reason.
const FAULTS: &[(&str, &str)] = &[
    (
        "ecfe823a3da6",
        "the card shows its first digits only; an account id is the digits behind the mask",
    ),
    (
        "475af15a7648",
        "the source joins digits of both sides of the mask; an account id is the digits behind the mask",
    ),
    (
        "601a44513d8d",
        "a reversal whose text states no amount and no direction: the balance is all it says",
    ),
    (
        "578314b97836",
        "the source passes over a Fuliza draw; it is a movement of the Fuliza account",
    ),
    (
        "29e50f181da4",
        "the source means the wallet, of which the text says nothing; the outstanding amount is Fuliza's balance",
    ),
    (
        "0b75cdf25797",
        "a fragment of a narration, without an amount or anything that says of a movement",
    ),
    (
        "28d3f3c56913",
        "a fragment of a narration, without an amount or anything that says of a movement",
    ),
    ("4c58d6339124", "the text debits 25.00; 3,079.87 is the balance"),
    (
        "aee7288a09ae",
        "5,000.00 was transferred; 5,012.00 includes charges, which are not part of the amount",
    ),
    (
        "e48f176c7fbd",
        "5,000.00 was debited; 5,012.00 includes charges, which are not part of the amount",
    ),
    (
        "533d030338df",
        "a placeholder for a name replaces the last digits of the account",
    ),
    (
        "8183ba372150",
        "a placeholder for a name replaces the last digits of the account",
    ),
    (
        "bbaa9392d029",
        "a placeholder for a name replaces the last digits of the account",
    ),
    (
        "5240e5fe258c",
        "a placeholder for a name replaces the last digits of the account",
    ),
    (
        "c002a042a531",
        "a placeholder for a name replaces the last digits of the account",
    ),
    (
        "529e454bf62e",
        "a placeholder for a name replaces the last digits of the account",
    ),
    (
        "90dd27fffa3a",
        "a placeholder for a name replaces the last digits of the account",
    ),
];

/// Each set, and how many of a thousand financial lines must be right.
const BARS: &[(&str, u32)] = &[
    ("mpesa_catalogue", 950),
    ("mpesa_kenya", 950),
    ("rwanda_mtn_momo", 950),
    ("africa_banks_and_wallets", 950),
    ("ghana_momo_templates", 950),
    ("ghana_momo_synthetic", 950),
    ("burkina_momo", 950),
    ("east_africa_2011_2015", 800),
    ("nigeria_misc", 800),
    ("loans_and_alerts", 800),
    ("field_2026", 900),
];

fn data(set: &str) -> Option<String> {
    let folder = env::var_os("DAFTARI_SMS_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/sms"),
        PathBuf::from,
    );
    let path = folder.join(format!("{set}.jsonl"));
    if !path.exists() {
        eprintln!("SKIPPED: no evaluation data at {}", path.display());
        return None;
    }
    Some(fs::read_to_string(path).expect("readable"))
}

fn is_faulty(id: &str) -> bool {
    FAULTS.iter().any(|(fault, _)| *fault == id)
}

#[test]
fn no_line_is_wrong_and_coverage_meets_the_bars() {
    let mut failures = Vec::new();
    for (set, bar) in BARS {
        let Some(text) = data(set) else { continue };
        let report = evaluate(&text, is_faulty).expect("valid lines");
        println!("{set}: {} per mille right\n{report}", report.total().right_per_mille());
        if report.total().wrong > 0 || report.total().right_per_mille() < *bar {
            failures.push(format!("{set}\n{report}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_named_fault_is_still_one() {
    let named: Vec<(String, u32)> = BARS
        .iter()
        .filter_map(|(set, _)| data(set))
        .flat_map(|text| {
            let report = evaluate(&text, |id| !is_faulty(id)).expect("valid lines");
            report.wrong.into_iter().map(|finding| (finding.id, 1))
        })
        .collect();
    if data("mpesa_kenya").is_some() {
        assert_eq!(named.len(), FAULTS.len(), "{named:?}");
    }
}

/// The balance that a movement should leave, by the previous balance and the fee that the text states.
fn expected_balance(before: Money, record: &Record, fee: Money) -> Option<Money> {
    let amount = record.amount?.decimal();
    let moved = match record.impact? {
        Impact::Credit => amount,
        Impact::Debit => -amount,
    };
    Money::new(before.decimal() + moved - fee.decimal()).ok()
}

/// A movement of the wallet, with the time and the fee that its text states.
struct Step {
    number: usize,
    happened_at: String,
    fee: Money,
    record: Record,
}

fn step(number: usize, line: &Line) -> Option<Step> {
    let Reading::Records(records) = line.read() else {
        return None;
    };
    let record = records.into_iter().next().filter(|record| record.balance.is_some())?;
    let received_at = line.received_at.expect("the wallet's history has times");
    let message = Message {
        sender: &line.sender,
        body: &line.body,
        received_at,
        id: None,
    };
    let fields = explain(&message, line.country.parse().ok()).fields;
    let stated = |name: &str| {
        fields
            .iter()
            .find(|field| field.name == name)
            .map(|field| field.text.as_str())
    };
    let fee = stated("fee").map_or("0".into(), |fee| fee.replace(" RWF", "").replace(',', ""));
    Some(Step {
        number,
        happened_at: stated("when")
            .expect("every text of this wallet states a time")
            .to_owned(),
        fee: fee.parse().expect("a fee in francs"),
        record,
    })
}

/// Messages may overtake one another on their way to the phone. So the balances are compared in the order of the times
/// that the texts state.
#[test]
fn the_balances_of_a_wallet_follow_from_one_another() {
    let Some(text) = data("rwanda_mtn_momo") else {
        return;
    };
    let lines = lines(&text).expect("valid lines");
    let mut steps: Vec<Step> = lines.iter().filter_map(|(number, line)| step(*number, line)).collect();
    steps.sort_by(|a, b| a.happened_at.cmp(&b.happened_at));
    let broken: Vec<usize> = steps
        .windows(2)
        .filter(|pair| {
            let before = pair[0].record.balance.expect("a step has a balance");
            expected_balance(before, &pair[1].record, pair[1].fee) != pair[1].record.balance
        })
        .map(|pair| pair[1].number)
        .collect();
    let followed = steps.len() - 1 - broken.len();
    println!("{followed} balances follow; not those of lines {broken:?}");
    assert!(broken.len() * 100 <= followed, "{followed} follow, {broken:?} do not");
}

/// Prints how many movements carry each detail. There is no bar, because many texts state no details.
#[test]
fn details_of_movements() {
    let token = |_: &str| CounterpartyToken([0; 8]);
    let at: Timestamp = "2026-05-01T10:00:00Z".parse().expect("timestamp");
    for (set, _) in BARS {
        let Some(text) = data(set) else { continue };
        let (mut movements, mut with) = (0, [0; 4]);
        for (_, line) in lines(&text).expect("valid lines") {
            let message = Message {
                sender: &line.sender,
                body: &line.body,
                received_at: line.received_at.unwrap_or(at),
                id: None,
            };
            let (reading, _) = read_with_tokens(&message, line.country.parse().ok(), &token);
            let Reading::Records(records) = reading else { continue };
            for record in records.iter().filter(|record| record.is_transaction()) {
                movements += 1;
                let details = &record.details;
                let party = details.counterparty;
                let states = [
                    details.fee.is_some(),
                    details.reference.is_some(),
                    party.is_some_and(|party| party.token.is_some()),
                    party.is_some_and(|party| party.kind != CounterpartyKind::Unknown),
                ];
                for (count, stated) in with.iter_mut().zip(states) {
                    *count += u32::from(stated);
                }
            }
        }
        let [fee, reference, token, kind] = with;
        println!("{set}: {movements} movements, {fee} with a fee, {reference} reference, {token} token, {kind} kind");
    }
}
