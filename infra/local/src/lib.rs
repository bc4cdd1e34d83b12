//! The table on this machine: an embedded DynamoDB engine behind its real HTTP protocol.
//!
//! Local work and the tests talk to it through the same SDK as production talks to the service.

pub mod engine;
pub mod template;

pub use engine::Engine;
