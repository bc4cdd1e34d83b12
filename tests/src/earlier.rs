//! Tables of earlier versions.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use daftari_platform::identity::Tenant;

use crate::TestApp;

/// Converts the items of a tenant to those that earlier versions wrote.
pub async fn into_single_layout(app: &TestApp, tenant: Tenant) {
    let client = app.database.client().await;
    let table = app.store.table_name();
    let text = |item: &HashMap<String, AttributeValue>, name: &str| item[name].as_s().expect("text").clone();
    let tenant = tenant.to_string();
    let items = app.items().await;
    let created: HashMap<String, String> = items
        .iter()
        .filter(|item| text(item, "type") == "user")
        .map(|item| (text(item, "uuid"), text(item, "created_at")))
        .collect();
    for item in items {
        let (kind, pk, sk) = (text(&item, "type"), text(&item, "PK"), text(&item, "SK"));
        if !pk.starts_with(&tenant) {
            continue;
        }
        if ["word", "entry", "device", "external", "directory", "chunk"].contains(&kind.as_str()) {
            let delete = client.delete_item().table_name(table);
            let delete = delete.key("PK", item["PK"].clone()).key("SK", item["SK"].clone());
            delete.send().await.expect("deleted");
        }
        let put = |item| client.put_item().table_name(table).set_item(Some(item)).send();
        let string = |value: &str| AttributeValue::S(value.to_owned());
        if kind == "word" {
            let uuid = sk.rsplit_once('#').expect("uuid").1;
            let mut term = item.clone();
            let _ = term.remove("created");
            for (name, value) in [
                ("PK", format!("{tenant}#TERMS").as_str()),
                ("type", "term"),
                ("uuid", uuid),
                ("created_at", &created[uuid]),
            ] {
                let _ = term.insert(name.to_owned(), string(value));
            }
            put(term).await.expect("put");
        }
        if kind == "user" {
            let mut profile = item.clone();
            let _ = profile.remove("layout");
            let place = format!("{}#{}", text(&item, "created_at"), text(&item, "uuid"));
            let _ = profile.insert("GSI1PK".to_owned(), string(&format!("{tenant}#USERS")));
            let _ = profile.insert("GSI1SK".to_owned(), string(&place));
            put(profile).await.expect("put");
        }
    }
}
