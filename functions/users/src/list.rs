//! `GET /users`

use std::num::NonZeroU32;

use axum::{Json, extract::State};
use daftari_domain::ids::{OrganizationId, UserId};
use daftari_domain::{Country, TimeRange, Timestamp};
use daftari_platform::http::{Access, PageQuery, Query, ReadsData, routes};
use daftari_platform::store::{UserFilter, UserRef};
use daftari_platform::{Code, Error, Platform, phone, query_parameters};
use serde::Serialize;

use crate::user::UserView;

/// Users on a page.
const PAGE_SIZE: usize = 50;
/// Longest search text, in characters.
const MAX_SEARCH_CHARS: usize = 100;

query_parameters! {
    /// Which users.
    pub(crate) struct UsersQuery {
        /// Users whose first name, last name (any word of them), email, phone number, external id, device id or uuid
        /// starts with it, in whichever case. Of several words, each must be the beginning of one of these, in any order.
        /// A phone number may be written as it is dialled in the organization's country.
        search: Option<String>,
        /// The user of this phone number, in international form, or as it is dialled in the organization's country;
        /// separators, a leading `+` or `00` and a trunk prefix are passed over.
        phone_number: Option<String>,
        /// Users of this device.
        device_id: Option<String>,
        /// Users with this id of the lender's own.
        external_id: Option<String>,
        /// Users registered at this instant or later.
        created_after: Option<Timestamp>,
        /// Users registered at this instant or earlier.
        created_before: Option<Timestamp>,
    }
}

/// A page of users, newest first. `page` and `num_pages` stand twice because the two generations of clients read them
/// in different places.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct UsersPage {
    /// The page, from 1.
    #[schema(value_type = u32, minimum = 1)]
    page: NonZeroU32,
    /// How many pages there are.
    #[schema(value_type = u32, minimum = 1)]
    num_pages: usize,
    _meta: Meta,
    /// Newest first.
    users: Vec<UserView>,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = UsersPageMeta)]
struct Meta {
    /// The organization.
    client_uuid: OrganizationId,
    /// The first instant of registration considered.
    created_after: Timestamp,
    /// The last instant of registration considered.
    created_before: Timestamp,
    /// The text searched for; empty where none was.
    search: String,
    /// How many there are on all pages.
    #[schema(value_type = u64)]
    total_users_count: usize,
    /// The page, from 1.
    #[schema(value_type = u32, minimum = 1)]
    page: NonZeroU32,
    /// How many pages there are.
    #[schema(value_type = u32, minimum = 1)]
    max_pages: usize,
}

/// A page of the users that match, newest first, 50 a page.
#[utoipa::path(
    get, path = routes::GET_USERS.path, tag = "Users",
    params(UsersQuery, PageQuery),
    responses((status = 200, description = "The page", body = UsersPage))
)]
pub(crate) async fn get_users(
    State(platform): State<Platform>,
    access: Access<ReadsData>,
    query: Query<(UsersQuery, PageQuery)>,
) -> Result<Json<UsersPage>, Error> {
    let page = query.page()?;
    let filter = read_filter(&query, &access).await?;
    let found = access
        .store
        .find_users(access.tenant, &filter)
        .await?
        .ok_or_else(too_many)?;
    let ids: Vec<UserId> = page_of(&found, page).iter().map(|user| user.id).collect();
    let users = access.store.users_by_id(access.tenant, &ids).await?;
    let num_pages = found.len().div_ceil(PAGE_SIZE).max(1);
    let meta = Meta {
        client_uuid: access.tenant.organization(),
        created_after: filter.created.start.unwrap_or(Timestamp::EPOCH),
        created_before: filter.created.end.unwrap_or_else(|| platform.now()),
        search: filter.search.unwrap_or_default(),
        total_users_count: found.len(),
        page,
        max_pages: num_pages,
    };
    Ok(Json(UsersPage {
        page,
        num_pages,
        _meta: meta,
        users: users.into_iter().map(UserView::from).collect(),
    }))
}

fn page_of(users: &[UserRef], page: NonZeroU32) -> &[UserRef] {
    let index = usize::try_from(page.get() - 1).unwrap_or(usize::MAX);
    users.chunks(PAGE_SIZE).nth(index).unwrap_or_default()
}

async fn read_filter(query: &Query<(UsersQuery, PageQuery)>, access: &Access<ReadsData>) -> Result<UserFilter, Error> {
    let search = query.one("search")?.map(str::trim).filter(|search| !search.is_empty());
    if search.is_some_and(|search| search.chars().count() > MAX_SEARCH_CHARS) {
        return Err(Error::invalid(
            "search",
            format!("must have at most {MAX_SEARCH_CHARS} characters"),
        ));
    }
    let created: TimeRange = query.range("created_after", "created_before")?;
    let number = query.one("phone_number")?;
    let refused = |error| Error::invalid("phone_number", error);
    // Whether it is a number at all does not take the country.
    let _ = number
        .map(|text| phone::readings(text, None))
        .transpose()
        .map_err(refused)?;
    let country = country_for(access, [search, number]).await?;
    let numbers = number.map(|text| phone::readings(text, country)).transpose();
    let phones = search.map(|text| phone::search_prefixes(text, country));
    Ok(UserFilter {
        search: search.map(str::to_owned),
        search_phones: phones.unwrap_or_default(),
        phone_numbers: numbers.map_err(refused)?.unwrap_or_default(),
        device_id: query.one("device_id")?.map(str::to_owned),
        external_id: query.one("external_id")?.map(str::to_owned),
        created,
    })
}

/// The organization's country, if one of the texts may be a phone number as it is dialled there: 1 read unit.
async fn country_for(access: &Access<ReadsData>, texts: [Option<&str>; 2]) -> Result<Option<Country>, Error> {
    if !texts.into_iter().flatten().any(phone::may_be_national) {
        return Ok(None);
    }
    let organization = access.tenant.organization();
    let organization = access.store.organization(organization).await?;
    Ok(organization.map(|organization| organization.country))
}

fn too_many() -> Error {
    Error::refused(
        Code::TooManyUsers,
        "more users match than can be listed by page: narrow created_after and created_before",
    )
}
