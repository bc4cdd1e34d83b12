//! A caller with a token.

use axum::body::Body;
use daftari_platform::identity::{Tenant, UserKey};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Method, Request};
use serde_json::{Value, json};

use crate::gateway::Gateway;
use crate::{Answer, records};

/// A lender who calls the API with one token.
#[derive(Clone)]
pub struct Lender {
    gateway: Gateway,
    /// The token it sends.
    pub token: String,
    /// The tenant of the token.
    pub tenant: Tenant,
}

impl Lender {
    pub(crate) const fn new(gateway: Gateway, token: String, tenant: Tenant) -> Self {
        Self { gateway, token, tenant }
    }

    /// The same caller through another gateway.
    #[must_use]
    pub fn through(&self, gateway: &Gateway) -> Self {
        Self {
            gateway: gateway.clone(),
            ..self.clone()
        }
    }

    /// A request with the token.
    pub fn request(&self, method: Method, path: &str) -> http::request::Builder {
        let authorization = format!("Bearer {}", self.token);
        Request::builder()
            .method(method)
            .uri(path)
            .header(AUTHORIZATION, authorization)
    }

    /// Sends a request.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        self.gateway.send(request).await
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).body(Body::empty()).expect("request"))
            .await
    }

    /// GET with a header.
    pub async fn get_with(&self, path: &str, name: &str, value: &str) -> Answer {
        let request = self.request(Method::GET, path).header(name, value);
        self.send(request.body(Body::empty()).expect("request")).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path).body(Body::empty()).expect("request"))
            .await
    }

    /// POST without a body.
    pub async fn post_nothing(&self, path: &str) -> Answer {
        let request = self.request(Method::POST, path);
        self.send(request.body(Body::empty()).expect("request")).await
    }

    /// POST of JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_text(path, body.to_string()).await
    }

    /// POST of a text with the content type of JSON.
    pub async fn post_text(&self, path: &str, body: String) -> Answer {
        let request = self
            .request(Method::POST, path)
            .header(CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body)).expect("request")).await
    }

    /// Registers a phone number. Returns the user's uuid.
    pub async fn register(&self, phone_number: &str) -> String {
        self.register_as(json!({ "phone_number": phone_number })).await
    }

    /// Registers a user. Returns its uuid.
    pub async fn register_as(&self, user: Value) -> String {
        let answer = self.post("/users", &user).await;
        assert!(answer.status.is_success(), "{}", answer.text);
        answer.at("/uuid").as_str().expect("uuid").to_owned()
    }

    /// Registers the user of the public reference. Returns its uuid.
    pub async fn register_mercy(&self) -> String {
        let mercy = json!({
            "phone_number": "254123456789", "first_name": "Mercy", "last_name": "Otieno",
        });
        self.register_as(mercy).await
    }

    /// Registers a user whose ledger has one record, `a`. Returns its uuid.
    pub async fn register_with_a_record(&self) -> String {
        let user = self.register("254123456789").await;
        self.append(&user, &[records::record("a", "2021-10-08T10:41:25Z")])
            .await;
        user
    }

    /// Appends records to a user's ledger and checks that all are stored.
    pub async fn append(&self, user: &str, records: &[Value]) -> Answer {
        let path = format!("/users/{user}/ledger");
        let answer = self
            .post(&path, &json!({ "records": records }))
            .await
            .expect_status(200);
        let rejected = answer.at("/rejected").as_array().map_or(0, Vec::len);
        assert_eq!(rejected, 0, "{}", answer.at("/rejected/0"));
        answer
    }

    /// Sends messages of a user's phone. The answer is 200 even if some are not read or rejected.
    pub async fn send_messages(&self, user: &str, messages: &[Value]) -> Answer {
        let path = format!("/users/{user}/messages");
        let answer = self.post(&path, &json!({ "messages": messages })).await;
        answer.expect_status(200)
    }

    /// The whole ledger of a user.
    pub async fn ledger(&self, user: &str) -> Vec<Value> {
        let answer = self.get(&format!("/users/{user}/ledger")).await.expect_status(200);
        assert_eq!(answer.at("/next_cursor"), Value::Null);
        answer.at("/records").as_array().expect("records").clone()
    }

    /// The key of one of the lender's users.
    pub fn user_key(&self, user: &str) -> UserKey {
        self.tenant.user(user.parse().expect("uuid"))
    }
}
