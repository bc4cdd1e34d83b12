//! Warm-up: an invented request before the first real one.
//!
//! Code that runs for the first time is loaded page by page, and tables are filled at first use. The initialization
//! phase has more CPU than requests, so this work is done there.

use tower::ServiceExt;
use tracing::instrument::WithSubscriber;
use tracing::subscriber::NoSubscriber;

use super::event;
use crate::http::FunctionService;

/// A gateway event for an unknown path.
const EVENT: &str = r#"{
  "version": "2.0", "routeKey": "$default", "rawPath": "/warm-up", "rawQueryString": "",
  "headers": {"authorization": "Bearer none", "content-type": "application/json", "host": "localhost"},
  "requestContext": {
    "accountId": "0", "apiId": "warm-up", "domainName": "localhost", "domainPrefix": "localhost",
    "http": {"method": "GET", "path": "/warm-up", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "none"},
    "requestId": "warm-up", "routeKey": "$default", "stage": "$default",
    "time": "01/Jan/1970:00:00:00 +0000", "timeEpoch": 0
  },
  "isBase64Encoded": false
}"#;

/// Passes an event through the service. It is neither logged nor counted.
pub(super) async fn warm_up(service: &FunctionService) {
    let answer = service.clone().oneshot(event::request_of(EVENT));
    let Ok(answer) = answer.with_subscriber(NoSubscriber::new()).await;
    drop(answer);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_warm_up_event_parses_as_a_request() {
        let request = event::request_of(EVENT);
        assert_eq!(request.uri().path(), "/warm-up");
    }
}
