//! A Secrets Manager stub with one secret, which tests change.

use std::sync::{Arc, Mutex};

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::config::{BehaviorVersion, Credentials, Region};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Json, Router, routing::post};
use daftari_platform::aws::SecretReader;
use http::StatusCode;
use serde_json::json;

use crate::layer::serve;

/// The secret's name.
const ID: &str = "signing-keys";

/// A running service.
pub struct Secrets {
    secret: Secret,
    endpoint: String,
}

/// `None` if the service refuses access.
type Secret = Arc<Mutex<Option<String>>>;

impl Secrets {
    /// Starts with the secret `text`.
    pub async fn start(text: String) -> Self {
        let secret = Secret::new(Mutex::new(Some(text)));
        let router = Router::new()
            .route("/", post(get_secret_value))
            .with_state(secret.clone());
        Self {
            secret,
            endpoint: serve(router).await,
        }
    }

    /// Changes the secret. With `None`, the service refuses every call.
    pub fn set(&self, text: Option<String>) {
        *self.secret.lock().expect("lock") = text;
    }

    /// The reader that a function uses for the secret.
    pub fn reader(&self) -> SecretReader {
        let config = aws_sdk_secretsmanager::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static("eu-west-1"))
            .credentials_provider(Credentials::for_tests())
            .endpoint_url(&self.endpoint)
            .http_client(daftari_platform::aws::https())
            .build();
        SecretReader::new(Client::from_conf(config), ID)
    }
}

async fn get_secret_value(State(secret): State<Secret>) -> Response {
    let Some(text) = secret.lock().expect("lock").clone() else {
        let error = json!({ "__type": "AccessDeniedException", "message": "no" });
        return (StatusCode::BAD_REQUEST, Json(error)).into_response();
    };
    Json(json!({ "Name": ID, "SecretString": text })).into_response()
}
