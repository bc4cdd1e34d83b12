//! Texts from the field that showed faults of the reader. Each test names the kind of its fault.

mod support;

use daftari_sms::{Message, Reading, explain, institutions, read, read_by_clauses};
use support::{describe_reading, reading, received_at};

fn assert_read(sender: &str, country: &str, body: &str, expect: &[&str]) {
    assert_eq!(
        describe_reading(&reading(sender, country, body)),
        expect,
        "{sender} {country}: {body:?}"
    );
}

fn assert_unrecognized(sender: &str, country: &str, body: &str) {
    assert_eq!(
        reading(sender, country, body),
        Reading::Unrecognized,
        "{sender} {country}: {body:?}"
    );
}

/// The reference is an M-PESA receipt of the stated day: U is 2026, H is August, 7 is the seventh.
#[test]
fn a_bank_s_notice_of_another_operator_s_receipt_moves_no_money_of_the_bank() {
    assert_unrecognized(
        "Equity Bank",
        "KE",
        "Confirmed, Bill payment to LAKESIDE GYM of KES. 75.00 for account 1234 and Ref. UH72AB3CDE on 07-08-2026 at 10:15.Thank you.",
    );
    assert_unrecognized(
        "KCB",
        "KE",
        "Payment of KES 750.00 to LAKESIDE GYM was successful. M-PESA Ref. UH72AB3CDE on 07-08-2026.",
    );
    // A bank's own reference, or a named account, shows that the bank's money moved.
    assert_read(
        "Equity Bank",
        "KE",
        "Confirmed, Bill payment to LAKESIDE GYM of KES 75.00 for account 1234 and Ref. EQ77120034 on 07-08-2026 at 10:15.",
        &["equitybank depository DEBIT 75 KES"],
    );
    assert_read(
        "KCB",
        "KE",
        "KES 750.00 has been sent from your account 134****071 to M-PESA 0712000111. Ref. UH72AB3CDE on 07-08-2026.",
        &["kcb #071 depository DEBIT 750 KES"],
    );
}

#[test]
fn the_country_decides_institution_and_currency() {
    for (country, institution, currency) in [
        ("CM", "orange_cm", "XAF"),
        ("CI", "orange_ci", "XOF"),
        ("ML", "orange_ml", "XOF"),
    ] {
        let expect = format!("{institution} depository CREDIT 5000 {currency} balance 7250");
        assert_read(
            "OrangeMoney",
            country,
            "Vous avez recu 5 000 FCFA de AWA KONE. Nouveau solde: 7 250 FCFA.",
            &[&expect],
        );
    }
    assert_read(
        "Zenith",
        "GH",
        "Your account 60*****123 has been credited with GHS 500.00. Available balance is GHS 1,250.40.",
        &["zenithbank_gh #123 depository CREDIT 500 GHS balance 1250.4"],
    );
    assert_unrecognized(
        "Zenith",
        "GH",
        "Your account 60*****123 has been credited with NGN 500.00. Available balance is NGN 1,250.40.",
    );
    assert_unrecognized(
        "Zenith",
        "KE",
        "Your account 60*****123 has been credited with NGN 500.00. Available balance is NGN 1,250.40.",
    );
    assert_unrecognized(
        "M-PESA",
        "KE",
        "SHR1234678 Confirmed. You have received TZS 40,000.00 from ASHA SALUM on 2025-06-13 at 10:30 AM. New M-Pesa balance is TZS 140,000.00.",
    );
}

#[test]
fn a_date_behind_a_balance_is_not_part_of_it() {
    let body = "RECEIVED. TID 120567890. UGX 30,000 from AMINA N 0752000111. Bal UGX 41,310.07-May-2025 10:15";
    match reading("AirtelMoney", "UG", body) {
        Reading::Records(records) => assert_eq!(
            records[0]
                .balance
                .map(|balance| balance.decimal().to_string())
                .as_deref(),
            Some("41310"),
            "{body:?}"
        ),
        other => assert_eq!(other, Reading::Unrecognized),
    }
}

#[test]
fn whole_amounts_may_end_a_message_with_a_full_stop() {
    assert_read(
        "AirtelMoney",
        "UG",
        "RECEIVED UGX 30,000 from AMINA N 0752000111. TID 120567890. Bal UGX 214,500.",
        &["airtel_ug depository CREDIT 30000 UGX balance 214500"],
    );
    assert_read(
        "AirtelMoney",
        "UG",
        "SENT UGX 30,000 to AMINA N 0752000111. Fee UGX 500. TID 120567890. Bal UGX 214,500.",
        &["airtel_ug depository DEBIT 30000 UGX balance 214500"],
    );
}

#[test]
fn digits_from_both_sides_of_a_mask_do_not_form_an_account() {
    assert_read(
        "KCB",
        "KE",
        "KES 750.00 has been sent from your account 145******971 to JANE DOE.",
        &["kcb #971 depository DEBIT 750 KES"],
    );
    assert_read(
        "KCB",
        "KE",
        "KES 750.00 has been sent from your account 145145******71 to JANE DOE.",
        &["kcb depository DEBIT 750 KES"],
    );
    assert_read(
        "KCB",
        "KE",
        "You have received KES 750.00 from account 2255****781 in your account 145******971.",
        &["kcb #971 depository CREDIT 750 KES"],
    );
}

