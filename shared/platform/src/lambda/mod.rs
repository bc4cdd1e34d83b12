//! The start of every function, and its events: requests of the gateway, batches of a stream, or a schedule.

mod event;
mod schedule;
mod table_stream;
mod warm_up;

use std::convert::Infallible;
use std::process::ExitCode;

use aws_lambda_events::streams::DynamoDbEventResponse;
use lambda_http::LambdaEvent;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::config::{self, ConfigError, Edge};
use crate::error::Error;
use crate::http::{Function, FunctionService};
use crate::platform::Platform;
use crate::store::Store;
use crate::telemetry::{self, Metrics};

/// Lambda sets this variable to the reason for starting an environment. Elsewhere there is no initialization phase.
const INITIALIZATION: &str = "AWS_LAMBDA_INITIALIZATION_TYPE";

/// Whether Lambda is initializing this environment. Work that is done in this phase delays no request.
pub fn is_initializing() -> bool {
    std::env::var_os(INITIALIZATION).is_some()
}

/// Runs a function with the table until its environment ends.
///
/// Before the first event it reads and checks the configuration, makes the service and, on Lambda, opens the connection
/// to the table. A wrong setting ends the start with a line that names the variable, so no request is half answered.
/// Lambda gives the initialization phase more CPU than requests.
pub async fn serve(
    function: &'static Function,
    service: impl AsyncFnOnce(Platform) -> Result<FunctionService, ConfigError>,
) -> ExitCode {
    let start = async || {
        telemetry::init(Metrics::from_env(function.name)?);
        let platform = Platform::from_env().await?;
        let prepared = platform.clone();
        let (service, ()) = tokio::join!(service(platform), warm_up_table(function, prepared.store()));
        let service = service?;
        if is_initializing() {
            prepared.verifier().warm_up();
            warm_up::warm_up(&service).await;
        }
        Ok(service)
    };
    run(start().await).await
}

/// Opens the connection to the table, if the function reads it and Lambda is initializing the environment.
async fn warm_up_table(function: &Function, store: &Store) {
    if let Some(reads) = function.warm_up.filter(|_| is_initializing()) {
        store.warm_up(reads).await;
    }
}

/// Runs a function for batches of the table's stream until its environment ends. It starts as [`serve`] does.
///
/// The handler gets the changed items one by one, deserialized from a record of the stream event. If it fails for one,
/// the rest of the batch is not handled, and Lambda sends the failed record and the rest again. The comment of `stream`
/// lists the settings of the event source mapping. The function has no routes and needs no token settings.
pub async fn serve_events<R, H>(
    function: &'static Function,
    handler: impl AsyncFnOnce(Store) -> Result<H, ConfigError>,
) -> ExitCode
where
    R: DeserializeOwned,
    H: AsyncFn(R) -> Result<(), Error>,
{
    let start = async || {
        telemetry::init(Metrics::from_env(function.name)?);
        let store = Store::from_env(config::required("DAFTARI_TABLE")?).await?;
        let (handler, ()) = tokio::join!(handler(store.clone()), warm_up_table(function, &store));
        handler
    };
    match start().await {
        Ok(handler) => ended(lambda_http::lambda_runtime::run(stream_service(&handler)).await),
        Err(error) => not_started(&error),
    }
}

/// A handler of changes as a service of the Lambda runtime. It never fails: its response names the failed record.
fn stream_service<R, H>(
    handler: &H,
) -> impl tower::Service<
    LambdaEvent<table_stream::Batch>,
    Response = DynamoDbEventResponse,
    Error = Infallible,
    Future = impl Future<Output = Result<DynamoDbEventResponse, Infallible>>,
>
where
    R: DeserializeOwned,
    H: AsyncFn(R) -> Result<(), Error>,
{
    tower::service_fn(move |event: LambdaEvent<table_stream::Batch>| async move {
        Ok(table_stream::handle_batch(event.payload, handler).await)
    })
}

/// Runs a function that a schedule calls, until its environment ends. It starts as [`serve`] does.
///
/// The handler does all that is due, and its result is the answer. If it fails, so does the call, and Lambda counts an
/// error of the function. The function has no routes and needs no token settings. `settings` reads its own from the
/// environment.
pub async fn serve_schedule<S, A: Serialize>(
    function: &'static Function,
    settings: impl FnOnce() -> Result<S, ConfigError>,
    handler: impl AsyncFn(&Store, &S) -> Result<A, Error>,
) -> ExitCode {
    let start = async || {
        telemetry::init(Metrics::from_env(function.name)?);
        let store = Store::from_env(config::required("DAFTARI_TABLE")?).await?;
        let settings = settings()?;
        warm_up_table(function, &store).await;
        Ok((store, settings))
    };
    match start().await {
        Ok((store, settings)) => {
            let work = async || handler(&store, &settings).await;
            ended(lambda_http::lambda_runtime::run(schedule::service(&work)).await)
        }
        Err(error) => not_started(&error),
    }
}

/// Runs a function that needs no table and no tokens.
pub async fn serve_without_table(
    function: &'static Function,
    service: impl FnOnce(&Edge) -> FunctionService,
) -> ExitCode {
    let start = || {
        telemetry::init(Metrics::from_env(function.name)?);
        Ok(service(&Edge::from_env()?))
    };
    run(start()).await
}

async fn run(service: Result<FunctionService, ConfigError>) -> ExitCode {
    let service = match service {
        Ok(service) => service,
        Err(error) => return not_started(&error),
    };
    let answer = tower::service_fn(move |event| event::answer(service.clone(), event));
    ended(lambda_http::lambda_runtime::run(answer).await)
}

fn not_started(error: &ConfigError) -> ExitCode {
    // With invalid telemetry settings, telemetry is not initialized yet.
    telemetry::init(Metrics::None);
    tracing::error!(target: "daftari::start", error = %error, "the function does not start");
    ExitCode::FAILURE
}

fn ended(result: Result<(), lambda_http::Error>) -> ExitCode {
    let Err(error) = result else {
        return ExitCode::SUCCESS;
    };
    tracing::error!(target: "daftari::start", error = %error, "the function lost its runtime");
    ExitCode::FAILURE
}
