//! Sign-in: email and password become tokens; the public keys that verify them.

mod attempts;
mod credentials;
mod issuer;
mod jwks;
mod sign_in;
mod tokens;
mod user_token;

use axum::routing::{get, post};
use axum::{Extension, Router};
use daftari_platform::http::{Route, routes};
use daftari_platform::{Platform, http as edge};

pub use issuer::Issuer;

/// What this function serves.
pub const ROUTES: &[Route] = routes::AUTH;

/// The function as a service.
pub fn service(platform: Platform, issuer: Issuer) -> Router {
    let routes = Router::new()
        .route("/auth", get(tokens::get_tokens).post(tokens::post_token))
        .route("/auth/user-token", post(user_token::post_user_token))
        .route("/.well-known/jwks.json", get(jwks::get_jwks))
        .layer(Extension(issuer));
    edge::service(routes, platform)
}

/// The function's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    tokens::get_tokens,
    tokens::post_token,
    user_token::post_user_token,
    jwks::get_jwks
))]
pub struct ApiDoc;
