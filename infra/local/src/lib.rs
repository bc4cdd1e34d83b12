//! The table on this machine: an embedded DynamoDB engine behind its real HTTP protocol.
//!
//! Local work and the tests talk to it through the same SDK as production talks to the service.
//!
//! - [`engine`]: the engine on a loopback port;
//! - [`folder`]: the folder that keeps the table and the local keys, and what functions must be told of them;
//! - [`demo`]: an organization with users and ledgers to look at.

pub mod demo;
pub mod engine;
pub mod folder;

pub use engine::Engine;
