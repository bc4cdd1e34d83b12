//! The console: a web page for the people at a lender, who look at persons, their money and their loans.
//!
//! The page is one more client of the public API; nothing is served to it alone. Its source is in `web/`. This function
//! serves the built files, which are embedded and already compressed.

mod answer;
mod files;
mod get_console;
mod get_console_file;

use daftari_platform::config::Edge;
use daftari_platform::http::{Endpoints, FunctionService, routes, service_without_table};

/// The function as a service.
pub fn service(edge: &Edge) -> FunctionService {
    let endpoints = Endpoints::new()
        .serve(&routes::GET_CONSOLE, get_console::get_console)
        .serve(&routes::GET_CONSOLE_FILE, get_console_file::get_console_file);
    service_without_table(endpoints, (), edge)
}
