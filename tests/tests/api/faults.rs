//! A throttled, failing or silent store causes 503 with `Retry-After` within the time budget, and no data is lost.

use std::time::{Duration, Instant};

use daftari_tests::proxy::{Misbehavior, Proxy};
use daftari_tests::{Lender, TestApp, records};
use serde_json::json;

const BUDGET: Duration = Duration::from_secs(3);

struct Fixture {
    app: TestApp,
    lender: Lender,
    user: String,
}

async fn fixture() -> Fixture {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    Fixture { app, lender, user }
}

impl Fixture {
    /// The lender, through a faulty store.
    async fn behind(
        &self,
        misbehavior: Misbehavior,
        operations: &'static [&'static str],
        times: usize,
    ) -> (Lender, Proxy) {
        let endpoint = self.app.database.endpoint();
        let proxy = Proxy::start(endpoint, misbehavior, operations, times).await;
        let gateway = self.app.gateway_over(&proxy.endpoint(), BUDGET).await;
        (self.lender.through(&gateway), proxy)
    }
}

#[tokio::test]
async fn a_store_that_stays_down_is_503_with_retry_after_in_time() {
    let fixture = fixture().await;
    let batch = json!({ "records": [records::record("a", "2021-10-08T10:41:25Z")] });
    for misbehavior in [Misbehavior::Throttle, Misbehavior::Fail, Misbehavior::Hang] {
        let (lender, proxy) = fixture.behind(misbehavior, &[], usize::MAX).await;
        for write in [false, true] {
            let started = Instant::now();
            let path = format!("/users/{}/ledger", fixture.user);
            let answer = if write {
                lender.post(&path, &batch).await
            } else {
                lender.get(&path).await
            };
            let answer = answer.expect_problem(503, "unavailable");
            let wait: u32 = answer.header("retry-after").parse().expect("seconds");
            assert!((1..=60).contains(&wait));
            assert!(
                started.elapsed() < BUDGET + Duration::from_secs(1),
                "{misbehavior:?}: {:?}",
                started.elapsed()
            );
            assert!(!answer.text.contains("made to"), "internal message: {}", answer.text);
        }
        assert!(proxy.misbehaved() > 0);
    }
    assert!(fixture.lender.ledger(&fixture.user).await.is_empty());
}

#[tokio::test]
async fn answers_of_the_store_that_are_cut_midway_are_503_and_the_request_can_be_repeated() {
    let fixture = fixture().await;
    let batch = json!({ "records": [records::record("a", "2021-10-08T10:41:25Z")] });
    let path = format!("/users/{}/ledger", fixture.user);
    let (lender, proxy) = fixture.behind(Misbehavior::Cut, &[], usize::MAX).await;
    for write in [true, false] {
        let answer = if write {
            lender.post(&path, &batch).await
        } else {
            lender.get(&path).await
        };
        let answer = answer.expect_problem(503, "unavailable");
        let wait: u32 = answer.header("retry-after").parse().expect("seconds");
        assert!((1..=60).contains(&wait));
    }
    assert!(proxy.misbehaved() > 0);
    // Only the answer of the write is cut: the write may have happened, and must not happen twice.
    let (lender, _proxy) = fixture.behind(Misbehavior::Cut, &["PutItem"], usize::MAX).await;
    let answer = lender.post(&path, &batch).await;
    answer.expect_problem(503, "unavailable");
    let answer = fixture.lender.post(&path, &batch).await.expect_status(200);
    assert_eq!(answer.at("/duplicates"), 1, "{}", answer.text);
    assert_eq!(fixture.lender.ledger(&fixture.user).await.len(), 1);
}

