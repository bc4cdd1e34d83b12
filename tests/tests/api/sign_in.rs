//! Rate limits of sign-ins: which callers are locked out, and which are not.

use std::time::Duration;

use daftari_domain::time::DAY_SECONDS;
use daftari_platform::identity::{Network, PasswordHash, TokenIssuer};
use daftari_platform::store::{Attempt, Counter, LoginChange, MAX_GUESSES_EVERYWHERE};
use daftari_tests::proxy::{Misbehavior, Proxy};
use daftari_tests::{Answer, PASSWORD, TestApp, sign_in, sign_in_forwarded, skipped_elsewhere};
use futures_util::StreamExt;
use futures_util::future::join_all;

const EMAIL: &str = "amina@lender.example";
const OFFICE: &str = "203.0.113.7";
const ELSEWHERE: &str = "198.51.100.9";
const WINDOW_SECONDS: u32 = 15 * 60;

/// An app with a login for each email, each in a separate organization.
async fn app_of(emails: &[impl AsRef<str>]) -> TestApp {
    let app = TestApp::start().await;
    for email in emails.iter().map(AsRef::as_ref) {
        let organization = app.organization(email).await;
        app.login(email, &[organization.id]).await;
    }
    app
}

fn lenders(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("ops@lender{n}.example")).collect()
}

fn clerks(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("clerk{n}@lender.example")).collect()
}

async fn from(app: &TestApp, address: &str, email: &str, password: &str) -> Answer {
    sign_in(&app.gateway, email, password, Some(address)).await
}

/// Makes `count` different wrong guesses. Returns the statuses.
async fn guess(app: &TestApp, address: &str, email: &str, count: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for n in 0..count {
        let answer = from(app, address, email, &format!("guess {n} from {address}")).await;
        statuses.push(answer.status.as_u16());
    }
    statuses
}

fn count(statuses: &[u16], status: u16) -> usize {
    statuses.iter().filter(|found| **found == status).count()
}

fn retry_after(answer: &Answer) -> u32 {
    answer.header("retry-after").parse().expect("seconds")
}

#[tokio::test]
async fn a_lender_that_floods_locks_out_no_neighbor_at_its_address() {
    let emails = lenders(20);
    let app = app_of(&emails).await;
    for email in &emails {
        let _ = from(&app, OFFICE, email, PASSWORD).await.expect_status(200);
    }
    guess(&app, OFFICE, &emails[0], 15).await;
    for n in 0..15 {
        from(&app, OFFICE, &format!("nobody{n}@lender.example"), PASSWORD).await;
    }
    // The address is at its limit.
    from(&app, OFFICE, "another@lender.example", PASSWORD)
        .await
        .expect_problem(429, "too_many_requests");
    for email in &emails {
        let _ = from(&app, OFFICE, email, PASSWORD).await.expect_status(200);
    }
}

#[tokio::test]
async fn wrong_passwords_for_one_email_lock_no_other_email_of_the_address() {
    let app = app_of(&[EMAIL]).await;
    let statuses = guess(&app, "127.0.0.1", "ops@acme.example", 12).await;
    assert_eq!(count(&statuses, 401), 10);
    let _ = from(&app, "127.0.0.1", EMAIL, PASSWORD).await.expect_status(200);
}

#[tokio::test]
async fn failures_for_an_email_lock_it_for_nobody_elsewhere() {
    let app = app_of(&[EMAIL]).await;
    guess(&app, ELSEWHERE, EMAIL, 12).await;
    let _ = from(&app, OFFICE, EMAIL, PASSWORD).await.expect_status(200);
}

#[tokio::test]
async fn an_old_password_sent_again_and_again_locks_out_nobody() {
    let app = app_of(&[EMAIL]).await;
    for _ in 0..3 {
        for _ in 0..40 {
            from(&app, OFFICE, EMAIL, "the password of last year")
                .await
                .expect_problem(401, "wrong_credentials");
        }
        let _ = from(&app, OFFICE, EMAIL, PASSWORD).await.expect_status(200);
    }
}

