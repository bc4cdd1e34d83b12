//! Sample requests of every route: the examples of the OpenAPI document, for a user of a test.

use std::path::Path;

use daftari_platform::http::Route;
use serde_json::Value;
use uuid::Uuid;

/// The OpenAPI document of the repository.
pub fn document() -> Value {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json"));
    serde_json::from_str(&std::fs::read_to_string(path).expect("document")).expect("json")
}

/// The examples of the document.
#[derive(Debug)]
pub struct Samples {
    /// The document.
    pub document: Value,
}

const USER: &str = "user_uuid";

impl Samples {
    /// Reads the document.
    pub fn read() -> Self {
        Self { document: document() }
    }

    /// The operation of a row; null for a row that the document leaves out.
    pub fn operation(&self, route: &Route) -> &Value {
        &self.document["paths"][route.path][route.method.as_str().to_lowercase()]
    }

    fn parameters(&self, route: &Route) -> impl Iterator<Item = &Value> {
        self.operation(route)["parameters"].as_array().into_iter().flatten()
    }

    fn query_names_the_user(&self, route: &Route) -> bool {
        let mut parameters = self.parameters(route);
        parameters.any(|parameter| parameter["in"] == "query" && parameter["name"] == USER)
    }

    /// The body of the row's example, for the user; `None` for a row without a body.
    pub fn body(&self, route: &Route, user: &str) -> Option<Value> {
        let content = self.operation(route)["requestBody"].get("content")?;
        let example = content["application/json"].get("example").cloned();
        let mut body = example.unwrap_or_else(|| panic!("{route:?} has no example of its body"));
        if let Some(named) = body.get_mut(USER) {
            *named = user.into();
        }
        Some(body)
    }

    /// Whether a request of the row names a user: in its path, its query or its body.
    pub fn names_a_user(&self, route: &Route) -> bool {
        let in_body = || self.body(route, "").is_some_and(|body| body.get(USER).is_some());
        route.path.contains("{user_uuid}") || self.query_names_the_user(route) || in_body()
    }

    /// The row's path for the user, and the query that names the user if the path does not. `values` sets some
    /// parameters; the others have the examples of the document.
    pub fn path(&self, route: &Route, user: &str, values: &[(&str, &str)]) -> String {
        let path = self.path_without_query(route, user, values);
        if self.query_names_the_user(route) {
            return format!("{path}?{USER}={user}");
        }
        path
    }

    /// The same without a query.
    pub fn path_without_query(&self, route: &Route, user: &str, values: &[(&str, &str)]) -> String {
        let mut all = vec![(USER, user.to_owned())];
        all.extend(values.iter().map(|(name, value)| (*name, (*value).to_owned())));
        for parameter in self.parameters(route).filter(|parameter| parameter["in"] == "path") {
            let name = parameter["name"].as_str().expect("name");
            // An account is an institution of a user, so the example is valid only for the example's user.
            if name == "acct_uuid" && !all.iter().any(|(known, _)| *known == name) {
                all.push((name, self.account(user)));
            }
            if let Some(example) = parameter["example"].as_str() {
                all.push((name, example.to_owned()));
            }
        }
        // The first value of a name replaces it.
        route.path_with(&all)
    }

    /// The user's account at the institution of the examples.
    fn account(&self, user: &str) -> String {
        let parameters = self.document["paths"].as_object().expect("paths").values();
        let parameters = parameters.flat_map(|item| item.as_object().expect("item").values());
        let mut parameters = parameters.flat_map(|operation| operation["parameters"].as_array().into_iter().flatten());
        let institution = parameters
            .find(|parameter| parameter["in"] == "path" && parameter["name"] == "institution_id")
            .and_then(|parameter| parameter["example"].as_str());
        let institution = institution.expect("an example of an institution");
        Uuid::new_v5(&user.parse().unwrap_or_default(), institution.as_bytes()).to_string()
    }
}
