//! The measure of readings compares everything that a line states, and refuses keys that it would not compare.

use std::fs;
use std::path::Path;

use daftari_sms::check::{Count, Report, evaluate, format, line_keys};
use serde_json::{Value, json};

const SENT: &str = "QJ812ABCDE Confirmed. Ksh1,250.00 sent to JANE WAMBUI 0722000111 on 8/10/21 at 1:41 PM. New M-PESA balance is \
                    Ksh3,400.50. Transaction cost, Ksh23.00.";
const UNREAD: &str = "QJ812ABCDE Confirmed. Ksh1,250.00 gone to JANE WAMBUI. New M-PESA balance is Ksh3,400.50.";
const PASSWORD: &str = "Your one-time password is 482910.";
const SAVED: &str = "QJ812ABCDF Confirmed. Ksh700.00 transferred to M-Shwari account on 8/10/21 at 1:41 PM. M-PESA balance is \
                     Ksh64.26 .New M-Shwari saving account balance is Ksh701.50. Transaction cost Ksh.0.00";

fn line(body: &str, expected: &Value) -> String {
    let line =
        json!({ "institution": "MPESA", "country": "KE", "sender": "MPESA", "body": body, "expected": expected });
    line.to_string()
}

fn report(body: &str, expected: &Value) -> Report {
    evaluate(&line(body, expected), |_| false).expect("a good line")
}

/// The one count that is not zero.
fn verdict(body: &str, expected: &Value) -> &'static str {
    let count = report(body, expected).total();
    let named = [
        (count.right, "right"),
        (count.unrecognized, "unrecognized"),
        (count.wrong, "wrong"),
        (count.not_financial, "not financial"),
        (count.not_compared, "not compared"),
    ];
    let counted: Vec<_> = named.iter().filter(|(count, _)| *count > 0).collect();
    assert_eq!(counted.len(), 1, "{count:?}");
    counted[0].1
}

fn refusal(text: &str) -> String {
    evaluate(text, |_| false).expect_err("a bad line").to_string()
}

/// For every key of `expected`: a value that holds for [`SENT`], and one that does not.
fn claims() -> Vec<(&'static str, Value, Value)> {
    let record = |amount: &str| {
        json!({ "institution_id": "mpesa", "account_type": "depository", "impact": "DEBIT", "amount": amount,
            "balance": "3400.50", "currency": "KES", "labels": [] })
    };
    vec![
        ("amount", json!("1250"), json!("1251")),
        ("impact", json!("DEBIT"), json!("CREDIT")),
        ("balance", json!("3400.50"), json!("3400.5001")),
        ("currency", json!("KES"), json!("UGX")),
        ("labels", json!([]), json!(["ATM"])),
        ("account_type", json!("depository"), json!("loan")),
        ("account_id", json!("default"), json!("999")),
        ("account_last4", json!(null), json!("9999")),
        ("account_last4_must_be_null", json!(true), json!(null)),
        ("is_transaction", json!(true), json!(false)),
        ("ledger", json!([record("1250")]), json!([record("1251")])),
        ("also_accepted", json!([[record("1250")]]), json!([[record("1251")]])),
    ]
}

#[test]
fn every_documented_key_is_compared() {
    let claims = claims();
    let named: Vec<&str> = claims.iter().map(|(key, ..)| *key).collect();
    let documented: Vec<&str> = line_keys::EXPECTED.iter().map(|(key, _)| *key).collect();
    assert_eq!(named, documented);
    for (key, right, wrong) in claims {
        match key {
            // The key has no value that is wrong for this message: only `true` states something, and it holds.
            "account_last4_must_be_null" => {
                assert_eq!(verdict(SENT, &json!({ key: right, "amount": "1250" })), "right");
                continue;
            }
            // The key accepts a reading beside the one that the other keys state.
            "also_accepted" => {
                assert_eq!(verdict(SENT, &json!({ key: right, "amount": "1" })), "right");
                assert_eq!(verdict(SENT, &json!({ key: wrong, "amount": "1" })), "wrong");
                continue;
            }
            _ => {}
        }
        let beside = json!({ key: right, "amount": "1250" });
        assert_eq!(verdict(SENT, &beside), "right", "{key} beside an amount");
        assert_eq!(verdict(SENT, &json!({ key: wrong })), "wrong", "{key} alone");
        if key != "is_transaction" {
            let beside = json!({ key: wrong, "is_transaction": true });
            assert_eq!(verdict(SENT, &beside), "wrong", "{key}");
        }
    }
}

