//! Sign-in: email and password become tokens; the public keys that verify them.

mod attempts;
mod credentials;
mod issuer;
mod jwks;
mod sign_in;
mod tokens;
mod user_token;

use daftari_platform::http::{Endpoints, FunctionService, routes};
use daftari_platform::{Platform, http as edge};

pub use issuer::Issuer;

/// The function as a service.
pub fn service(platform: Platform, issuer: Issuer) -> FunctionService {
    let endpoints = Endpoints::new()
        .serve(&routes::GET_TOKENS, tokens::get_tokens)
        .serve(&routes::POST_TOKEN, tokens::post_token)
        .serve(&routes::POST_USER_TOKEN, user_token::post_user_token)
        .serve(&routes::GET_JWKS, jwks::get_jwks)
        .sharing(issuer);
    edge::service(endpoints, platform)
}

/// The function's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(tokens::get_tokens, tokens::post_token, user_token::post_user_token, jwks::get_jwks))]
pub struct ApiDoc;
