//! A user in the API.

use daftari_domain::ids::UserId;
use daftari_domain::{Country, Timestamp};
use daftari_platform::store::User;
use serde::Serialize;

/// A phone user, in the shape that both generations of clients read.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = User)]
pub(crate) struct UserView {
    /// The user's uuid, which every other path contains.
    #[schema(example = "958a5ae8-f3a3-41d5-ae48-177fdc19e3f4")]
    uuid: UserId,
    /// May be empty.
    #[schema(example = "Mercy")]
    first_name: String,
    /// May be empty.
    #[schema(example = "Otieno")]
    last_name: String,
    /// May be empty.
    email: String,
    /// With country code, digits only.
    #[schema(example = "254123456789")]
    phone_number: String,
    /// The same number.
    #[schema(example = "254123456789")]
    primary_phone_number: String,
    /// Not collected; part of the public shape.
    primary_phone_imei: Option<String>,
    /// Not collected; part of the public shape.
    secondary_phone_number: Option<String>,
    /// Not collected; part of the public shape.
    secondary_phone_imei: Option<String>,
    /// Whether the lender has verified the user's identity.
    is_kyc_verified: bool,
    /// The phone's id. May be empty.
    device_id: String,
    /// The lender's id of the user.
    external_id: Option<String>,
    /// ISO 3166-1 alpha-2, from the phone number.
    country_code: Option<Country>,
    /// When the user was registered.
    created_at: Timestamp,
    /// Time of the last change of the user.
    updated_at: Timestamp,
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        Self {
            uuid: user.id,
            first_name: user.first_name,
            last_name: user.last_name,
            email: user.email,
            primary_phone_number: user.phone_number.clone(),
            phone_number: user.phone_number,
            primary_phone_imei: None,
            secondary_phone_number: None,
            secondary_phone_imei: None,
            is_kyc_verified: user.is_kyc_verified,
            device_id: user.device_id,
            external_id: user.external_id,
            country_code: user.country,
            created_at: user.created_at,
            updated_at: user.updated_at,
        }
    }
}
