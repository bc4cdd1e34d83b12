//! Concurrent erasures and registrations: with any slow call, a phone number has one user, and an erased user stays
//! erased.

use std::future::Future;
use std::pin::pin;

use daftari_tests::proxy::{Held, HoldingProxy, Part};
use daftari_tests::{Answer, Lender, TestApp, records, skipped_elsewhere};
use futures_util::future::{Either, select};
use serde_json::{Value, json};
use std::time::Duration;

const BUDGET: Duration = Duration::from_secs(30);

/// More calls than a whole erasure or registration makes.
const MANY_CALLS: usize = 30;

/// The reason why every order of two requests is tried on the embedded engine only.
const SLOW_ELSEWHERE: &str = "the store makes the same calls on every engine, and so many take minutes on another";

/// A request that is slow at one of its calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Erase,
    Register,
}

struct Stage {
    app: TestApp,
    /// The caller without a proxy.
    lender: Lender,
    numbers: u64,
    erased: Vec<String>,
}

/// A caller whose table calls can be held.
struct Actor {
    lender: Lender,
    proxy: HoldingProxy,
}

/// A phone number with its first user and one record.
struct Number {
    digits: String,
    first_user: String,
}

impl Stage {
    async fn set() -> Self {
        let app = TestApp::start().await;
        let lender = app.lender().await;
        Self {
            app,
            lender,
            numbers: 0,
            erased: Vec::new(),
        }
    }

    async fn actor(&self) -> Actor {
        let proxy = HoldingProxy::start(self.app.database.endpoint()).await;
        let gateway = self.app.gateway_over(&proxy.endpoint(), BUDGET).await;
        let lender = self.lender.through(&gateway);
        // Fills the caches, so that later requests make only their own calls.
        let _ = lender.get("/users?phone_number=254799999999").await;
        Actor { lender, proxy }
    }

    async fn number(&mut self) -> Number {
        self.numbers += 1;
        let digits = format!("2547{:08}", self.numbers);
        let first_user = register(&self.lender, &digits).await;
        let record = records::record("a", "2021-10-08T10:41:25Z");
        let _ = self.lender.append(&first_user, &[record]).await;
        Number { digits, first_user }
    }

    /// In all cases the number has one user, and every kind of search finds it.
    async fn assert_one_user(&mut self, number: &Number, erased: bool, case: &str) {
        let digits = &number.digits;
        let user = register(&self.lender, digits).await;
        assert_eq!(register(&self.lender, digits).await, user, "{case}: registered again");
        for query in ["search", "phone_number"] {
            let found = self
                .lender
                .get(&format!("/users?{query}={digits}"))
                .await
                .expect_status(200);
            let found: Vec<_> = found
                .at("/users")
                .as_array()
                .expect("users")
                .iter()
                .map(|user| user["uuid"].clone())
                .collect();
            assert_eq!(found, [json!(user)], "{case}: {query}");
        }
        if erased {
            assert_ne!(user, number.first_user, "{case}: the erased user is back");
            let _ = erase(&self.lender, &number.first_user).await.expect_status(204);
            self.erased.push(number.first_user.clone());
        }
    }

    /// Only receipts of the erased users remain.
    async fn assert_erased_users_are_gone(&self) {
        for item in self.app.items().await {
            let (pk, sk) = (item["PK"].as_s().expect("PK"), item["SK"].as_s().expect("SK"));
            let of_erased = self.erased.iter().any(|user| pk.contains(user) || sk.contains(user));
            assert!(!of_erased || pk.ends_with("#ERASED"), "{pk} {sk}");
        }
    }
}

async fn register(lender: &Lender, digits: &str) -> String {
    lender
        .register_as(json!({ "phone_number": digits, "first_name": "Asha" }))
        .await
}

async fn erase(lender: &Lender, user: &str) -> Answer {
    lender.delete(&format!("/users/{user}")).await
}

impl Actor {
    /// A request that is held at its `nth` call to the table, and the handle of the held call.
    fn held(&self, act: Act, number: &Number, nth: usize, part: Part) -> (impl Future<Output = Answer> + use<>, Held) {
        let held = self.proxy.hold("", nth, part);
        let lender = self.lender.clone();
        let path = format!("/users/{}", number.first_user);
        // Changes the user, so that registering a known number also writes.
        let body = json!({ "phone_number": number.digits, "last_name": format!("Otieno{nth}") });
        let request = async move {
            match act {
                Act::Erase => lender.delete(&path).await,
                Act::Register => lender.post("/users", &body).await,
            }
        };
        (request, held)
    }
}

