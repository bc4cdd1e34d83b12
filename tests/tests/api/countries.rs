//! The messages of ten institutions of six countries, from the batch to ledger, lists and reports.

use daftari_tests::{Lender, TestApp};
use serde_json::{Value, json};

/// The account types that the directory names.
const WALLET: &[&str] = &["depository"];
const BANK: &[&str] = &["depository", "loan"];

/// A message and the record it becomes.
struct Told {
    sender: &'static str,
    at: &'static str,
    body: &'static str,
    institution: &'static str,
    account: &'static str,
    impact: &'static str,
    amount: f64,
    balance: f64,
    labels: &'static [&'static str],
}

/// The figures of reports for a user's messages.
struct Reported {
    currency: &'static str,
    /// The currency in the list of accounts, whose words know only some currencies.
    listed: &'static str,
    /// Count and total.
    credit: (u64, f64),
    debit: (u64, f64),
    dti: f64,
    /// Share of the money that was told, steps from one balance to the next, and how many of them are explained.
    completeness: (f64, u64, u64),
    /// The money that came in without a message.
    missing_in: f64,
    /// Id, display name, account and account types of each institution.
    institutions: &'static [(&'static str, &'static str, &'static str, &'static [&'static str])],
}

async fn check(phone_number: &str, messages: &[Told], expected: &Reported) {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register(phone_number).await;
    post(&lender, &user, messages).await;
    ledger_is(&lender, &user, messages, expected).await;
    lists_are(&lender, &user, expected).await;
    reports_are(&lender, &user, messages, expected).await;
}

/// Posts the messages, the last first, beside a password.
async fn post(lender: &Lender, user: &str, messages: &[Told]) {
    let message = |told: &Told| json!({ "sender": told.sender, "body": told.body, "received_at": told.at });
    let mut batch: Vec<Value> = messages.iter().rev().map(message).collect();
    batch.push(json!({ "sender": "INFO", "body": "Your one-time password is 482910.",
        "received_at": "2021-10-12T08:00:00Z" }));
    let path = format!("/users/{user}/messages");
    let answer = lender
        .post(&path, &json!({ "messages": batch }))
        .await
        .expect_status(200);
    let counts = ["recorded", "duplicates", "not_financial", "unrecognized"].map(|name| answer.at(&format!("/{name}")));
    assert_eq!(
        counts,
        [json!(messages.len()), json!(0), json!(1), json!(0)],
        "{}",
        answer.text
    );
}

async fn ledger_is(lender: &Lender, user: &str, messages: &[Told], expected: &Reported) {
    let mut ledger = lender.ledger(user).await;
    ledger.reverse();
    assert_eq!(ledger.len(), messages.len());
    for (record, told) in ledger.iter_mut().zip(messages) {
        let stored = record.as_object_mut().expect("record");
        stored.remove("id");
        stored.remove("body");
        assert_eq!(
            *record,
            json!({ "timestamp": told.at.replace('Z', "+00:00"), "institution_id": told.institution,
                "account_id": told.account, "account_type": "depository", "amount": told.amount, "balance": told.balance,
                "currency": expected.currency, "impact": told.impact, "labels": told.labels }),
            "{}",
            told.body
        );
    }
    let path = format!("/users/{user}/ledger?include=completeness");
    let answer = lender.get(&path).await.expect_status(200);
    let (completeness, steps, explained) = expected.completeness;
    let row = answer.at("/_meta/completeness/by_currency/0");
    let told = ["completeness", "steps", "explained_steps", "missing_in", "missing_out"].map(|name| row[name].clone());
    let missing = json!(expected.missing_in);
    assert_eq!(
        told,
        [json!(completeness), json!(steps), json!(explained), missing, json!(0.0)],
        "{row}"
    );
    assert_eq!(answer.at("/_meta/completeness/currency"), expected.currency);
}

async fn lists_are(lender: &Lender, user: &str, expected: &Reported) {
    let answer = lender
        .get(&format!("/users/{user}/institutions"))
        .await
        .expect_status(200);
    let listed: Vec<Value> = expected
        .institutions
        .iter()
        .map(|(id, name, account, types)| {
            json!({ "institution_id": id, "display_name": name, "account_types": types, "account_ids": [account],
                "currency": expected.currency })
        })
        .collect();
    assert_eq!(answer.at("/institutions"), json!(listed));
    assert_eq!(answer.at("/country_currency"), expected.currency);
    let answer = lender.get(&format!("/users/{user}/accounts")).await.expect_status(200);
    let accounts = answer.at("/accounts");
    let mut accounts: Vec<_> = accounts
        .as_array()
        .expect("accounts")
        .iter()
        .map(|account| {
            (
                account["institution"]["display_name"].clone(),
                account["currency"].clone(),
            )
        })
        .collect();
    accounts.sort_by_key(|(name, _)| name.to_string());
    let named = expected.institutions.iter();
    let mut named: Vec<_> = named
        .map(|(_, name, _, _)| (json!(name), json!(expected.listed)))
        .collect();
    named.sort_by_key(|(name, _)| name.to_string());
    assert_eq!(accounts, named);
}

