//! Start-up of all functions, and reading of events.

mod event;
mod rehearsal;

use std::process::ExitCode;

use crate::config::{ConfigError, Edge};
use crate::http::{Function, FunctionService};
use crate::platform::Platform;
use crate::telemetry::{self, Metrics};

/// Lambda sets this variable to the reason for starting the environment. Elsewhere there is no initialization phase.
const INITIALIZATION: &str = "AWS_LAMBDA_INITIALIZATION_TYPE";

/// Whether Lambda is initializing this environment. Requests need not wait for work done in this phase.
pub fn is_initializing() -> bool {
    std::env::var_os(INITIALIZATION).is_some()
}

/// Runs a function with the table until its environment ends.
///
/// Before it asks for the first event, it checks the configuration, creates the service and, on Lambda, opens the
/// connection to the table. So a faulty configuration stops the function with an error that names the variable, before
/// it accepts a request. And the first request does not wait for the connection. Lambda gives this phase more CPU than
/// requests.
pub async fn serve(
    function: &'static Function,
    service: impl AsyncFnOnce(Platform) -> Result<FunctionService, ConfigError>,
) -> ExitCode {
    let start = async || {
        telemetry::init(Metrics::from_env(function.name)?);
        let platform = Platform::from_env().await?;
        let prepared = platform.clone();
        let prepare = async {
            if let Some(reads) = function.reads.filter(|_| is_initializing()) {
                prepared.store().warm(reads).await;
            }
        };
        let (service, ()) = tokio::join!(service(platform), prepare);
        let service = service?;
        if is_initializing() {
            prepared.verifier().rehearse();
            rehearsal::rehearse(&service).await;
        }
        Ok(service)
    };
    run(start().await).await
}

/// Runs a function without table and tokens.
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
        Err(error) => {
            // Telemetry must be initialized to report a fault in its own settings.
            telemetry::init(Metrics::None);
            tracing::error!(target: "daftari::start", error = %error, "the function does not start");
            return ExitCode::FAILURE;
        }
    };
    let answer = tower::service_fn(move |event| event::answer(service.clone(), event));
    let Err(error) = lambda_http::lambda_runtime::run(answer).await else {
        return ExitCode::SUCCESS;
    };
    tracing::error!(target: "daftari::start", error = %error, "the function lost its runtime");
    ExitCode::FAILURE
}
