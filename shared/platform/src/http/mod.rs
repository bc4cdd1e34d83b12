//! HTTP at the edge: problem documents, extractors with limits, the layers around every router, and the route table.

mod access;
pub mod etag;
mod json;
mod problem;
mod query;
mod request;
mod route;
mod service;

pub use access::{Access, ErasesData, IngestsData, Needs, ReadsData, SendsMessages, UserAccess};
pub use json::{JsonBody, MAX_BODY_BYTES, data_error, read_json};
pub use problem::{Problem, into_problem};
pub use query::Query;
pub use request::{RequestContext, SourceAddress};
pub use route::{Guard, Route};
pub use service::service;
