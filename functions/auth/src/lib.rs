//! Sign-in: email and password become tokens; the public keys that verify them.

mod credentials;
mod jwks;
mod sign_in;
mod tokens;
mod user_token;

use axum::routing::{get, post};
use axum::{Extension, Router};
use daftari_platform::config::{self, ConfigError};
use daftari_platform::http::{Guard, Route};
use daftari_platform::identity::{Scope, SigningKeys, TokenIssuer};
use daftari_platform::{Platform, http as edge};
use http::Method;

/// What this function serves.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/auth", Guard::Credentials),
    Route::new(Method::POST, "/auth", Guard::Credentials),
    Route::new(
        Method::POST,
        "/auth/user-token",
        Guard::Scope(Scope::Ingest),
    ),
    Route::new(Method::GET, "/.well-known/jwks.json", Guard::Public),
];

/// The signing side: who issues tokens, and the public keys to tell.
#[derive(Clone)]
pub struct Issuer {
    tokens: TokenIssuer,
    jwks: String,
}

impl Issuer {
    /// Signs as `issuer` with the active key.
    pub fn new(issuer: &str, keys: &SigningKeys) -> Result<Self, ConfigError> {
        let wrong = |error| ConfigError::new("DAFTARI_SIGNING_KEYS", error);
        let tokens = TokenIssuer::new(issuer, keys).map_err(wrong)?;
        Ok(Self {
            tokens,
            jwks: keys.to_jwks().map_err(wrong)?,
        })
    }
}

/// Reads the signing keys from the environment.
pub fn issuer_from_env() -> Result<Issuer, ConfigError> {
    let text = config::text_or_file("DAFTARI_SIGNING_KEYS")?;
    let keys = SigningKeys::from_json(&text)
        .map_err(|error| ConfigError::new("DAFTARI_SIGNING_KEYS", error))?;
    Issuer::new(&config::issuer()?, &keys)
}

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
#[cfg(feature = "openapi")]
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    tokens::get_tokens,
    tokens::post_token,
    user_token::post_user_token,
    jwks::get_jwks
))]
pub struct ApiDoc;
