//! Phone users of a tenant.

mod check;
mod erase;
mod index;
mod profile;
mod register;
mod terms;

pub use check::{NumberCheck, NumberFault, NumberFaultKind};
pub use index::{MAX_SHARING_USERS, UserFilter, UserRef};
pub use profile::User;
pub use register::{NewUser, Registered, UserChanges};