async fn reports_are(lender: &Lender, user: &str, messages: &[Told], expected: &Reported) {
    let answer = lender.get(&format!("/users/{user}/transactions-summary")).await;
    let answer = answer.expect_status(200);
    assert_eq!(answer.at("/currency"), expected.currency);
    assert_eq!(answer.at("/total_transactions_count"), messages.len());
    for (name, (count, total)) in [("credit", expected.credit), ("debit", expected.debit)] {
        let flow = answer.at(&format!("/{name}"));
        assert_eq!(
            (&flow["count"], &flow["total"]),
            (&json!(count), &json!(total)),
            "{name}"
        );
    }
    let answer = lender.get(&format!("/users/{user}/dti")).await.expect_status(200);
    assert_eq!(
        (answer.at("/dti"), answer.at("/status")),
        (json!(expected.dti), json!("ok"))
    );
}

#[tokio::test]
async fn kenya() {
    let messages = [
        Told {
            sender: "MPESA",
            at: "2021-10-01T06:00:00Z",
            body: "PJ15K7QM2D Confirmed. You have received Ksh3,000.00 from PETER OTIENO 0722000333 on 1/10/21 at 9:00 \
                   AM. New M-PESA balance is Ksh3,400.00.",
            institution: "mpesa",
            account: "default",
            impact: "CREDIT",
            amount: 3_000.0,
            balance: 3_400.0,
            labels: &[],
        },
        Told {
            sender: "MPESA",
            at: "2021-10-01T10:41:00Z",
            body: "PJ16K7QM2E Confirmed. Ksh1,250.00 sent to JANE WAMBUI 0722000111 on 1/10/21 at 1:41 PM. New M-PESA \
                   balance is Ksh2,127.00. Transaction cost, Ksh23.00.",
            institution: "mpesa",
            account: "default",
            impact: "DEBIT",
            amount: 1_250.0,
            balance: 2_127.0,
            labels: &[],
        },
        Told {
            sender: "KCB",
            at: "2021-10-02T05:14:00Z",
            body: "Dear ACHIENG, KES 12,300.00 has been credited to your account 204****118 from NAIROBI WATER on \
                   02-10-2021 08:14. Available balance is KES 15,870.55. Ref FT21275KE11.",
            institution: "kcb",
            account: "118",
            impact: "CREDIT",
            amount: 12_300.0,
            balance: 15_870.55,
            labels: &[],
        },
        Told {
            sender: "KCB",
            at: "2021-10-03T08:30:00Z",
            body: "Dear ACHIENG, KES 750.00 has been sent from your account 204******118 to JANE DOE on 03-10-2021. \
                   Transaction cost KES 11.00. Available balance is KES 15,109.55.",
            institution: "kcb",
            account: "118",
            impact: "DEBIT",
            amount: 750.0,
            balance: 15_109.55,
            labels: &[],
        },
    ];
    let expected = Reported {
        currency: "KES",
        listed: "KES",
        credit: (2, 15_300.0),
        debit: (2, 2_000.0),
        dti: 0.130_719,
        completeness: (1.0, 2, 2),
        missing_in: 0.0,
        institutions: &[
            ("kcb", "KCB Bank Kenya", "118", BANK),
            ("mpesa", "M-PESA", "default", WALLET),
        ],
    };
    check("254722000001", &messages, &expected).await;
}

