//! The route table agrees with the API of the SAM template, the local router and the OpenAPI document. The policy
//! matrix uses the table itself.
//!
//! A path answers every method: those it serves, `HEAD` where it serves `GET`, and our 405 for the rest. So each path
//! has one function for all unnamed methods: the one that serves `GET` there, if any.

use std::collections::{BTreeMap, BTreeSet};

use daftari_tests::{RouteOf, TestApp};

const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];
const CARGO_TOML: &str = include_str!("../../Cargo.toml");

const OPENAPI: &str = include_str!("../../docs/openapi.json");

/// Maps a method (or `ANY`) and path to a function.
type Routes = BTreeMap<(String, String), String>;

/// The routes of the functions, which the policy matrix uses.
async fn served() -> Routes {
    let mut served = Routes::new();
    for RouteOf { function, route } in TestApp::start().await.gateway.routes() {
        let key = (route.method.to_string(), route.path.to_owned());
        let other = served.insert(key, function.to_owned());
        assert_eq!(other, None, "{} {} is served twice", route.method, route.path);
    }
    served
}

/// The expected configuration: the routes, and for each path the function of all other methods.
fn wanted(served: &Routes) -> Routes {
    let mut wanted = served.clone();
    for ((_, path), function) in served {
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

#[tokio::test]
async fn functions_template_local_router_document_and_policy_matrix_list_the_same_routes() {
    let served = served().await;
    every_function_serves(&served);
    the_template_has(&wanted(&served));
    the_local_router_has(&wanted(&served));
    the_document_describes(&served);
}

fn every_function_serves(served: &Routes) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../functions");
    let found: BTreeSet<String> = std::fs::read_dir(folder)
        .expect("functions")
        .map(|entry| {
            let name = entry.expect("entry").file_name();
            name.to_string_lossy().into_owned()
        })
        .collect();
    assert_eq!(found, served.values().cloned().collect());
}

fn the_document_describes(served: &Routes) {
    let document: serde_json::Value = serde_json::from_str(OPENAPI).expect("JSON");
    let mut found = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("operations").keys() {
            found.insert((method.to_uppercase(), path.clone()));
        }
    }
    // The document describes the API, but not the pages of the reference.
    let described = served.iter().filter(|(_, function)| *function != "docs");
    assert_eq!(found, described.map(|(route, _)| route.clone()).collect());
}

fn the_template_has(wanted: &Routes) {
    let template: yaml_serde::Value = yaml_serde::from_str(daftari_infra::template::TEMPLATE).expect("template");
    let mut found = Routes::new();
    let mut default = Vec::new();
    for (_, resource) in template["Resources"].as_mapping().expect("resources") {
        if resource["Type"].as_str() != Some("AWS::Serverless::Function") {
            continue;
        }
        let binary = &resource["Metadata"]["BuildProperties"]["Binary"];
        // The function that checks releases is no binary of the workspace and has no routes.
        let Some(function) = binary.as_str().map(str::to_owned) else {
            assert!(resource["Properties"]["Events"].is_null());
            continue;
        };
        for (_, event) in resource["Properties"]["Events"].as_mapping().expect("events") {
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
    assert_eq!(&found, wanted);
    assert_eq!(default, ["users"], "one function answers unknown paths");
}

fn the_local_router_has(wanted: &Routes) {
    let manifest: toml::Value = toml::from_str(CARGO_TOML).expect("Cargo.toml");
    let router = &manifest["workspace"]["metadata"]["lambda"]["watch"]["router"];
    let mut found = Routes::new();
    for entry in router.as_array().expect("router") {
        let word = |name: &str| entry[name].as_str().expect(name).to_owned();
        let methods: Vec<String> = match entry.get("methods") {
            Some(methods) => {
                let methods = methods.as_array().expect("methods");
                methods.iter().map(|m| m.as_str().expect("method").to_owned()).collect()
            }
            None => METHODS.map(str::to_owned).to_vec(),
        };
        for method in methods {
            let key = (method, word("path"));
            let other = found.insert(key.clone(), word("function"));
            assert_eq!(other, None, "{key:?} is there twice");
        }
    }
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
