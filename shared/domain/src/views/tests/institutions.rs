use serde_json::json;
use uuid::{Uuid, uuid};

use crate::ids::{AcctUuid, UserId};
use crate::reports::tests::records::{Build, json, kenyan, loan, record, subject_in};
use crate::views::{accounts, institutions};
use crate::{AccountType, Currency, InstitutionId, Label, Record};

const MPESA: AcctUuid = AcctUuid(uuid!("dedec5de-01cc-5d11-94e9-388f55b12336"));

fn ledger() -> Vec<Record> {
    vec![
        record("equitybank", "2021-10-01T00:00:00").credit("5").currency("KES"),
        record("equitybank", "2021-10-02T00:00:00")
            .account("0042")
            .credit("5")
            .currency("USD"),
        record("equitybank", "2021-10-03T00:00:00").balance("5").currency("USD"),
        loan("equitybank", "2021-10-04T00:00:00")
            .account("0042")
            .label(Label::NewLoanOffer),
        record("acme-lend", "2021-10-05T00:00:00")
            .of_type(AccountType::RevolvingLoan)
            .debit("9"),
        loan("acme-lend", "2021-10-06T00:00:00").debit("9").currency("TZS"),
        record("mpesa", "2021-10-07T00:00:00").label(Label::InsufficientFunds),
        record("safaricom", "2021-10-08T00:00:00")
            .of_type(AccountType::Airtime)
            .credit("20")
            .currency("KES"),
    ]
}

#[test]
fn institutions_come_from_the_directory_and_the_records() {
    let ledger = ledger();
    let expected = json!({
        "_meta": {
            "client_uuid": "00000000-0000-0000-0000-000000000001",
            "user_uuid": "958a5ae8-f3a3-41d5-ae48-177fdc19e3f4",
        },
        "institutions": [
            {"institution_id": "acme-lend", "display_name": "acme-lend", "account_types": ["loan", "revolving_loan"],
             "account_ids": ["default"], "currency": "TZS"},
            {"institution_id": "equitybank", "display_name": "Equity Bank", "account_types": ["depository", "loan"],
             "account_ids": ["0042", "default"], "currency": "USD"},
            {"institution_id": "mpesa", "display_name": "M-PESA", "account_types": ["depository"],
             "account_ids": ["default"], "currency": null},
            {"institution_id": "safaricom", "display_name": "Safaricom Airtime", "account_types": ["airtime"],
             "account_ids": ["default"], "currency": "KES"},
        ],
        "country_currency": "KES",
    });
    assert_eq!(json(&institutions::institutions(&ledger, &kenyan())), expected);
}

#[test]
fn the_currency_of_an_institution_is_that_of_most_transactions_and_of_two_the_later() {
    let mut ledger = ledger();
    ledger.push(record("equitybank", "2020-01-01T00:00:00").debit("1").currency("KES"));
    let view = institutions::institutions(&ledger, &kenyan());
    assert_eq!(view.institutions[1].currency.map(Currency::code), Some("KES"));
}

#[test]
fn accounts_of_the_older_generation_show_only_values_its_clients_know() {
    let ledger = ledger();
    let view = json(&accounts::accounts(&ledger, &kenyan()));
    assert_eq!(
        view["_meta"]["user_uuid"],
        json!("958a5ae8-f3a3-41d5-ae48-177fdc19e3f4")
    );
    let account = |uuid: &str, name: &str, display_name: &str, currency: &str, types: &[&str]| {
        json!({"acct_uuid": uuid, "institution": {"name": name, "display_name": display_name},
               "currency": currency, "types": types})
    };
    let accounts = view["accounts"].as_array().expect("accounts");
    let acme = AcctUuid::of(kenyan().user_uuid, &"acme-lend".parse().expect("id")).to_string();
    assert_eq!(
        accounts[0],
        account(&acme, "acme-lend", "acme-lend", "unknown", &["loan"])
    );
    let equity = "59622861-a5c1-5fd7-a80c-03e95d17bcea";
    assert_eq!(
        accounts[1],
        account(equity, "equitybank", "Equity Bank", "USD", &["depository", "loan"])
    );
    assert_eq!(
        accounts[2],
        account(&MPESA.to_string(), "mpesa", "M-PESA", "unknown", &["depository"])
    );
    assert_eq!(accounts[3]["types"], json!(["mobilemoney"]));
}

#[test]
fn the_older_key_of_an_institution_is_stable_and_leads_back_to_it() {
    let mpesa: InstitutionId = "mpesa".parse().expect("id");
    let user = kenyan().user_uuid;
    assert_eq!(AcctUuid::of(user, &mpesa), MPESA);
    assert_ne!(AcctUuid::of(UserId(Uuid::from_u128(2)), &mpesa), MPESA);
    let ledger = ledger();
    assert_eq!(accounts::institution_of(&ledger, user, MPESA), Some(&mpesa));
    assert_eq!(
        accounts::institution_of(&ledger, UserId(Uuid::from_u128(2)), MPESA),
        None
    );
    assert_eq!(accounts::institution_of(&[], user, MPESA), None);
}

#[test]
fn a_user_without_records_has_no_institutions() {
    let view = json(&institutions::institutions(&[], &subject_in(None)));
    assert_eq!(
        (&view["institutions"], &view["country_currency"]),
        (&json!([]), &json!(null))
    );
    assert_eq!(json(&accounts::accounts(&[], &kenyan()))["accounts"], json!([]));
}
