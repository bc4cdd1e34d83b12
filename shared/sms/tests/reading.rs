//! Senders, countries, ids and kept texts.

mod support;

use daftari_domain::vocabulary::NotFinancialCode;
use daftari_domain::{Record, RecordId};
use daftari_sms::{Message, Reading, institutions, read};
use support::{describe_reading, examples};

const RECEIVED: &str = "UAB4K7QM2D Confirmed.You have received Ksh2,350.00 from GRACE  NEKESA on 4/2/26 at 7:08 PM  New M-PESA balance is Ksh9,120.35.";
const BET: &str = "TKL6H7T0KB Confirmed. Ksh500.00 sent to BETIKA for account 0701234567 on 21/11/25 at 4:26 PM New M-PESA balance is Ksh223.12. Transaction cost, Ksh0.00.";
const FULIZA: &str = "UDHIE9OJN1  Confirmed. Ksh 912.40 from your M-PESA has been used to fully pay your outstanding Fuliza M-PESA. Available Fuliza M-PESA limit is Ksh 6000.00. Your M-PESA balance is 2087.60.";
const TANZANIAN: &str = "SHR1234678 Confirmed. You have received TZS 40,000.00 from ASHA SALUM (255XXXXXXXXX) on 2025-06-13 at 10:30 AM. New M-Pesa balance is TZS 140,000.00.";
const RWANDAN: &str = "TxId: 83214484548. Your payment of 1,500 RWF to Eric Habimana 23456 has been completed at 2024-08-11 17:31:39. Your new balance: 2,700 RWF. Fee was 0 RWF.";

fn at<'a>(sender: &'a str, body: &'a str, second: i64, id: Option<&'a RecordId>) -> Message<'a> {
    let received_at = daftari_domain::Timestamp::from_unix_seconds(1_770_000_000 + second).expect("timestamp");
    Message {
        sender,
        body,
        received_at,
        id,
    }
}

fn records(sender: &str, country: &str, body: &str) -> Vec<Record> {
    match read(&at(sender, body, 0, None), country.parse().ok()) {
        Reading::Records(records) => records,
        Reading::NotFinancial(_) | Reading::Unrecognized => Vec::new(),
    }
}

fn institution_of(sender: &str, country: &str, body: &str) -> Option<String> {
    records(sender, country, body)
        .first()
        .map(|record| record.institution_id.to_string())
}

#[test]
fn the_country_decides_whose_a_shared_sender_is() {
    let texts = [
        ("M-PESA", RECEIVED, "KE", "mpesa"),
        ("mpesa", TANZANIAN, "TZ", "mpesa_tz"),
        ("MobileMoney", RWANDAN, "RW", "mtn_rw"),
    ];
    for (sender, body, home, institution) in texts {
        for country in ["KE", "TZ", "MZ", "RW", "UG", "US"] {
            let expected = (country == home).then_some(institution);
            assert_eq!(
                institution_of(sender, country, body).as_deref(),
                expected,
                "{sender} {country}"
            );
        }
        // Without a country, the content identifies the institution: only the M-PESA of Kenya writes Kenyan shillings.
        assert_eq!(
            institution_of(sender, "", body).as_deref(),
            Some(institution),
            "{sender}"
        );
    }
}

/// A text never yields a record of another country's institution or currency. An operator of the same name abroad may
/// write the same words.
#[test]
fn a_text_from_abroad_is_nobody_s() {
    let orange =
        "Vous avez recu un paiement de 5 000 FCFA du numero 22670123456. Ref: SCH-1. Trans ID: CI241227.1234.A00001";
    assert_eq!(
        institution_of("OrangeMoney", "BF", orange).as_deref(),
        Some("orange_bf")
    );
    let cameroon = records("OrangeMoney", "CM", orange);
    assert!(
        cameroon
            .iter()
            .all(|record| record.institution_id.as_str() == "orange_cm"
                && record.currency.map(daftari_domain::Currency::code) == Some("XAF")),
        "{cameroon:?}"
    );
    assert_eq!(records("OrangeMoney", "", orange), Vec::new());
    let zenith = "Acct:2XX..345 DT:12/06/2026 08:10:45 MOB/UTO/CHIDI OBI DR Amt:5,500.00 Bal:12,345.67 REF:1234567";
    for record in records("ZENITH", "GH", zenith) {
        assert_eq!(record.institution_id.as_str(), "zenithbank_gh");
        assert_eq!(record.currency.map(daftari_domain::Currency::code), Some("GHS"));
    }
    for country in ["KE", "US"] {
        assert_eq!(records("ZENITH", country, zenith), Vec::new(), "{country}");
    }
}

