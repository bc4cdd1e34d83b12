//! The edges of Daftari, between the pure domain and the outside world.
//!
//! - [`config`]: what a function reads from its environment at start;
//! - [`code`], [`error`], [`wording`]: reasons why a request is not answered as asked, with what clients read and what
//!   the log has;
//! - [`identity`]: passwords, signing keys, tokens, and the tenant that only a verified token can make;
//! - [`http`]: problem documents, extractors with limits, and the layers around every router;
//! - [`store`]: the one DynamoDB table; the only module that builds keys;
//! - [`aws`]: how AWS is called, and secrets; nothing but this and the store names the AWS SDK;
//! - [`answer_budget`], [`cursor`], [`listing`]: how much one answer holds, lists of records, and signed positions in
//!   them;
//! - [`telemetry`]: one JSON line per request, which CloudWatch can take metrics from;
//! - [`lambda`]: what every function does when it starts, and how it reads events.

pub mod answer_budget;
pub mod aws;
pub mod clock;
pub mod code;
pub mod config;
pub mod cursor;
pub mod error;
pub mod http;
pub mod identity;
pub mod lambda;
pub mod listing;
pub mod openapi;
pub mod phone;
pub mod platform;
pub mod store;
pub mod telemetry;
pub mod wording;

pub use clock::Clock;
pub use code::Code;
pub use error::{Error, FieldError};
pub use platform::Platform;
