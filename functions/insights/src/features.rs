//! Features of a user.

use axum::response::Response;
use daftari_domain::insights::features;
use daftari_domain::insights::features::table::{Feature, Group};
use daftari_domain::insights::features::{FeatureUser, SharedDevice};
use daftari_platform::http::{Parameters, Query, UserAccess, json_answer};
use daftari_platform::store::User;
use daftari_platform::{Error, Platform};

use crate::request::read_request;

/// The features that the query asks for, of the group if there is one.
pub(crate) async fn answer<P: Parameters>(
    platform: &Platform,
    access: &UserAccess,
    query: &Query<P>,
    group: Option<Group>,
) -> Result<Response, Error> {
    let request = read_request(query, group, platform.now())?;
    let ledger = access.ledger(request.range()).await?;
    let device = if request.has(Feature::SharedDevices) {
        shared_device(access, &ledger.user).await?
    } else {
        None
    };
    let (subject, records) = (ledger.subject(), ledger.records()?);
    let user = person(ledger.user);
    json_answer(&features(&records, &subject, user, device.as_ref(), &request))
}

/// The other users of the device of a user; `None` if the user has no device id, or the others are too many to read.
async fn shared_device(access: &UserAccess, user: &User) -> Result<Option<SharedDevice>, Error> {
    if user.device_id.is_empty() {
        return Ok(None);
    }
    let store = access.store().await?;
    let others = store.users_sharing_device(access.user.tenant(), user).await?;
    Ok(others.map(|others| SharedDevice {
        changed_at: others.into_iter().map(|other| other.updated_at).collect(),
    }))
}

fn person(user: User) -> FeatureUser {
    FeatureUser {
        uuid: user.id,
        first_name: user.first_name,
        last_name: user.last_name,
        phone_number: user.phone_number,
        external_id: user.external_id,
    }
}
