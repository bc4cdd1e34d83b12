//! Converts events of the gateway to requests, and answers to its responses.
//!
//! Every event gets an answer: an invalid request gets a problem document. `lambda_http` would panic on some of these
//! events or report a function error, so they are parsed here.

use std::convert::Infallible;
use std::net::Ipv6Addr;

use axum::body::Body;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{HOST, SET_COOKIE};
use http::uri::{Authority, PathAndQuery};
use http::{HeaderMap, Request, Uri};
use http_body_util::BodyExt;
use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use lambda_http::request::RequestContext;
use lambda_http::{Body as EventBody, LambdaEvent, RequestExt};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::value::RawValue;
use tower::ServiceExt;

use crate::code::Code;
use crate::error::Error;
use crate::http::{FunctionService, Pending};
use crate::shown;
use crate::wording::{ForClients, Quoted};

/// Limit of a path with its query, in bytes. A gateway accepts about 10,000.
const MAX_URI_BYTES: usize = 32_000;

/// Characters to escape in a path, which a gateway may have decoded. A percent sign stays, because it may start an
/// escape.
const PATH_ESCAPES: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Answers an event.
pub(super) async fn answer(
    service: FunctionService,
    event: LambdaEvent<Box<RawValue>>,
) -> Result<ApiGatewayV2httpResponse, Infallible> {
    let request = request_of(event.payload.get()).with_lambda_context(event.context);
    let response = service.oneshot(request).await?;
    Ok(for_gateway(response).await)
}

/// The request of an event. For an invalid event, a request that carries the error.
pub(super) fn request_of(event: &str) -> Request<Body> {
    match serde_json::from_str::<ApiGatewayV2httpRequest>(event) {
        Ok(event) => {
            let method = event.request_context.http.method.clone();
            let mut request = read(event).unwrap_or_else(refused);
            *request.method_mut() = method;
            request
        }
        // The parser's message would reveal the invalid value.
        Err(_) => refused(malformed("the request", "cannot be read")),
    }
}

fn refused(error: Error) -> Request<Body> {
    let mut request = Request::default();
    request.extensions_mut().insert(Pending::new(error));
    request
}

fn malformed(what: &'static str, fault: impl ForClients) -> Error {
    Error::refused(Code::MalformedRequest, shown!("{} {}", what, fault))
}

fn read(event: ApiGatewayV2httpRequest) -> Result<Request<Body>, Error> {
    check_origin(&event.headers)?;
    let path = event.raw_path.as_deref().unwrap_or_default();
    let query = event.raw_query_string.as_deref().unwrap_or_default();
    let uri = uri_of(path, query)?;
    let body = body_of(event.body.unwrap_or_default(), event.is_base64_encoded)?;
    let mut request = Request::new(body);
    *request.uri_mut() = uri;
    *request.headers_mut() = event.headers;
    let context = RequestContext::ApiGatewayV2(event.request_context);
    request.extensions_mut().insert(context);
    Ok(request)
}

/// Host and scheme do not matter here, but no regular client sends invalid ones.
fn check_origin(headers: &HeaderMap) -> Result<(), Error> {
    let host = headers.get(HOST);
    if host.is_some_and(|host| !host.to_str().is_ok_and(is_host)) {
        return Err(malformed("the Host header", "is not a host"));
    }
    let scheme = headers.get("x-forwarded-proto");
    let is_scheme = |text: &str| ["http", "https"].contains(&text.to_ascii_lowercase().as_str());
    if scheme.is_some_and(|scheme| !scheme.to_str().is_ok_and(is_scheme)) {
        return Err(malformed("the X-Forwarded-Proto header", "is neither http nor https"));
    }
    Ok(())
}

/// Whether the text is a name or an address, optionally with a port.
fn is_host(text: &str) -> bool {
    let Ok(authority) = text.parse::<Authority>() else {
        return false;
    };
    let host = authority.host();
    let address = host
        .strip_prefix('[')
        .map(|rest| rest.trim_end_matches(']').parse::<Ipv6Addr>().is_ok());
    let port = text.strip_prefix(host).unwrap_or("?");
    let port_fits = port.is_empty() || authority.port_u16().is_some();
    !host.is_empty() && address.unwrap_or(true) && port_fits
}