#[test]
fn every_key_that_states_a_record_makes_an_unread_line_a_gap() {
    for (key, right, _) in claims() {
        let expected = json!({ key: right });
        let gap = match key {
            "labels" | "account_last4" | "account_last4_must_be_null" => continue,
            // An alternative reading on its own states nothing to compare.
            "also_accepted" => "not compared",
            _ => "unrecognized",
        };
        assert_eq!(verdict(UNREAD, &expected), gap, "{key}");
    }
}

#[test]
fn keys_of_a_ledgers_entry_are_compared() {
    let entry = |key: &str, value: &Value| {
        let mut entry = json!({ "impact": "DEBIT", "amount": "1250", "balance": "3400.5" });
        entry[key] = value.clone();
        json!({ "ledger": [entry] })
    };
    let cases = [
        ("institution_id", json!("airtel|mpes*"), json!("airtel|mpes")),
        ("account", json!("MPESA"), json!("FULIZA")),
        ("account_type", json!("depository"), json!("loan")),
        ("account_id", json!("default"), json!("1")),
        ("amount", json!("1250.00"), json!(null)),
        ("impact", json!("DEBIT"), json!("CREDIT")),
        ("balance", json!("3400.50"), json!(null)),
        ("balance_not_compared", json!(true), json!(null)),
        ("currency", json!("KES"), json!(null)),
        ("labels", json!([]), json!(["POS"])),
    ];
    let documented: Vec<&str> = line_keys::ENTRY.iter().map(|(key, _)| *key).collect();
    assert_eq!(cases.each_ref().map(|(key, ..)| *key).to_vec(), documented);
    for (key, right, wrong) in cases {
        assert_eq!(verdict(SENT, &entry(key, &right)), "right", "{key}");
        if key == "balance_not_compared" {
            let mut other = entry(key, &right);
            other["ledger"][0]["balance"] = json!("1");
            assert_eq!(verdict(SENT, &other), "right");
            other["ledger"][0][key] = json!(false);
            assert_eq!(verdict(SENT, &other), "wrong");
        } else {
            assert_eq!(verdict(SENT, &entry(key, &wrong)), "wrong", "{key}");
        }
    }
}

#[test]
fn a_ledger_holds_every_record_once() {
    let wallet = json!({ "institution_id": "mpesa", "impact": "DEBIT", "amount": "700", "balance": "64.26" });
    let savings = json!({ "institution_id": "mshwari", "impact": "CREDIT", "amount": "700", "balance": "701.5" });
    let vague = json!({ "institution_id": "m*", "impact": "CREDIT", "amount": "700", "balance_not_compared": true });
    let ledger = |entries: &[&Value]| verdict(SAVED, &json!({ "ledger": entries }));
    assert_eq!(ledger(&[&wallet, &savings]), "right");
    assert_eq!(ledger(&[&savings, &wallet]), "right");
    assert_eq!(ledger(&[&wallet]), "wrong");
    assert_eq!(ledger(&[&savings, &vague]), "wrong", "two entries fit one record");
    assert_eq!(ledger(&[]), "wrong");
}

#[test]
fn keys_beside_a_ledger_are_compared_too() {
    let ledger = json!([{ "impact": "DEBIT", "amount": "1250", "balance": "3400.5" }]);
    assert_eq!(verdict(SENT, &json!({ "ledger": ledger, "amount": "1250" })), "right");
    assert_eq!(verdict(SENT, &json!({ "ledger": ledger, "amount": "501" })), "wrong");
}

