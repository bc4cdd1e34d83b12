//! The route table: what each function serves, and to whom.

use http::Method;

use crate::identity::Scope;

/// What a route asks of a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Nothing: the route is public.
    Public,
    /// Email and password.
    Credentials,
    /// A token with the scope.
    Scope(Scope),
    /// A token with the scope, or the token of the phone of the user that the path names.
    ScopeOrUserToken(Scope),
}

/// One method of one path. The API template, the local router and the policy matrix are checked against these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, with parameters in braces.
    pub path: &'static str,
    /// What it asks of a caller.
    pub guard: Guard,
}

impl Route {
    /// A route.
    pub const fn new(method: Method, path: &'static str, guard: Guard) -> Self {
        Self {
            method,
            path,
            guard,
        }
    }
}