/// Runs a request until its call is held or the request is answered.
async fn until_held(
    request: impl Future<Output = Answer> + Send + 'static,
    held: &Held,
) -> tokio::task::JoinHandle<Answer> {
    let mut request = tokio::spawn(request);
    match select(pin!(held.arrived()), &mut request).await {
        Either::Left(_) => request,
        Either::Right((answer, _)) => tokio::spawn(async move { answer.expect("answered") }),
    }
}

#[track_caller]
fn assert_answered(act: Act, answer: &Answer, case: &str) {
    let right: &[u16] = match act {
        Act::Erase => &[204],
        Act::Register => &[200, 201],
    };
    assert!(
        right.contains(&answer.status.as_u16()),
        "{case}: {act:?} answered {} {}",
        answer.status,
        answer.text
    );
}

/// Holds each of two requests at each of its calls, runs the others in between without a hold, and releases the two in
/// either order.
async fn delay_both(first: Act, second: Act, between: &[Act]) {
    let mut stage = Stage::set().await;
    let (x, y) = (stage.actor().await, stage.actor().await);
    let erased = [first, second].contains(&Act::Erase) || between.contains(&Act::Erase);
    let mut cases = 0;
    for m in 1..MANY_CALLS {
        let mut first_came = false;
        for n in 1..MANY_CALLS {
            let mut second_came = false;
            for in_order in [true, false] {
                let case = format!("{first:?} held at {m}, {second:?} held at {n}, in order {in_order}");
                let number = stage.number().await;
                let (request, held_x) = x.held(first, &number, m, Part::Request);
                let request_x = until_held(request, &held_x).await;
                let (request, held_y) = y.held(second, &number, n, Part::Request);
                let request_y = until_held(request, &held_y).await;
                first_came |= held_x.has_arrived();
                second_came |= held_y.has_arrived();
                for act in between {
                    match act {
                        Act::Erase => drop(erase(&stage.lender, &number.first_user).await.expect_status(204)),
                        Act::Register => drop(register(&stage.lender, &number.digits).await),
                    }
                }
                let order = if in_order {
                    [(first, held_x, request_x), (second, held_y, request_y)]
                } else {
                    [(second, held_y, request_y), (first, held_x, request_x)]
                };
                for (act, held, request) in order {
                    held.release();
                    assert_answered(act, &request.await.expect("answered"), &case);
                }
                stage.assert_one_user(&number, erased, &case).await;
                cases += 1;
            }
            if !second_came {
                break;
            }
        }
        if !first_came {
            break;
        }
    }
    // A registration makes at least two calls, an erasure five.
    assert!(cases >= 18, "{cases} cases");
    stage.assert_erased_users_are_gone().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_slow_erasures_free_the_number_once() {
    if skipped_elsewhere("two_slow_erasures_free_the_number_once", SLOW_ELSEWHERE) {
        return;
    }
    delay_both(Act::Erase, Act::Erase, &[Act::Register]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_erasure_and_a_slow_registration_leave_one_user() {
    if skipped_elsewhere("a_slow_erasure_and_a_slow_registration_leave_one_user", SLOW_ELSEWHERE) {
        return;
    }
    delay_both(Act::Erase, Act::Register, &[Act::Register]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_registration_beside_an_erasure_and_another_registration_leaves_one_user() {
    if skipped_elsewhere(
        "a_slow_registration_beside_an_erasure_and_another_registration_leaves_one_user",
        SLOW_ELSEWHERE,
    ) {
        return;
    }
    delay_both(Act::Register, Act::Register, &[Act::Erase, Act::Register]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_slower_than_another_and_the_registration_after_it_is_answered_as_repeated() {
    if skipped_elsewhere(
        "an_erasure_slower_than_another_and_the_registration_after_it_is_answered_as_repeated",
        SLOW_ELSEWHERE,
    ) {
        return;
    }
    let mut stage = Stage::set().await;
    let slow = stage.actor().await;
    let mut steps = 0;
    for nth in 1..MANY_CALLS {
        let number = stage.number().await;
        let (request, held) = slow.held(Act::Erase, &number, nth, Part::Request);
        let request = until_held(request, &held).await;
        if !held.has_arrived() {
            break;
        }
        steps += 1;
        let _ = erase(&stage.lender, &number.first_user).await.expect_status(204);
        let second = register(&stage.lender, &number.digits).await;
        held.release();
        let case = format!("held at {nth}");
        assert_answered(Act::Erase, &request.await.expect("answered"), &case);
        stage.assert_one_user(&number, true, &case).await;
        assert_eq!(register(&stage.lender, &number.digits).await, second, "{case}");
    }
    assert!(steps >= 5, "{steps} steps");
    stage.assert_erased_users_are_gone().await;
}

/// The SDK repeats a transaction whose answer was lost. A copy of a transaction may also reach the table late.
#[tokio::test(flavor = "multi_thread")]
async fn transactions_of_unknown_outcome_leave_one_user() {
    if skipped_elsewhere("transactions_of_unknown_outcome_leave_one_user", SLOW_ELSEWHERE) {
        return;
    }
    let mut stage = Stage::set().await;
    let slow = stage.actor().await;
    for act in [Act::Erase, Act::Register] {
        for part in [Part::LostAnswer, Part::Copy, Part::Answer] {
            for others in [&[][..], &[Act::Erase], &[Act::Register], &[Act::Erase, Act::Register]] {
                let case = format!("{act:?}, {part:?}, then {others:?}");
                let number = stage.number().await;
                // A registration that creates the user, rather than one that changes it.
                let _ = match act {
                    Act::Erase => None,
                    Act::Register => Some(erase(&stage.lender, &number.first_user).await.expect_status(204)),
                };
                let (request, _) = slow.held(act, &number, 1, part);
                let held = slow.proxy.hold("TransactWriteItems", 1, part);
                let request = until_held(request, &held).await;
                for other in others {
                    let current = stage
                        .lender
                        .get(&format!("/users?phone_number={}", number.digits))
                        .await;
                    match (other, current.at("/users/0/uuid")) {
                        (Act::Erase, Value::String(user)) => {
                            drop(erase(&stage.lender, &user).await.expect_status(204));
                        }
                        (Act::Erase, _) => {}
                        (Act::Register, _) => drop(register(&stage.lender, &number.digits).await),
                    }
                }
                assert!(held.has_arrived(), "{case}");
                held.release();
                assert_answered(act, &request.await.expect("answered"), &case);
                if part == Part::Copy {
                    held.done().await;
                }
                stage.assert_one_user(&number, true, &case).await;
            }
        }
    }
    stage.assert_erased_users_are_gone().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn erasures_and_registrations_in_a_race_leave_one_user() {
    let mut stage = Stage::set().await;
    for round in 0..15 {
        let number = stage.number().await;
        let erasures = (0..4).map(|_| erase(&stage.lender, &number.first_user));
        let registrations = (0..4).map(|_| register(&stage.lender, &number.digits));
        let (erased, _) = tokio::join!(
            futures_util::future::join_all(erasures),
            futures_util::future::join_all(registrations),
        );
        for answer in &erased {
            assert_answered(Act::Erase, answer, &format!("round {round}"));
        }
        stage.assert_one_user(&number, true, &format!("round {round}")).await;
    }
    stage.assert_erased_users_are_gone().await;
}

#[tokio::test]
async fn a_user_whose_number_belongs_to_another_can_be_erased() {
    let mut stage = Stage::set().await;
    for claimed in [false, true] {
        let number = stage.number().await;
        // A state that earlier versions could cause: the erasure of another user deleted the claim of the number.
        let client = stage.app.database.client().await;
        let table = stage.app.store.table_name();
        let suffix = format!("#PHONE#{}", number.digits);
        let items = stage.app.items().await;
        let claim = items
            .iter()
            .find(|item| item["PK"].as_s().expect("PK").ends_with(&suffix))
            .expect("claim");
        let deletion = client.delete_item().table_name(table);
        let deletion = deletion.key("PK", claim["PK"].clone()).key("SK", claim["SK"].clone());
        deletion.send().await.expect("deleted");
        let other = if claimed {
            Some(register(&stage.lender, &number.digits).await)
        } else {
            None
        };
        let _ = erase(&stage.lender, &number.first_user).await.expect_status(204);
        if let Some(other) = other {
            assert_eq!(
                register(&stage.lender, &number.digits).await,
                other,
                "the other user keeps the number"
            );
        }
        stage.assert_one_user(&number, true, "damaged").await;
    }
    stage.assert_erased_users_are_gone().await;
}
