//! The user that a query names in one of three ways.

use daftari_domain::{Country, Timestamp};
use daftari_platform::http::{Access, Parameters, Query, UserAccess};
use daftari_platform::store::UserFilter;
use daftari_platform::{Code, Error, phone, query_parameters};
use uuid::Uuid;

query_parameters! {
    /// Names the user, by exactly one of these.
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

/// Access to the user that the query names.
pub(crate) async fn identify<P: Parameters>(
    access: Access,
    query: &Query<P>,
    now: Timestamp,
) -> Result<UserAccess, Error> {
    let uuid = query.one("user_uuid")?;
    let number = query.one("phone_number")?;
    let external_id = query.one("external_id")?;
    let filter = match (uuid, number, external_id) {
        (Some(uuid), None, None) => return access.user(uuid),
        (None, Some(number), None) => UserFilter {
            phone_numbers: read_number(&access, number).await?,
            ..UserFilter::default()
        },
        (None, None, Some(external_id)) => UserFilter {
            external_id: Some(external_id.to_owned()),
            ..UserFilter::default()
        },
        _ => {
            let detail = "must name the user by exactly one of user_uuid, phone_number and external_id";
            return Err(Error::refused(Code::OneUserIdentifier, format!("the query {detail}")));
        }
    };
    let store = access.store().await?;
    // Two show that the id does not name one user.
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

/// The digits that a phone number may mean.
async fn read_number(access: &Access, text: &str) -> Result<Vec<String>, Error> {
    let refused = |error| Error::invalid("phone_number", error);
    // Checks, without the country, whether the text is a phone number at all.
    let readings = phone::readings(text, None).map_err(refused)?;
    if !phone::may_be_national(text) {
        return Ok(readings);
    }
    phone::readings(text, country_of(access).await?).map_err(refused)
}

/// The country of the organization: 1 read unit.
async fn country_of(access: &Access) -> Result<Option<Country>, Error> {
    let organization = access.tenant().organization();
    let organization = access.store().await?.organization(organization).await?;
    Ok(organization.map(|organization| organization.country))
}