#[test]
fn the_name_of_a_loan_account_is_of_loans_only() {
    let entry =
        |account: &str| json!({ "account": account, "impact": "DEBIT", "amount": "1250", "balance": "3400.50" });
    assert_eq!(verdict(SENT, &json!({ "ledger": [entry("MPESA")] })), "right");
    assert_eq!(verdict(SENT, &json!({ "ledger": [entry("MPESA_LOAN")] })), "wrong");
}

#[test]
fn a_file_without_lines_is_an_error() {
    for text in ["", "\n \n"] {
        assert!(refusal(text).contains("no line"), "{text:?}");
    }
}

#[test]
fn an_empty_ledger_contradicts_keys_of_a_record() {
    let text = line(UNREAD, &json!({ "ledger": [], "amount": "1250", "impact": "DEBIT" }));
    assert!(refusal(&text).contains("empty ledger"), "{}", refusal(&text));
}

#[test]
fn nothing_to_record_differs_from_nothing_stated() {
    assert_eq!(verdict(PASSWORD, &json!({ "is_transaction": false })), "not financial");
    assert_eq!(verdict(PASSWORD, &json!({ "ledger": [] })), "not financial");
    assert_eq!(verdict(PASSWORD, &json!({ "labels": [] })), "not financial");
    assert_eq!(verdict(SENT, &json!({ "ledger": [] })), "wrong");
    assert_eq!(verdict(SENT, &json!({ "labels": [] })), "wrong");
    // A balance is recorded, though nothing moves.
    assert_eq!(verdict(BALANCE, &json!({ "labels": [] })), "wrong");
    assert_eq!(verdict(SENT, &json!({})), "not compared");
    assert_eq!(verdict(UNREAD, &json!({ "fee": "23.00" })), "not compared");
    // An amount that did not move.
    let failed = json!({ "is_transaction": false, "amount": "1250", "impact": null });
    assert_eq!(verdict(UNREAD, &failed), "not financial");
    assert_eq!(verdict(SENT, &failed), "wrong");
}

const BALANCE: &str = "UDJQF9UHO6 Confirmed. Your account balance was: M-PESA Account : Ksh733.00 Business Account : Ksh0.00 on \
                       21/4/26 at 1:33 PM. Transaction cost, Ksh0.00.";
const WITHDRAWN: &str = "UDEIE9EQ9M Confirmed.on 18/4/26 at 6:17 PMWithdraw Ksh2,000.00 from 555444 - Lakeview Bank ATM Kisumu New \
                         M-PESA balance is Ksh703.10. Transaction cost, Ksh35.00. Amount you can transact within the day is \
                         498,000.00.";

#[test]
fn the_last_digits_of_an_account_are_compared() {
    for last in ["abcd", "1234", "9", "default "] {
        assert_eq!(
            verdict(SENT, &json!({ "account_last4": last, "amount": "1250" })),
            "wrong",
            "{last}"
        );
    }
    let empty = refusal(&line(SENT, &json!({ "account_last4": "" })));
    assert!(empty.contains("expected.account_last4: "), "{empty}");
}

#[test]
fn null_states_that_there_is_no_value() {
    assert_eq!(
        verdict(WITHDRAWN, &json!({ "labels": null, "amount": "2000" })),
        "wrong"
    );
    let withdrawn = json!({ "impact": "DEBIT", "amount": "2000", "balance": "703.1", "labels": null });
    assert_eq!(verdict(WITHDRAWN, &json!({ "ledger": [withdrawn] })), "wrong");
    assert_eq!(verdict(SENT, &json!({ "labels": null, "amount": "1250" })), "right");
    let entry = |key: &str| {
        let entry = json!({ "impact": "DEBIT", "amount": "1250", "balance": "3400.5", key: null });
        json!({ "ledger": [entry] })
    };
    for key in ["institution_id", "account", "account_type"] {
        assert_eq!(verdict(SENT, &entry(key)), "wrong", "{key}");
        let told = report(SENT, &entry(key)).to_string();
        assert!(told.contains(&format!("no {key}")), "{told}");
    }
    // The record belongs to no particular account, and has no labels.
    for key in ["account_id", "labels"] {
        assert_eq!(verdict(SENT, &entry(key)), "right", "{key}");
    }
    assert_eq!(verdict(SENT, &json!({ "account_id": null, "amount": "1250" })), "right");
}

