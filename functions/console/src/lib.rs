//! The console: a web page for the staff of a lender, who look at persons, their money and their loans.
//!
//! The page is one more client of the public API and has no routes of its own. Its source is in `web/`. This function
//! serves the built files, which are embedded in compressed form.

mod file_answer;
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
