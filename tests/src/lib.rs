//! Support for black-box tests. The functions' routers run in process, with a separate table per test, behind a gateway
//! that picks the function as the deployed one does.
//!
//! ```ignore
//! let app = TestApp::start().await;
//! let lender = app.lender().await;
//! let user = lender.register("254700000001").await;
//! lender.get(&format!("/users/{user}/ledger")).await.expect_status(200);
//! ```

// A failed expectation is a failed test, so this crate is meant to panic.
#![allow(clippy::missing_panics_doc)]

mod answer;
mod app;
mod database;
mod earlier;
mod functions;
mod gateway;
pub mod interleave;
pub mod layer;
mod lender;
mod log;
pub mod proxy;
pub mod records;
pub mod rounds;
pub mod samples;
pub mod secrets;
mod sign_in;

pub use answer::Answer;
pub use app::{NOW, PASSWORD, TestApp};
pub use database::{Database, skipped_elsewhere};
pub use earlier::into_single_layout;
pub use functions::{SERVED, Served};
pub use gateway::{Gateway, RouteOf};
pub use lender::Lender;
pub use log::Log;
pub use sign_in::{sign_in, sign_in_forwarded};
