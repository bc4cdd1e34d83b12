//! The console: a web page for the people at a lender, who look at persons, their money and their loans.
//!
//! The page is one more client of the public API; nothing is served to it alone. Its source is in `web/`. This function
//! serves the built files, which are embedded and already compressed.

mod answer;
mod files;
mod get_console;
mod get_console_file;

use daftari_platform::config::Edge;
use daftari_platform::http::{FunctionService, service_without_table};

daftari_platform::endpoints! {
    state ();
    described {}
    undescribed {
        GET_CONSOLE => get_console,
        GET_CONSOLE_FILE => get_console_file,
    }
}

/// The function as a service.
pub fn service(edge: &Edge) -> FunctionService {
    service_without_table(endpoints(), (), edge)
}
