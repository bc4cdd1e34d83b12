//! What every function does when it starts, and how it reads events.

mod event;
mod rehearsal;

use std::process::ExitCode;

use crate::config::{ConfigError, Edge};
use crate::http::{Function, FunctionService};
use crate::platform::Platform;
use crate::telemetry::{self, Metrics};

/// Lambda says in it why it starts an environment; elsewhere there is no phase to prepare in.
const INITIALIZATION: &str = "AWS_LAMBDA_INITIALIZATION_TYPE";

/// Whether Lambda is starting this environment: what is prepared in this phase, no request has to wait for.
pub fn is_initializing() -> bool {
    std::env::var_os(INITIALIZATION).is_some()
}

/// Runs a function over the table until its environment ends.
///
/// Configuration is read and checked, the service made, and on Lambda the connection to the table opened, all before the
/// first event is asked for: a function that is set up wrongly says which variable is at fault and ends, so that no
/// request is half answered, and a request finds everything ready. Lambda gives more of a processor to this phase than
/// to requests.
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
        Err(error) => {
            // A fault of the telemetry's own settings is told before there is telemetry.
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
