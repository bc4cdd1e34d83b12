//! A user as the API shows it.

use daftari_domain::{Country, Timestamp};
use daftari_platform::identity::UserId;
use daftari_platform::store::User;
use serde::Serialize;

/// A phone user, in the shape that both generations of clients read.
#[derive(Serialize)]
pub(crate) struct UserView {
    uuid: UserId,
    first_name: String,
    last_name: String,
    email: String,
    /// With country code, digits only.
    phone_number: String,
    /// The same number.
    primary_phone_number: String,
    /// Never collected; part of the shape.
    primary_phone_imei: Option<String>,
    /// Never collected; part of the shape.
    secondary_phone_number: Option<String>,
    /// Never collected; part of the shape.
    secondary_phone_imei: Option<String>,
    is_kyc_verified: bool,
    device_id: String,
    external_id: Option<String>,
    /// ISO 3166-1 alpha-2, from the phone number.
    country_code: Option<Country>,
    created_at: Timestamp,
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