#[tokio::test]
async fn nigeria() {
    let messages = [
        Told {
            sender: "GTBank",
            at: "2021-10-01T09:02:00Z",
            body: "Acct: ******2210 Amt: NGN4,500.00 CR Desc: TRF FROM CHIDI OKAFOR Date: 01-Oct-2021 10:02 Bal: \
                   NGN6,210.40",
            institution: "gtbank",
            account: "2210",
            impact: "CREDIT",
            amount: 4_500.0,
            balance: 6_210.4,
            labels: &[],
        },
        Told {
            sender: "GTBank",
            at: "2021-10-02T11:10:00Z",
            body: "Acct: ******2210 Amt: NGN1,200.00 DR Desc: POS PURCHASE SHOPRITE IKEJA Date: 02-Oct-2021 12:10 Bal: \
                   NGN5,010.40",
            institution: "gtbank",
            account: "2210",
            impact: "DEBIT",
            amount: 1_200.0,
            balance: 5_010.4,
            labels: &["POS"],
        },
        Told {
            sender: "AltBank",
            at: "2021-10-03T11:44:00Z",
            body: "Dear Customer, your account 012****334 has been debited with NGN18,000.00 on 03-Oct-2021 12:44. \
                   Narration: TRANSFER TO BOLA ADE. Available balance is NGN2,340.10. Thank you for choosing us.",
            institution: "alternativebank",
            account: "334",
            impact: "DEBIT",
            amount: 18_000.0,
            balance: 2_340.1,
            labels: &[],
        },
        Told {
            sender: "AltBank",
            at: "2021-10-04T08:15:00Z",
            body: "Dear Customer, your account 012****334 has been credited with NGN5,000.00 on 04-Oct-2021 09:15. \
                   Narration: TRANSFER FROM GRACE EKE. Available balance is NGN7,340.10. Thank you for choosing us.",
            institution: "alternativebank",
            account: "334",
            impact: "CREDIT",
            amount: 5_000.0,
            balance: 7_340.1,
            labels: &[],
        },
    ];
    let expected = Reported {
        currency: "NGN",
        listed: "NGN",
        credit: (2, 9_500.0),
        debit: (2, 19_200.0),
        dti: 2.021_053,
        completeness: (1.0, 2, 2),
        missing_in: 0.0,
        institutions: &[
            ("alternativebank", "The Alternative Bank", "334", BANK),
            ("gtbank", "Guaranty Trust Bank", "2210", BANK),
        ],
    };
    check("2348031234567", &messages, &expected).await;
}

#[tokio::test]
async fn ghana() {
    let messages = [
        Told {
            sender: "MobileMoney",
            at: "2021-10-01T09:00:00Z",
            body: "Payment received for GHS 85.00 from ABENA OWUSU Current Balance: GHS 102.30 . Available Balance: GHS \
                   102.30. Reference: rent. Transaction ID: 9900112233. TRANSACTION FEE: 0.00",
            institution: "mtn_gh",
            account: "default",
            impact: "CREDIT",
            amount: 85.0,
            balance: 102.3,
            labels: &[],
        },
        Told {
            sender: "MobileMoney",
            at: "2021-10-02T10:00:00Z",
            body: "You have sent GHS 20.00 to KOFI MENSAH 0241234567. Your new balance is GHS 82.30. Transaction ID: \
                   9900112234. Dial *170# for more.",
            institution: "mtn_gh",
            account: "default",
            impact: "DEBIT",
            amount: 20.0,
            balance: 82.3,
            labels: &[],
        },
        Told {
            sender: "Absa",
            at: "2021-10-05T07:00:00Z",
            body: "Dear Kofi Mensah, your account 104****772 has been credited with GHS 1,250.00 on 05-10-2021. \
                   Narration: SALARY OCT. Available balance: GHS 1,310.42. Thank you for banking with Absa.",
            institution: "absa_gh",
            account: "772",
            impact: "CREDIT",
            amount: 1_250.0,
            balance: 1_310.42,
            labels: &["Salary"],
        },
        Told {
            sender: "Absa",
            at: "2021-10-06T07:00:00Z",
            body: "Dear Kofi Mensah, your account 104****772 has been debited with GHS 310.42 on 06-10-2021. Narration: \
                   ATM WITHDRAWAL OSU. Available balance: GHS 1,000.00. Thank you for banking with Absa.",
            institution: "absa_gh",
            account: "772",
            impact: "DEBIT",
            amount: 310.42,
            balance: 1_000.0,
            labels: &["ATM"],
        },
    ];
    let expected = Reported {
        currency: "GHS",
        listed: "GHS",
        credit: (2, 1_335.0),
        debit: (2, 330.42),
        dti: 0.247_506,
        completeness: (1.0, 2, 2),
        missing_in: 0.0,
        institutions: &[
            ("absa_gh", "Absa Bank Ghana", "772", BANK),
            ("mtn_gh", "MTN MoMo Ghana", "default", WALLET),
        ],
    };
    check("233241234567", &messages, &expected).await;
}