#[tokio::test]
async fn a_throttled_address_counts_against_no_email() {
    let emails = lenders(5);
    let app = app_of(&emails).await;
    for n in 0..10 {
        from(&app, ELSEWHERE, &format!("nobody{n}@lender.example"), "x").await;
    }
    for email in &emails {
        let statuses = guess(&app, ELSEWHERE, email, 15).await;
        assert_eq!(count(&statuses, 429), 15);
        let _ = from(&app, OFFICE, email, PASSWORD).await.expect_status(200);
    }
    // After the window, these emails can also sign in from the throttled address.
    app.clock.advance(i64::from(WINDOW_SECONDS));
    let _ = from(&app, ELSEWHERE, &emails[0], PASSWORD).await.expect_status(200);
}

#[tokio::test]
async fn spraying_over_emails_is_bounded_despite_successes_between() {
    let app = app_of(&[EMAIL]).await;
    let mut looked_at = 0;
    for n in 0..40 {
        let answer = from(&app, OFFICE, &format!("victim{n}@lender.example"), PASSWORD).await;
        looked_at += usize::from(answer.status == 401);
        if n % 3 == 0 {
            let _ = from(&app, OFFICE, EMAIL, PASSWORD).await.expect_status(200);
        }
    }
    assert_eq!(looked_at, 10);
}

#[tokio::test]
async fn guesses_from_a_network_where_the_login_is_known_are_bounded_too() {
    let app = app_of(&[EMAIL]).await;
    let _ = from(&app, OFFICE, EMAIL, PASSWORD).await.expect_status(200);
    let statuses = guess(&app, OFFICE, EMAIL, 60).await;
    assert_eq!(count(&statuses, 401), 60);
    let _ = from(&app, OFFICE, EMAIL, PASSWORD).await.expect_status(200);
    app.clock.advance(60);
    // The first sixty are repeated and known to be wrong. Forty more are checked, and no others.
    let statuses = guess(&app, OFFICE, EMAIL, 120).await;
    assert_eq!(statuses[..100], [401; 100]);
    assert_eq!(statuses[100..], [429; 20]);
    let answer = from(&app, OFFICE, EMAIL, PASSWORD)
        .await
        .expect_problem(429, "too_many_requests");
    assert_eq!(retry_after(&answer), WINDOW_SECONDS - 60);
    let _ = from(&app, ELSEWHERE, EMAIL, PASSWORD).await.expect_status(200);
}

#[tokio::test]
async fn an_outage_of_the_table_counts_against_nobody() {
    let app = app_of(&[EMAIL]).await;
    for operations in [&["GetItem"][..], &["UpdateItem"], &[]] {
        let operations: &'static [&'static str] = Box::leak(Box::from(operations));
        let endpoint = app.database.endpoint();
        let proxy = Proxy::start(endpoint, Misbehavior::Fail, operations, usize::MAX).await;
        let failing = app.gateway_over(&proxy.endpoint(), Duration::from_secs(5)).await;
        let attempts = (0..10).map(|_| sign_in(&failing, EMAIL, "wrong during the outage", Some(OFFICE)));
        for answer in join_all(attempts).await {
            answer.expect_problem(503, "unavailable");
        }
        let _ = from(&app, OFFICE, EMAIL, PASSWORD).await.expect_status(200);
    }
}

#[tokio::test]
async fn right_sign_ins_at_once_all_succeed_within_seconds() {
    if skipped_elsewhere(
        "sign_in: right_sign_ins_at_once_all_succeed_within_seconds",
        "an engine that serves one request at a time has none at once",
    ) {
        return;
    }
    let app = app_of(&[EMAIL]).await;
    let mut waiting = 200;
    for _ in 0..200 {
        let attempts = (0..waiting).map(|_| from(&app, OFFICE, EMAIL, PASSWORD));
        let answers = join_all(attempts).await;
        let mut refused = 0;
        for answer in answers {
            if answer.status != 200 {
                // On a busy machine a call to the table may time out, which is a 503.
                assert!([429, 503].contains(&answer.status.as_u16()), "{}", answer.text);
                assert!((1..=2).contains(&retry_after(&answer)), "{}", answer.text);
                refused += 1;
            }
        }
        assert!(refused < waiting, "some get through each time");
        waiting = refused;
        if waiting == 0 {
            return;
        }
    }
    panic!("{waiting} still wait");
}

