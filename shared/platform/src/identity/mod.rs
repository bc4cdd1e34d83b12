//! Who is asking: passwords, signing keys, tokens, tenants.

mod crypto;
mod keys;
mod password;
mod tenant;
mod token;

pub use keys::{KeyError, PublicKeys, SigningKeys};
pub use password::{
    MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS, PasswordHash, PasswordProblem, Verdict,
};
pub use tenant::{Environment, OrganizationId, Tenant, UserId, UserKey};
pub use token::{
    API_TOKEN_SECONDS, BadToken, IssuedToken, Principal, Scope, Scopes, TokenIssuer, TokenVerifier,
    USER_TOKEN_SECONDS,
};
