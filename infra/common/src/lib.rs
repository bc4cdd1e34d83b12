//! What the operator's tool and the local table share.
//!
//! - [`template`]: the table as the SAM template defines it;
//! - [`secret_file`]: files that only their owner may read, replaced whole or not at all;
//! - [`keys`]: the signing keys, the cursor key and the counterparty key in such files.

pub mod keys;
pub mod secret_file;
pub mod template;
