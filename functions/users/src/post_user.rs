//! Registering a user.

use axum::{Json, extract::State};
use daftari_domain::ids::UserId;
use daftari_platform::http::{Access, JsonBody, Query, routes};
use daftari_platform::registration::{self, MAX_EMAIL_CHARS, MAX_ID_CHARS, MAX_NAME_CHARS, Number};
use daftari_platform::store::{NewUser, Registered, UserChanges};
use daftari_platform::{Code, Error, Platform};
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
    /// At most 254 characters.
    #[serde(default)]
    #[schema(extensions(("x-max-length" = json!(MAX_EMAIL_CHARS))))]
    email: Option<String>,
    /// Null removes it.
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
    _: Query,
    JsonBody(body): JsonBody<Registration>,
) -> Result<(StatusCode, Json<UserView>), Error> {
    let (number, changes) = check(body)?;
    let (store, tenant, now) = (access.store().await?, access.tenant(), platform.now());
    let registered = match number {
        Ok(number) => {
            let new = NewUser::new(UserId(Uuid::new_v4()), &number, changes);
            store.register_user(tenant, &new, now).await?
        }
        // A user registered with a number that is refused today is still identified by it.
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

fn check(body: Registration) -> Result<(Number, UserChanges), Error> {
    let changes = UserChanges {
        first_name: body.first_name,
        last_name: body.last_name,
        email: body.email,
        external_id: body.external_id,
        device_id: body.device_id,
        is_kyc_verified: body.is_kyc_verified,
    };
    let checked = registration::check(&body.phone_number, changes);
    checked.map_err(|errors| Error::invalid_fields(Code::InvalidBody, errors))
}
