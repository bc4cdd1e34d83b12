//! The edges of Daftari, between the pure domain and the outside world.
//!
//! - [`config`]: the settings that a function reads from its environment at start;
//! - [`code`], [`error`], [`wording`]: the reasons for refusing a request, with the text for clients and the text for
//!   the log;
//! - [`fields`]: names of fields and parameters that are missing, repeated or unknown;
//! - [`identity`]: passwords, signing keys, tokens, and the tenant that only a verified token can make;
//! - [`http`]: problem documents, extractors with limits, and the layers around every router;
//! - [`store`]: the one DynamoDB table; the only module that builds keys;
//! - [`registration`]: the rules of a user's registration; [`email`]: those of an email address;
//! - [`aws`]: the setup of AWS clients, and secrets; only this and the store use the AWS SDK;
//! - [`answer_budget`], [`cursor`], [`listing`]: the size of an answer, lists of records, and signed positions in them;
//! - [`rate_limit`]: the requests and write units of one organization in a minute;
//! - [`proxies`]: the proxies whose `X-Forwarded-For` is trusted;
//! - [`telemetry`]: one JSON line per request, which CloudWatch can take metrics from;
//! - [`lambda`]: the start of every function, and its events.

pub mod answer_budget;
pub mod aws;
pub mod clock;
pub mod code;
pub mod config;
pub mod cursor;
pub mod email;
pub mod error;
pub mod fields;
pub mod http;
pub mod identity;
pub mod lambda;
pub mod listing;
pub mod openapi;
pub mod phone;
pub mod platform;
pub mod proxies;
pub mod rate_limit;
pub mod registration;
pub mod store;
pub mod telemetry;
pub mod version;
pub mod wording;

pub use clock::Clock;
pub use code::Code;
pub use error::{Error, FieldError};
pub use platform::Platform;
pub use rate_limit::Limits;
