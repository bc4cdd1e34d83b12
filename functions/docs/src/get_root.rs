//! The root of a deployment.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use daftari_platform::http::{Query, Route, routes};
use daftari_platform::version::VERSION;
use http::header::{ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderValue};
use serde::Serialize;
use utoipa::ToSchema;

use crate::cache::CACHEABLE;
use crate::file::POLICY;

const PAGE: &str = include_str!("root.html");

/// The pages for people, which are not part of a deployment.
const GUIDES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/tree/main/docs");

/// The service, and where its parts are.
#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct About {
    /// The name of the service.
    #[schema(example = "Daftari")]
    name: &'static str,
    /// Its purpose, in a sentence.
    description: &'static str,
    /// The version of the build.
    #[schema(example = "0.1.0")]
    version: &'static str,
    /// Paths on this host.
    links: Links,
}

/// Paths on this host, with the prefix of the deployment.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = AboutLinks)]
struct Links {
    /// The reference of every call, to browse and try.
    #[schema(example = json!(routes::GET_PAGE.path))]
    docs: String,
    /// The OpenAPI document.
    #[schema(example = json!(routes::GET_DOCUMENT.path))]
    openapi: String,
    /// The console for the people at a lender.
    #[schema(example = json!(routes::GET_CONSOLE.path))]
    console: String,
    /// Whether the service answers.
    #[schema(example = json!(routes::GET_HEALTH.path))]
    health: String,
    /// The version of the build.
    #[schema(example = json!(routes::GET_VERSION.path))]
    version: String,
}

/// The description of a deployment, as JSON and as a page.
#[derive(Clone)]
pub(crate) struct Root {
    about: About,
    page: String,
}

impl Root {
    /// The root for a prefix, which is empty or a path such as `/beta`.
    pub(crate) fn mounted_at(prefix: &str) -> Self {
        let path = |row: &Route| format!("{prefix}{}", row.path);
        let links = Links {
            docs: path(&routes::GET_PAGE),
            openapi: path(&routes::GET_DOCUMENT),
            console: path(&routes::GET_CONSOLE),
            health: path(&routes::GET_HEALTH),
            version: path(&routes::GET_VERSION),
        };
        let about = About {
            name: "Daftari",
            description: "Financial data of phone users for lenders: ledgers, credit reports, income, affordability",
            version: VERSION,
            links,
        };
        let style = routes::GET_FILE.path_with(&[("file", "root.css".to_owned())]);
        let style = format!("{prefix}{style}");
        let values = [
            ("{style}", style.as_str()),
            ("{description}", about.description),
            ("{console}", &about.links.console),
            ("{docs}", &about.links.docs),
            ("{openapi}", &about.links.openapi),
            ("{health}", &about.links.health),
            ("{version}", &about.links.version),
            ("{guides}", GUIDES),
            ("{number}", about.version),
        ];
        let page = values.iter().fold(PAGE.to_owned(), |page, (name, value)| {
            page.replace(name, &escaped(value))
        });
        Self { about, page }
    }
}

/// The text within a quoted attribute.
fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('"', "&quot;");
    text.replace('<', "&lt;").replace('>', "&gt;")
}

/// The service, and where its documentation and the console are.
///
/// A browser gets a page with the same links.
#[utoipa::path(
    get, path = routes::GET_ROOT.path, tag = "Service",
    responses((status = 200, description = "The service and its parts", content((About = "application/json"), (String = "text/html"))))
)]
pub(crate) async fn get_root(State(root): State<Root>, _: Query, headers: HeaderMap) -> Response {
    let mut response = if wants_page(&headers) {
        let fixed = [
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            (CONTENT_SECURITY_POLICY, POLICY),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ];
        (fixed, root.page).into_response()
    } else {
        Json(root.about).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(CACHEABLE));
    headers.insert(VARY, HeaderValue::from_static("Accept"));
    response
}

/// Whether the caller accepts HTML and does not prefer JSON. Only browsers do: `*/*` does not count.
fn wants_page(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let ranges = accepted.flat_map(|value| value.split(','));
    let mut html = 0;
    let mut json = 0;
    for range in ranges {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default();
        let weight = parts
            .find_map(|part| part.strip_prefix("q="))
            .map_or(1_000, thousandths);
        if kind.eq_ignore_ascii_case("text/html") {
            html = html.max(weight);
        } else if kind.eq_ignore_ascii_case("application/json") {
            json = json.max(weight);
        }
    }
    html > 0 && html >= json
}

/// A weight of RFC 9110, such as `0.8`; 0 for any other text.
fn thousandths(text: &str) -> u32 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match whole {
        "1" => 1_000,
        "0" if fraction.len() <= 3 && digits(fraction) => format!("{fraction:0<3}").parse().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_gets_the_page_and_a_client_json() {
        for (accept, page) in [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true),
            ("Text/HTML", true),
            ("application/json, text/html;q=0.5", false),
            ("application/json;q=0.5, text/html", true),
            ("application/json, text/html", true),
            ("text/html;q=0", false),
            ("text/html; q=nothing", false),
            ("text/html;charset=utf-8;q=0.001", true),
            ("*/*", false),
            ("text/*", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))]);
            assert_eq!(wants_page(&headers), page, "{accept}");
        }
        assert!(!wants_page(&HeaderMap::new()));
    }

    #[test]
    fn links_have_the_prefix_of_the_deployment_and_cannot_leave_their_attribute() {
        let root = Root::mounted_at("/beta");
        assert_eq!(root.about.links.docs, "/beta/docs");
        assert!(root.page.contains(r#"href="/beta/console""#), "{}", root.page);
        assert!(!root.page.contains(['{', '}']), "{}", root.page);
        let odd = Root::mounted_at(r#"/"><b>"#);
        assert!(!odd.page.contains("<b>"), "{}", odd.page);
    }
}
