//! The local table: an embedded DynamoDB engine that speaks DynamoDB's HTTP protocol.
//!
//! Local development and the tests use it through the same SDK that production uses.
//!
//! - [`engine`]: the engine on a loopback port;
//! - [`folder`]: the folder with the table, the local keys, and the environment of the functions;
//! - [`demo`]: an organization with users and ledgers to explore.

pub mod demo;
pub mod engine;
pub mod folder;

pub use engine::Engine;