#[test]
fn a_message_that_was_read_is_not_counted_as_not_financial() {
    for expected in [
        json!({ "account_last4": null }),
        json!({ "account_last4_must_be_null": true }),
    ] {
        assert_eq!(verdict(SENT, &expected), "right", "{expected}");
    }
    let still = |key: &str| json!({ "is_transaction": false, key: "9" });
    assert_eq!(verdict(BALANCE, &json!({ "is_transaction": false })), "right");
    assert_eq!(verdict(BALANCE, &still("amount")), "right");
    assert_eq!(verdict(BALANCE, &still("balance")), "wrong");
    assert_eq!(verdict(PASSWORD, &still("amount")), "not financial");
}

#[test]
fn money_read_as_not_financial_is_wrong() {
    assert_eq!(verdict(PASSWORD, &json!({ "amount": "482910" })), "wrong");
    assert_eq!(
        verdict(PASSWORD, &json!({ "ledger": [{ "amount": "1", "impact": "DEBIT" }] })),
        "wrong"
    );
    let may_stay_unread = json!({ "amount": "5", "also_accepted": [[]] });
    assert_eq!(verdict(UNREAD, &may_stay_unread), "not financial");
}

#[test]
fn an_unknown_key_is_an_error_that_names_the_nearest() {
    let cases = [
        (
            json!({ "amout": "500" }),
            "expected has an unknown key \"amout\"; the nearest known one is \"amount\"",
        ),
        (json!({ "impct": "DEBIT" }), "\"impact\""),
        (json!({ "acount_id": "1" }), "\"account_id\""),
        (json!({ "Amount": "500" }), "\"amount\""),
        (
            json!({ "ledger": [{ "balanse": "5" }] }),
            "a ledger entry has an unknown key \"balanse\"; the nearest known one is \"balance\"",
        ),
        (
            json!({ "amount": "5", "also_accepted": [[{ "label": [] }]] }),
            "\"labels\"",
        ),
    ];
    for (expected, words) in cases {
        let refusal = refusal(&line(SENT, &expected));
        assert!(refusal.starts_with("line 1: ") && refusal.contains(words), "{refusal}");
    }
    let sender = line(SENT, &json!({ "amount": "5" })).replace("\"sender\"", "\"sendr\"");
    assert!(refusal(&sender).contains("the line has an unknown key \"sendr\"; the nearest known one is \"sender\""));
    let second = format!(
        "{}\n\n{}",
        line(SENT, &json!({ "amount": "5" })),
        line(SENT, &json!({ "x": 1 }))
    );
    assert!(refusal(&second).starts_with("line 3: "));
    let notes = json!({ "amount": "1250", "fee": "23.00", "counterparty": "JANE WAMBUI", "_checked_by": "amina" });
    assert_eq!(verdict(SENT, &notes), "right");
}

#[test]
fn a_value_of_the_wrong_form_is_an_error() {
    let cases = [
        (json!({ "amount": "12,50" }), "12,50"),
        (json!({ "amount": 12.5 }), "expected.amount: "),
        (
            json!({ "impact": "debit" }),
            "expected.impact: must be one of: CREDIT, DEBIT",
        ),
        (json!({ "currency": "KSH" }), "expected.currency: "),
        (json!({ "labels": ["Atm"] }), "expected.labels[0]: "),
        (json!({ "account_type": "wallet" }), "expected.account_type: "),
    ];
    for (expected, words) in cases {
        let refusal = refusal(&line(SENT, &expected));
        assert!(refusal.contains(words), "{refusal}");
    }
    let country = line(SENT, &json!({ "amount": "5" })).replace("\"KE\"", "\"Kenya\"");
    assert!(refusal(&country).contains("country \"Kenya\""), "{}", refusal(&country));
}

