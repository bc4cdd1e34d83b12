//! The routes of the API gateway, derived from the route table.
//!
//! A path answers every method: those of its rows, `HEAD` wherever `GET` is answered, and 405 for the rest. So each
//! path has one route for any method. It goes to the function that serves `GET` there, or otherwise to the first one
//! that serves the path. A method of another function has a route of its own.

use daftari_platform::http::routes::{FALLBACK, FUNCTIONS};
use daftari_platform::http::{Function, Route};
use http::Method;
use serde::Serialize;

/// Every method that a request can have.
const METHODS: [Method; 8] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
    Method::TRACE,
];

/// A route of the gateway.
#[derive(Debug)]
pub struct GatewayRoute {
    /// The only method that it accepts; `None` for each method without a route of its own.
    pub method: Option<&'static Method>,
    /// The path, with parameters in braces.
    pub path: &'static str,
    /// The function that it goes to.
    pub function: &'static Function,
}

/// All routes, in the order of the rows. Paths that match no route go to [`FALLBACK`].
pub fn routes() -> Vec<GatewayRoute> {
    let mut routes: Vec<GatewayRoute> = Vec::new();
    for (function, row) in rows() {
        let path = row.path;
        if !routes.iter().any(|route| route.path == path) {
            routes.push(GatewayRoute {
                method: None,
                path,
                function: any_method(path).unwrap_or(function),
            });
        }
        if any_method(path).is_some_and(|other| other.name != function.name) {
            routes.push(GatewayRoute {
                method: Some(&row.method),
                path,
                function,
            });
        }
    }
    routes
}

fn rows() -> impl Iterator<Item = (&'static Function, &'static Route)> {
    let functions = FUNCTIONS.iter().copied();
    functions.flat_map(|function| function.routes.iter().map(move |row| (function, *row)))
}

/// The function of a path for the methods without a route of their own.
fn any_method(path: &str) -> Option<&'static Function> {
    let get = rows().find(|(_, row)| row.path == path && row.method == Method::GET);
    let first = || rows().find(|(_, row)| row.path == path);
    get.or_else(first).map(|(function, _)| function)
}

/// A route in the format of `cargo lambda watch`.
#[derive(Debug, Serialize)]
pub struct LocalRoute {
    path: &'static str,
    function: &'static str,
    /// All methods, if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    methods: Option<Vec<&'static str>>,
}

/// All other paths, for the router of `cargo lambda watch`. Where a row starts with a parameter, that router takes no
/// catch-all beside it, and only the same name of the parameter.
/// A catch-all needs something to catch, so an address with a slash at its end has a route of its own.
const CATCH_ALL: [&str; 3] = ["/{country}", "/{country}/", "/{country}/{*rest}"];

/// The routes in the format of `cargo lambda watch`. It cannot combine a route for any method with routes for single
/// methods of the same path, so such a route lists its methods.
pub fn local_routes() -> Vec<LocalRoute> {
    let routes = routes();
    let local = routes.iter().map(|route| {
        let of_path = routes.iter().filter(|other| other.path == route.path);
        let named: Vec<&Method> = of_path.filter_map(|other| other.method).collect();
        let methods = match route.method {
            Some(method) => Some(vec![method.as_str()]),
            None if named.is_empty() => None,
            None => {
                let rest = METHODS.iter().filter(|method| !named.contains(method));
                Some(rest.map(Method::as_str).collect())
            }
        };
        LocalRoute {
            path: route.path,
            function: route.function.name,
            methods,
        }
    });
    let rest = CATCH_ALL.map(|path| LocalRoute {
        path,
        function: FALLBACK.name,
        methods: None,
    });
    local.chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn every_method_of_every_path_goes_to_the_function_of_its_row_or_of_get() {
        let mut found = BTreeMap::new();
        for route in local_routes() {
            let all = || METHODS.iter().map(Method::as_str).collect();
            for method in route.methods.unwrap_or_else(all) {
                let other = found.insert((route.path, method), route.function);
                assert_eq!(other, None, "{method} {} has two routes", route.path);
            }
        }
        for (function, row) in rows() {
            for method in &METHODS {
                let named = |named: &Method| rows().find(|(_, other)| other.path == row.path && other.method == *named);
                let get = named(&Method::GET);
                let (wanted, _) = named(method).or(get).unwrap_or((function, row));
                let key = (row.path, method.as_str());
                assert_eq!(found[&key], wanted.name, "{method} {}", row.path);
            }
        }
        for path in CATCH_ALL {
            assert!(
                METHODS
                    .iter()
                    .all(|method| found[&(path, method.as_str())] == FALLBACK.name)
            );
        }
    }

    #[test]
    fn reading_and_appending_to_a_ledger_are_two_functions() {
        let ledger: Vec<_> = routes()
            .into_iter()
            .filter(|route| route.path.ends_with("/ledger"))
            .map(|route| (route.method.map(Method::as_str), route.function.name))
            .collect();
        assert_eq!(ledger, [(None, "ledger"), (Some("POST"), "ingest")]);
    }
}
