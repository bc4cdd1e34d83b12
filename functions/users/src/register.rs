//! Registering a user.

use axum::{Json, extract::State};
use daftari_domain::ids::UserId;
use daftari_platform::error::FieldError;
use daftari_platform::http::{Access, JsonBody, Query, routes};
use daftari_platform::phone::{self, PhoneNumber};
use daftari_platform::store::{NewUser, Registered, UserChanges};
use daftari_platform::{Code, Error, Platform};
use http::StatusCode;
use serde::{Deserialize, Deserializer};
use uuid::Uuid;

use crate::user::UserView;

/// Limit of a name, in characters.
const MAX_NAME_CHARS: usize = 100;
/// Limit of an email (RFC 5321).
const MAX_EMAIL_CHARS: usize = 254;
/// Limit of an external id or device id, in characters.
const MAX_ID_CHARS: usize = 128;

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
    #[schema(max_length = 100, example = "Mercy")]
    first_name: Option<String>,
    /// At most 100 characters.
    #[serde(default)]
    #[schema(max_length = 100, example = "Otieno")]
    last_name: Option<String>,
    /// At most 254 characters.
    #[serde(default)]
    #[schema(max_length = 254)]
    email: Option<String>,
    /// Null removes it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, max_length = 128)]
    external_id: Option<Option<String>>,
    /// The phone's id.
    #[serde(default)]
    #[schema(max_length = 128)]
    device_id: Option<String>,
    /// Whether the lender has verified the user's identity.
    #[serde(default)]
    is_kyc_verified: Option<bool>,
}

/// Distinguishes null from an absent value.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(deserializer).map(Some)
}

/// Registers the user of a phone number, or updates the existing one: 201 for a new user, 200 for a known one.
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
            let new = NewUser {
                id: UserId(Uuid::new_v4()),
                phone_number: number.digits().to_owned(),
                old_spellings: number.old_spellings(),
                country: number.country(),
                changes,
            };
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

/// A phone number; or digits that are refused for a new user, with the reason.
type Number = Result<PhoneNumber, (String, FieldError)>;

fn check(body: Registration) -> Result<(Number, UserChanges), Error> {
    let mut errors = Vec::new();
    let number = PhoneNumber::parse(&body.phone_number).map_err(|error| FieldError::new("/phone_number", error));
    let digits = phone::digits(&body.phone_number);
    if let (Err(refusal), None) = (&number, &digits) {
        errors.push(refusal.clone());
    }
    let mut text = |name: &str, value: Option<String>, most: usize| {
        let value = value.map(|value| value.trim().to_owned())?;
        if let Some(fault) = fault_of(&value, most) {
            errors.push(FieldError::new(format!("/{name}"), fault));
        }
        Some(value)
    };
    let changes = UserChanges {
        first_name: text("first_name", body.first_name, MAX_NAME_CHARS),
        last_name: text("last_name", body.last_name, MAX_NAME_CHARS),
        email: text("email", body.email, MAX_EMAIL_CHARS),
        device_id: text("device_id", body.device_id, MAX_ID_CHARS),
        external_id: body
            .external_id
            .map(|id| text("external_id", id, MAX_ID_CHARS).filter(|id| !id.is_empty())),
        is_kyc_verified: body.is_kyc_verified,
    };
    if errors.is_empty() {
        let number = number.map_err(|refusal| (digits.unwrap_or_default(), refusal));
        return Ok((number, changes));
    }
    if let (Err(refusal), Some(_)) = (number, digits) {
        errors.insert(0, refusal);
    }
    Err(Error::invalid_fields(Code::InvalidBody, errors))
}

fn fault_of(value: &str, most: usize) -> Option<String> {
    if value.chars().count() > most {
        Some(format!("must have at most {most} characters"))
    } else if value.chars().any(char::is_control) {
        Some("must not hold control characters".to_owned())
    } else {
        None
    }
}
