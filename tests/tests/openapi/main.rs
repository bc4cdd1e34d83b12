//! Generates the OpenAPI document from the functions and compares it with the file in the repository. The same for
//! tables of docs/.
//!
//! `UPDATE_OPENAPI=1 cargo test --locked -p daftari-tests --test openapi` rewrites all of them.

mod document;
mod operations;
mod schemas;
mod tables;

use std::path::Path;

use daftari_platform::http::Route;
use daftari_platform::http::routes::FUNCTIONS;
use daftari_tests::SERVED;
use serde_json::Value;

/// Every row that the document describes.
fn routes() -> impl Iterator<Item = &'static Route> {
    let rows = FUNCTIONS.iter().flat_map(|function| function.routes.iter().copied());
    rows.filter(|row| row.is_described())
}

fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

#[test]
fn the_file_matches_the_code() {
    let made = document::text();
    let path = repository().join("docs/openapi.json");
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(&path, &made).expect("written");
    }
    let file = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        file == made,
        "docs/openapi.json is out of date: UPDATE_OPENAPI=1 cargo test --locked -p daftari-tests --test openapi"
    );
}

#[test]
fn each_annotation_is_of_the_row_that_its_handler_serves() {
    for (row, operation) in SERVED.iter().flat_map(|served| (served.operations)()) {
        let operation = serde_json::to_value(operation).expect("json");
        let paths = operation["paths"].as_object().expect("paths").iter();
        let annotated: Vec<_> = paths
            .flat_map(|(path, item)| item.as_object().expect("item").keys().map(move |method| (path, method)))
            .map(|(path, method)| (method.to_uppercase(), path.clone()))
            .collect();
        assert_eq!(annotated, [(row.method.to_string(), row.path.to_owned())]);
    }
}

#[test]
fn every_route_is_an_operation_and_every_operation_a_route() {
    let document = serde_json::to_value(document::document()).expect("json");
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("item").keys() {
            operations.push(format!("{} {path}", method.to_uppercase()));
        }
    }
    let mut routes: Vec<_> = routes()
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    operations.sort();
    routes.sort();
    assert_eq!(operations, routes);
}

#[test]
fn operations_have_distinct_ids_texts_and_known_tags() {
    let document = serde_json::to_value(document::document()).expect("json");
    let tags: Vec<&Value> = document["tags"]
        .as_array()
        .expect("tags")
        .iter()
        .map(|tag| &tag["name"])
        .collect();
    let mut ids = Vec::new();
    for item in document["paths"].as_object().expect("paths").values() {
        for operation in item.as_object().expect("item").values() {
            let id = operation["operationId"].as_str().expect("id").to_owned();
            // Readers show a summary verbatim, without Markdown.
            assert!(
                operation["summary"].as_str().is_some_and(|text| !text.contains('`')),
                "{id}"
            );
            assert!(operation["description"].is_string(), "{id}");
            assert!(tags.contains(&&operation["tags"][0]), "{id}");
            ids.push(id);
        }
    }
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count);
}

#[test]
fn every_value_of_an_enum_is_explained() {
    let document = serde_json::to_value(document::document()).expect("json");
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    let mut explained = 0;
    for (name, schema) in schemas {
        let description = schema["description"].as_str().unwrap_or_default();
        for value in schema["enum"].as_array().into_iter().flatten() {
            let start = format!("- `{}`", value.as_str().expect("text"));
            let line = description.lines().find(|line| line.starts_with(&start));
            let line = line.unwrap_or_else(|| panic!("{name} does not explain {value}"));
            assert!(line.len() > start.len() + 3, "{name}: {line}");
            explained += 1;
        }
    }
    assert!(explained > 100, "{explained}");
}

#[test]
fn links_to_guides_lead_to_files_of_the_repository() {
    let document = serde_json::to_value(document::document()).expect("json");
    let problem = &document["components"]["schemas"]["Problem"];
    for (described, page) in [(&document, "docs"), (problem, "docs/errors.md")] {
        let link = described["externalDocs"]["url"].as_str().expect("a link");
        assert!(link.ends_with(&format!("/main/{page}")), "{link}");
        assert!(repository().join(page).exists(), "{page}");
    }
}

#[test]
fn names_of_schemas_are_words() {
    let document = serde_json::to_value(document::document()).expect("json");
    for name in document["components"]["schemas"].as_object().expect("schemas").keys() {
        assert!(name.chars().all(|c| c.is_ascii_alphanumeric()), "{name}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = serde_json::to_value(document::document()).expect("json");
    let mut waiting = vec![&document];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(members) => {
                if let Some(target) = members.get("$ref").and_then(Value::as_str) {
                    let pointer = target.strip_prefix('#').expect("inside the document");
                    assert!(document.pointer(pointer).is_some(), "{target}");
                }
                waiting.extend(members.values());
            }
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
}