#[test]
fn a_line_that_cannot_be_read_has_its_fault_in_words_of_json() {
    let whole = line(SENT, &json!({ "amount": "5" }));
    let without = |name: &str| {
        let mut members: serde_json::Map<String, Value> = serde_json::from_str(&whole).expect("an object");
        assert!(members.remove(name).is_some(), "{name}");
        Value::Object(members).to_string()
    };
    for (text, words) in [
        (without("institution"), "line 1: institution: is required".to_owned()),
        (without("expected"), "line 1: expected: is required".to_owned()),
        (
            "{".to_owned(),
            "line 1: is not JSON: it ends too early, at column 1".to_owned(),
        ),
        ("{}".to_owned(), "line 1: institution: is required".to_owned()),
        ("5".to_owned(), "line 1: must be an object, at column 1".to_owned()),
        (
            "body: x".to_owned(),
            "line 1: is not JSON: there is no valid value, at column 1".to_owned(),
        ),
        (
            format!("{whole} {{}}"),
            format!(
                "line 1: is not JSON: more text follows its end, at column {}",
                whole.len() + 2
            ),
        ),
        (
            whole.replace("\"KE\"", "254"),
            "line 1: country: must be a string, at column ".to_owned(),
        ),
        (
            line(SENT, &json!({ "amount": 12.5 })),
            "line 1: expected.amount: must be a string, at column ".to_owned(),
        ),
        (
            whole.replace("\"KE\"", "\"KE\",\"country\":\"KE\""),
            "line 1: country: must be given once".to_owned(),
        ),
    ] {
        let refusal = refusal(&text);
        assert!(refusal.starts_with(&words), "{text}: {refusal}");
    }
}

#[test]
fn faults_are_told_in_words_without_the_text() {
    let told = |expected: Value| report(SENT, &expected).to_string();
    let cases = [
        (
            json!({ "amount": "501", "impact": "CREDIT" }),
            "wrong: line 1 MPESA: amount is 1250, expected 501, impact is DEBIT, expected CREDIT; read mpesa depository DEBIT 1250 KES balance 3400.5\n",
        ),
        (
            json!({ "labels": ["ATM", "POS"] }),
            "labels are none, expected ATM POS; read mpesa depository DEBIT 1250 KES balance 3400.5\n",
        ),
        (
            json!({ "ledger": [{ "institution_id": "fuliza", "amount": "5", "impact": "DEBIT", "labels": ["Overdraft"] }] }),
            "expected fuliza DEBIT 5 Overdraft; read mpesa depository DEBIT 1250 KES balance 3400.5\n",
        ),
        (json!({ "ledger": [] }), "expected 0 records, read 1: mpesa"),
        (json!({ "is_transaction": false }), "nothing moved; read mpesa"),
        (json!({ "balance": null }), "balance is 3400.5, expected none"),
    ];
    for (expected, words) in cases {
        let told = told(expected);
        assert!(told.contains(words), "{words}\n{told}");
        for hidden in ["JANE", "0722000111", "Money(", "Some(", "{ "] {
            assert!(!told.contains(hidden), "{hidden}: {told}");
        }
    }
}

#[test]
fn counts_of_institutions_add_up() {
    let lines = [
        line(SENT, &json!({ "amount": "1250" })),
        line(UNREAD, &json!({ "amount": "1250" })),
        line(SENT, &json!({ "amount": "1" })),
        line(PASSWORD, &json!({ "is_transaction": false })),
        line(SENT, &json!({})),
    ];
    let report = evaluate(&lines.join("\n"), |_| false).expect("good lines");
    let one_each = Count {
        right: 1,
        unrecognized: 1,
        wrong: 1,
        not_financial: 1,
        not_compared: 1,
    };
    assert_eq!(report.total(), one_each);
    assert_eq!(report.total().right_per_mille(), 333);
}

/// The list of keys exists once: the guide shows the list that the tool prints.
#[test]
fn the_guide_lists_every_key() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/adding-an-institution.md");
    let guide = fs::read_to_string(path).expect("the guide");
    for (key, meaning) in line_keys::LINE
        .iter()
        .chain(line_keys::EXPECTED)
        .chain(line_keys::ENTRY)
    {
        assert!(format().contains(&format!("{key:<26} {meaning}")), "{key}");
        assert!(guide.contains(&format!("`{key}`")), "{key}");
    }
}