/// The query must be properly encoded. Guessing the intended query would let requests bypass a gateway's filters (RFC
/// 9112, section 3.2).
fn uri_of(path: &str, query: &str) -> Result<Uri, Error> {
    let misplaced = |c: &char| c.is_ascii_control() || [' ', '"', '#', '<', '>'].contains(c);
    if let Some(character) = query.chars().find(misplaced) {
        let code = u32::from(character);
        return Err(malformed(
            "the query",
            shown!(
                "holds a character that must be percent-encoded, as %{}",
                Quoted(&format!("{code:02X}"))
            ),
        ));
    }
    if !path.starts_with('/') {
        return Err(malformed("the path", "must start with a slash"));
    }
    let mut text = utf8_percent_encode(path, PATH_ESCAPES).to_string();
    if !query.is_empty() {
        text.push('?');
        text.push_str(query);
    }
    if text.len() > MAX_URI_BYTES {
        return Err(malformed("the path with its query", "is too long"));
    }
    let parsed = PathAndQuery::try_from(text);
    let parsed = parsed.map_err(|_| malformed("the path with its query", "cannot be read"))?;
    Ok(Uri::from(parsed))
}

fn body_of(text: String, encoded: bool) -> Result<Body, Error> {
    if !encoded {
        return Ok(Body::from(text));
    }
    let bytes = STANDARD.decode(text);
    let bytes = bytes.map_err(|_| malformed("the body", "cannot be read"))?;
    Ok(Body::from(bytes))
}

/// The response for the gateway: cookies separate from the headers, and a body that is not UTF-8 in base64.
///
/// `lambda_http` would decide by the content type, and link tables of every character set that a text might be in.
async fn for_gateway(response: Response) -> ApiGatewayV2httpResponse {
    let (mut parts, body) = response.into_parts();
    let bytes = body.collect().await.expect("the body is in memory").to_bytes();
    let body = match String::from_utf8(bytes.into()) {
        Ok(text) => EventBody::Text(text),
        Err(binary) => EventBody::Binary(binary.into_bytes()),
    };
    let cookies = parts.headers.get_all(SET_COOKIE).into_iter();
    let cookies = cookies.map(|cookie| {
        cookie
            .to_str()
            .expect("handlers set cookies of visible ASCII")
            .to_owned()
    });
    let cookies = cookies.collect();
    parts.headers.remove(SET_COOKIE);
    let mut answer = ApiGatewayV2httpResponse::default();
    answer.status_code = parts.status.as_u16().into();
    answer.is_base64_encoded = matches!(body, EventBody::Binary(_));
    answer.body = (!body.is_empty()).then_some(body);
    answer.headers = parts.headers;
    answer.cookies = cookies;
    answer
}

#[cfg(test)]
mod tests {
    use axum::extract::FromRequest;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use crate::http::{JsonBody, Object};

    use super::*;

    fn event(path: &str, query: &str) -> Value {
        json!({
            "rawPath": path, "rawQueryString": query, "headers": { "host": "api.example" },
            "requestContext": { "http": { "method": "GET" } },
        })
    }

    fn target(path: &str, query: &str) -> String {
        let request = request_of(&event(path, query).to_string());
        assert!(request.extensions().get::<Pending>().is_none());
        request.uri().to_string()
    }

    #[test]
    fn paths_arrive_decoded_or_not_and_queries_as_they_were_sent() {
        assert_eq!(target("/users", ""), "/users");
        assert_eq!(target("/users", "search=a%20b&page=1"), "/users?search=a%20b&page=1");
        assert_eq!(target("/users/a b", "x=é|[]"), "/users/a%20b?x=é|[]");
        assert_eq!(target("/users/a%20b", ""), "/users/a%20b");
        assert_eq!(target("/users/é", ""), "/users/%C3%A9");
        // In a decoded path, a question mark does not start a query.
        assert_eq!(target("/users/a?limit=2", ""), "/users/a%3Flimit=2");
        assert_eq!(target("/users/../auth", ""), "/users/../auth");
    }

    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Named {
        name: String,
    }

