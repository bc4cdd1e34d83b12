//! Events of a schedule: they say nothing but that it is time.

use lambda_http::LambdaEvent;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::error::Error;

/// A handler of scheduled work as a service of the Lambda runtime. A failure is logged, and fails the call.
pub(super) fn service<A, H>(
    handler: &H,
) -> impl tower::Service<
    LambdaEvent<Box<RawValue>>,
    Response = A,
    Error = lambda_http::Error,
    Future = impl Future<Output = Result<A, lambda_http::Error>>,
>
where
    A: Serialize,
    H: AsyncFn() -> Result<A, Error>,
{
    tower::service_fn(move |_: LambdaEvent<Box<RawValue>>| async move {
        handler().await.map_err(|error| {
            let logged = error.logged();
            tracing::error!(
                target: "daftari::event",
                error = logged.as_ref().map_or("", |logged| logged.as_str()),
                "scheduled work failed"
            );
            lambda_http::Error::from("scheduled work failed")
        })
    })
}

#[cfg(test)]
mod tests {
    use lambda_http::lambda_runtime::Context;
    use tower::ServiceExt;

    use super::*;

    /// The answer to the event of a schedule.
    async fn answered(outcome: impl Fn() -> Result<u64, Error>) -> Result<u64, lambda_http::Error> {
        let handler = async || outcome();
        let event = r#"{"version": "0", "detail-type": "Scheduled Event", "source": "aws.events", "detail": {}}"#;
        let event = RawValue::from_string(event.to_owned()).expect("JSON");
        let event = LambdaEvent::new(event, Context::default());
        service(&handler).oneshot(event).await
    }

    #[tokio::test]
    async fn the_result_is_the_answer_and_a_failure_fails_the_call() {
        assert_eq!(answered(|| Ok(7)).await.expect("done"), 7);
        let failed = answered(|| Err(Error::internal("a corrupt item of somebody"))).await;
        assert_eq!(failed.expect_err("failed").to_string(), "scheduled work failed");
    }
}
