//! `GET /users`

use std::num::NonZeroU32;

use axum::{Json, extract::State};
use daftari_domain::{TimeRange, Timestamp};
use daftari_platform::http::{Access, Query, ReadsData};
use daftari_platform::identity::{OrganizationId, UserId};
use daftari_platform::store::{UserFilter, UserRef};
use daftari_platform::{Error, Platform, phone};
use serde::Serialize;

use crate::user::UserView;

/// Users on a page.
const PAGE_SIZE: usize = 50;
/// Longest search text, in characters.
const MAX_SEARCH_CHARS: usize = 100;

/// A page of users, newest first. `page` and `num_pages` stand twice because the two generations of clients read them
/// in different places.
#[derive(Serialize)]
pub(crate) struct UsersPage {
    page: NonZeroU32,
    num_pages: usize,
    _meta: Meta,
    users: Vec<UserView>,
}

#[derive(Serialize)]
struct Meta {
    client_uuid: OrganizationId,
    created_after: Timestamp,
    created_before: Timestamp,
    search: String,
    total_users_count: usize,
    page: NonZeroU32,
    max_pages: usize,
}

/// A page of the users that match, newest first, 50 a page.
pub(crate) async fn get_users(
    State(platform): State<Platform>,
    access: Access<ReadsData>,
    query: Query,
) -> Result<Json<UsersPage>, Error> {
    let page = query.page()?;
    let filter = read_filter(&query)?;
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

fn read_filter(query: &Query) -> Result<UserFilter, Error> {
    let search = query
        .one("search")?
        .map(str::trim)
        .filter(|search| !search.is_empty());
    if search.is_some_and(|search| search.chars().count() > MAX_SEARCH_CHARS) {
        return Err(Error::invalid(
            "search",
            format!("must have at most {MAX_SEARCH_CHARS} characters"),
        ));
    }
    let created: TimeRange = query.range("created_after", "created_before")?;
    Ok(UserFilter {
        search: search.map(str::to_owned),
        phone_number: query.one("phone_number")?.map(phone_digits),
        device_id: query.one("device_id")?.map(str::to_owned),
        external_id: query.one("external_id")?.map(str::to_owned),
        created,
    })
}

/// The digits of a phone number; what is none matches nobody, as any other unknown number does.
fn phone_digits(text: &str) -> String {
    phone::digits(text).unwrap_or_else(|| text.to_owned())
}

fn too_many() -> Error {
    Error::Invalid {
        code: "too_many_users",
        detail:
            "more users match than can be listed by page: narrow created_after and created_before"
                .to_owned(),
        errors: Vec::new(),
    }
}
