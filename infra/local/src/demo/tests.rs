use daftari_domain::TimeRange;
use daftari_domain::ids::UserId;
use daftari_platform::identity::UserKey;
use daftari_sandbox::{Persona, mercy, personas};

use super::*;
use crate::Engine;

async fn store() -> (Engine, Store) {
    let engine = Engine::start(None, 0).await.expect("engine");
    engine.create_table("demo").await.expect("table");
    let store = Store::new(engine.client().await, "demo".to_owned());
    (engine, store)
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("timestamp")
}

fn user(environment: Environment, persona: &Persona) -> UserKey {
    let tenant = Tenant::of_operator(ORGANIZATION, environment);
    tenant.user(persona.id(tenant))
}

#[tokio::test]
async fn both_environments_have_people_and_a_later_start_goes_on_with_their_histories() {
    let (engine, store) = store().await;
    let (today, tomorrow) = (at("2026-03-01T09:00:00Z"), at("2026-03-02T00:00:00Z"));
    let first = seed(&store, today).await.expect("seeded");
    assert_eq!(first.users, 7 + 7);
    assert_eq!(seed(&store, today).await.expect("seeded"), Seeded::default());

    let late_payer = &personas(today)[0];
    let erased = user(Environment::Test, late_payer);
    assert!(store.erase_user(erased, today).await.expect("erased"));
    let second = seed(&store, tomorrow).await.expect("seeded");
    assert_eq!(second.users, 0);
    assert!((8..150).contains(&second.records), "{second:?}");
    assert!(store.user(erased).await.expect("read").is_none());

    let kept = user(Environment::Production, late_payer);
    let pages = store.ledger(kept, TimeRange::ALL).await.expect("ledger").expect("user");
    let mut wanted = late_payer.records.clone();
    let added = personas(tomorrow)[0].records.clone();
    wanted.extend(
        added
            .into_iter()
            .filter(|record| record.timestamp >= at("2026-03-01T00:00:00Z")),
    );
    let mut stored = pages.records().expect("records");
    stored.sort_by(|a, b| a.position().cmp(&b.position()));
    assert_eq!(stored, wanted);
    engine.stop().await.expect("stopped");
}

#[tokio::test]
async fn mercy_is_where_the_documentation_looks_for_her() {
    let (engine, store) = store().await;
    // Before the first day of the sandbox: the ledger of the public reference page alone.
    let today = at("2021-11-17T00:00:00Z");
    seed(&store, today).await.expect("seeded");
    let id = UserId("958a5ae8-f3a3-41d5-ae48-177fdc19e3f4".parse().expect("uuid"));
    for environment in Environment::ALL {
        let key = Tenant::of_operator(ORGANIZATION, environment).user(id);
        assert!(store.user(key).await.expect("read").is_some(), "{environment}");
    }
    assert_eq!(mercy(today).records.len(), 2);
    engine.stop().await.expect("stopped");
}
