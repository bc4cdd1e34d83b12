//! Compares the first request after a start with later ones.
//!
//! Each function runs against a stub of the Lambda runtime API, with the demo data behind TLS. Once it asks for an
//! event, it gets the same request several times. The result is the median of the first requests of several processes,
//! beside the median of the later ones. The difference is the work that the start left to the first request. The work
//! of the start itself is in the time until the function is ready.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use daftari_domain::Timestamp;
use daftari_domain::ids::LoginId;
use daftari_local::demo;
use daftari_platform::http::routes::FUNCTIONS;
use daftari_platform::http::{Guard, Route};
use daftari_platform::identity::{Environment, FIRST_GENERATION, SigningKeys, TokenIssuer};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::environment::environment;
use crate::runtime_api::RunningFunction;
use crate::table::Table;
use crate::times::{median, milliseconds, percent, ratio};
use crate::{Fault, name};

/// A user with two records.
const USER: &str = "958a5ae8-f3a3-41d5-ae48-177fdc19e3f4";
/// Later requests per process.
const LATER: usize = 10;
/// The pause before each request, so that every request reaches an idle environment.
const PAUSE: Duration = Duration::from_millis(30);

#[derive(Args)]
pub(crate) struct Options {
    /// The binaries of the functions.
    #[arg(required = true)]
    functions: Vec<PathBuf>,
    /// Processes per function, in addition to one for warm-up.
    #[arg(long, default_value_t = 15)]
    runs: usize,
    /// Largest ratio of the median first request to the median later one.
    #[arg(long, default_value_t = 2)]
    max_ratio: u32,
}

/// Prints the times. False if one exceeds the limit.
pub(crate) fn run(options: &Options) -> Result<bool, Fault> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(measure(options))
}

async fn measure(options: &Options) -> Result<bool, Fault> {
    let keys = SigningKeys::generate()?;
    let table = Table::start().await?;
    let token = api_token(&keys)?;
    println!(
        "{:<16} {:>9} {:>9} {:>9} {:>7}",
        "request", "ready ms", "first ms", "later", "ratio"
    );
    let mut within = true;
    for binary in &options.functions {
        if measured(&name(binary)).is_none() {
            println!("{:<16} takes no requests", name(binary));
            continue;
        }
        let (mut ready, mut first, mut later) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..=options.runs {
            let times = times(binary, &table, &keys, &token)
                .await
                .map_err(|error| format!("{}: {error}", name(binary)))?;
            if round > 0 {
                ready.push(times.ready);
                first.push(times.requests[0]);
                later.extend_from_slice(&times.requests[1..]);
            }
        }
        ready.sort_unstable();
        first.sort_unstable();
        later.sort_unstable();
        let percent = percent(median(&first), median(&later));
        within &= percent <= u128::from(options.max_ratio) * 100;
        println!(
            "{:<16} {:>9} {:>9} {:>9} {:>7}",
            name(binary),
            milliseconds(median(&ready)),
            milliseconds(median(&first)),
            milliseconds(median(&later)),
            ratio(percent),
        );
    }
    if !within {
        println!("over the limit: a ratio of {}", options.max_ratio);
    }
    Ok(within)
}

/// The times of one process.
struct Times {
    /// From the start of the process to its first request for an event.
    ready: Duration,
    /// The durations of its requests, in order.
    requests: Vec<Duration>,
}

async fn times(binary: &Path, table: &Table, keys: &SigningKeys, token: &str) -> Result<Times, Fault> {
    let started = Instant::now();
    let mut function = RunningFunction::start(binary, async |runtime_api| {
        let mut environment = environment(runtime_api, keys)?;
        environment.push(("AWS_ENDPOINT_URL_DYNAMODB", table.endpoint.clone()));
        let certificate = table.certificate.display().to_string();
        environment.push(("SSL_CERT_FILE", certificate));
        // Set like on Lambda, so that the start prepares everything.
        environment.push(("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand".to_owned()));
        Ok(environment)
    })
    .await?;
    let ready = started.elapsed();
    let mut requests = Vec::new();
    for _ in 0..=LATER {
        let event = event(&name(binary), token)?;
        tokio::time::sleep(PAUSE).await;
        requests.push(function.time(&event).await?);
    }
    Ok(Times { ready, requests })
}

fn api_token(keys: &SigningKeys) -> Result<String, Fault> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let now = Timestamp::from_unix_seconds(i64::try_from(now)?).ok_or("no such time")?;
    let issued = TokenIssuer::new("daftari", keys)?.api_token(
        (LoginId(Uuid::from_u128(1)), FIRST_GENERATION),
        (demo::ORGANIZATION, demo::TOKEN_GENERATION),
        Environment::Production,
        now,
    )?;
    Ok(issued.token)
}

/// The measured row: the function's first one about a user, or otherwise its first one.
fn measured(function: &str) -> Option<&'static Route> {
    let listed = FUNCTIONS.iter().find(|listed| listed.name == function);
    let rows = listed.map_or(&[][..], |function| function.routes);
    let of_a_user = rows.iter().find(|row| row.path.contains("{user_uuid}"));
    of_a_user.or(rows.first()).copied()
}

/// The event that a gateway sends to a function for one of its requests.
fn event(function: &str, token: &str) -> Result<Value, Fault> {
    let bearer = format!("Bearer {token}");
    // A different message each time, so that each is stored.
    let message = json!({ "messages": [{ "id": Uuid::new_v4(), "sender": "MPESA", "received_at": "2021-10-09T08:00:00Z", "body":
        "QJ912ABCDE Confirmed. Ksh1,250.00 sent to JANE WAMBUI 0722000111 on 9/10/21 at 11:00 AM. \
         New M-PESA balance is Ksh5,051.13. Transaction cost, Ksh23.00." }] });
    let basic = STANDARD.encode(format!("{}:{}", demo::EMAIL, demo::PASSWORD));
    let row = measured(function).ok_or("no route")?;
    let authorization = match row.guard {
        Guard::Credentials => format!("Basic {basic}"),
        Guard::Public | Guard::Scope(_) | Guard::ScopeOrUserToken(_) => bearer,
    };
    let (method, path) = (row.method.as_str(), row.path_with(&[("user_uuid", USER.to_owned())]));
    let body = (method == "POST").then_some(message);
    Ok(json!({
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "",
        "headers": { "authorization": authorization, "content-type": "application/json", "host": "localhost" },
        "requestContext": {
            "accountId": "000000000000", "apiId": "bench", "domainName": "localhost", "domainPrefix": "bench",
            "http": { "method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "bench" },
            "requestId": "bench", "routeKey": "$default", "stage": "$default",
            "time": "16/Nov/2021:21:00:00 +0000", "timeEpoch": 1_637_096_400_000_u64,
        },
        "body": body.map(|body| body.to_string()), "isBase64Encoded": false,
    }))
}
