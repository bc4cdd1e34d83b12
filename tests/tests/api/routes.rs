//! The route table and everything that must agree with it: the crates under `functions/`, the SAM template and the
//! OpenAPI document. The policy matrix iterates the table itself.
//!
//! `UPDATE_TEMPLATE=1 cargo test -p daftari-tests --test api routes` writes the routes into the template, and the
//! list of functions.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use daftari_infra::gateway::{self, GatewayRoute};
use daftari_platform::http::Route;
use daftari_platform::http::routes::{FALLBACK, FUNCTIONS};
use daftari_tests::SERVED;
use yaml_serde::Value;

use crate::modules::{crates, shipped, sources};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn template() -> String {
    std::fs::read_to_string(repository().join("infra/template.yaml")).expect("template")
}

#[test]
fn no_method_of_a_path_has_two_rows() {
    let mut rows = BTreeSet::new();
    for row in FUNCTIONS.iter().flat_map(|function| function.routes) {
        assert!(rows.insert((row.path, row.method.as_str())), "{row:?}");
    }
}

/// A text of a source as a path: without the names in braces.
fn without_names(text: &str) -> String {
    let parts = text
        .split('{')
        .map(|part| part.split_once('}').map_or(part, |(_, rest)| rest));
    parts.collect::<Vec<_>>().join("{}")
}

/// The rows whose paths occur as texts in a source, also with other parameter names.
fn repeated(source: &str) -> Vec<&'static str> {
    let texts: BTreeSet<_> = source.split('"').map(without_names).collect();
    let rows = FUNCTIONS.iter().flat_map(|function| function.routes);
    // A slash alone is a separator too.
    let paths = rows.map(|row| row.path).filter(|path| *path != "/");
    let is_repeated = |path: &&str| {
        let path = without_names(path);
        texts
            .iter()
            .any(|text| *text == path || path.contains('{') && text.ends_with(&path))
    };
    paths.filter(is_repeated).collect()
}

/// The rows that a source names by method and path, also in comments and texts.
fn mentioned(source: &str) -> Vec<&'static str> {
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || "/{-_.".contains(c));
    let rows = FUNCTIONS.iter().flat_map(|function| function.routes);
    let is_mentioned = |row: &&&Route| {
        let text = row.to_string();
        source
            .match_indices(&text)
            .any(|(at, _)| ends(&source[at + text.len()..]))
    };
    rows.filter(is_mentioned).map(|row| row.name).collect()
}

#[test]
fn only_the_route_table_has_the_path_of_a_row() {
    let table: [&str; 2] = ["http", "routes"];
    let (mut read, mut found) = (0, Vec::new());
    for folder in crates() {
        for (module, source) in sources(&folder) {
            read += 1;
            let mut paths = repeated(&shipped(&source));
            paths.extend(mentioned(&source));
            if module == table {
                assert!(paths.len() > 40, "{paths:?}");
            } else if !paths.is_empty() {
                found.push((folder.clone(), module, paths));
            }
        }
    }
    assert!(read > 300, "{read} files");
    assert!(found.is_empty(), "take path or name from the row: {found:#?}");
}

