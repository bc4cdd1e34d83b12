//! The parts of operations that follow from the rows: security, and the possible problems of a route.

use daftari_platform::http::routes::POST_USER_TOKEN;
use daftari_platform::http::{Guard, MAX_BODY_BYTES, Route, into_problem};
use daftari_platform::identity::{Environment, Scope, TokenFault};
use daftari_platform::{Code, Error};
use http::{Method, StatusCode};
use serde_json::Value;
use utoipa::openapi::path::{Operation, ParameterBuilder, PathItem};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{
    Content, ContentBuilder, HeaderBuilder, ObjectBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder, Type,
};

/// The responses with problems: name, and an error as the example.
fn problems() -> [(&'static str, Error); 9] {
    let limit_bytes = MAX_BODY_BYTES;
    let retry_after_seconds = 900;
    [
        ("Invalid", Error::invalid("page", "must be a number from 1")),
        ("Unauthenticated", Error::Unauthenticated(TokenFault::Missing)),
        ("Forbidden", Error::Forbidden { needed: Scope::Read }),
        ("NotFound", Error::user_not_found()),
        ("BodyTooLarge", Error::TooLarge { limit_bytes }),
        ("UnsupportedMediaType", Error::UnsupportedMediaType),
        ("TooManyRequests", Error::TooManyRequests { retry_after_seconds }),
        ("InternalError", Error::internal("")),
        ("Unavailable", Error::TimedOut),
    ]
}

/// The meanings of all codes with the status of an error. Those of a 400 are too many for a sentence.
fn description(error: &Error) -> String {
    let status = error.code().status();
    if status == StatusCode::BAD_REQUEST {
        return "A value breaks a rule".to_owned();
    }
    let codes = Code::of_problems().filter(|code| code.status() == status);
    let meanings = codes.map(Code::meaning).collect::<Vec<_>>().join(", or ");
    let (first, rest) = meanings.split_at(1);
    first.to_uppercase() + rest
}

/// The name of the response for a status.
fn name_of(status: u16) -> Option<&'static str> {
    let problems = problems().into_iter();
    let mut named = problems.map(|(name, error)| (error.code().status().as_u16(), name));
    named.find_map(|(known, name)| (known == status).then_some(name))
}

#[test]
fn every_code_of_a_problem_has_a_response() {
    for code in Code::of_problems() {
        let status = code.status().as_u16();
        let known = status == 405 || name_of(status).is_some();
        assert!(known, "{code:?} {status}");
    }
}

/// Adds security, problems and examples to every operation.
pub(crate) fn complete(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    for (name, error) in problems() {
        let response = problem(&description(&error), &error);
        components.responses.insert(name.to_owned(), RefOr::T(response));
    }
    for route in crate::routes() {
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
            if route.method == Method::DELETE {
                forget_examples(operation);
            }
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

/// An API token is a bearer token. `GET /auth` issues it.
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

fn statuses(route: &Route, operation: &Operation) -> Vec<u16> {
    let posts = route.method == Method::POST;
    let parameters = operation.parameters.iter().flatten();
    let parameters: Vec<_> = parameters
        .filter_map(|parameter| match parameter {
            RefOr::T(parameter) => Some(parameter),
            RefOr::Ref(_) => None,
        })
        .collect();
    // The body of this row names a user, who is looked up like one in a path.
    let named_in_body = route.path == POST_USER_TOKEN.path;
    let named = route.path.contains('{') || named_in_body || parameters.iter().any(|one| one.name == "user_uuid");
    let candidates = [
        // At least for an invalid parameter.
        (400, true),
        (401, route.guard != Guard::Public),
        (403, route.guard != Guard::Public),
        (404, named),
        (413, posts),
        (415, posts),
        (429, route.guard != Guard::Public),
        (500, true),
        (503, route.guard != Guard::Public),
    ];
    let possible = candidates.into_iter().filter(|(_, possible)| *possible);
    possible.map(|(status, _)| status).collect()
}

fn problem(description: &str, error: &Error) -> Response {
    let example = into_problem(error, "8f5e2c1e-5e0b-4a7e-9d7a-0d3c0c6a7f11", Some(Environment::Test));
    let example = serde_json::to_value(example).expect("json");
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .example(Some(example));
    let response = ResponseBuilder::new().description(description);
    let response = response.content("application/problem+json", content.build());
    let header = |kind, description: &str| {
        let schema = ObjectBuilder::new().schema_type(kind).build();
        let header = HeaderBuilder::new().schema(Some(schema));
        header.description(Some(description)).build()
    };
    match error.code().status().as_u16() {
        401 => response.header(
            "WWW-Authenticate",
            header(Type::String, "`Bearer`, or `Basic` where email and password are wanted"),
        ),
        429 | 503 => response.header(
            "Retry-After",
            header(Type::Integer, "Seconds after which another try makes sense"),
        ),
        _ => response,
    }
    .build()
}

/// Adds the examples of an operation: of its answer from the file of its id, of its body from the file with `.request`.
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

/// Swagger UI sends an operation's examples unchanged, so an erasure has none.
fn forget_examples(operation: &mut Operation) {
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(parameter) = parameter {
            *parameter = ParameterBuilder::from(parameter.clone()).example(None).build();
        }
    }
}

const JSON: &str = "application/json";

fn example(name: &str) -> Option<Value> {
    let folder = crate::repository().join("tests/tests/openapi/examples");
    let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).ok()?;
    Some(serde_json::from_str(&text).expect("the example is JSON"))
}

fn set_example(content: Option<&mut RefOr<Content>>, example: &Value) {
    if let Some(RefOr::T(content)) = content {
        content.example = Some(example.clone());
    }
}