#[tokio::test]
async fn an_office_that_signs_in_at_once_is_not_locked_out() {
    let emails = clerks(20);
    let app = app_of(&emails).await;
    let mut waiting = emails.clone();
    for _ in 0..20 {
        let answers = join_all(waiting.iter().map(|email| from(&app, OFFICE, email, PASSWORD)));
        let answers = answers.await;
        let refused = waiting.iter().zip(answers).filter_map(|(email, answer)| {
            if answer.status == 200 {
                return None;
            }
            let answer = answer.expect_problem(429, "too_many_requests");
            assert!((1..=2).contains(&retry_after(&answer)), "{}", answer.text);
            Some(email.clone())
        });
        waiting = refused.collect();
        if waiting.is_empty() {
            return;
        }
    }
    panic!("{} still wait", waiting.len());
}

#[tokio::test]
async fn a_thousand_guesses_at_once_do_not_pass_the_limit_together() {
    if skipped_elsewhere(
        "sign_in: a_thousand_guesses_at_once_do_not_pass_the_limit_together",
        "an engine that serves one request at a time has none at once",
    ) {
        return;
    }
    let app = app_of(&[EMAIL]).await;
    let guess = |n: usize| {
        let app = &app;
        async move {
            let password = format!("guess number {n}");
            let answer = sign_in(&app.gateway, EMAIL, &password, None).await;
            answer.status.as_u16()
        }
    };
    // More concurrent sign-ins than the limits allow, but not more than the engine answers in time.
    let statuses = futures_util::stream::iter(0..1_000).map(guess);
    let statuses: Vec<u16> = statuses.buffer_unordered(100).collect().await;
    assert_eq!(count(&statuses, 401), 10);
    assert_eq!(count(&statuses, 429), 990);
    let answer = sign_in(&app.gateway, EMAIL, PASSWORD, None)
        .await
        .expect_problem(429, "too_many_requests");
    assert_eq!(retry_after(&answer), WINDOW_SECONDS);
}

/// The state left by a function that was killed during sign-ins.
#[tokio::test]
async fn unsettled_sign_ins_block_others_for_seconds_only() {
    let app = app_of(&[EMAIL]).await;
    let issuer = TokenIssuer::new("daftari", &app.keys).expect("issuer");
    let network = Network::of(OFFICE.parse().ok());
    for n in 0..10 {
        let mark = issuer.fingerprints().of(&[&n.to_string()]);
        let counter = Counter::of_email_from(EMAIL, network, false, mark);
        let attempt = app.store.begin_attempt(counter, app.clock.now()).await;
        assert!(matches!(attempt, Ok(Ok(Attempt::InFlight(_)))), "{attempt:?}");
    }
    let answer = from(&app, OFFICE, EMAIL, PASSWORD)
        .await
        .expect_problem(429, "too_many_requests");
    assert!((1..=2).contains(&retry_after(&answer)));
    app.clock.advance(30);
    let _ = from(&app, OFFICE, EMAIL, PASSWORD).await.expect_status(200);
    let statuses = guess(&app, OFFICE, EMAIL, 10).await;
    assert_eq!(statuses, [401; 10], "they count as no failures");
}

#[tokio::test]
async fn a_network_stays_known_for_thirty_days_after_the_last_sign_in() {
    let app = app_of(&[EMAIL]).await;
    let _ = from(&app, OFFICE, EMAIL, PASSWORD).await.expect_status(200);
    app.clock.advance(20 * DAY_SECONDS);
    let _ = from(&app, OFFICE, EMAIL, PASSWORD).await.expect_status(200);
    app.clock.advance(30 * DAY_SECONDS - 1);
    assert_eq!(guess(&app, OFFICE, EMAIL, 11).await, [401; 11]);
    app.clock.advance(DAY_SECONDS);
    let statuses = guess(&app, OFFICE, EMAIL, 11).await;
    assert_eq!(count(&statuses, 401), 10);
}

const NEW_PASSWORD: &str = "another battery staple";

async fn change(app: &TestApp, email: &str, change: LoginChange) {
    let changed = app.store.change_login(email, &change, app.clock.now());
    assert!(changed.await.expect("changed"));
}

async fn reset_password(app: &TestApp, email: &str) {
    let hash = PasswordHash::new(NEW_PASSWORD).expect("hash");
    change(app, email, LoginChange::SetPassword(hash)).await;
}