#[test]
fn money_that_is_not_read_is_never_called_not_financial() {
    for (sender, country, body) in [
        ("M-Pesa", "TZ", "Baki yako 5,000"),
        ("M-Pesa", "TZ", "Umelipa bili 5,000"),
        ("MTN", "BJ", "Mouvement 500F Solde:4607F"),
        ("AirtelMoney", "ZM", "ZMW 500.00 something new"),
        ("EcoCash", "ZW", "$5.00 something new"),
        ("Bank", "KE", "Balance: 5,000.00"),
        ("Orange Money", "CM", "Operation 5000 FCFA"),
        ("Tala", "KE", "Your loan is very late and due."),
    ] {
        assert_unrecognized(sender, country, body);
    }
}

#[test]
fn an_impossible_date_makes_a_text_unrecognized_in_either_layer() {
    for date in ["31/25/26", "4/25/26", "4-25-2026"] {
        let receipt = format!(
            "UAB4K7QM2D Confirmed.You have received Ksh2,350.00 from GRACE  NEKESA on {date} at 7:08 PM  New M-PESA balance is Ksh9,120.35."
        );
        assert_unrecognized("MPESA", "KE", &receipt);
    }
    for date in ["2026-25-01", "07-25-2026"] {
        let alert = format!("KES 750.00 has been sent from your account 145******971 to JANE DOE on {date}.");
        assert_unrecognized("KCB", "KE", &alert);
    }
}

#[test]
fn an_impossible_date_is_explained_by_one_reason_and_without_a_template() {
    let of = |date: &str| {
        let body = format!(
            "UAB4K7QM2D Confirmed.You have received Ksh2,350.00 from GRACE  NEKESA on {date} at 7:08 PM  New M-PESA balance is Ksh9,120.35."
        );
        let message = Message {
            sender: "MPESA",
            body: &body,
            received_at: received_at(),
            id: None,
        };
        explain(&message, "KE".parse().ok())
    };
    assert!(of("25/4/26").template.is_some());
    let explained = of("31/25/26");
    assert_eq!(explained.template, None);
    assert_eq!(explained.fields, Vec::new());
    assert_eq!(explained.matching, Vec::new());
    assert_eq!(explained.nearest, None);
    let stopped = explained.stopped.expect("a reason");
    assert_eq!(stopped.to_string(), "a date that no calendar has");
    assert_eq!(explained.clauses.expect("a country").stopped, Some(stopped));
}

/// White space may be most of a text. It does not count.
#[test]
fn every_reader_measures_the_plain_text() {
    let body = format!(
        "KES 750.00 has been sent from your account 145******971 to JANE DOE{}on 07-08-2026.",
        " ".repeat(5_000)
    );
    let message = Message {
        sender: "KCB",
        body: &body,
        received_at: received_at(),
        id: None,
    };
    let country = "KE".parse().ok();
    assert!(matches!(read(&message, country), Reading::Records(_)));
    assert_eq!(read_by_clauses(&message, country, None).0, read(&message, country));
    let long = body.replace(' ', "x");
    let message = Message { body: &long, ..message };
    assert_eq!(read_by_clauses(&message, country, None).0, Reading::Unrecognized);
    let stopped = explain(&message, country).stopped.expect("a reason");
    assert_eq!(stopped.reason, "a text that is too long");
}

/// Five lines of a directory are all that an institution with ordinary wordings needs.
#[test]
fn an_institution_of_the_directory_is_read_without_a_file_of_its_own() {
    assert_read(
        "BICEC",
        "CM",
        "Votre compte 100****452 a ete debite de 15 000 FCFA. Nouveau solde: 85 000 FCFA.",
        &["bicec #452 depository DEBIT 15000 XAF balance 85000"],
    );
    assert_read(
        "Capitec",
        "ZA",
        "R500.00 has been paid from your account **1234 to SHOP. Available balance is R1,250.40.",
        &["capitec #1234 depository DEBIT 500 ZAR balance 1250.4"],
    );
    assert_read(
        "MTN MoMo",
        "CI",
        "Vous avez envoye 5000 FCFA a AWA KONE. Frais: 50 FCFA. Nouveau solde: 7250 FCFA.",
        &["mtn_ci depository DEBIT 5000 XOF balance 7250"],
    );
    assert!(institutions().len() >= 400);
}

