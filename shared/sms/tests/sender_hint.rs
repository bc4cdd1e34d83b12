//! Hints about senders that no institution of the country uses.

mod support;

use daftari_sms::{Message, Outcome, explain, institutions, known_sender, sender_hint};
use support::received_at;

const SENT: &str = "QJ812ABCDE Confirmed. Ksh1,250.00 sent to JANE WAMBUI 0722000111 on 8/10/21 at 1:41 PM. New M-PESA balance is \
                    Ksh3,400.50. Transaction cost, Ksh23.00.";

fn text(sender: &str, country: &str) -> Option<String> {
    sender_hint(sender, "Ksh5 moved", country.parse().ok()).map(|hint| hint.text)
}

#[test]
fn a_misspelt_sender_is_told_the_nearest_of_the_country() {
    let no = |sender: &str| format!("no institution in KE uses the sender `{sender}`");
    assert_eq!(
        text("MPEZA", "KE"),
        Some(format!("{}: did you mean `mpesa` (M-PESA)?", no("MPEZA")))
    );
    for (sender, nearest) in [
        ("M-PESSA", "mpesa"),
        ("EquityBnk", "equitybank"),
        ("KCB Nairobi", "kcb"),
    ] {
        let hint = sender_hint(sender, "", "KE".parse().ok()).expect(sender);
        assert_eq!(hint.nearest[0].sender, nearest, "{}", hint.text);
        assert_eq!(hint.nearest[0].country, "KE");
    }
    // The ending does not change whose sender it is, so the sender is known.
    assert_eq!(text("Equity Bank Kenya Ltd", "KE"), None);
    for bank in ["Absa Bank", "Absa Bank Ghana", "CAL Bank", "ADB Bank"] {
        assert_eq!(text(bank, "GH"), None, "{bank}");
    }
    // A wallet is no bank.
    for (other, country) in [("Orange Bank", "CM"), ("Wave Bank", "SN"), ("MoMo Bank", "GH")] {
        assert_eq!(known_sender(other, country.parse().ok()), None, "{other}");
    }
}

#[test]
fn a_sender_of_another_country_is_told_the_country() {
    let hint = sender_hint("OPay", "", "KE".parse().ok()).expect("hint");
    assert_eq!((hint.nearest[0].country, hint.nearest[0].sender), ("NG", "opay"));
    assert!(
        hint.text
            .starts_with("no institution in KE uses the sender `OPay`; it is known in "),
        "{}",
        hint.text
    );
    // The sender is right abroad, although one of the country is written nearly so.
    assert_eq!(
        text("GCB Bank", "KE").as_deref(),
        Some(
            "no institution in KE uses the sender `GCB Bank`; it is known in GH (GCB Bank). If the phone is of KE, this \
             sender is not covered; its messages may be advertisements"
        )
    );
    // A name that many countries know: the hint names five of them, and the count of the others.
    let hint = sender_hint("Ecobank", "", "ET".parse().ok()).expect("hint");
    let more = hint.text.split(" and ").last().expect("more");
    assert!(more.contains(" more. If the phone is of ET, "), "{}", hint.text);
    // The operator of the country advertises under the name.
    let hint = text("MTN", "RW").expect("hint");
    assert!(
        hint.contains("If the phone is of RW, this sender is not covered"),
        "{hint}"
    );
}

#[test]
fn known_and_strange_senders_and_persons_have_no_hint() {
    for sender in [
        "MPESA",
        "m-pesa",
        "KCB",
        "AIRTEL KE",
        "",
        " ",
        "+254722000111",
        "QWZXVU",
        "40407",
    ] {
        assert_eq!(text(sender, "KE"), None, "{sender}");
    }
    // The text begins with the name of an institution.
    assert_eq!(sender_hint("MPEZA", "M-PESA: Ksh5 moved", "KE".parse().ok()), None);
}

#[test]
fn without_a_country_the_senders_of_all_are_known() {
    assert_eq!(sender_hint("OPay", "", None), None);
    let hint = sender_hint("MPEZA", "", None).expect("hint");
    assert!(
        hint.text
            .starts_with("no institution uses the sender `MPEZA`: did you mean `mpesa`")
    );
}

#[test]
fn a_hint_changes_no_reading_and_belongs_to_unrecognized_messages() {
    let explained = |sender: &str, body: &str| {
        let message = Message {
            sender,
            body,
            received_at: received_at(),
            id: None,
        };
        explain(&message, "KE".parse().ok())
    };
    let unread = explained("MPEZA", SENT);
    assert_eq!(unread.outcome, Outcome::Unrecognized);
    let hint = unread.sender_hint.expect("hint");
    assert!(
        institutions()
            .iter()
            .any(|known| hint.nearest[0].institutions.contains(&known.id))
    );
    assert_eq!(explained("MPESA", SENT).sender_hint, None);
    assert_eq!(explained("MPEZA", "See you tomorrow").sender_hint, None);
}