/// The statuses of one wrong password for each of `count` unknown emails.
async fn spray(app: &TestApp, address: &str, name: &str, count: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for n in 0..count {
        let email = format!("{name}{n}@stranger.example");
        let answer = from(app, address, &email, PASSWORD).await;
        statuses.push(answer.status.as_u16());
    }
    statuses
}

#[tokio::test]
async fn clerks_who_mistype_and_then_sign_in_do_not_lock_out_a_new_office() {
    let emails = clerks(13);
    let app = app_of(&emails).await;
    for email in &emails[..10] {
        from(&app, OFFICE, email, "mistyped")
            .await
            .expect_problem(401, "wrong_credentials");
        let _ = from(&app, OFFICE, email, PASSWORD).await.expect_status(200);
    }
    for email in &emails[10..] {
        let _ = from(&app, OFFICE, email, PASSWORD).await.expect_status(200);
    }
}

#[tokio::test]
async fn a_new_office_where_all_mistype_first_recovers_as_they_sign_in() {
    let emails = clerks(13);
    let app = app_of(&emails).await;
    for email in &emails[..10] {
        from(&app, OFFICE, email, "mistyped")
            .await
            .expect_problem(401, "wrong_credentials");
    }
    from(&app, OFFICE, &emails[10], PASSWORD)
        .await
        .expect_problem(429, "too_many_requests");
    for email in &emails {
        let _ = from(&app, OFFICE, email, PASSWORD).await.expect_status(200);
    }
}

#[tokio::test]
async fn jobs_with_old_passwords_lock_out_nobody_after_a_reset() {
    let emails = clerks(12);
    let app = app_of(&emails).await;
    for email in &emails {
        let _ = from(&app, OFFICE, email, PASSWORD).await.expect_status(200);
    }
    for email in &emails {
        reset_password(&app, email).await;
    }
    for email in &emails[..10] {
        from(&app, OFFICE, email, PASSWORD)
            .await
            .expect_problem(401, "wrong_credentials");
    }
    for email in emails.iter().rev() {
        let _ = from(&app, OFFICE, email, NEW_PASSWORD).await.expect_status(200);
    }
    // The failures of these jobs did not use up the network's limit for others.
    assert_eq!(count(&spray(&app, OFFICE, "nobody", 12).await, 401), 10);
}

#[tokio::test]
async fn a_success_clears_the_mark_of_its_own_email_only() {
    let attackers = clerks(6);
    let app = app_of(&attackers).await;
    let mut looked_at = 0;
    for (n, attacker) in attackers[..5].iter().enumerate() {
        from(&app, OFFICE, attacker, "mistyped")
            .await
            .expect_problem(401, "wrong_credentials");
        let statuses = spray(&app, OFFICE, &format!("victim{n}of"), 3).await;
        looked_at += count(&statuses, 401);
        let _ = from(&app, OFFICE, attacker, PASSWORD).await.expect_status(200);
    }
    assert_eq!(looked_at, 9);
    let statuses = spray(&app, OFFICE, "another", 5).await;
    assert_eq!(statuses, [401, 429, 429, 429, 429]);
    from(&app, OFFICE, &attackers[5], PASSWORD)
        .await
        .expect_problem(429, "too_many_requests");
}

#[tokio::test]
async fn a_window_whose_failures_are_all_cleared_does_not_shorten_the_next() {
    let app = app_of(&[EMAIL]).await;
    from(&app, OFFICE, EMAIL, "mistyped")
        .await
        .expect_problem(401, "wrong_credentials");
    let _ = from(&app, OFFICE, EMAIL, PASSWORD).await.expect_status(200);
    app.clock.advance(600);
    assert_eq!(spray(&app, OFFICE, "first", 10).await, [401; 10]);
    app.clock.advance(600);
    let answer = from(&app, OFFICE, "another@stranger.example", PASSWORD)
        .await
        .expect_problem(429, "too_many_requests");
    assert_eq!(retry_after(&answer), WINDOW_SECONDS - 600);
}

