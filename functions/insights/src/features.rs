//! Features of a user.

use axum::response::Response;
use daftari_domain::insights::features;
use daftari_domain::insights::features::catalog::{Feature, Group};
use daftari_domain::insights::features::{FeatureRequest, FeatureUser, SharedDevice};
use daftari_platform::http::{Access, Query, UserAccess, all, json_answer, unknown_institutions};
use daftari_platform::store::User;
use daftari_platform::{Error, Platform};

use crate::identify::{IdentifierQuery, read_identifier};
use crate::selection::{FeaturesQuery, read_request};

/// The features that the query asks for, of the user that it names, and of the group if there is one.
pub(crate) async fn answer_identified(
    platform: &Platform,
    access: Access,
    query: &Query<(IdentifierQuery, FeaturesQuery)>,
    group: Option<Group>,
) -> Result<Response, Error> {
    let now = platform.now();
    let (identifier, request) =
        query.read(|values| all((read_identifier(values), read_request(values, group, now))))?;
    answer(&identifier.find(access, now).await?, &request).await
}

/// The features of a request.
pub(crate) async fn answer(access: &UserAccess, request: &FeatureRequest) -> Result<Response, Error> {
    let (ledger, unrecognized) = access.ledger_and_unrecognized(request.range()).await?;
    let device = if request.has(Feature::SharedDevices) {
        shared_device(access, &ledger.user).await?
    } else {
        None
    };
    let (subject, records) = (ledger.subject(), ledger.records()?);
    let user = person(ledger.user);
    let mut report = features(&records, &subject, user, device.as_ref(), request);
    report.meta.unrecognized_loan_messages = unrecognized.may_concern_loans(request.range());
    report.warnings = unknown_institutions("institutions", &request.institutions, &records);
    json_answer(&report)
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
