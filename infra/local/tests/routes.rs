//! One table of routes in three places: the functions' own, the API of the SAM template, the local router.
//!
//! A path answers every method: those it serves, `HEAD` where it serves `GET`, and a 405 of ours for the rest. So each
//! path has one function that gets what no route names: the one that serves `GET` there, if any does.

use std::collections::{BTreeMap, BTreeSet};

use daftari_platform::http::Route;

const METHODS: [&str; 8] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE",
];
const CARGO_TOML: &str = include_str!("../../../Cargo.toml");

/// The routes of every function, by the name of its binary. A new function is entered here.
const FUNCTIONS: &[(&str, &[Route])] = &[
    ("auth", auth::ROUTES),
    ("users", users::ROUTES),
    ("ledger", ledger::ROUTES),
    ("ingest", ingest::ROUTES),
    ("accounts", accounts::ROUTES),
    ("credit-report", credit_report::ROUTES),
    ("dti", dti::ROUTES),
    ("summaries", summaries::ROUTES),
    ("docs", docs::ROUTES),
];

/// The function of a method (or `ANY`) and path.
type Routes = BTreeMap<(String, String), String>;

fn served() -> Routes {
    let mut served = Routes::new();
    for (function, routes) in FUNCTIONS {
        for route in *routes {
            let key = (route.method.to_string(), route.path.to_owned());
            let other = served.insert(key, (*function).to_owned());
            assert_eq!(
                other, None,
                "{} {} is served twice",
                route.method, route.path
            );
        }
    }
    served
}

/// What has to be configured: the served routes, and for each path the function that gets everything else.
fn wanted() -> Routes {
    let served = served();
    let mut wanted = served.clone();
    for ((_, path), function) in &served {
        let get = served.get(&("GET".to_owned(), path.clone()));
        let rest = wanted
            .entry(("ANY".to_owned(), path.clone()))
            .or_insert_with(|| function.clone());
        if let Some(get) = get {
            rest.clone_from(get);
        }
    }
    wanted
}

#[test]
fn every_function_of_the_workspace_is_listed() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../functions");
    let found: BTreeSet<String> = std::fs::read_dir(folder)
        .expect("functions")
        .map(|entry| {
            entry
                .expect("entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    let listed: BTreeSet<String> = FUNCTIONS
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    assert_eq!(found, listed);
}

#[test]
fn the_template_has_the_functions_routes() {
    let template: yaml_serde::Value =
        yaml_serde::from_str(daftari_local::template::TEMPLATE).expect("template");
    let mut found = Routes::new();
    let mut default = Vec::new();
    for (_, resource) in template["Resources"].as_mapping().expect("resources") {
        if resource["Type"].as_str() != Some("AWS::Serverless::Function") {
            continue;
        }
        let binary = &resource["Metadata"]["BuildProperties"]["Binary"];
        let function = binary.as_str().expect("binary").to_owned();
        for (_, event) in resource["Properties"]["Events"]
            .as_mapping()
            .expect("events")
        {
            assert_eq!(event["Type"].as_str(), Some("HttpApi"));
            let property = |name: &str| event["Properties"][name].as_str().map(str::to_owned);
            match (property("Method"), property("Path")) {
                (None, None) => default.push(function.clone()),
                (method, path) => {
                    let key = (method.expect("method"), path.expect("path"));
                    let other = found.insert(key.clone(), function.clone());
                    assert_eq!(other, None, "{key:?} is there twice");
                }
            }
        }
    }
    assert_eq!(found, wanted());
    assert_eq!(default, ["users"], "one function answers what is nowhere");
}

#[test]
fn the_local_router_sends_everything_where_the_template_does() {
    let manifest: toml::Value = toml::from_str(CARGO_TOML).expect("Cargo.toml");
    let router = &manifest["workspace"]["metadata"]["lambda"]["watch"]["router"];
    let mut found = Routes::new();
    for entry in router.as_array().expect("router") {
        let word = |name: &str| entry[name].as_str().expect(name).to_owned();
        let methods: Vec<String> = match entry.get("methods") {
            Some(methods) => {
                let methods = methods.as_array().expect("methods");
                methods
                    .iter()
                    .map(|m| m.as_str().expect("method").to_owned())
                    .collect()
            }
            None => METHODS.map(str::to_owned).to_vec(),
        };
        for method in methods {
            let key = (method, word("path"));
            let other = found.insert(key.clone(), word("function"));
            assert_eq!(other, None, "{key:?} is there twice");
        }
    }
    let wanted = wanted();
    let mut expected = Routes::new();
    let paths: BTreeSet<&String> = wanted.keys().map(|(_, path)| path).collect();
    for path in paths {
        for method in METHODS {
            let function = wanted
                .get(&(method.to_owned(), path.clone()))
                .unwrap_or_else(|| &wanted[&("ANY".to_owned(), path.clone())]);
            expected.insert((method.to_owned(), path.clone()), function.clone());
        }
    }
    for method in METHODS {
        for path in ["/", "/{*rest}"] {
            expected.insert((method.to_owned(), path.to_owned()), "users".to_owned());
        }
    }
    assert_eq!(found, expected);
}
