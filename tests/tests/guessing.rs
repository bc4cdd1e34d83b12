//! A password that is guessed from many networks: the guesses are bounded, and the log tells of them.

use daftari_platform::identity::TokenIssuer;
use daftari_platform::store::{Attempt, Counter, MAX_GUESSES_EVERYWHERE};
use daftari_platform::telemetry::Metrics;
use daftari_tests::{Log, PASSWORD, TestApp, sign_in};
use futures_util::StreamExt;

const EMAIL: &str = "amina@lender.example";
const OFFICE: &str = "203.0.113.7";

#[tokio::test]
async fn guesses_from_many_networks_are_bounded_and_reported() {
    let log = Log::capture(Metrics::None);
    let app = TestApp::start().await;
    let organization = app.organization("Kijani").await;
    app.login(EMAIL, &[organization.id]).await;
    let _ = sign_in(&app.gateway, EMAIL, PASSWORD, Some(OFFICE))
        .await
        .expect_status(200);
    let reports = || {
        let lines = log.lines();
        let found = lines.into_iter().filter(|line| line["target"] == "daftari::guessing");
        found.collect::<Vec<_>>()
    };
    // Most guesses come in at other functions: here they are only counted.
    let issuer = TokenIssuer::new("daftari", &app.keys).expect("issuer");
    for n in 0..MAX_GUESSES_EVERYWHERE - 15 {
        let mark = issuer.fingerprints().of(&["another guess", &n.to_string()]);
        let counter = Counter::of_email(EMAIL, mark);
        let attempt = app.store.begin_attempt(counter, app.clock.now()).await;
        let Ok(Ok(Attempt::InFlight(attempt))) = attempt else {
            panic!("{attempt:?}")
        };
        let failed = app.store.fail_attempt(&attempt, app.clock.now()).await;
        assert!(!failed.expect("counted"), "not yet at the limit");
    }
    // Five guesses from each network, which its own limits allow.
    let guess = |n: usize| {
        let app = &app;
        async move {
            let address = format!("198.51.100.{}", n / 5);
            let password = format!("guess number {n}");
            let answer = sign_in(&app.gateway, EMAIL, &password, Some(&address)).await;
            answer.status.as_u16()
        }
    };
    let statuses = async |guesses: std::ops::Range<usize>| -> Vec<u16> {
        let statuses = futures_util::stream::iter(guesses).map(guess);
        statuses.buffer_unordered(5).collect().await
    };
    assert_eq!(statuses(0..14).await, [401; 14]);
    assert_eq!(reports().len(), 0);
    assert_eq!(statuses(14..15).await, [401]);
    assert_eq!(reports().len(), 1);
    assert_eq!(statuses(15..40).await, [429; 25]);
    assert_eq!(reports().len(), 1, "once in a window");
    assert_eq!(reports()[0]["level"], "WARN");
    // Where the login is at home it signs in; elsewhere it waits, as the guesses do.
    let _ = sign_in(&app.gateway, EMAIL, PASSWORD, Some(OFFICE))
        .await
        .expect_status(200);
    let elsewhere = sign_in(&app.gateway, EMAIL, PASSWORD, Some("192.0.2.55"))
        .await
        .expect_problem(429, "too_many_requests");
    assert_eq!(elsewhere.header("retry-after"), "900");
    // Nobody else is concerned.
    app.login("baraka@lender.example", &[organization.id]).await;
    let _ = sign_in(&app.gateway, "baraka@lender.example", PASSWORD, Some("192.0.2.55"))
        .await
        .expect_status(200);
    let text = log.text();
    for secret in ["amina", "baraka", "guess number", OFFICE, "198.51.100"] {
        assert!(!text.contains(secret), "{secret}");
    }
}
