//! The cost of a report: read units, calls to the store, and CPU time of the handler. Compares Daftari with a
//! straightforward implementation that keeps one item per record, on the same engine in the same run.
//!
//! `make bench`, or `cargo bench -p daftari-tests --bench reports`
//!
//! CPU time is measured on the thread that runs the handler and its SDK client. The engine runs on its own threads.

#![allow(missing_docs, clippy::float_arithmetic)]

mod naive;
mod printed;

use std::time::Duration;

use cpu_time::ThreadTime;
use daftari_domain::Record;
use daftari_platform::store::Usage;
use daftari_platform::telemetry::Metrics;
use daftari_tests::proxy::{Misbehavior, Proxy};
use daftari_tests::{Lender, Log, TestApp, records};
use tokio::runtime::{Builder, Runtime};

use crate::printed::{Row, print};

const REPORTS: [(&str, &str); 9] = [
    ("credit report", "/creditreport"),
    ("dti", "/dti"),
    ("transactions summary", "/transactions-summary"),
    ("alerts summary", "/alerts-summary"),
    ("features", "/features"),
    ("features of a year", "/features?all_time=True"),
    ("income", "/income"),
    ("cash flow", "/cash-flow"),
    ("completeness", "/completeness"),
];

/// Number of runs; the median is reported.
const RUNS: usize = 9;

fn main() {
    // `cargo test` also builds and starts benches. This one only runs under `cargo bench`.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let log = Log::capture(Metrics::None);
    let engine_threads = Runtime::new().expect("runtime");
    let handler_thread = Builder::new_current_thread().enable_all().build().expect("runtime");
    let mut rows = Vec::new();
    for count in [10_000, 100_000] {
        eprintln!("storing {count} records in pages, and as items …");
        let history = records::history(count, 63_000_000 / count);
        let history: Vec<Record> = history.iter().map(records::parsed).collect();
        let (app, lender, user, write_units) = engine_threads.block_on(stored_in_pages(&history));
        rows.extend(handler_thread.block_on(measure_pages(&app, &lender, &user, &log, count, write_units)));
        let naive = engine_threads.block_on(naive::store(&app, &history));
        rows.push(handler_thread.block_on(naive::measure(&app, &naive, count, RUNS)));
        // The engine must be dropped within its runtime.
        engine_threads.block_on(async { drop(app) });
    }
    print(&rows);
}

async fn stored_in_pages(history: &[Record]) -> (TestApp, Lender, String, f64) {
    let app = TestApp::start().await;
    let lender = app.lender().await;
    let user = lender.register("254123456789").await;
    let usage = Usage::default();
    for batch in history.chunks(1_000) {
        let stored = app
            .store
            .counting(&usage)
            .append(lender.user_key(&user), batch.to_vec())
            .await;
        stored.expect("stored").expect("user");
    }
    (app, lender, user, usage.write_units())
}

async fn measure_pages(
    app: &TestApp,
    lender: &Lender,
    user: &str,
    log: &Log,
    count: u64,
    write_units: f64,
) -> Vec<Row> {
    let (endpoint, budget) = (app.database.endpoint(), Duration::from_mins(1));
    // Clients on this thread, so that their CPU time counts.
    let here = lender.through(&app.gateway_over(endpoint, budget).await);
    let counting = Proxy::start(endpoint, Misbehavior::Fail, &[], 0).await;
    let counted = lender.through(&app.gateway_over(&counting.endpoint(), budget).await);
    let mut rows = Vec::new();
    for (name, path) in REPORTS {
        let path = format!("/users/{user}{path}");
        let _ = here.get(&path).await.expect_status(200);
        let read_units = last_read_units(log);
        let _ = counted.get(&path).await.expect_status(200);
        let before = counting.calls();
        let _ = counted.get(&path).await.expect_status(200);
        let calls = counting.calls() - before;
        let mut times = Vec::new();
        for _ in 0..RUNS {
            let start = ThreadTime::now();
            let _ = here.get(&path).await.expect_status(200);
            times.push(start.elapsed());
        }
        rows.push(Row {
            what: name,
            count,
            write_units,
            read_units,
            calls,
            cpu: printed::median(times),
        });
    }
    rows
}

/// The read units of the last request, from its log line.
fn last_read_units(log: &Log) -> f64 {
    let lines = log.lines();
    let last = lines.last().expect("line");
    last["read_units"].as_f64().expect("read units")
}