#[tokio::test]
async fn after_a_reset_guesses_from_an_earlier_network_have_the_tight_limit() {
    let app = app_of(&[EMAIL]).await;
    let _ = from(&app, OFFICE, EMAIL, PASSWORD).await.expect_status(200);
    reset_password(&app, EMAIL).await;
    let statuses = guess(&app, OFFICE, EMAIL, 12).await;
    assert_eq!(statuses[..10], [401; 10]);
    assert_eq!(statuses[10..], [429; 2]);
    // Guesses for one email do not count against others.
    assert_eq!(spray(&app, OFFICE, "nobody", 10).await, [401; 10]);
}

#[tokio::test]
async fn after_a_reset_an_earlier_network_does_not_skip_the_counter_of_the_email() {
    let app = app_of(&[EMAIL]).await;
    let _ = from(&app, OFFICE, EMAIL, PASSWORD).await.expect_status(200);
    reset_password(&app, EMAIL).await;
    let issuer = TokenIssuer::new("daftari", &app.keys).expect("issuer");
    for n in 1..MAX_GUESSES_EVERYWHERE {
        let mark = issuer.fingerprints().of(&[&n.to_string()]);
        let counter = Counter::of_email(EMAIL, mark);
        let attempt = app.store.begin_attempt(counter, app.clock.now()).await;
        let Ok(Ok(Attempt::InFlight(attempt))) = attempt else {
            panic!("{attempt:?}")
        };
        let failed = app.store.fail_attempt(&attempt, app.clock.now()).await;
        assert!(!failed.expect("counted"));
    }
    assert_eq!(guess(&app, OFFICE, EMAIL, 2).await, [401, 429]);
    from(&app, OFFICE, EMAIL, NEW_PASSWORD)
        .await
        .expect_problem(429, "too_many_requests");
}

#[tokio::test]
async fn a_network_is_no_longer_familiar_to_a_login_that_is_disabled_deleted_or_away() {
    let emails = clerks(4);
    let [disabled, deleted, away, back] = &emails[..] else {
        panic!("{emails:?}")
    };
    let app = app_of(&emails).await;
    for email in &emails {
        let _ = from(&app, OFFICE, email, PASSWORD).await.expect_status(200);
    }
    app.clock.advance(20 * DAY_SECONDS);
    let _ = from(&app, OFFICE, back, PASSWORD).await.expect_status(200);
    for email in [away, back] {
        reset_password(&app, email).await;
    }
    app.clock.advance(10 * DAY_SECONDS - 60);
    let _ = from(&app, OFFICE, disabled, PASSWORD).await.expect_status(200);
    change(&app, disabled, LoginChange::Disable).await;
    change(&app, deleted, LoginChange::Delete).await;
    let organization = app.organization("Kijani").await.id;
    app.login(deleted, &[organization]).await;
    app.clock.advance(60);
    // The failures of a disabled login count like those of an unknown email.
    from(&app, OFFICE, disabled, PASSWORD)
        .await
        .expect_problem(401, "wrong_credentials");
    let statuses = spray(&app, OFFICE, "nobody", 10).await;
    assert_eq!(count(&statuses, 401), 9);
    for (email, password) in [(deleted, PASSWORD), (away, NEW_PASSWORD)] {
        from(&app, OFFICE, email, password)
            .await
            .expect_problem(429, "too_many_requests");
    }
    let _ = from(&app, OFFICE, back, NEW_PASSWORD).await.expect_status(200);
}

#[tokio::test]
async fn behind_a_trusted_proxy_callers_are_counted_by_their_own_addresses() {
    const PROXY: &str = "192.0.2.10";
    for (trusted, statuses_of_the_other) in [("192.0.2.0/24", 200), ("", 429)] {
        let app = TestApp::with(|config| config.trusted_proxies = trusted.parse().expect("networks")).await;
        let organization = app.organization("Lender").await;
        app.login(EMAIL, &[organization.id]).await;
        let through = async |password: &str, forwarded: &str| {
            sign_in_forwarded(&app.gateway, EMAIL, password, Some(PROXY), Some(forwarded)).await
        };
        for guess in 0..10 {
            // A header of the caller itself stands before its address, and changes nothing.
            let forwarded = format!("203.0.113.{guess}, {ELSEWHERE}");
            let _ = through(&format!("guess {guess}"), &forwarded).await.expect_status(401);
        }
        let _ = through(PASSWORD, ELSEWHERE).await.expect_status(429);
        let _ = through(PASSWORD, OFFICE).await.expect_status(statuses_of_the_other);
    }
}
