use std::num::NonZeroU32;

use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::ids::AcctUuid;
use crate::reports::tests::balance_order::any_second;
use crate::reports::tests::records::{Build, at, json, kenyan, loan, record};
use crate::views::accounts::PageRequest;
use crate::views::{ListFilter, accounts, institutions};
use crate::{AccountType, InstitutionId, Label, LabelSet, Record, TimeRange};

fn mpesa() -> InstitutionId {
    "mpesa".parse().expect("id")
}

fn ledger() -> Vec<Record> {
    let wallet = |day| record("mpesa", day);
    vec![
        wallet("2021-10-01T00:00:00")
            .credit("100")
            .balance("150.5")
            .currency("KES"),
        wallet("2021-10-02T00:00:00")
            .balance("150.5")
            .currency("TZS")
            .label(Label::Pos),
        Record {
            body: Some("Insufficient funds.".into()),
            ..wallet("2021-10-03T00:00:00").label(Label::InsufficientFunds)
        },
        loan("mpesa", "2021-10-04T00:00:00")
            .account("0042")
            .debit("70")
            .currency("TZS")
            .label(Label::LoanDisbursed),
        wallet("2021-10-05T00:00:00").of_type(AccountType::Airtime).debit("20"),
        wallet("2021-10-06T00:00:00")
            .debit("30")
            .currency("KES")
            .label(Label::AirtimePurchase),
        loan("mpesa", "2021-10-07T00:00:00")
            .of_type(AccountType::RevolvingLoan)
            .account("0042")
            .credit("40"),
        record("okash", "2021-10-08T00:00:00")
            .credit("1")
            .balance("1")
            .label(Label::Pos),
    ]
}

fn days(page: &Value, list: &str) -> Vec<String> {
    let items = page[list].as_array().expect("list").iter();
    items
        .map(|item| item["timestamp"].as_str().expect("timestamp")[8..10].to_owned())
        .collect()
}

fn transaction_days(filter: &ListFilter) -> Vec<String> {
    let ledger = ledger();
    days(
        &json(&institutions::transactions(
            &ledger,
            Some(&mpesa()),
            filter,
            NonZeroU32::MIN,
        )),
        "transactions",
    )
}

fn request(filter: ListFilter) -> PageRequest {
    PageRequest {
        acct_uuid: AcctUuid::of(kenyan().user_uuid, &mpesa()),
        filter,
        page: NonZeroU32::MIN,
    }
}

#[test]
fn each_list_shows_its_kind_of_record_newest_first() {
    let (ledger, all) = (ledger(), ListFilter::default());
    assert_eq!(transaction_days(&all), ["07", "06", "05", "04", "01"]);
    let balances = json(&institutions::balances(&ledger, Some(&mpesa()), &all, NonZeroU32::MIN));
    assert_eq!(days(&balances, "balances"), ["02", "01"]);
    let alerts = json(&institutions::alerts(&ledger, Some(&mpesa()), &all, NonZeroU32::MIN));
    assert_eq!(days(&alerts, "alerts"), ["06", "04", "03", "02"]);
}

#[test]
fn labels_mean_any_of_them_and_so_do_account_types() {
    let labels: LabelSet = [Label::AirtimePurchase, Label::LoanDisbursed].into_iter().collect();
    let filter = |filter: ListFilter| transaction_days(&filter);
    assert_eq!(
        filter(ListFilter {
            labels,
            ..ListFilter::default()
        }),
        ["06", "04"]
    );
    let account_types = [AccountType::Loan, AccountType::Airtime].into_iter().collect();
    assert_eq!(
        filter(ListFilter {
            account_types,
            ..ListFilter::default()
        }),
        ["05", "04"]
    );
    assert_eq!(
        filter(ListFilter {
            labels,
            account_types,
            ..ListFilter::default()
        }),
        ["04"]
    );
}

#[test]
fn ranges_include_both_ends() {
    let range = TimeRange {
        start: Some(at("2021-10-04T00:00:00")),
        end: Some(at("2021-10-06T00:00:00")),
    };
    assert_eq!(
        transaction_days(&ListFilter {
            range,
            ..ListFilter::default()
        }),
        ["06", "05", "04"]
    );
}