#[test]
fn only_the_institution_itself_is_believed() {
    assert_eq!(records("GTBank", "KE", RECEIVED), Vec::new());
    let from_a_person = read(&at("+254700000000", RECEIVED, 0, None), "KE".parse().ok());
    assert_eq!(from_a_person, Reading::NotFinancial(NotFinancialCode::PersonalSender));
    let from_a_stranger = read(&at("PRIZES", RECEIVED, 0, None), "KE".parse().ok());
    assert_eq!(from_a_stranger, Reading::Unrecognized);
}

#[test]
fn without_a_sender_the_content_decides_within_the_country() {
    assert_eq!(institution_of("", "KE", RECEIVED).as_deref(), Some("mpesa"));
    assert_eq!(institution_of("", "TZ", RECEIVED), None);
}

/// Without a sender, banks with the same layout to the letter cannot be distinguished, so their texts are not read.
/// Nearly all other texts are read. No text is ever read as another institution's.
#[test]
fn without_a_sender_an_example_is_its_own_institution_s_or_nobody_s() {
    let (mut read_alike, mut total) = (0, 0);
    for example in examples() {
        let message = Message {
            sender: "",
            ..example.message(&example.text)
        };
        let found = describe_reading(&read(&message, Some(example.country)));
        let silent = found == ["unrecognized"] || found.is_empty();
        assert!(
            silent || found == example.expect,
            "{} {}: {found:?}",
            example.institution,
            example.template
        );
        if !example.template.contains('/') && !example.expect.is_empty() {
            total += 1;
            read_alike += u32::from(!silent);
        }
    }
    assert!(read_alike * 100 >= total * 95, "{read_alike} of {total}");
}

#[test]
fn an_id_depends_on_sender_time_and_text_and_on_nothing_else() {
    let id = |sender: &str, body: &str, second| match read(&at(sender, body, second, None), "KE".parse().ok()) {
        Reading::Records(records) => records[0].id.to_string(),
        other => panic!("{other:?}"),
    };
    let first = id("MPESA", RECEIVED, 0);
    assert_eq!(first.len(), 32);
    assert_eq!(first, id("MPESA", RECEIVED, 0));
    // Stored ledgers hold these ids, so the hash must never change.
    assert_eq!(first, "8297b212a286ec67161458167e2b6d09");
    assert_ne!(first, id("M-PESA", RECEIVED, 0));
    assert_ne!(first, id("MPESA", RECEIVED, 1));
    assert_ne!(first, id("MPESA", BET, 0));
}

#[test]
fn the_records_of_a_message_share_its_id_and_differ_in_their_account() {
    let given: RecordId = "sms-17".parse().expect("id");
    let Reading::Records(records) = read(&at("MPESA", FULIZA, 0, Some(&given)), "KE".parse().ok()) else {
        panic!("a Fuliza repayment");
    };
    assert_eq!(records.len(), 2);
    assert!(records.iter().all(|record| record.id == given));
    assert_ne!(records[0].identity(), records[1].identity());
}

#[test]
fn only_labelled_records_keep_a_text_and_a_clean_one() {
    assert_eq!(records("MPESA", "KE", RECEIVED)[0].body, None);
    let dirty = format!("\u{0}{BET}\u{7}");
    assert_eq!(records("MPESA", "KE", &dirty)[0].body.as_deref(), Some(BET));
}

#[test]
fn every_institution_is_listed_once() {
    let all = institutions();
    assert!(all.windows(2).all(|pair| pair[0].id < pair[1].id));
    let mshwari = all.iter().find(|entry| entry.id == "mshwari").expect("M-Shwari");
    assert_eq!(mshwari.account_types.len(), 2);
}
