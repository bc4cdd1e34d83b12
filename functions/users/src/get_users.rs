//! Listing and searching users.

use std::num::NonZeroU32;

use axum::{Json, extract::State};
use daftari_domain::ids::OrganizationId;
use daftari_domain::views::{Warning, WarningCode};
use daftari_domain::{Country, TimeRange, Timestamp};
use daftari_platform::http::{Access, PageQuery, Query, Values, all, routes};
use daftari_platform::phone::BadPhoneNumber;
use daftari_platform::store::UserFilter;
use daftari_platform::{Code, Error, Platform, phone, query_parameters, shown};
use serde::Serialize;

use crate::user::UserView;

/// Users per page.
const PAGE_SIZE: usize = 50;
/// Limit of a search text, in characters.
const MAX_SEARCH_CHARS: usize = 100;

query_parameters! {
    /// Selects users.
    pub(crate) struct UsersQuery {
        /// Users whose first name, last name (any word of them), email, phone number, external id, device id or uuid
        /// begins with the text. Case is ignored. If the text has several words, each must match, in any order. A phone
        /// number may be in the national form of the organization's country. At most 1,000 users may match. If each of
        /// several words matches more, the words must be in the order of the name.
        search: Option<String>,
        /// The user with this phone number, in international form or in the national form of the organization's
        /// country. Separators, a leading `+` or `00` and a trunk prefix are ignored. An impossible number, such as one
        /// of a wrong length, is refused with the reason.
        phone_number: Option<String>,
        /// Users with this device id.
        device_id: Option<String>,
        /// Users with this external id.
        external_id: Option<String>,
        /// Users registered at or after this time.
        created_after: Option<Timestamp>,
        /// Users registered at or before this time.
        created_before: Option<Timestamp>,
    }
}

/// A page of users, newest first. `page` and `num_pages` occur twice, because the two generations of clients read them
/// in different places.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct UsersPage {
    /// The page, from 1.
    #[schema(value_type = u32, minimum = 1)]
    page: NonZeroU32,
    /// Number of pages.
    #[schema(value_type = u32, minimum = 1)]
    num_pages: u64,
    _meta: Meta,
    /// Newest first.
    users: Vec<UserView>,
    /// A hint about a search for a phone number in national form that finds nobody. Omitted if empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<Warning>,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = UsersPageMeta)]
struct Meta {
    /// The organization.
    client_uuid: OrganizationId,
    /// Start of the range of registration times.
    created_after: Timestamp,
    /// End of the range of registration times. While more than some 60 users are registered within 15 seconds, or 500
    /// in a list of less than a million users, it may be up to a minute ago (a minute and a half if the operator has
    /// chosen the cheaper counting), and later users are not listed yet.
    created_before: Timestamp,
    /// The search text; empty if there was no search.
    search: String,
    /// Number of users on all pages.
    total_users_count: u64,
    /// The page, from 1.
    #[schema(value_type = u32, minimum = 1)]
    page: NonZeroU32,
    /// Number of pages.
    #[schema(value_type = u32, minimum = 1)]
    max_pages: u64,
}

/// The end of the listed time, which `counted` may shorten. It stays within the requested range.
fn within(range: TimeRange, counted: Option<Timestamp>) -> Option<Timestamp> {
    let end = match (counted, range.end) {
        (Some(counted), Some(end)) => Some(counted.min(end)),
        (counted, end) => counted.or(end),
    };
    end.map(|end| range.start.map_or(end, |start| end.max(start)))
}

/// A page of the matching users, newest first, 50 per page.
///
/// Without parameters it lists all users of the organization. With several parameters, a user must match all of them.
/// Read the pages up to `num_pages`.
#[utoipa::path(
    get, path = routes::GET_USERS.path, tag = "Users",
    params(UsersQuery, PageQuery),
    responses((status = 200, description = "The page", body = UsersPage))
)]
pub(crate) async fn get_users(
    State(platform): State<Platform>,
    access: Access,
    query: Query<(UsersQuery, PageQuery)>,
) -> Result<Json<UsersPage>, Error> {
    let (page, request) = query.read(|values| all((values.page(), read_request(values))))?;
    let (search, number) = (request.search, request.number);
    let country = country_for(&access, [search, number]).await?;
    let filter = filter_of(request, country)?;
    let (store, tenant) = (access.store().await?, access.tenant());
    let offset = u64::from(page.get() - 1) * PAGE_SIZE as u64;
    let found = store.users_page(tenant, &filter, (offset, PAGE_SIZE), platform.now());
    let found = found.await?.ok_or_else(too_many)?;
    if found.total == 0
        && let Some(fault) = number.and_then(|text| phone::fault(text, country))
        && !is_somebodys(&access, &filter.phone_numbers, platform.now()).await?
    {
        return Err(Error::invalid("phone_number", fault));
    }
    let num_pages = found.total.div_ceil(PAGE_SIZE as u64).max(1);
    let until = within(filter.created, found.until);
    let meta = Meta {
        client_uuid: tenant.organization(),
        created_after: filter.created.start.unwrap_or(Timestamp::EPOCH),
        created_before: until.unwrap_or_else(|| platform.now()),
        search: filter.search.unwrap_or_default(),
        total_users_count: found.total,
        page,
        max_pages: num_pages,
    };
    Ok(Json(UsersPage {
        page,
        num_pages,
        _meta: meta,
        users: found.users.into_iter().map(UserView::from).collect(),
        warnings: if found.total == 0 {
            national_number(search, country)
        } else {
            Vec::new()
        },
    }))
}