#[test]
fn newer_items_have_the_fields_of_the_contract() {
    let (ledger, all) = (ledger(), ListFilter::default());
    let page = serde_json::to_string(&institutions::transactions(
        &ledger,
        Some(&mpesa()),
        &all,
        NonZeroU32::MIN,
    ))
    .expect("json");
    assert!(
        page.starts_with(r#"{"page":1,"num_pages":1,"transactions":[{"id":"#),
        "{page}"
    );
    assert!(page.ends_with(
        r#"{"id":"mpesa@2021-10-01T00:00:00","timestamp":"2021-10-01T00:00:00+00:00","institution_id":"mpesa","account_id":"default","account_type":"depository","amount":100.0,"impact":"CREDIT","currency":"KES","balance":150.5,"labels":[]}]}"#
    ), "{page}");
    let page =
        serde_json::to_string(&institutions::balances(&ledger, Some(&mpesa()), &all, NonZeroU32::MIN)).expect("json");
    assert!(page.contains(
        r#"{"id":"mpesa@2021-10-02T00:00:00","timestamp":"2021-10-02T00:00:00+00:00","institution_id":"mpesa","account_id":"default","account_type":"depository","balance":150.5,"currency":"TZS","labels":["POS"]}"#
    ), "{page}");
    let page =
        serde_json::to_string(&institutions::alerts(&ledger, Some(&mpesa()), &all, NonZeroU32::MIN)).expect("json");
    assert!(page.contains(
        r#"{"id":"mpesa@2021-10-03T00:00:00","smslog_id":"mpesa@2021-10-03T00:00:00","timestamp":"2021-10-03T00:00:00+00:00","ts":1633219200,"institution_id":"mpesa","account_id":"default","account_type":"depository","body":"Insufficient funds.","smslog_body":"Insufficient funds.","labels":["InsufficientFunds"]}"#
    ), "{page}");
}

#[test]
fn an_alert_without_a_text_has_an_empty_one() {
    let ledger = [record("mpesa", "2021-10-01T00:00:00").label(Label::Pos)];
    let alerts = institutions::alerts(&ledger, Some(&mpesa()), &ListFilter::default(), NonZeroU32::MIN);
    assert_eq!((alerts.alerts[0].body, alerts.alerts[0].smslog_body), ("", ""));
    let alerts = json(&accounts::alerts(&ledger, &kenyan(), &request(ListFilter::default())));
    assert_eq!(alerts["alerts"][0]["smslog_body"], json!(""));
}

#[test]
fn older_transactions_are_grouped_by_account_and_show_only_values_clients_know() {
    let ledger = ledger();
    let page = accounts::transactions(&ledger, &kenyan(), &request(ListFilter::default()));
    let item = |day: &str,
                amount: f64,
                impact: &str,
                account: &str,
                kind: &str,
                currency: Option<&str>,
                labels: &[&str]| {
        json!({"ts": at(&format!("2021-10-{day}T00:00:00")).unix_seconds(), "description": null, "amount": amount,
               "impact": impact, "account_number": account, "account_type": kind, "currency": currency, "labels": labels})
    };
    let expected = json!({
        "_meta": {
            "page": 1, "utc_starttime": null, "utc_endtime": null,
            "acct_uuid": "dedec5de-01cc-5d11-94e9-388f55b12336",
            "user_uuid": "958a5ae8-f3a3-41d5-ae48-177fdc19e3f4",
            "total_transactions_count": 5, "max_pages": 1,
            "client_uuid": "00000000-0000-0000-0000-000000000001",
        },
        "transactions": [
            {"account_number": "0042", "account_type": "loan", "records": [
                item("07", 40.0, "CREDIT", "0042", "loan", None, &[]),
                item("04", 70.0, "DEBIT", "0042", "loan", None, &["LoanDisbursed"]),
            ]},
            {"account_number": "default", "account_type": "depository", "records": [
                item("06", 30.0, "DEBIT", "default", "depository", Some("KES"), &["AirtimePurchase"]),
                item("01", 100.0, "CREDIT", "default", "depository", Some("KES"), &[]),
            ]},
            {"account_number": "default", "account_type": "mobilemoney", "records": [
                item("05", 20.0, "DEBIT", "default", "mobilemoney", None, &[]),
            ]},
        ],
    });
    assert_eq!(json(&page), expected);
}

#[test]
fn older_balances_and_alerts_have_the_fields_of_the_contract() {
    let ledger = ledger();
    let range = TimeRange {
        start: Some(at("2021-10-02T00:00:00")),
        end: Some(at("2021-10-03T00:00:00")),
    };
    let request = request(ListFilter {
        range,
        ..ListFilter::default()
    });
    let balances = json(&accounts::balances(&ledger, &kenyan(), &request));
    assert_eq!(balances["_meta"]["total_balances_count"], json!(1));
    assert_eq!(balances["_meta"]["utc_starttime"], json!("2021-10-02T00:00:00+00:00"));
    assert_eq!(
        balances["balances"],
        json!([{"account_number": "default", "account_type": "depository", "records": [
            {"ts": 1_633_132_800, "description": null, "balance": 150.5, "account_number": "default",
             "account_type": "depository", "currency": null, "labels": ["POS"]}]}])
    );
    let alerts = json(&accounts::alerts(&ledger, &kenyan(), &request));
    assert_eq!(alerts["_meta"]["total_alerts_count"], json!(2));
    assert_eq!(
        alerts["alerts"],
        json!([
            {"smslog_id": "mpesa@2021-10-03T00:00:00", "ts": 1_633_219_200, "smslog_body": "Insufficient funds.",
             "labels": ["InsufficientFunds"]},
            {"smslog_id": "mpesa@2021-10-02T00:00:00", "ts": 1_633_132_800, "smslog_body": "", "labels": ["POS"]},
        ])
    );
}

#[test]
fn an_institution_without_records_is_an_empty_list() {
    let ledger = ledger();
    let page = json(&institutions::transactions(
        &ledger,
        "equitybank".parse().ok().as_ref(),
        &ListFilter::default(),
        NonZeroU32::MIN,
    ));
    assert_eq!(page, json!({"page": 1, "num_pages": 1, "transactions": []}));
    let unknown = PageRequest {
        acct_uuid: AcctUuid(Uuid::from_u128(7)),
        ..request(ListFilter::default())
    };
    let page = json(&accounts::transactions(&ledger, &kenyan(), &unknown));
    assert_eq!(
        (&page["transactions"], &page["_meta"]["total_transactions_count"]),
        (&json!([]), &json!(0))
    );
    assert_eq!(page["_meta"]["max_pages"], json!(1));
}

proptest! {
    /// The filter does not show the record with the balance before the second.
    #[test]
    fn the_first_balance_of_a_list_is_the_last_one_of_the_second((records, last) in any_second()) {
        let filter = ListFilter {
            range: TimeRange { start: Some(at("2021-10-08T12:00:00")), end: None },
            ..ListFilter::default()
        };
        let page = institutions::balances(&records, Some(&mpesa()), &filter, NonZeroU32::MIN);
        prop_assert_eq!(page.balances[0].balance, Some(last));
        let page = json(&accounts::balances(&records, &kenyan(), &request(filter)));
        prop_assert_eq!(&page["balances"][0]["records"][0]["balance"], &json(&last));
    }
}
