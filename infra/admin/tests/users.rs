//! Tests `daftari-admin users check`, which finds users with faulty phone numbers, and `users erased`.

mod support;

use std::collections::HashMap;
use std::process::Output;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use daftari_platform::identity::Environment;
use daftari_tests::{Lender, TestApp};
use support::{failed, lines, text, tool};

fn check(app: &TestApp, arguments: &[&str]) -> Output {
    let arguments = [&["users", "check"], arguments].concat();
    let mut command = tool(app.store.table_name(), app.database.endpoint(), &arguments);
    command.output().expect("runs")
}

struct Table<'a> {
    app: &'a TestApp,
    client: Client,
}

type Item = HashMap<String, AttributeValue>;

impl Table<'_> {
    async fn find(&self, end_of_pk: &str, sk: &str) -> Item {
        let items = self.app.items().await;
        let is =
            |item: &&Item| item["PK"].as_s().expect("PK").ends_with(end_of_pk) && item["SK"].as_s().expect("SK") == sk;
        items.iter().find(is).expect("item").clone()
    }

    async fn put(&self, item: Item) {
        let put = self.client.put_item().table_name(self.app.store.table_name());
        put.set_item(Some(item)).send().await.expect("put");
    }

    async fn delete(&self, item: &Item) {
        let deletion = self.client.delete_item().table_name(self.app.store.table_name());
        let deletion = deletion.key("PK", item["PK"].clone()).key("SK", item["SK"].clone());
        deletion.send().await.expect("deleted");
    }

    /// Stores a user with an odd spelling of its number, as earlier versions did.
    async fn store_oddly(&self, lender: &Lender, number: &str, odd: &str) -> String {
        let user = lender.register(number).await;
        let claim = self.find(&format!("#PHONE#{number}"), "PHONE").await;
        self.delete(&claim).await;
        let mut moved = claim.clone();
        let key = claim["PK"].as_s().expect("PK").replace(number, odd);
        moved.insert("PK".to_owned(), AttributeValue::S(key));
        self.put(moved).await;
        let mut profile = self.find(&user, "PROFILE").await;
        profile.insert("phone_number".to_owned(), AttributeValue::S(odd.to_owned()));
        self.put(profile).await;
        user
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_in_order_has_no_findings() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    assert_eq!(lines(&check(&app, &[]), 0), ["0 users, 0 findings"]);
    for number in ["254700000001", "254123456789", "2250701234567", "447700900123"] {
        lender.register(number).await;
    }
    let erased = lender.register("254700000002").await;
    let _ = lender.delete(&format!("/users/{erased}")).await.expect_status(204);
    assert_eq!(lines(&check(&app, &[]), 0), ["4 users, 0 findings"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_numbers_users_of_one_number_and_claims_of_nobody_are_found() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let table = Table {
        app: &app,
        client: app.database.client().await,
    };
    let tenant = lender.tenant.to_string();

    let odd = table.store_oddly(&lender, "254700000001", "2540700000001").await;
    let short = table.store_oddly(&lender, "254700000002", "25470000002").await;
    let good = lender.register("254700000003").await;
    let odd_twin = table.store_oddly(&lender, "254700000004", "00254700000003").await;
    // An erasure of somebody else's user could leave this: two users of one number, one of them without it.
    let unclaimed = lender.register("254700000005").await;
    table.delete(&table.find("#PHONE#254700000005", "PHONE").await).await;
    let claimed = lender.register("254700000005").await;
    let gone = lender.register("254700000006").await;
    table.delete(&table.find(&gone, "PROFILE").await).await;

    let output = check(&app, &[]);
    let mut found = lines(&output, 3);
    assert_eq!(found.pop().as_deref(), Some("6 users, 7 findings"));
    let pair = |a: &str, b: &str| {
        if a < b { format!("{a} {b}") } else { format!("{b} {a}") }
    };
    let mut expected = vec![
        format!("odd        {tenant}  {odd}  2540700000001  is 254700000001"),
        format!("odd        {tenant}  {short}  25470000002  is too short for a phone number of KE (country code 254)"),
        format!("odd        {tenant}  {odd_twin}  00254700000003  is 254700000003"),
        format!("same       {tenant}  254700000003  {}", pair(&good, &odd_twin)),
        format!("same       {tenant}  254700000005  {}", pair(&unclaimed, &claimed)),
        format!("unclaimed  {tenant}  {unclaimed}  254700000005  kept for {claimed}"),
        format!("dangling   {tenant}  254700000006  kept for {gone}"),
    ];
    found.sort();
    expected.sort();
    assert_eq!(found, expected);

    let limited = lines(&check(&app, &["--limit", "2"]), 3);
    assert_eq!(limited.len(), 3);
    assert_eq!(limited[2], "6 users, 7 findings, of which 2 are shown");
    let other = app.organization("Other").await.id.to_string();
    assert_eq!(
        lines(&check(&app, &["--organization", &other]), 0),
        ["0 users, 0 findings"]
    );
    let unknown = "0b0e4a52-0000-4000-8000-000000000000";
    let output = check(&app, &["--organization", unknown]);
    assert_eq!(lines(&output, 1), [""; 0], "figures of nobody");
    assert_eq!(
        text(&output.stderr).trim_end(),
        format!("daftari-admin: there is no organization {unknown}")
    );
    let own = lender.tenant.organization().to_string();
    assert_eq!(lines(&check(&app, &["--organization", &own]), 3).len(), 8);
}

fn erased(app: &TestApp, since: &str) -> Output {
    let arguments = ["users", "erased", "--since", since];
    let mut command = tool(app.store.table_name(), app.database.endpoint(), &arguments);
    command.output().expect("runs")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_erased_of_every_tenant_since_a_time_are_listed() {
    let app = TestApp::start().await;
    let other = app.organization("Other").await;
    let lenders = [
        app.lender().await,
        app.lender_of(other.id, Environment::Production),
        app.lender_of(other.id, Environment::Test),
    ];
    let mut users = Vec::new();
    for lender in &lenders {
        let mut of_lender = Vec::new();
        for number in ["254700000001", "254700000002", "254700000003"] {
            of_lender.push(lender.register(number).await);
        }
        users.push(of_lender);
    }
    let erase = async |at: usize| {
        for (lender, users) in lenders.iter().zip(&users) {
            let _ = lender.delete(&format!("/users/{}", users[at])).await.expect_status(204);
        }
    };
    erase(0).await;
    app.clock.advance(3_600);
    let since = app.clock.now();
    assert_eq!(lines(&erased(&app, &since.to_string()), 0), [""; 0]);
    erase(1).await;
    let expected = |at: usize| {
        let tenants = lenders
            .iter()
            .map(|lender| lender.tenant.to_string().replace('#', "\t"));
        let mut lines: Vec<_> = tenants
            .zip(&users)
            .map(|(tenant, users)| format!("{tenant}\t{}\t{since}", users[at]))
            .collect();
        lines.sort();
        lines
    };
    let sorted = |output: &Output| {
        let mut lines = lines(output, 0);
        lines.sort();
        lines
    };
    assert_eq!(sorted(&erased(&app, &since.to_string())), expected(1));
    assert_eq!(sorted(&erased(&app, &since.plus_seconds(-3_600).to_string())).len(), 6);
    failed(&erased(&app, "yesterday"), 2, "--since");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_receipt_is_named_after_all_others() {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let table = Table {
        app: &app,
        client: app.database.client().await,
    };
    let [damaged, good] = ["254700000001", "254700000002"];
    let damaged = lender.register(damaged).await;
    let good = lender.register(good).await;
    for user in [&damaged, &good] {
        let _ = lender.delete(&format!("/users/{user}")).await.expect_status(204);
    }
    let mut receipt = table.find("#ERASED", &damaged).await;
    receipt.insert("erased_at".to_owned(), AttributeValue::S("soon".to_owned()));
    table.put(receipt).await;
    let output = erased(&app, "2000-01-01T00:00:00Z");
    let found = lines(&output, 1);
    assert!(found.len() == 1 && found[0].contains(&good), "{found:?}");
    assert!(
        text(&output.stderr).contains("corrupt erasure item"),
        "{}",
        text(&output.stderr)
    );
}