/// The hint for a search text that was read as a number of `country` in national form.
fn national_number(search: Option<&str>, country: Option<Country>) -> Vec<Warning> {
    let read = search.filter(|text| phone::may_be_national(text)).zip(country);
    let hint = read.map(|(_, country)| Warning {
        code: WarningCode::NationalNumber,
        pointer: "search".into(),
        detail: format!(
            "a number without a country code is read as one of {country}, the organization's country: write a number of \
             another country with its country code"
        ),
    });
    hint.into_iter().collect()
}

/// The conditions of the query.
struct UsersRequest<'q> {
    search: Option<&'q str>,
    number: Option<&'q str>,
    device_id: Option<&'q str>,
    external_id: Option<&'q str>,
    created: TimeRange,
}

fn read_request<'q>(values: &Values<'q, (UsersQuery, PageQuery)>) -> Result<UsersRequest<'q>, Error> {
    let (search, created, number, device_id, external_id) = all((
        read_search(values),
        values.range("created_after", "created_before"),
        read_number(values),
        values.one("device_id"),
        values.one("external_id"),
    ))?;
    Ok(UsersRequest {
        search,
        number,
        device_id,
        external_id,
        created,
    })
}

fn read_search<'q>(values: &Values<'q, (UsersQuery, PageQuery)>) -> Result<Option<&'q str>, Error> {
    let search = values.one("search")?.map(str::trim).filter(|search| !search.is_empty());
    if search.is_some_and(|search| search.chars().count() > MAX_SEARCH_CHARS) {
        let detail = shown!("must have at most {} characters", MAX_SEARCH_CHARS);
        return Err(Error::invalid("search", detail));
    }
    Ok(search)
}

/// Checks, without the country, whether the text is a phone number at all.
fn read_number<'q>(values: &Values<'q, (UsersQuery, PageQuery)>) -> Result<Option<&'q str>, Error> {
    let number = values.one("phone_number")?;
    if let Some(text) = number {
        phone::readings(text, None).map_err(refused_number)?;
    }
    Ok(number)
}

fn refused_number(error: BadPhoneNumber) -> Error {
    Error::invalid("phone_number", error)
}

/// The conditions. A number without a country code is one of `country`.
fn filter_of(request: UsersRequest<'_>, country: Option<Country>) -> Result<UserFilter, Error> {
    let UsersRequest { search, number, .. } = request;
    let numbers = number.map(|text| phone::readings(text, country)).transpose();
    let phones = search.map(|text| phone::search_prefixes(text, country));
    Ok(UserFilter {
        search: search.map(str::to_owned),
        search_phones: phones.unwrap_or_default(),
        phone_numbers: numbers.map_err(refused_number)?.unwrap_or_default(),
        device_id: request.device_id.map(str::to_owned),
        external_id: request.external_id.map(str::to_owned),
        created: request.created,
    })
}

/// Whether a user has one of the numbers. Stored numbers may be of forms that are refused for registration.
async fn is_somebodys(access: &Access, phone_numbers: &[String], now: Timestamp) -> Result<bool, Error> {
    let filter = UserFilter {
        phone_numbers: phone_numbers.to_vec(),
        ..UserFilter::default()
    };
    let found = access.store().await?;
    let found = found.users_page(access.tenant(), &filter, (0, 1), now).await?;
    Ok(found.is_some_and(|found| found.total > 0))
}

/// The organization's country, if one of the texts may be a phone number in national form: 1 read unit.
async fn country_for(access: &Access, texts: [Option<&str>; 2]) -> Result<Option<Country>, Error> {
    if !texts.into_iter().flatten().any(phone::may_be_national) {
        return Ok(None);
    }
    let organization = access.tenant().organization();
    let organization = access.store().await?.organization(organization).await?;
    Ok(organization.map(|organization| organization.country))
}

fn too_many() -> Error {
    Error::refused(
        Code::TooManyUsers,
        "more than 1,000 users match: search for more of a name, a number or an id",
    )
}