    impl Object for Named {
        const REQUIRED: &'static [(&'static str, &'static str)] = &[("name", r#""""#)];
    }

    /// The name in the body of an event, as a handler reads it.
    async fn name_in(body: &[u8], encoding: Option<&str>) -> Result<String, Error> {
        let mut event = event("/users", "");
        event["headers"] = json!({ "content-type": "application/json" });
        if let Some(encoding) = encoding {
            event["headers"]["content-encoding"] = json!(encoding);
        }
        event["body"] = json!(STANDARD.encode(body));
        event["isBase64Encoded"] = json!(true);
        let read = JsonBody::<Named>::from_request(request_of(&event.to_string()), &()).await;
        read.map(|JsonBody(body)| body.name)
    }

    #[tokio::test]
    async fn a_body_in_base64_is_read_and_so_is_one_in_gzip() {
        let plain = r#"{"name":"Amina Näkki"}"#.as_bytes();
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut packed, plain).expect("in memory");
        let packed = packed.finish().expect("in memory");
        assert!(
            std::str::from_utf8(&packed).is_err(),
            "an event holds such bytes in base64 only"
        );
        assert_eq!(name_in(plain, None).await.expect("read"), "Amina Näkki");
        assert_eq!(name_in(&packed, Some("gzip")).await.expect("read"), "Amina Näkki");
        let undeclared = name_in(&packed, None).await.expect_err("not JSON");
        assert_eq!(undeclared.code(), Code::MalformedJson);
        let other = name_in(&packed, Some("zstd")).await.expect_err("another coding");
        assert_eq!(other.code(), Code::UnsupportedMediaType);
    }

    #[test]
    fn hosts_are_names_or_addresses_with_or_without_a_port() {
        for host in [
            "localhost",
            "a.example:443",
            "192.0.2.1:9000",
            "[2001:db8::1]",
            "[::1]:80",
        ] {
            assert!(is_host(host), "{host}");
        }
        for host in [
            "",
            "a b",
            "a/b",
            "u@a.example",
            "a.example:",
            "a:b",
            "a:70000",
            "[::g]",
            "[::1",
            "a?b",
            ":80",
        ] {
            assert!(!is_host(host), "{host}");
        }
    }

    /// The bytes that the gateway sends to the client.
    fn sent(answer: &ApiGatewayV2httpResponse) -> Vec<u8> {
        let answer = serde_json::to_value(answer).expect("an answer");
        let body = answer["body"].as_str().unwrap_or_default();
        match answer["isBase64Encoded"].as_bool() {
            Some(true) => STANDARD.decode(body).expect("base64"),
            _ => body.as_bytes().to_vec(),
        }
    }

    proptest! {
        #[test]
        fn any_body_reaches_the_client_as_it_is(body in any::<Vec<u8>>(), text in any::<String>()) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
            for body in [body, text.into_bytes()] {
                let answer = runtime.block_on(for_gateway(Response::new(Body::from(body.clone()))));
                prop_assert_eq!(sent(&answer), body);
            }
        }

        #[test]
        fn any_event_becomes_a_request(
            path in any::<String>(), query in any::<String>(), host in any::<String>(), proto in any::<String>(),
            method in any::<String>(), body in any::<String>(), encoded in any::<bool>(), name in any::<String>(),
        ) {
            let mut event = event(&path, &query);
            event["headers"] = json!({ "host": host, "x-forwarded-proto": proto, name: "x" });
            event["body"] = json!(body);
            event["isBase64Encoded"] = json!(encoded);
            request_of(&event.to_string());
            event["headers"] = json!({});
            let request = request_of(&event.to_string());
            if request.extensions().get::<Pending>().is_none() {
                prop_assert_eq!(request.uri().query().unwrap_or_default(), query);
            }
            event["requestContext"]["http"]["method"] = json!(method);
            request_of(&event.to_string());
            request_of(&method);
        }
    }
}