#[test]
fn a_repeated_path_is_found() {
    assert_eq!(repeated(r#"get("/users")"#), ["/users", "/users"]);
    assert_eq!(
        repeated(r#"format!("{url}/users/{user}/dti")"#),
        ["/users/{user_uuid}/dti"]
    );
    assert!(repeated(r#"let text = "GET /users/{user}/dti?page=1";"#).is_empty());
    assert_eq!(mentioned("/// See `GET /users?search=…` and GET /."), ["GET_USERS"]);
    assert!(mentioned("GET /users/7, POST /users/{user_uuid}/ledgers").is_empty());
}

#[test]
fn every_crate_of_a_function_is_listed_and_those_with_routes_are_served() {
    let folders = std::fs::read_dir(repository().join("functions")).expect("functions");
    let folders = folders.map(|entry| entry.expect("entry").file_name().into_string().expect("UTF-8"));
    let listed = FUNCTIONS.iter().map(|function| function.name.to_owned());
    assert_eq!(folders.collect::<BTreeSet<_>>(), listed.collect());
    let with_routes = FUNCTIONS.iter().filter(|function| !function.routes.is_empty());
    let with_routes: BTreeSet<_> = with_routes.map(|function| function.name).collect();
    assert_eq!(
        SERVED
            .iter()
            .map(|served| served.function.name)
            .collect::<BTreeSet<_>>(),
        with_routes
    );
    assert_eq!(SERVED.len(), with_routes.len());
}

#[test]
fn the_document_describes_every_row() {
    let text = std::fs::read_to_string(repository().join("docs/openapi.json")).expect("document");
    let document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let mut found = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("operations").keys() {
            found.insert((method.to_uppercase(), path.clone()));
        }
    }
    let rows = FUNCTIONS.iter().flat_map(|function| function.routes);
    let rows = rows.filter(|row| row.is_described());
    assert_eq!(
        found,
        rows.map(|row| (row.method.to_string(), row.path.to_owned())).collect()
    );
}

/// The functions of the template by the name of their binary. The function that checks releases is not a binary of the
/// workspace and has no routes.
fn functions(template: &Value) -> BTreeMap<&str, &Value> {
    let resources = template["Resources"].as_mapping().expect("resources");
    let functions = resources
        .values()
        .filter(|each| each["Type"].as_str() == Some("AWS::Serverless::Function"));
    functions
        .filter_map(|function| {
            let binary = function["Metadata"]["BuildProperties"]["Binary"].as_str();
            if binary.is_none() {
                assert!(function["Properties"]["Events"].is_null());
            }
            Some((binary?, function))
        })
        .collect()
}

#[test]
fn the_template_deploys_every_function_and_gives_the_table_to_those_that_read_it() {
    let template: Value = yaml_serde::from_str(&template()).expect("template");
    let functions = functions(&template);
    let with_table = |function: &Value| !function["Properties"]["Environment"]["Variables"]["DAFTARI_TABLE"].is_null();
    let found: BTreeMap<_, _> = functions
        .iter()
        .map(|(name, function)| (*name, with_table(function)))
        .collect();
    let wanted = FUNCTIONS
        .iter()
        .map(|function| (function.name, function.warm_up.is_some()));
    assert_eq!(found, wanted.collect());
}

/// The list of functions for scripts and their tests, which cannot read the rows.
fn list_of_functions() -> String {
    let functions = FUNCTIONS.iter().map(|function| {
        let (name, table, requests) = (function.name, function.warm_up.is_some(), !function.routes.is_empty());
        format!("  {{ \"name\": \"{name}\", \"table\": {table}, \"requests\": {requests} }}")
    });
    format!("[\n{}\n]\n", functions.collect::<Vec<_>>().join(",\n"))
}

#[test]
fn scripts_read_the_same_list_of_functions() {
    let path = repository().join("infra/functions.json");
    if std::env::var_os("UPDATE_TEMPLATE").is_some() {
        std::fs::write(&path, list_of_functions()).expect("written");
    }
    assert!(
        std::fs::read_to_string(&path).expect("list") == list_of_functions(),
        "infra/functions.json is out of date: UPDATE_TEMPLATE=1 cargo test -p daftari-tests --test api routes"
    );
}

#[test]
fn the_templates_events_are_the_gateways_routes() {
    let mut text = template();
    let made = with_events(&text);
    if std::env::var_os("UPDATE_TEMPLATE").is_some() {
        std::fs::write(repository().join("infra/template.yaml"), &made).expect("written");
        text = made.clone();
    }
    assert!(
        text == made,
        "infra/template.yaml is out of date: UPDATE_TEMPLATE=1 cargo test -p daftari-tests --test api routes"
    );

    // Compares the parsed template, as SAM reads it, so that layout does not matter.
    let template: Value = yaml_serde::from_str(&text).expect("template");
    let mut found = BTreeSet::new();
    for (name, function) in functions(&template) {
        let events = function["Properties"]["Events"].as_mapping();
        for event in events.into_iter().flat_map(|events| events.values()) {
            if event["Type"].as_str() == Some("HttpApi") {
                let property = |name: &str| event["Properties"][name].as_str().map(str::to_owned);
                let new = found.insert((property("Method"), property("Path"), name));
                assert!(new, "{event:?} is there twice");
            }
        }
    }
    let routes = gateway::routes().into_iter().map(|route| {
        let method = route.method.map_or("ANY", |method| method.as_str());
        (
            Some(method.to_owned()),
            Some(route.path.to_owned()),
            route.function.name,
        )
    });
    let mut wanted: BTreeSet<_> = routes.collect();
    wanted.insert((None, None, FALLBACK.name));
    assert_eq!(found, wanted);
}

const EVENTS: &str = "      Events:";
const BINARY: &str = "      BuildProperties: { Binary: ";

/// The template with the events of each function that serves routes. Functions with other events stay unchanged.
fn with_events(template: &str) -> String {
    let mut made: Vec<String> = Vec::new();
    let mut name = "";
    let mut lines = template.lines().peekable();
    while let Some(line) = lines.next() {
        made.push(line.to_owned());
        if let Some(binary) = line.strip_prefix(BINARY) {
            name = binary.trim_end_matches(" }");
        }
        let events = events(name);
        if line == EVENTS && !events.is_empty() {
            while lines.next_if(|line| line.starts_with("        ")).is_some() {}
            made.extend(events);
        }
    }
    made.join("\n") + "\n"
}

fn events(function: &str) -> Vec<String> {
    let routes = gateway::routes()
        .into_iter()
        .filter(|route| route.function.name == function);
    let mut lines: Vec<String> = routes.map(|route| event(&route)).collect();
    if function == FALLBACK.name {
        lines.push("        # Every other path: the 404 of all functions.".to_owned());
        lines.push("        Default: { Type: HttpApi, Properties: { ApiId: !Ref Api } }".to_owned());
    }
    lines
}

fn event(route: &GatewayRoute) -> String {
    let method = route.method.map_or("ANY", |method| method.as_str());
    let words = route.path.split(|c: char| !c.is_ascii_alphanumeric());
    let words = std::iter::once(method.to_ascii_lowercase()).chain(words.map(str::to_owned));
    let id: String = words
        .filter_map(|word| {
            word.split_at_checked(1)
                .map(|(first, rest)| first.to_ascii_uppercase() + rest)
        })
        .collect();
    let path = route.path;
    format!("        {id}: {{ Type: HttpApi, Properties: {{ ApiId: !Ref Api, Method: {method}, Path: \"{path}\" }} }}")
}
