//! Fee, reference and counterparty of readings.

mod support;

use std::collections::BTreeMap;

use daftari_domain::{Counterparty, CounterpartyKind, Details, Label, Record};
use daftari_sms::{Message, Reading, read_by_clauses, read_with_source, read_with_tokens};
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

/// The details of a record in words: fee, reference, kind, and the name that has the token, if it is one of `names`.
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
        "300600",
        "400100",
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
            "TKC81PLW0D Confirmed. You have received Ksh4,200.00 from EQUITY BULK ACCOUNT 300600 on 14/11/25 at 9:26 PM. New M-PESA balance is Ksh4,873.15.",
            "TKC81PLW0D institution <300600>",
        ),
        (
            "TKC81PLW0E Confirmed. You have received Ksh4,200.00 from EQUITY ENTERPRISES 400100 on 14/11/25 at 9:26 PM. New M-PESA balance is Ksh4,873.15.",
            "TKC81PLW0E unknown <400100>",
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
fn wallets_of_uganda_state_fee_and_other_side() {
    let names = [
        "NILE RIDES",
        "BETPAWA",
        "BETPAWA LIRA",
        "ODONGO STORES",
        "NUMIDA TECHNOLOGIES",
    ];
    for (sender, body, expected) in [
        (
            "MTNMobMoney",
            "Y'ello. NILE RIDES LIMITED has deducted UGX 7000 at a fee of UGX 350 Transaction ID: 29950011229 from your mobile money account. Message: pay. New balance is:UGX 52420. Your Bonus was: 0. Be safe.",
            "fee 350 29950011229 business <NILE RIDES>",
        ),
        (
            "AirtelMoney",
            "BETPAWA LIRA has deducted UGX 4,000 from your Airtel Money account. New balance UGX 52,420. Thank you.",
            "business <BETPAWA LIRA>",
        ),
        (
            "MTNMobMoney",
            "You have sent UGX 9000 to BETPAWA, 256780000333 on 2026-04-02 10:11:12. Fee: UGX 500. Your new balance is UGX 48,400. ID: 19950011223.",
            "fee 500 19950011223 business <BETPAWA>",
        ),
        (
            "MTNMobMoney",
            "You have received UGX 300000 from NUMIDA TECHNOLOGIES on 2026-04-05 09:00:04. fee:0. Reason: loan. New balance: UGX 417100.",
            "fee 0 lender <NUMIDA TECHNOLOGIES>",
        ),
        (
            "MTNMobMoney",
            "You have withdrawn UGX 40,000 from ODONGO STORES on 2026-04-04 10:11:12. Fee: UGX 880, Tax: UGX 200. New balance: UGX 67,420. Transaction ID: 19950011225.",
            "fee 1080 19950011225 unknown <ODONGO STORES>",
        ),
        (
            "AirtelMoney",
            "WITHDRAWN. TID 91234567894. UGX40,000 with Agent ID: 445577.Fee UGX 880.Tax UGX 200.Bal UGX 13,320. Date 12-June-2026 10:30.",
            "fee 1080 91234567894 agent",
        ),
    ] {
        let records = records("UG", sender, body);
        assert_eq!(described(&records[0], &names), expected, "{body}");
    }
}

/// The stated charges include the value added tax. A code with a date is whole even at the end of a text.
#[test]
fn wallets_of_tanzania_state_fee_and_code() {
    let names = ["HALIMA OMARI", "TIPS TIPS", "JUMA", "JOYCE AGENT OUTLET"];
    for (sender, body, expected) in [
        (
            "MixxByYas",
            "Umetuma TSh 12,000 kwenda kwa HALIMA OMARI, 0715000333. Ada TSh 500. VAT TSh 76. Salio jipya ni TSh 46,162. Kumbukumbu No: 37755640988. 18/09/25 15:55",
            "fee 500 37755640988 person <HALIMA OMARI>",
        ),
        (
            "MixxByYas",
            "Umetuma kikamilifu TSh 110,357 kwenda kwa Vodacom JUMA SAIDI HAMISI-255700000123. Jumla ya makato TSh 1,440, VAT TSh 220. Salio jipya ni TSh126,000. Namba ya muamala: 26100000000003. Risiti: 503-TESTCD34EF. 12/09/26 15:45. Kila Muamala ni Bao la Ushindi!",
            "fee 1440 26100000000003",
        ),
        (
            "MixxByYas",
            "Umetoa TSh 50,000 kutoka kwa wakala JUMA. Jumla ya Makato TSh 1,645. (Ada TSh 1,450, Tozo TSh 195), VAT TSh 221. Salio jipya ni TSh 46,162. Kumbukumbu No: 37755640988. 18/09/25 15:55",
            "fee 1645 37755640988 agent <JUMA>",
        ),
        // Another tax, or a tax in addition: the whole charge is not known.
        (
            "MixxByYas",
            "Umetoa TSh 50,000 kutoka kwa wakala JUMA. Makato TSh 1,000, VAT TSh 180. Salio jipya ni TSh 46,162. Kumbukumbu No: 37755640988. 18/09/25 15:55",
            "37755640988 agent <JUMA>",
        ),
        (
            "M-PESA",
            "DHVTBNL4MQM Confirmed. On 16/8/26 at 8:08 pm Withdraw Tsh100,000.00 from 431836 - JOYCE AGENT OUTLET Total fee Tsh4,357.00 (M-Pesa fee Tsh3,650.00 + Government levy Tsh707.00). Balance is Tsh75,293.40. Your Songesha limit is Tsh4836",
            "fee 4357 DHVTBNL4MQM agent <JOYCE AGENT OUTLET>",
        ),
        (
            "AirtelMoney",
            "Umelipa 2,000.00 Tsh kwenda TIPS TIPS. Makato Tsh 70.00. Salio 26,885.00 Tsh TID:XX261009.0754.A11111",
            "fee 70 XX261009.0754.A11111 unknown <TIPS TIPS>",
        ),
        (
            "AirtelMoney",
            "You have paid 2,000.00 Tsh to TIPS TIPS. Charges Tsh 70.00. Balance 26,885.00 Tsh. TID:PP261009.0754.A11111",
            "fee 70 PP261009.0754.A11111 unknown <TIPS TIPS>",
        ),
        // The code is cut off.
        (
            "AirtelMoney",
            "Umelipa 2,000.00 Tsh kwenda TIPS TIPS. Makato Tsh 70.00. Salio 26,885.00 Tsh TID:PP261009.0754.A1111",
            "fee 70 unknown <TIPS TIPS>",
        ),
        (
            "NMB",
            "201NDGL261840637. Umepokea kiasi cha TZS 209,236.55 kupitia Mshiko Fasta Kulipwa hadi 01-OCT-26. Gharama 33,059.45 03-JUL-26, Kopa na lipa kwa wakati uweze kukopa kiwango cha juu zaidi . NMB karibu yako",
            "201NDGL261840637",
        ),
    ] {
        let records = records("TZ", sender, body);
        assert_eq!(described(&records[0], &names), expected, "{body}");
    }
}

#[test]
fn wallets_of_ghana_and_tanzania_state_fee_and_other_side() {
    let payment = |name: &str, tax: &str| {
        format!(
            "Your payment of GHS 44.00 to {name} has been completed at 2026-08-06 18:22:12. Your new balance: GHS 477.10. \
             Fee was GHS 0.38 Tax was {tax}. Reference: 4471902. Financial Transaction Id: 60012345678. External \
             Transaction Id: -."
        )
    };
    let received = |name: &str| {
        format!(
            "Payment received for GHS 787.20 from {name} Current Balance: GHS 900.00 . Available Balance: GHS 900.00. \
             Reference: loan. Transaction ID: 60012345679. TRANSACTION FEE: 0.00"
        )
    };
    let cases = [
        // A charge of zero or a dash hides no other charge.
        ("GH", "MobileMoney", payment("KOFI STORES", "GHS -"), "fee 0.38 60012345678", ""),
        ("GH", "MobileMoney", payment("KOFI STORES", "GHS 0.00"), "fee 0.38 60012345678", ""),
        ("GH", "MobileMoney", payment("KOFI STORES", "GHS 0.10"), "60012345678", ""),
        ("GH", "MobileMoney", payment("KOFI STORES", "waived"), "60012345678", ""),
        // A lender of the directory is known by its whole name.
        ("GH", "MobileMoney", payment("FIDO", "0"), "fee 0.38 60012345678 lender", "LoanRepayment"),
        ("GH", "MobileMoney", payment("FIDO MENSAH", "0"), "fee 0.38 60012345678", ""),
        ("GH", "MobileMoney", payment("LETSHEGO", "0"), "fee 0.38 60012345678", ""),
        ("GH", "MobileMoney", payment("ECOBANK XPRESSLOAN", "0"), "fee 0.38 60012345678 lender", "LoanRepayment"),
        ("GH", "MobileMoney", received("FIDO MICRO CREDIT LTD"), "fee 0 60012345679 lender", "LoanDisbursed"),
        ("GH", "MobileMoney", received("AHOMKA LOAN"), "fee 0 60012345679 lender", "LoanDisbursed"),
        ("GH", "MobileMoney", received("BOSEA LOAN"), "fee 0 60012345679 lender", "LoanDisbursed"),
        ("GH", "MobileMoney", received("LOAN FIDO"), "fee 0 60012345679", ""),
        (
            "TZ",
            "M-PESA",
            "DHE9B1FY3C confirmed. You have received Tsh100,000.00 from 400200 - BRANCH INTERNATIONAL TANZANIA on 14/8/26 at 9:31 AM New M-Pesa balance is Tsh106,510.36. Welcome.".to_owned(),
            "DHE9B1FY3C lender",
            "LoanDisbursed",
        ),
        (
            "TZ",
            "M-PESA",
            "DGF9B1DTJ5 Confirmed. Tsh50,000.00 sent to Mgodi for account 255754123456 on 16/7/26 at 7:53 pm Total fee Tsh0.00 (M-Pesa fee Tsh0.00 + Government Levy Tsh0.00). Balance is Tsh1,493.36.".to_owned(),
            "fee 0 DGF9B1DTJ5 lender",
            "LoanRepayment",
        ),
        (
            "TZ",
            "M-PESA",
            "DGF9B1DTJ5 Confirmed. Tsh50,000.00 sent to BRANCH for account 255754123456 on 16/7/26 at 7:53 pm Total fee Tsh0.00 (M-Pesa fee Tsh0.00 + Government Levy Tsh0.00). Balance is Tsh1,493.36.".to_owned(),
            "fee 0 DGF9B1DTJ5 lender",
            "LoanRepayment",
        ),
        // The layout is for any other side.
        (
            "TZ",
            "MixxByYas",
            "Transfer Successful. New balance is TSh 143,474. You have received TSh 90,000 from Nivushe Plus, with TxnId: 12345678901. 14/08/26 09:31. Thank you.".to_owned(),
            "12345678901 lender",
            "LoanDisbursed",
        ),
        (
            "GH",
            "MobileMoney",
            "Cash In received for GHS 200.00 from FIDO. Current Balance GHS 262.40 Available Balance GHS 262.40. Transaction ID: 86999661533. Fee charged: GHS 0. Thank you.".to_owned(),
            "fee 0 86999661533 agent",
            "",
        ),
        (
            "GH",
            "MobileMoney",
            "Cash Out made for GHS150.00 to UNITY STORES. Current Balance: GHS422.58 Financial Transaction Id: 86785458226. Fee charged: GHS1.50. Thank you.".to_owned(),
            "fee 1.5 86785458226 agent",
            "",
        ),
        (
            "GH",
            "T-CASH",
            "0000022028321758 Confirmed. You have withdrawn GHS20.00 from G62667 - HILLTOP ENTERPRISE on 2026-03-10 at 11:26:46. Your Telecel Cash balance is GHS52.03.".to_owned(),
            "0000022028321758 agent",
            "",
        ),
    ];
    for (country, sender, body, expected, label) in cases {
        let records = records(country, sender, &body);
        let details = described(&records[0], &[])
            .replace(" unknown", "")
            .replace(" somebody", "");
        assert_eq!(details, expected, "{body}");
        let labels: Vec<String> = records[0].labels.iter().map(|label| label.to_string()).collect();
        assert_eq!(labels.join(" "), label, "{body}");
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
        let taxed = ["tax was", "tax charged", "e-levy charge is"]
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

#[test]
fn a_charge_for_the_movement_and_one_for_its_message_add_up() {
    for (charges, fee) in [
        (
            "Transaction Charge: RWF 20.00. Notification Charge: RWF 20.00.",
            Some("40"),
        ),
        (
            "Transaction Charge: RWF 500.00. Notification Charge: RWF 20.00.",
            Some("520"),
        ),
        ("Txn Fee: RWF 35.00, SMS Charge: RWF 10.00.", Some("45")),
        ("Txn Charge: RWF 0. Notification Charge: RWF 0.", Some("0")),
        ("Charge: RWF 20.00. Charge: RWF 20.00.", Some("20")),
        // The one may contain the other, or be the same charge.
        ("Charge: RWF 520.00. Notification Charge: RWF 20.00.", None),
        ("Charge: RWF 20.00. Fee: RWF 20.00.", None),
        (
            "Transaction Charge: RWF 520.00, including Notification Charge: RWF 20.00.",
            None,
        ),
    ] {
        let body = format!(
            "Dear ALINE KEZA, your account 4******305 has been debited RWF 30,000.00. Ref: FT26201C9PVX on 20 JUL \
             2026-19:28:17 at BPR Bank. {charges} Your balance is RWF 267,506.00. For inquiry call 250788140000"
        );
        let told = records("RW", "BPR", &body)[0].details.fee;
        assert_eq!(told.map(|fee| fee.decimal().to_string()).as_deref(), fee, "{charges}");
    }
}

#[test]
fn a_fee_has_its_taxes_where_the_layout_says_that_they_add_up() {
    for (country, sender, body, fee) in [
        (
            "ET",
            "127",
            "Dear Bethel You have transferred ETB 420.00 to Rahel Worku (2519****5322) on 03/03/2026 11:35:20. Your transaction number is DC25ELPISN. The service fee is ETB 2.61 and 15% VAT on the service fee is ETB 0.39. Your current E-Money Account balance is ETB 3,296.23. Thank you for using telebirr",
            Some("3"),
        ),
        (
            "ET",
            "CBE",
            "Dear Hana, You have transfered ETB 1,000.00 to Yonas Ali on 18/04/2026 at 10:52:06 from your account 1*********4477. Your account has been debited with a S.charge of ETB 4.00 and VAT(15%) of ETB0.60 and Disaster Fund (5%) of ETB0.20, with a total of ETB 1004.80. Your Current Balance is ETB 3,814.30. Thank you for Banking with CBE!",
            Some("4.8"),
        ),
        // The total is less than the amount with the stated charge.
        (
            "ET",
            "CBE",
            "Dear Hana, You have transfered ETB 1,000.00 to Yonas Ali on 18/04/2026 at 10:52:06 from your account 1*********4477. Your account has been debited with a S.charge of ETB 4.00 and VAT(15%) of ETB0.60, with a total of ETB 1000.00. Your Current Balance is ETB 3,814.30. Thank you for Banking with CBE!",
            None,
        ),
        // By clauses: a total confirms the sum of the charges, contradicts them, or is missing.
        (
            "KE",
            "KCB",
            "KES 750.00 has been sent from your account 145******971 to JANE DOE on 07-08-2026. Charge KES 10.00. Excise duty KES 2.00. Total KES 762.00. Available balance is KES 4,239.00.",
            Some("12"),
        ),
        (
            "KE",
            "KCB",
            "KES 750.00 has been sent from your account 145******971 to JANE DOE on 07-08-2026. Charge KES 10.00. Total KES 765.00. Available balance is KES 4,239.00.",
            None,
        ),
        (
            "KE",
            "KCB",
            "KES 750.00 has been sent from your account 145******971 to JANE DOE on 07-08-2026. Charge KES 10.00. Excise duty KES 2.00. Available balance is KES 4,239.00.",
            None,
        ),
    ] {
        let found = records(country, sender, body)[0].details.fee;
        assert_eq!(found.map(|fee| fee.decimal().to_string()).as_deref(), fee, "{body}");
    }
}

/// Whether every tax that a text states is zero.
fn states_no_tax(text: &str) -> bool {
    let lower = text.to_lowercase();
    let places = ["tax was", "tax charged", "e-levy charge is"]
        .into_iter()
        .filter_map(|words| {
            let at = lower.find(words)?;
            let rest: String = lower[at + words.len()..].chars().take(16).collect();
            let digits = rest.chars().find(char::is_ascii_digit);
            Some(digits == Some('0'))
        });
    places.into_iter().all(|zero| zero)
}

/// A reading that took the amount or the balance for the fee would record a wrong fee.
#[test]
fn no_fee_is_the_amount_or_the_balance_of_its_message() {
    let mut with_fee = 0;
    let mut readings = 0;
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
        readings += 1;
    }
    println!("{with_fee} fees in {readings} readings");
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

/// The template ends a name at any space, because a tail may follow it.
#[test]
fn a_name_that_the_text_behind_it_may_continue_gets_no_pseudonym() {
    let body = "Umelipa TZS 6,500 kwa kadi inayoishia 6655. Tar 20-06-2026 11:18 kwa VILLAGE SUPERMARKET. Lipia kwa Mastercard QR kupitia NMB Mkononi *150*66# au App";
    let party = records("TZ", "NMB", body)[0].details.counterparty;
    let token = party.and_then(|party| party.token);
    assert!(
        [None, Some(token_of("VILLAGE SUPERMARKET"))].contains(&token),
        "{party:?}"
    );
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

/// The details by the clauses alone, see [`described`].
fn by_clauses(country: &str, sender: &str, body: &str, names: &[&str]) -> String {
    let (reading, _) = read_by_clauses(&message(sender, body), country.parse().ok(), Some(&token_of));
    match reading {
        Reading::Records(records) => described(&records[0], names),
        other => panic!("{body}: {other:?}"),
    }
}

#[test]
fn clauses_find_names_and_codes_in_each_language() {
    let names = [
        "JANE DOE",
        "AWA KONE",
        "JUMA DODO",
        "ANA MACUA",
        "123451",
        "GOLDEN STORES",
        "ONEIL SONS",
    ];
    for (country, sender, body, expected) in [
        (
            "KE",
            "KCB",
            "KES 750.00 has been sent from your account 145******971 to JANE DOE on 07-08-2026. Ref: QX12AB34CD. Available balance is KES 4,239.00.",
            "QX12AB34CD unknown <JANE DOE>",
        ),
        (
            "KE",
            "KCB",
            "KES 750.00 has been sent from your account 145******971 to O'NEIL & SONS LTD on 07-08-2026. Available balance is KES 4,239.00.",
            "unknown <ONEIL SONS>",
        ),
        (
            "UG",
            "AirtelMoney",
            "SENT. TID 91234567890. UGX 25,000 to JANE DOE 0752000111. Fee UGX 500. Bal UGX 63,456. Date 12-June-2025 10:00.",
            "fee 500 91234567890 person <JANE DOE>",
        ),
        (
            "ZM",
            "AirtelMoney",
            "You have received ZMW 200.00 from 977292311 Jane Doe. Your balance is ZMW 250.00. Txn ID: PP221213.1138.M45782. Dial *115# for help.",
            "PP221213.1138.M45782 person <JANE DOE>",
        ),
        (
            "ZM",
            "AirtelMoney",
            "You have withdrawn ZMW 200.00 from Agent 123451 - Golden Stores on 07-08-2026. Your balance is ZMW 250.00. Txn ID: CO221213.1138.M45782. Dial *115# for help.",
            "CO221213.1138.M45782 agent <123451>",
        ),
        (
            "CM",
            "MobileMoney",
            "Vous avez envoye 25 000 FCFA a AWA KONE (677123451). Frais: 250 FCFA. Nouveau solde: 145 200 FCFA. ID de la transaction: 18274910281. Merci.",
            "fee 250 18274910281 person <AWA KONE>",
        ),
        (
            "CI",
            "OrangeMoney",
            "Vous avez recu 5 000 FCFA de AWA KONE le 07-08-2026. Nouveau solde: 7 250 FCFA. Ref: PP260807.1138.C45782. Merci.",
            "PP260807.1138.C45782 unknown <AWA KONE>",
        ),
        (
            "TZ",
            "HALOPESA",
            "Umetuma Tsh 30,000.00 kwa Juma Dodo tarehe 15/5/2026 saa 10:00. Rej: P65XYZ124. Salio: Tsh 220,000.00",
            "P65XYZ124 unknown <JUMA DODO>",
        ),
        (
            "TZ",
            "HALOPESA",
            "Umepokea Tsh 30,000.00 kutoka kwa Juma Dodo tarehe 15/5/2026 saa 10:00. Kumbukumbu: HP12346. Salio: Tsh 220,000.00",
            "HP12346 unknown <JUMA DODO>",
        ),
        (
            "MZ",
            "e-Mola",
            "Transferiste 300.00MT para Ana Macua em 07-08-2026. Taxa: 5.00MT. Saldo: 20.00MT. ID da transacao: CI260807.1234.A12345. Obrigado.",
            "fee 5 CI260807.1234.A12345 unknown <ANA MACUA>",
        ),
    ] {
        assert_eq!(by_clauses(country, sender, body, &names), expected, "{body}");
    }
}

#[test]
fn clauses_give_no_name_and_no_code_that_may_be_another() {
    let sent = |rest: &str| format!("KES 750.00 has been sent from your account 145******971 {rest}");
    let balance = "Available balance is KES 4,239.00.";
    for rest in [
        // Names that do not end, that contain words of rules, or that are partly hidden.
        "to JANE and MARY on 07-08-2026.",
        "to JANE DOE to MARY DOE on 07-08-2026.",
        "to JANE NEW on 07-08-2026.",
        "to HOPE FOR CHILDREN on 07-08-2026.",
        "to JANE D. MARY on 07-08-2026.",
        "to JANE ***** on 07-08-2026.",
        "to JANE/RENT on 07-08-2026.",
        "to SAVINGS BANK on 07-08-2026.",
        "to NIP JOHN on 07-08-2026.",
        "to KCB on 07-08-2026.",
        "to BALANCE on 07-08-2026.",
        "to ACME CO. NEW TOWN on 07-08-2026.",
        // Codes of something else, two codes, masked and short ones.
        "on 07-08-2026. Ref: QX12AB34CD. Ref: QX99AB34CD.",
        "on 07-08-2026. Agent ID: 98791286391.",
        "on 07-08-2026. Loan reference: QX12AB34CD.",
        "on 07-08-2026. M-PESA Ref: QX12AB34CD.",
        "on 07-08-2026. Desc: RENT REF QX12AB34CD.",
        "on 07-08-2026. Ref: 0722000111.",
        "on 07-08-2026. Ref: 123.",
        "on 07-08-2026. Ref: QX12****CD.",
    ] {
        let body = format!("{} {balance}", sent(rest));
        let (reading, _) = read_by_clauses(&message("KCB", &body), "KE".parse().ok(), Some(&token_of));
        let Reading::Records(records) = reading else { continue };
        let details = &records[0].details;
        let token = details.counterparty.and_then(|party| party.token);
        assert_eq!((token, &details.reference), (None, &None), "{body}");
    }
    // In a wallet's text, customers write behind "Reference".
    let remark = "You have received GHS 30.00 from JANE DOE on 2026-07-02. Your balance is GHS 32.55. Reference: INV20240012. Thank you.";
    assert_eq!(
        by_clauses("GH", "GhanaPay", remark, &["JANE DOE"]),
        "unknown <JANE DOE>"
    );
    let both = "You have received GHS 30.00 from JANE DOE on 2026-07-02. Your balance is GHS 32.55. Reference: INV20240012. Transaction ID: 62000813054. Thank you.";
    assert_eq!(
        by_clauses("GH", "GhanaPay", both, &["JANE DOE"]),
        "62000813054 unknown <JANE DOE>"
    );
}

/// *Leave one out*, for details: each detail of the clauses is the template's, or absent.
#[test]
fn clauses_state_the_details_of_templates_or_none() {
    let mut counts: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    let mut differ = Vec::new();
    for example in examples() {
        let Reading::Records(known) = example.read_with_tokens(&example.text) else {
            continue;
        };
        let message = example.message(&example.text);
        let (found, _) = read_by_clauses(&message, Some(example.country), Some(&token_of));
        let Reading::Records(found) = found else { continue };
        for (found, known) in found.iter().zip(&known) {
            let (found, known) = (&found.details, &known.details);
            let party = |details: &Details| details.counterparty.and_then(|party| party.token);
            let kind = |details: &Details| details.counterparty.map(|party| party.kind);
            let told = |kind: &CounterpartyKind| *kind != CounterpartyKind::Unknown;
            let pairs = [
                (
                    "fee",
                    found.fee.map(|fee| fee.to_string()),
                    known.fee.map(|fee| fee.to_string()),
                ),
                (
                    "reference",
                    found.reference.as_ref().map(ToString::to_string),
                    known.reference.as_ref().map(ToString::to_string),
                ),
                (
                    "token",
                    party(found).map(|token| token.to_string()),
                    party(known).map(|token| token.to_string()),
                ),
                (
                    "kind",
                    kind(found).filter(told).map(|kind| kind.to_string()),
                    kind(known).filter(told).map(|kind| kind.to_string()),
                ),
            ];
            for (name, found, known) in pairs {
                let outcome = match (&found, &known) {
                    (None, None) => continue,
                    (Some(found), Some(known)) if found == known => "agree",
                    (None, Some(_)) => "absent",
                    (Some(_), None) => "more",
                    (Some(_), Some(_)) => "disagree",
                };
                *counts.entry((name, outcome)).or_default() += 1;
                if outcome != "agree" {
                    let line = format!("{outcome} {name}: {found:?}, not {known:?}: {}", example.text);
                    differ.push((outcome, line));
                }
            }
        }
    }
    println!("{counts:?}");
    if std::env::var_os("SHOW_DETAILS").is_some() {
        for (_, line) in &differ {
            println!("{line}");
        }
    }
    differ.retain(|(outcome, _)| *outcome == "disagree");
    assert!(differ.is_empty(), "{} differ: {differ:#?}", differ.len());
}

#[test]
fn a_wage_is_labelled_by_the_banks_word() {
    let body = "GTBank: Your account ****6789 has been credited with NGN40,000.00. Desc: SALARY PAYMENT";
    assert!(records("NG", "GTBank", body)[0].labels.contains(Label::Salary));
    let body = body.replace("credited", "debited");
    assert!(!records("NG", "GTBank", &body)[0].labels.contains(Label::Salary));
    for (country, sender, body, wage) in [
        (
            "ET",
            "CBE",
            "Dear Hana your Account 1*********4477 has been Credited with ETB 4,500.00 from Salary Payment, on 14/10/2025 at 12:37:24 with Ref No FT25287ABCDE Your Current Balance is ETB 5,204.10.",
            true,
        ),
        (
            "ET",
            "CBE",
            "Dear Hana your Account 1*********4477 has been Credited with ETB 4,500.00 from Salary Advance, on 14/10/2025 at 12:37:24 with Ref No FT25287ABCDE Your Current Balance is ETB 5,204.10.",
            false,
        ),
        (
            "KE",
            "KCB",
            "Your account 145******971 has been credited with salary payment of KES 50,000.00 on 07-08-2026. Available balance is KES 51,239.00.",
            true,
        ),
        (
            "KE",
            "KCB",
            "Your account 145******971 has been credited with KES 50,000.00 from Monthly Salary on 07-08-2026. Available balance is KES 51,239.00.",
            true,
        ),
        (
            "KE",
            "KCB",
            "Your account 145******971 has been credited with salary advance of KES 50,000.00 on 07-08-2026. Available balance is KES 51,239.00.",
            false,
        ),
        (
            "KE",
            "KCB",
            "Your account 145******971 has been credited with KES 50,000.00 from JANE SALARY on 07-08-2026. Available balance is KES 51,239.00.",
            false,
        ),
        (
            "KE",
            "KCB",
            "Your salary account 145******971 has been credited with KES 50,000.00 on 07-08-2026. Available balance is KES 51,239.00.",
            false,
        ),
        (
            "KE",
            "KCB",
            "Your account 145******971 has been debited with salary payment of KES 50,000.00 on 07-08-2026. Available balance is KES 51,239.00.",
            false,
        ),
    ] {
        let (reading, _) = read_with_source(&message(sender, body), country.parse().ok());
        match reading {
            Reading::Records(records) => assert_eq!(records[0].labels.contains(Label::Salary), wage, "{body}"),
            other => assert!(!wage, "{body}: {other:?}"),
        }
    }
}
