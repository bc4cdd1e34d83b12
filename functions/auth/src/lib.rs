//! Sign-in: email and password become tokens; the public keys that verify them.

mod attempts;
mod credentials;
mod get_jwks;
mod get_tokens;
mod issuer;
mod post_token;
mod post_user_token;
mod sign_in;
mod tokens;
mod visit;

use daftari_platform::Platform;
use daftari_platform::http::{self, FunctionService};

pub use issuer::Issuer;

daftari_platform::endpoints! {
    GET_TOKENS => get_tokens,
    POST_TOKEN => post_token,
    POST_USER_TOKEN => post_user_token,
    GET_JWKS => get_jwks,
}

/// The function as a service.
pub fn service(platform: Platform, issuer: Issuer) -> FunctionService {
    let proxies = platform.trusted_proxies().clone();
    http::service(endpoints().sharing(issuer).sharing(proxies), platform)
}
