//! Sign-in: email and password become tokens; the public keys that verify them.

mod attempts;
mod credentials;
mod issuer;
mod jwks;
mod sign_in;
mod tokens;
mod user_token;
mod visit;

use daftari_platform::Platform;
use daftari_platform::http::{self, FunctionService};

pub use issuer::Issuer;

daftari_platform::endpoints! {
    GET_TOKENS => tokens::get_tokens,
    POST_TOKEN => tokens::post_token,
    POST_USER_TOKEN => user_token::post_user_token,
    GET_JWKS => jwks::get_jwks,
}

/// The function as a service.
pub fn service(platform: Platform, issuer: Issuer) -> FunctionService {
    let proxies = platform.trusted_proxies().clone();
    http::service(endpoints().sharing(issuer).sharing(proxies), platform)
}
