//! A read of a month with several pages is consistent: while a record moves from one page to another, no reader sees it
//! twice or misses it.

use aws_sdk_dynamodb::types::AttributeValue;
use daftari_domain::{KeptText, Label, LabelSet, Record};
use daftari_tests::interleave::Interleaved;
use daftari_tests::{Lender, TestApp, records, skipped_elsewhere};
use serde_json::{Value, json};
use std::time::Duration;

/// The first and the last instants of the month's records.
const EARLY: &str = "2021-10-01T00:00:30+00:00";
const LATE: &str = "2021-10-28T12:00:00+00:00";

/// The record that moves: the only one of its institution.
fn mover(at: &str) -> Value {
    let loan = json!({"institution_id": "okash", "account_type": "loan", "impact": "DEBIT", "amount": 4000,
        "balance": 4000, "labels": ["LoanDisbursed"]});
    records::with(records::record("mover", at), &loan)
}

/// A record with a text that hardly compresses.
fn bulky(n: u64) -> Record {
    let minute = i64::try_from(n).expect("n") * 38;
    let start: daftari_domain::Timestamp = "2021-10-01T00:00:00Z".parse().expect("start");
    let record = records::record(&format!("bulky-{n:05}"), "2021-10-01T00:00:00Z");
    Record {
        timestamp: start.plus_seconds(minute * 60),
        labels: LabelSet::EMPTY.with(Label::Pos),
        body: Some(KeptText::from(records::incompressible(n, 1_500))),
        ..records::parsed(&record)
    }
}

const BULKY: u64 = 1_000;

/// A user with a month that takes a query more than one page of results, and the moving record at [`EARLY`].
struct Scene {
    app: TestApp,
    lender: Lender,
    user: String,
}

impl Scene {
    async fn new() -> Self {
        let app = TestApp::start().await;
        let lender = app.lender().await;
        let user = lender.register("254123456789").await;
        let all = (0..BULKY).map(bulky).collect();
        let stored = app.store.append(lender.user_key(&user), all).await;
        let stored = stored.expect("stored").expect("user");
        assert!(stored.outcomes.iter().all(Result::is_ok));
        lender.append(&user, &[mover(EARLY)]).await;
        let bytes: usize = app.pages_of(&user).await.iter().map(|(_, bytes)| bytes).sum();
        assert!(bytes > 1_050_000, "{bytes}");
        Self { app, lender, user }
    }

    /// The same caller, whose reads pass through a layer that can run tasks between two answers.
    async fn reader(&self) -> (Interleaved, Lender) {
        let between = Interleaved::start(self.app.database.endpoint()).await;
        let gateway = self.app.gateway_over(&between.endpoint(), Duration::from_mins(1)).await;
        let reader = self.lender.through(&gateway);
        (between, reader)
    }

