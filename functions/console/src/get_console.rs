//! The console's page.

use axum::response::Response;
use daftari_platform::http::Query;
use http::HeaderMap;

use crate::file_answer::answer;
use crate::files::{FILES, File, INDEX};

/// The page served if the console was not built.
static UNBUILT: File = File {
    name: INDEX,
    bytes: include_bytes!("unbuilt.html"),
    br: None,
    gzip: None,
};

/// The console's page.
pub(crate) async fn get_console(_: Query, headers: HeaderMap) -> Response {
    let index = FILES.iter().find(|file| file.name == INDEX).unwrap_or(&UNBUILT);
    answer(index, &headers, "no-store")
}