#[tokio::test]
async fn transient_faults_are_retried() {
    let fixture = fixture().await;
    for (n, misbehavior) in [Misbehavior::Throttle, Misbehavior::Fail].into_iter().enumerate() {
        for operation in [&["PutItem"][..], &["TransactWriteItems"], &["Query"], &["GetItem"]] {
            let (lender, proxy) = fixture.behind(misbehavior, Box::leak(Box::from(operation)), 2).await;
            let id = format!("r{n}-{}", operation[0]);
            let at = format!(
                "2021-{:02}-08T10:41:25Z",
                1 + fixture.lender.ledger(&fixture.user).await.len()
            );
            lender.append(&fixture.user, &[records::record(&id, &at)]).await;
            assert_eq!(proxy.misbehaved(), 2, "{operation:?}");
        }
    }
    assert_eq!(fixture.lender.ledger(&fixture.user).await.len(), 8);
}

#[tokio::test]
async fn a_batch_that_failed_halfway_can_be_sent_again() {
    let fixture = fixture().await;
    let batch = records::history(200, 86_400 * 3);
    let (lender, _proxy) = fixture.behind(Misbehavior::Throttle, &["PutItem"], 30).await;
    let path = format!("/users/{}/ledger", fixture.user);
    lender
        .post(&path, &json!({ "records": batch }))
        .await
        .expect_problem(503, "unavailable");
    let again = fixture.lender.append(&fixture.user, &batch).await;
    assert_eq!(
        again.at("/accepted").as_u64().expect("count") + again.at("/duplicates").as_u64().expect("count"),
        200
    );
    assert_eq!(fixture.lender.ledger(&fixture.user).await.len(), 200);
}

#[tokio::test]
async fn an_erasure_that_was_cut_short_is_finished_by_the_next() {
    let fixture = fixture().await;
    fixture
        .lender
        .append(&fixture.user, &records::history(50, 86_400))
        .await;
    let path = format!("/users/{}", fixture.user);
    let (lender, _proxy) = fixture
        .behind(Misbehavior::Throttle, &["BatchWriteItem"], usize::MAX)
        .await;
    lender.delete(&path).await.expect_problem(503, "unavailable");
    // Already hidden, although some data is not deleted yet.
    fixture.lender.get(&path).await.expect_problem(404, "not_found");
    fixture
        .lender
        .get(&format!("{path}/ledger"))
        .await
        .expect_problem(404, "not_found");
    let batch = json!({ "records": [records::record("a", "2021-10-08T10:41:25Z")] });
    fixture
        .lender
        .post(&format!("{path}/ledger"), &batch)
        .await
        .expect_problem(404, "not_found");
    let _ = fixture.lender.delete(&path).await.expect_status(204);
    assert!(fixture.app.items_of(&fixture.user).await.is_empty());
}

#[tokio::test]
async fn a_damaged_page_is_an_error_and_never_an_empty_ledger() {
    use aws_sdk_dynamodb::primitives::Blob;
    use aws_sdk_dynamodb::types::AttributeValue;

    let fixture = fixture().await;
    fixture
        .lender
        .append(&fixture.user, &[records::record("a", "2021-10-08T10:41:25Z")])
        .await;
    let client = fixture.app.database.client().await;
    let table = fixture.app.store.table_name();
    let items = fixture.app.items_of(&fixture.user).await;
    let page = items
        .iter()
        .find(|item| item["SK"].as_s().expect("SK").starts_with("PAGE#"));
    let mut page = page.expect("page").clone();
    let mut bytes = page["data"].as_b().expect("data").as_ref().to_vec();
    bytes.truncate(bytes.len() - 3);
    page.insert("data".to_owned(), AttributeValue::B(Blob::new(bytes)));
    client
        .put_item()
        .table_name(table)
        .set_item(Some(page))
        .send()
        .await
        .expect("put");
    let path = format!("/users/{}/ledger", fixture.user);
    let answer = fixture.lender.get(&path).await.expect_problem(500, "internal_error");
    assert!(!answer.text.contains("PAGE#"), "{}", answer.text);
    let batch = json!({ "records": [records::record("b", "2021-10-09T10:41:25Z")] });
    fixture
        .lender
        .post(&path, &batch)
        .await
        .expect_problem(500, "internal_error");
}
