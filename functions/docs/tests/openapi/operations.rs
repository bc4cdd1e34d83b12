//! What follows from the route tables: security, and the problems that a route can answer with.

use std::collections::BTreeMap;

use daftari_platform::http::{Guard, Route};
use http::Method;
use serde_json::{Value, json};
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{
    Content, ContentBuilder, HeaderBuilder, ObjectBuilder, OpenApi, Ref, RefOr, Response,
    ResponseBuilder, Type,
};

use crate::FUNCTIONS;

/// Status, name, meaning, example code and example detail of the problems.
const PROBLEMS: [(u16, &str, &str, &str, &str); 9] = [
    (
        400,
        "Invalid",
        "A value breaks a rule",
        "invalid_request",
        "page must be a number from 1",
    ),
    (
        401,
        "Unauthenticated",
        "No token, or one that does not verify",
        "unauthenticated",
        "send a valid token as Authorization: Bearer; GET /auth gives one",
    ),
    (
        403,
        "Forbidden",
        "The token does not carry the scope, or every organization of the login is disabled",
        "forbidden",
        "the token does not carry the scope",
    ),
    (
        404,
        "NotFound",
        "There is no such thing for this tenant",
        "not_found",
        "user not found",
    ),
    (
        413,
        "BodyTooLarge",
        "The body is too large",
        "body_too_large",
        "the body may have at most 1048576 bytes",
    ),
    (
        415,
        "UnsupportedMediaType",
        "The body is not declared as JSON",
        "unsupported_media_type",
        "send the body as Content-Type: application/json",
    ),
    (
        429,
        "TooManyRequests",
        "Too many attempts to sign in",
        "too_many_requests",
        "too many attempts: try again in 900 seconds",
    ),
    (
        500,
        "InternalError",
        "Something went wrong here",
        "internal_error",
        "something went wrong here; quote the request id when you report it",
    ),
    (
        503,
        "Unavailable",
        "Busy: repeat the request",
        "unavailable",
        "the service is busy: repeat the request; what was stored already is not stored twice",
    ),
];

/// The name of the response that problems of a status have.
pub(crate) fn name_of(status: u16) -> Option<&'static str> {
    let found = PROBLEMS.iter().find(|(known, ..)| *known == status);
    found.map(|(_, name, ..)| *name)
}

/// Adds security, problems and examples to every operation.
pub(crate) fn complete(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    for (status, name, meaning, code, detail) in PROBLEMS {
        let response = problem(status, meaning, code, detail);
        components
            .responses
            .insert(name.to_owned(), RefOr::T(response));
    }
    for route in FUNCTIONS.iter().flat_map(|(_, routes)| routes.iter()) {
        let item = document.paths.paths.get_mut(route.path);
        if let Some(operation) = item.and_then(|item| operation(item, &route.method)) {
            operation.security = Some(security(route));
            for status in statuses(route, operation) {
                let name = name_of(status).expect("a known problem");
                let reference = Ref::from_response_name(name);
                let responses = &mut operation.responses.responses;
                responses.insert(status.to_string(), RefOr::Ref(reference));
            }
            add_examples(operation);
        }
    }
}

fn operation<'a>(item: &'a mut PathItem, method: &Method) -> Option<&'a mut Operation> {
    let operation = match *method {
        Method::GET => &mut item.get,
        Method::POST => &mut item.post,
        Method::DELETE => &mut item.delete,
        _ => return None,
    };
    operation.as_mut()
}

/// An API token is a bearer token; `GET /auth` is where it comes from.
fn security(route: &Route) -> Vec<SecurityRequirement> {
    match route.guard {
        Guard::Scope(_) | Guard::ScopeOrUserToken(_) => {
            vec![SecurityRequirement::new("bearer", Vec::<String>::new())]
        }
        Guard::Credentials if route.method == Method::GET => {
            vec![SecurityRequirement::new("basic", Vec::<String>::new())]
        }
        Guard::Credentials | Guard::Public => Vec::new(),
    }
}

