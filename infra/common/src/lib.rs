//! Shared by the operator's tool and the local table.
//!
//! - [`template`]: the table as the SAM template defines it;
//! - [`secret_file`]: files that only their owner may read, written atomically;
//! - [`keys`]: the signing keys and the cursor key in such files.

pub mod keys;
pub mod secret_file;
pub mod template;
