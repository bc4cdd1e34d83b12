//! The files of the console's page.

use axum::response::Response;
use daftari_platform::Error;
use daftari_platform::http::{Query, path_parameter};
use http::request::Parts;

use crate::file_answer::answer;
use crate::files::{FILES, INDEX};

/// The name of a file contains a hash of its content, so a file never changes.
const A_YEAR: &str = "public, max-age=31536000, immutable";

/// A file of the page.
pub(crate) async fn get_console_file(_: Query, mut parts: Parts) -> Result<Response, Error> {
    let name = path_parameter(&mut parts, &(), "file").await?;
    let file = FILES.iter().find(|file| file.name == name && name != INDEX);
    let file = file.ok_or(Error::NotFound { what: "file" })?;
    Ok(answer(file, &parts.headers, A_YEAR))
}