/// The user that a body names is looked up as one that the path names.
const NAMED_IN_BODY: [&str; 1] = ["/auth/user-token"];

fn statuses(route: &Route, operation: &Operation) -> Vec<u16> {
    let posts = route.method == Method::POST;
    let parameters = operation.parameters.iter().flatten();
    let parameters: Vec<_> = parameters
        .filter_map(|parameter| match parameter {
            RefOr::T(parameter) => Some(parameter),
            RefOr::Ref(_) => None,
        })
        .collect();
    let named = route.path.contains('{')
        || NAMED_IN_BODY.contains(&route.path)
        || parameters.iter().any(|one| one.name == "user_uuid");
    let candidates = [
        // A parameter that is not understood, at least.
        (400, true),
        (401, route.guard != Guard::Public),
        (403, route.guard != Guard::Public),
        (404, named),
        (413, posts),
        (415, posts),
        (429, route.guard == Guard::Credentials),
        (500, true),
        (503, route.guard != Guard::Public),
    ];
    let possible = candidates.into_iter().filter(|(_, possible)| *possible);
    possible.map(|(status, _)| status).collect()
}

fn problem(status: u16, meaning: &str, code: &str, detail: &str) -> Response {
    let mut example = json!({
        "type": format!("urn:daftari:problem:{code}"), "title": title(code), "status": status,
        "detail": detail, "code": code, "request_id": "8f5e2c1e-5e0b-4a7e-9d7a-0d3c0c6a7f11",
    });
    if status == 400 {
        example["errors"] = json!([{"pointer": "page", "detail": "must be a number from 1"}]);
    }
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .example(Some(example));
    let response = ResponseBuilder::new().description(meaning);
    let response = response.content("application/problem+json", content.build());
    let header = |kind, description: &str| {
        let schema = ObjectBuilder::new().schema_type(kind).build();
        let header = HeaderBuilder::new().schema(Some(schema));
        header.description(Some(description)).build()
    };
    match status {
        401 => response.header(
            "WWW-Authenticate",
            header(
                Type::String,
                "`Bearer`, or `Basic` where email and password are wanted",
            ),
        ),
        429 | 503 => response.header(
            "Retry-After",
            header(Type::Integer, "Seconds after which another try makes sense"),
        ),
        _ => response,
    }
    .build()
}

/// The title that goes with a code.
fn title(code: &str) -> String {
    let special = BTreeMap::from([
        ("invalid_request", "Invalid request"),
        ("unauthenticated", "Not authenticated"),
        ("forbidden", "Not allowed"),
        ("unavailable", "Service unavailable"),
    ]);
    if let Some(title) = special.get(code) {
        return (*title).to_owned();
    }
    let words = code.replace('_', " ");
    let (first, rest) = words.split_at(1);
    first.to_uppercase() + rest
}

/// The example of an operation's answer is the file of its id, that of its body the file with `.request`, where there
/// are such.
fn add_examples(operation: &mut Operation) {
    let id = operation.operation_id.clone().unwrap_or_default();
    if let Some(example) = example(&id) {
        for status in ["200", "201"] {
            if let Some(RefOr::T(response)) = operation.responses.responses.get_mut(status) {
                set_example(response.content.get_mut(JSON), &example);
            }
        }
    }
    if let Some(example) = example(&format!("{id}.request"))
        && let Some(RefOr::T(body)) = &mut operation.request_body
    {
        set_example(body.content.get_mut(JSON), &example);
    }
}

const JSON: &str = "application/json";

fn example(name: &str) -> Option<Value> {
    let folder = crate::repository().join("functions/docs/tests/openapi/examples");
    let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).ok()?;
    Some(serde_json::from_str(&text).expect("the example is JSON"))
}

fn set_example(content: Option<&mut RefOr<Content>>, example: &Value) {
    if let Some(RefOr::T(content)) = content {
        content.example = Some(example.clone());
    }
}
