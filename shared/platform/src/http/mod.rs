//! HTTP at the edge: problem documents, extractors with limits, the layers around every router, and the route table.

mod access;
mod check_record;
mod compression;
mod context;
mod declared;
mod endpoints;
pub mod etag;
mod guard;
mod institutions;
mod json;
mod json_answer;
mod nearest;
mod object;
mod parameters;
mod problem;
mod query;
pub mod routes;
mod service;
mod warnings;

pub use access::{Access, SignInStore, UserAccess, path_parameter};
pub use check_record::check_record;
pub use context::{RequestContext, SourceAddress};
pub use endpoints::{Endpoints, FunctionService, Operations};
pub use guard::Guard;
pub use institutions::read_institution;
pub use json::{EmptyBody, JsonBody, MAX_BODY_BYTES};
pub use json_answer::json_answer;
pub use object::{Broken, NoFields, Object, Refusal, read_object};
pub use parameters::{
    AccountTypesQuery, AsOfQuery, CurrencyQuery, CursorQuery, LabelsQuery, PageQuery, Parameters, RangeQuery,
    with_limits,
};
pub(crate) use problem::Pending;
pub use problem::{Problem, into_problem};
pub use query::{Query, Values, all};
pub use routes::{Function, Route};
pub use service::{service, service_without_table};
pub use warnings::unknown_institutions;
