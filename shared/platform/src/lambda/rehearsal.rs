//! A request that nobody sent, before the first that somebody does.
//!
//! Code that runs for the first time is read from disk page by page, and tables are filled at first use. A rehearsal in
//! the initialization, which has more of a processor, takes that from the first request.

use tower::ServiceExt;
use tracing::instrument::WithSubscriber;
use tracing::subscriber::NoSubscriber;

use super::event;
use crate::http::FunctionService;

/// What a gateway sends for a path that no function serves.
const EVENT: &str = r#"{
  "version": "2.0", "routeKey": "$default", "rawPath": "/rehearsal", "rawQueryString": "",
  "headers": {"authorization": "Bearer none", "content-type": "application/json", "host": "localhost"},
  "requestContext": {
    "accountId": "0", "apiId": "rehearsal", "domainName": "localhost", "domainPrefix": "localhost",
    "http": {"method": "GET", "path": "/rehearsal", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "none"},
    "requestId": "rehearsal", "routeKey": "$default", "stage": "$default",
    "time": "01/Jan/1970:00:00:00 +0000", "timeEpoch": 0
  },
  "isBase64Encoded": false
}"#;

/// Takes an event through the service. Nothing is logged or counted.
pub(super) async fn rehearse(service: &FunctionService) {
    let answer = service.clone().oneshot(event::request_of(EVENT));
    let Ok(answer) = answer.with_subscriber(NoSubscriber::new()).await;
    drop(answer);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rehearsal_event_parses_as_a_request() {
        let request = event::request_of(EVENT);
        assert_eq!(request.uri().path(), "/rehearsal");
    }
}
