//! The user that a query names in one of three ways.

use daftari_domain::{Country, Timestamp};
use daftari_platform::http::{Access, Parameters, UserAccess, Values, all};
use daftari_platform::phone::BadPhoneNumber;
use daftari_platform::store::UserFilter;
use daftari_platform::{Code, Error, phone, query_parameters};
use uuid::Uuid;

query_parameters! {
    /// Identifies the user. Exactly one is required.
    pub(crate) struct IdentifierQuery {
        /// The user. 404 if the user is not yours.
        #[param(example = "958a5ae8-f3a3-41d5-ae48-177fdc19e3f4")]
        user_uuid: Option<Uuid>,
        /// The phone number of the user, in international form or in the national form of the organization's country.
        phone_number: Option<String>,
        /// The lender's own id of the user.
        external_id: Option<String>,
    }
}

/// The name of a user in a query.
pub(crate) enum Identifier<'q> {
    Uuid(&'q str),
    /// The number as given, and its digits unless it is in the national form.
    PhoneNumber(&'q str, Vec<String>),
    ExternalId(&'q str),
}

/// The identification in the query.
pub(crate) fn read_identifier<'q, P: Parameters>(values: &Values<'q, P>) -> Result<Identifier<'q>, Error> {
    let names = all((
        values.one("user_uuid"),
        values.one("phone_number"),
        values.one("external_id"),
    ))?;
    match names {
        (Some(uuid), None, None) => Ok(Identifier::Uuid(uuid)),
        (None, Some(number), None) => {
            // Checks, without the country, whether the text is a phone number at all.
            let digits = phone::readings(number, None).map_err(refused)?;
            Ok(Identifier::PhoneNumber(number, digits))
        }
        (None, None, Some(external_id)) => Ok(Identifier::ExternalId(external_id)),
        _ => {
            let detail = "the query must name the user by exactly one of user_uuid, phone_number and external_id";
            Err(Error::refused(Code::OneUserIdentifier, detail))
        }
    }
}

impl Identifier<'_> {
    /// Access to the user.
    pub(crate) async fn find(self, access: Access, now: Timestamp) -> Result<UserAccess, Error> {
        let filter = match self {
            Self::Uuid(uuid) => return access.user(uuid),
            Self::PhoneNumber(number, digits) => UserFilter {
                phone_numbers: digits_of(&access, number, digits).await?,
                ..UserFilter::default()
            },
            Self::ExternalId(external_id) => UserFilter {
                external_id: Some(external_id.to_owned()),
                ..UserFilter::default()
            },
        };
        let store = access.store().await?;
        // A second user shows that the id is ambiguous.
        let page = store.users_page(access.tenant(), &filter, (0, 2), now).await?;
        match page.as_ref().map(|page| page.users.as_slice()) {
            Some([]) => Err(Error::user_not_found()),
            Some([user]) => access.user(&user.id.to_string()),
            _ => {
                let detail = "is that of several users: name the user by user_uuid";
                Err(Error::invalid("external_id", detail))
            }
        }
    }
}

fn refused(error: BadPhoneNumber) -> Error {
    Error::invalid("phone_number", error)
}

/// The possible digits of a phone number, also in the national form.
async fn digits_of(access: &Access, number: &str, digits: Vec<String>) -> Result<Vec<String>, Error> {
    if !phone::may_be_national(number) {
        return Ok(digits);
    }
    phone::readings(number, country_of(access).await?).map_err(refused)
}

/// The country of the organization: 1 read unit.
async fn country_of(access: &Access) -> Result<Option<Country>, Error> {
    let organization = access.tenant().organization();
    let organization = access.store().await?.organization(organization).await?;
    Ok(organization.map(|organization| organization.country))
}