#[test]
fn an_explanation_states_roles_rules_and_the_reason_for_a_stop() {
    let of = |body| {
        let message = Message {
            sender: "KCB",
            body,
            received_at: received_at(),
            id: None,
        };
        explain(&message, "KE".parse().ok()).clauses.expect("a country")
    };
    let read = of(
        "KES 750.00 has been sent from your account 145******971 to JANE DOE. Transaction cost KES 11.00. Ref. QX12AB34CD.",
    );
    assert_eq!(read.institution, Some("kcb"));
    assert!(
        read.skeleton.contains("<m> has been sent from your account <a> to"),
        "{}",
        read.skeleton
    );
    assert!(
        read.roles[0].contains("event by clauses/went_from_your"),
        "{:?}",
        read.roles
    );
    assert!(read.roles[1].contains("fee"), "{:?}", read.roles);
    assert_eq!(read.stopped, None);
    let stopped = |body| of(body).stopped.expect("stopped").to_string();
    let undone = stopped("KES 750.00 has been sent from your account 145******971 to JANE DOE. It has been reversed.");
    assert!(undone.starts_with("undone"), "{undone}");
    let bare = stopped("KES 750.00 something new.");
    assert!(
        bare.contains("no role for: KES 750.00") || bare.contains("direction"),
        "{bare}"
    );
}

/// The details of an explanation as `name text`.
fn explained(sender: &str, country: &str, body: &str) -> Vec<String> {
    let message = Message {
        sender,
        body,
        received_at: received_at(),
        id: None,
    };
    let details = explain(&message, country.parse().ok()).details;
    details
        .iter()
        .map(|field| format!("{} {}", field.name, field.text))
        .collect()
}

#[test]
fn an_explanation_states_the_details_that_the_records_keep() {
    let body = "KES 750.00 has been sent from your account 145******971 to JANE DOE. Transaction cost KES 11.00. Ref. QX12AB34CD on 07-08-2026.";
    assert_eq!(
        explained("KCB", "KE", body),
        ["fee 11", "reference QX12AB34CD", "kind unknown", "name JANE DOE"]
    );
    // Two fees whose relation the text leaves open, a code that may be cut off, and a name that does not end.
    let body = "KES 750.00 has been sent from your account 145******971 to JANE and MARY. Transaction cost KES 11.00. Excise duty KES 2.00. Ref. QX12AB";
    assert_eq!(explained("KCB", "KE", body), Vec::<String>::new());
    let body = "UAB4K7QM2D Confirmed.You have received Ksh2,350.00 from GRACE  NEKESA on 4/2/26 at 7:08 PM  New M-PESA balance is Ksh9,120.35.";
    assert_eq!(
        explained("MPESA", "KE", body),
        ["reference UAB4K7QM2D", "kind unknown", "name GRACE NEKESA"]
    );
    assert_eq!(
        explained("KCB", "KE", "KES 750.00 something new."),
        Vec::<String>::new()
    );
}

#[test]
fn an_explanation_names_what_was_passed_over() {
    let message = Message {
        sender: "KCB",
        body: "KES 750.00 has been sent from your account 145******971 to JANE DOE on 07-08-2026. Branch: WESTLANDS. Dial *522# to borrow. If you did not make this payment, call 0711000000.",
        received_at: received_at(),
        id: None,
    };
    let clauses = explain(&message, "KE".parse().ok()).clauses.expect("clauses");
    let passed: Vec<(&str, &str)> = clauses
        .passed
        .iter()
        .map(|part| (part.name, part.text.as_str()))
        .collect();
    assert_eq!(
        passed,
        [
            ("residue", "Branch: WESTLANDS"),
            ("advertisement or help", "Dial *522# to borrow"),
            ("harmless", "If you did not make this payment, call 0711000000"),
        ]
    );
}

/// Only templates read these layouts, and only in a more usual wording.
#[test]
fn a_reworded_receipt_is_read_and_explained_alike() {
    for (body, expect) in [
        (
            "Dear Customer, TKL6H7T0KE Confirmed. Loan of Ksh1,100.00 repaid from M-PESA on 23/11/25 at 4:26 PM. New M-PESA balance is Ksh340.00. M-Shwari loan balance is Ksh1,900.00.",
            2,
        ),
        (
            "TKL6H7T0KE Completed. Loan of Ksh1,100 repaid from M-PESA on 23/11/25 at 4:26 PM. New M-PESA bal: Ksh340. M-Shwari loan bal: Ksh1,900.00.",
            2,
        ),
        // The message breaks off in its last number.
        (
            "TKL6H7T0KE Completed. Loan of Ksh1,100.00 repaid from M-PESA on 23/11/25 at 4:26 PM. New M-PESA balance is Ksh340.00. M-Shwari loan balance is Ksh1,900",
            0,
        ),
        // A movement that was taken back stays taken back.
        (
            "Dear Customer, TKL6H7T0KE Completed. Loan of Ksh1,100.00 repaid from M-PESA on 23/11/25 at 4:26 PM was reversed. New M-PESA balance is Ksh340.00. M-Shwari loan balance is Ksh1,900.00.",
            0,
        ),
    ] {
        let message = Message {
            sender: "MPESA",
            body,
            received_at: received_at(),
            id: None,
        };
        let country = "KE".parse().ok();
        let reading = read(&message, country);
        let records = match &reading {
            Reading::Records(records) => records.len(),
            Reading::NotFinancial(_) | Reading::Unrecognized => 0,
        };
        assert_eq!(records, expect, "{body:?}");
        let explanation = explain(&message, country);
        assert_eq!(explanation.reading(), reading, "{body:?}");
        assert_eq!(explanation.stopped.is_some(), expect == 0, "{body:?}");
    }
}