/// Between the second and the third message 30,000 came in that no message told.
#[tokio::test]
async fn tanzania() {
    let told = |at, body, impact, amount, balance| Told {
        sender: "Amana",
        at,
        body,
        institution: "amana_tz",
        account: "4471",
        impact,
        amount,
        balance,
        labels: &[],
    };
    let messages = [
        told(
            "2021-10-01T06:00:00Z",
            "Ndugu mteja, kiasi cha TZS 200,000.00 kimewekwa kwenye akaunti yako inayoishia 4471. Salio: TZS 255,100.00. \
             Kwa msaada piga 0800111222.",
            "CREDIT",
            200_000.0,
            255_100.0,
        ),
        told(
            "2021-10-02T06:00:00Z",
            "Ndugu mteja, umetuma TZS 45,000.00 kwa NEEMA JOHN kutoka akaunti yako 015****4471. Salio lako ni TZS \
             210,100.00. Asante kwa kutumia Amana.",
            "DEBIT",
            45_000.0,
            210_100.0,
        ),
        told(
            "2021-10-03T06:00:00Z",
            "Ndugu mteja, kiasi cha TZS 10,000.00 kimewekwa kwenye akaunti yako inayoishia 4471. Salio: TZS 250,100.00. \
             Kwa msaada piga 0800111222.",
            "CREDIT",
            10_000.0,
            250_100.0,
        ),
    ];
    let expected = Reported {
        currency: "TZS",
        listed: "unknown",
        credit: (2, 210_000.0),
        debit: (1, 45_000.0),
        dti: 0.214_286,
        completeness: (0.6471, 2, 1),
        missing_in: 30_000.0,
        institutions: &[("amana_tz", "Amana Bank Tanzania", "4471", BANK)],
    };
    check("255712345678", &messages, &expected).await;
}

#[tokio::test]
async fn uganda() {
    let messages = [
        Told {
            sender: "Centenary",
            at: "2021-10-07T08:00:00Z",
            body: "UGX 1,200,000 has been deposited to your account 31****0021 by OKELLO PETER at MUKONO BRANCH on \
                   07-10-2021. Your balance is UGX 1,455,000. Centenary Bank, our bank.",
            institution: "centenarybank",
            account: "0021",
            impact: "CREDIT",
            amount: 1_200_000.0,
            balance: 1_455_000.0,
            labels: &[],
        },
        Told {
            sender: "Centenary",
            at: "2021-10-08T08:00:00Z",
            body: "You have withdrawn UGX 455,000 from your account ****0021 at ENTEBBE ATM. Available balance: UGX \
                   1,000,000. Keep your PIN secret.",
            institution: "centenarybank",
            account: "0021",
            impact: "DEBIT",
            amount: 455_000.0,
            balance: 1_000_000.0,
            labels: &["ATM"],
        },
    ];
    let expected = Reported {
        currency: "UGX",
        listed: "unknown",
        credit: (1, 1_200_000.0),
        debit: (1, 455_000.0),
        dti: 0.379_167,
        completeness: (1.0, 1, 1),
        missing_in: 0.0,
        institutions: &[("centenarybank", "Centenary Bank", "0021", BANK)],
    };
    check("256772123456", &messages, &expected).await;
}

#[tokio::test]
async fn zambia() {
    let messages = [
        Told {
            sender: "AirtelMoney",
            at: "2021-10-08T07:01:00Z",
            body: "You have received ZMW 211.20 from CHANDA PHIRI 0977000111. Your available balance is ZMW 213.70. TID: \
                   PP211008.0901.A1.",
            institution: "airtel_zm",
            account: "default",
            impact: "CREDIT",
            amount: 211.2,
            balance: 213.7,
            labels: &[],
        },
        Told {
            sender: "AirtelMoney",
            at: "2021-10-08T09:22:00Z",
            body: "You have sent ZMW 150.00 to BWALYA MULENGA 0977000222. Charge: ZMW 2.50. Your available balance is ZMW \
                   61.20. TID: MP211008.1122.B1.",
            institution: "airtel_zm",
            account: "default",
            impact: "DEBIT",
            amount: 150.0,
            balance: 61.2,
            labels: &[],
        },
        Told {
            sender: "Absa",
            at: "2021-10-09T09:20:00Z",
            body: "Dear Customer, ZMW 480.00 has been debited from your account ****4410 at SHOPRITE CAIRO ROAD on \
                   09/10/2021 11:20. Avail bal ZMW 2,004.15. For queries call 0211366100.",
            institution: "absa_zm",
            account: "4410",
            impact: "DEBIT",
            amount: 480.0,
            balance: 2_004.15,
            labels: &[],
        },
        Told {
            sender: "Absa",
            at: "2021-10-10T09:20:00Z",
            body: "Your account ****4410 was credited with ZMW 95.85 from MUTALE BANDA. Balance: ZMW 2,100.00. Please do \
                   not share your PIN with anyone.",
            institution: "absa_zm",
            account: "4410",
            impact: "CREDIT",
            amount: 95.85,
            balance: 2_100.0,
            labels: &[],
        },
    ];
    let expected = Reported {
        currency: "ZMW",
        listed: "unknown",
        credit: (2, 307.05),
        debit: (2, 630.0),
        dti: 2.051_783,
        completeness: (1.0, 2, 2),
        missing_in: 0.0,
        institutions: &[
            ("absa_zm", "Absa Bank Zambia", "4410", BANK),
            ("airtel_zm", "Airtel Money Zambia", "default", WALLET),
        ],
    };
    check("260977123456", &messages, &expected).await;
}
