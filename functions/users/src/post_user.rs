//! Registering a user.

use axum::{Json, extract::State};
use daftari_domain::ids::UserId;
use daftari_platform::email::MAX_EMAIL_CHARS;
use daftari_platform::http::{Access, Broken, JsonBody, Object, Query, all, routes};
use daftari_platform::registration::{self, MAX_ID_CHARS, MAX_NAME_CHARS, Number};
use daftari_platform::store::{NewUser, Registered, UserChanges};
use daftari_platform::{Code, Error, FieldError, Platform};
use http::StatusCode;
use serde::{Deserialize, Deserializer};
use uuid::Uuid;

use crate::user::UserView;

/// Data about a user, from the phone's app or a lender's backend. Omitted members stay unchanged.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Registration {
    /// In international form. Separators, a leading `+` or `00` and a trunk prefix after the country code are ignored.
    /// Identifies the user: all spellings mean the same number.
    #[schema(example = "254123456789")]
    phone_number: String,
    /// At most 100 characters.
    #[serde(default)]
    #[schema(example = "Mercy", extensions(("x-max-length" = json!(MAX_NAME_CHARS))))]
    first_name: Option<String>,
    /// At most 100 characters.
    #[serde(default)]
    #[schema(example = "Otieno", extensions(("x-max-length" = json!(MAX_NAME_CHARS))))]
    last_name: Option<String>,
    /// An email address of at most 254 characters, or empty.
    #[serde(default)]
    #[schema(example = "mercy@example.org", extensions(("x-max-length" = json!(MAX_EMAIL_CHARS))))]
    email: Option<String>,
    /// Your own id of the user. It need not be unique: `GET_USERS?external_id=…` lists all users that have it. Null
    /// removes it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, extensions(("x-max-length" = json!(MAX_ID_CHARS))))]
    external_id: Option<Option<String>>,
    /// The phone's id.
    #[serde(default)]
    #[schema(extensions(("x-max-length" = json!(MAX_ID_CHARS))))]
    device_id: Option<String>,
    /// Whether the lender has verified the user's identity.
    #[serde(default)]
    is_kyc_verified: Option<bool>,
}

impl Registration {
    fn changes(&self) -> UserChanges {
        UserChanges {
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            email: self.email.clone(),
            external_id: self.external_id.clone(),
            device_id: self.device_id.clone(),
            is_kyc_verified: self.is_kyc_verified,
        }
    }

    fn check(&self) -> Result<(Number, UserChanges), Vec<FieldError>> {
        registration::check(&self.phone_number, self.changes())
    }
}

impl Object for Registration {
    const REQUIRED: &'static [(&'static str, &'static str)] = &[("phone_number", r#""254123456789""#)];

    fn broken(&self) -> Vec<Broken> {
        let faults = self.check().err().unwrap_or_default().into_iter();
        let broken = faults.map(|fault| Broken {
            code: Code::InvalidBody,
            field: Some(fault.pointer.trim_start_matches('/').to_owned()),
            detail: fault.detail,
            alone: true,
        });
        broken.collect()
    }
}

/// Distinguishes null from an absent value.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(deserializer).map(Some)
}

/// Registers the user of a phone number, or updates the existing one.
///
/// The answer is 201 for a new user and 200 for a known one. It has the `uuid` that every other call needs. Members
/// that are left out stay unchanged. Idempotent.
#[utoipa::path(
    post, path = routes::POST_USER.path, tag = "Users", request_body = Registration,
    responses(
        (status = 201, description = "The user, newly registered", body = UserView),
        (status = 200, description = "The existing user, with the sent values", body = UserView),
    )
)]
pub(crate) async fn post_user(
    State(platform): State<Platform>,
    access: Access,
    query: Result<Query<(), Registration>, Error>,
    body: Result<JsonBody<Registration>, Error>,
) -> Result<(StatusCode, Json<UserView>), Error> {
    let (_, JsonBody(body)) = all((query, body))?;
    let checked = body.check();
    let (number, changes) = checked.map_err(|faults| Error::invalid_fields(Code::InvalidBody, faults))?;
    let (store, tenant, now) = (access.store().await?, access.tenant(), platform.now());
    let registered = match number {
        Ok(number) => {
            let new = NewUser::new(UserId(Uuid::new_v4()), &number, changes);
            store.register_user(tenant, &new, now).await?
        }
        // A user stored with a number that is refused for registration is still identified by it.
        Err((digits, refusal)) => {
            let known = store.update_user_of_number(tenant, &digits, &changes, now);
            Registered::Updated(
                known
                    .await?
                    .ok_or_else(|| Error::invalid_fields(Code::InvalidBody, vec![refusal]))?,
            )
        }
    };
    let (status, user) = match registered {
        Registered::Created(user) => (StatusCode::CREATED, user),
        Registered::Updated(user) => (StatusCode::OK, user),
    };
    Ok((status, Json(user.into())))
}
