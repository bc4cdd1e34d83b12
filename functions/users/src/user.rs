//! A user as the API shows it.

use daftari_domain::ids::UserId;
use daftari_domain::{Country, Timestamp};
use daftari_platform::store::User;
use serde::Serialize;

/// A phone user, in the shape that both generations of clients read.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = User)]
pub(crate) struct UserView {
    /// The user's uuid; every other path takes it.
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
    /// Never collected; part of the shape.
    primary_phone_imei: Option<String>,
    /// Never collected; part of the shape.
    secondary_phone_number: Option<String>,
    /// Never collected; part of the shape.
    secondary_phone_imei: Option<String>,
    /// Whether the lender knows who the user is.
    is_kyc_verified: bool,
    /// The phone's id; may be empty.
    device_id: String,
    /// The lender's own id of the user.
    external_id: Option<String>,
    /// ISO 3166-1 alpha-2, from the phone number.
    country_code: Option<Country>,
    /// When the user was registered.
    created_at: Timestamp,
    /// When the user was last changed.
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
