//! Identity of callers: passwords, signing keys, tokens, tenants.

mod counterparties;
mod crypto;
mod fingerprint;
mod network;
mod password;
mod signing_keys;
mod tenant;
mod token;

pub use counterparties::{CounterpartyKey, UserCounterparties};
pub use fingerprint::{Fingerprint, FingerprintKey};
pub use network::Network;
pub use password::{MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS, Password, PasswordHash, PasswordProblem, Verdict};
pub use signing_keys::{KeyError, PublicKeys, SigningKeys};
pub use tenant::{Environment, Tenant, UserKey};
pub use token::{
    API_TOKEN_SECONDS, FIRST_GENERATION, IssuedToken, Principal, Scope, Scopes, TokenFault, TokenIssuer, TokenVerifier,
    USER_TOKEN_SECONDS,
};
