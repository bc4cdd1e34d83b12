//! Code shared by the operator's tool, the local table and tests.
//!
//! - [`gateway`]: the routes of the API gateway;
//! - [`template`]: the table as the SAM template defines it;
//! - [`secret_file`]: files that only their owner may read, written atomically;
//! - [`keys`]: the signing keys, the cursor key and the counterparty key in such files;
//! - [`local`]: names, ports and files of the service on this machine.

pub mod gateway;
pub mod keys;
pub mod local;
pub mod secret_file;
pub mod template;
