//! The access that a route requires of a caller.

use crate::identity::Scope;

/// The access that a route requires of a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Public: no credentials are required.
    Public,
    /// Email and password.
    Credentials,
    /// A token with the scope.
    Scope(Scope),
    /// A token with the scope, or the token of the phone of the user that the path names.
    ScopeOrUserToken(Scope),
}