    fn moving(&self, to: &'static str) -> impl Future<Output = ()> + Send + 'static {
        let (lender, user) = (self.lender.clone(), self.user.clone());
        async move {
            let answer = lender.append(&user, &[mover(to)]).await;
            assert_eq!(answer.at("/replaced"), 1);
        }
    }
}

/// Whether to skip a test because the layer between two answers needs the embedded engine.
fn skipped(test: &str) -> bool {
    skipped_elsewhere(
        &format!("one_state: {test}"),
        "the layer speaks to the embedded engine only",
    )
}

fn movers(records: &[Value]) -> Vec<&str> {
    let movers = records.iter().filter(|record| record["id"] == "mover");
    movers
        .map(|record| record["timestamp"].as_str().expect("timestamp"))
        .collect()
}

#[tokio::test]
async fn a_record_that_moves_between_two_answers_is_seen_once() {
    if skipped("a_record_that_moves_between_two_answers_is_seen_once") {
        return;
    }
    let scene = Scene::new().await;
    let Scene { user, .. } = &scene;
    let (between, reader) = scene.reader().await;
    // If it moves later, an inconsistent read sees it twice; if earlier, not at all.
    for to in [LATE, EARLY] {
        between.before_query(2, scene.moving(to));
        let seen = reader.ledger(user).await;
        assert!(between.happened());
        assert_eq!(movers(&seen), [to]);
        assert_eq!(u64::try_from(seen.len()), Ok(BULKY + 1));
    }
    for to in [LATE, EARLY] {
        between.before_query(2, scene.moving(to));
        let path = format!("/users/{user}/institutions/okash/transactions");
        let list = reader.get(&path).await.expect_status(200);
        assert!(between.happened());
        assert_eq!(movers(list.at("/transactions").as_array().expect("list")), [to]);
    }
}

#[tokio::test]
async fn a_frozen_report_shows_a_consistent_state() {
    if skipped("a_frozen_report_shows_a_consistent_state") {
        return;
    }
    let scene = Scene::new().await;
    let Scene { lender, user, .. } = &scene;
    let (between, reader) = scene.reader().await;
    let path = format!("/users/{user}/creditreport");
    for to in [LATE, EARLY] {
        between.before_query(2, scene.moving(to));
        let created = reader.post_nothing(&path).await.expect_status(201);
        assert!(between.happened());
        let frozen = lender.get(created.header("location")).await.expect_status(200);
        let settled = lender.get(&path).await.expect_status(200);
        assert_eq!(frozen.at("/credit_report"), settled.json());
        assert!(settled.text.contains("okash"));
    }
}

#[tokio::test]
async fn a_change_to_one_page_never_makes_a_reader_repeat() {
    if skipped("a_change_to_one_page_never_makes_a_reader_repeat") {
        return;
    }
    let scene = Scene::new().await;
    let Scene { lender, user, .. } = &scene;
    let (between, reader) = scene.reader().await;
    let added = ["2021-10-01T00:01:00Z", "2021-10-30T00:00:00Z"];
    for (id, at) in added.into_iter().enumerate() {
        let (writer, of) = (lender.clone(), user.clone());
        between.before_query(2, async move {
            writer.append(&of, &[records::record(&format!("added-{id}"), at)]).await;
        });
        let seen = reader.ledger(user).await;
        assert!(between.happened());
        assert_eq!(between.queries(), 2, "read once, in two answers");
        assert_eq!(movers(&seen), [EARLY]);
    }
}

#[tokio::test]
async fn readers_racing_with_a_moving_record_see_it_once() {
    let scene = Scene::new().await;
    let Scene { lender, user, .. } = &scene;
    let writer = async {
        for to in [LATE, EARLY, LATE, EARLY, LATE, EARLY] {
            scene.moving(to).await;
        }
    };
    let reader = async {
        for _ in 0..8 {
            let seen = lender.ledger(user).await;
            assert_eq!(movers(&seen).len(), 1);
            assert_eq!(u64::try_from(seen.len()), Ok(BULKY + 1));
        }
    };
    tokio::join!(writer, reader);
}

/// Pages in the form without page lists.
#[tokio::test]
async fn a_month_without_a_list_of_its_pages_is_read_and_gets_one() {
    let scene = Scene::new().await;
    let Scene { app, lender, user } = &scene;
    let client = app.database.client().await;
    let mut lists = 0;
    for mut item in app.items_of(user).await {
        let kind = item["type"].as_s().expect("type").clone();
        if kind == "pages" || kind == "ledger" {
            lists += 1;
            let key = ["PK", "SK"].map(|name| (name.to_owned(), item[name].clone()));
            let delete = client.delete_item().table_name(app.store.table_name());
            delete.set_key(Some(key.into())).send().await.expect("deleted");
        }
        if kind == "page" {
            assert!(item.remove("moved").is_some());
            let put = client.put_item().table_name(app.store.table_name());
            put.set_item(Some(item)).send().await.expect("stored");
        }
    }
    assert_eq!(lists, 2);
    assert_eq!(movers(&lender.ledger(user).await), [EARLY]);
    for to in [LATE, EARLY] {
        scene.moving(to).await;
        assert_eq!(movers(&lender.ledger(user).await), [to]);
    }
    let items = app.items_of(user).await;
    let list = items
        .iter()
        .find(|item| item["type"] == AttributeValue::S("pages".to_owned()));
    assert!(list.is_some());
    assert_eq!(lender.delete(&format!("/users/{user}")).await.status, 204);
    assert_eq!(app.items_of(user).await, []);
}
