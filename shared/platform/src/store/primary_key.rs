//! Partition and sort keys.
//!
//! Every key of tenant data starts with a [`Tenant`], which only the verifier of tokens can make. So a request of one
//! tenant cannot name an item of another.

use daftari_domain::ids::{OrganizationId, ReportId, UserId};
use daftari_domain::{Month, Timestamp};

use super::attributes::{AttributeValue, Attributes, string};
use crate::identity::{Network, Tenant, UserKey};

/// Name of the partition key attribute.
pub(super) const PK: &str = "PK";
/// Name of the sort key attribute.
pub(super) const SK: &str = "SK";
/// Name of the index of users by time of creation.
pub(super) const GSI1: &str = "GSI1";
/// Its partition key attribute.
pub(super) const GSI1_PK: &str = "GSI1PK";
/// Its sort key attribute.
pub(super) const GSI1_SK: &str = "GSI1SK";

/// Begins the sort keys of the counters of sign-ins.
pub(super) const ATTEMPTS: &str = "ATTEMPTS";

/// The primary key of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) pk: String,
    pub(super) sk: String,
}

impl Key {
    /// A key that no item has, for pre-warming.
    pub(super) fn nothing() -> Self {
        Self {
            pk: "NOTHING".to_owned(),
            sk: "NOTHING".to_owned(),
        }
    }

    pub(super) fn organization(organization: OrganizationId) -> Self {
        Self {
            pk: format!("ORG#{organization}"),
            sk: "ORG".to_owned(),
        }
    }

    /// The use of an organization in the minute that begins at `window`. Its partition is not that of the organization,
    /// because functions may write these items, and never an organization.
    pub(super) fn used(organization: OrganizationId, window: Timestamp) -> Self {
        Self {
            pk: format!("USED#{organization}"),
            sk: window.to_string(),
        }
    }

    /// `email` in lower case.
    pub(super) fn login(email: &str) -> Self {
        Self {
            pk: login_partition(email),
            sk: "LOGIN".to_owned(),
        }
    }

    /// The counter of sign-ins with an email from all networks.
    pub(super) fn attempts(email: &str) -> Self {
        Self {
            pk: login_partition(email),
            sk: ATTEMPTS.to_owned(),
        }
    }

    /// The counter of sign-ins with an email from one network.
    pub(super) fn attempts_from(email: &str, network: Network) -> Self {
        Self {
            pk: login_partition(email),
            sk: format!("{ATTEMPTS}#{network}"),
        }
    }

    /// The record that the login of an email has signed in from a network.
    pub(super) fn known_network(email: &str, network: Network) -> Self {
        Self {
            pk: login_partition(email),
            sk: format!("NETWORK#{network}"),
        }
    }

    /// The counter of sign-ins with any email from one network.
    pub(super) fn network_attempts(network: Network) -> Self {
        Self {
            pk: format!("IP#{network}"),
            sk: ATTEMPTS.to_owned(),
        }
    }

    pub(super) fn profile(user: UserKey) -> Self {
        Self {
            pk: user_partition(user),
            sk: PROFILE.to_owned(),
        }
    }

    pub(super) fn page(user: UserKey, start: Timestamp) -> Self {
        Self {
            pk: user_partition(user),
            sk: page_sort_key(start),
        }
    }

    /// The list of a month's pages. It sorts among the pages, after the first one.
    pub(super) fn page_list(user: UserKey, month: Month) -> Self {
        Self {
            pk: user_partition(user),
            sk: format!("{}{PAGE_LIST_SUFFIX}", page_sort_key(month.start())),
        }
    }

    /// The reserved weight of the months of a ledger.
    pub(super) fn ledger(user: UserKey) -> Self {
        Self {
            pk: user_partition(user),
            sk: "LEDGER".to_owned(),
        }
    }

    /// The messages of a user that were not read.
    pub(super) fn unrecognized(user: UserKey) -> Self {
        Self {
            pk: user_partition(user),
            sk: "UNRECOGNIZED".to_owned(),
        }
    }

    pub(super) fn report(user: UserKey, id: ReportId) -> Self {
        Self {
            pk: user_partition(user),
            sk: format!("{REPORT_PREFIX}{id}"),
        }
    }

    /// A shape of unread messages, counted in a month.
    pub(super) fn shape(tenant: Tenant, month: Month, id: &str) -> Self {
        Self {
            pk: shapes_partition(&tenant.to_string(), month),
            sk: format!("{SHAPE_PREFIX}{id}"),
        }
    }

    /// The counter of a month's shapes. It is stored beside them.
    pub(super) fn shapes_room(tenant: Tenant, month: Month) -> Self {
        Self {
            pk: shapes_partition(&tenant.to_string(), month),
            sk: "ROOM".to_owned(),
        }
    }

    pub(super) fn phone(tenant: Tenant, digits: &str) -> Self {
        Self::phone_of_scanned(&tenant.to_string(), digits)
    }

    /// For the operator's tool: a tenant found by a scan of the table.
    pub(super) fn phone_of_scanned(tenant: &str, digits: &str) -> Self {
        Self {
            pk: format!("{tenant}#PHONE#{digits}"),
            sk: "PHONE".to_owned(),
        }
    }

    /// For the operator's tool: a tenant found by a scan of the table.
    pub(super) fn profile_of_scanned(tenant: &str, user: UserId) -> Self {
        Self {
            pk: format!("{tenant}#USER#{user}"),
            sk: PROFILE.to_owned(),
        }
    }

    pub(super) fn term(tenant: Tenant, term: &str, user: UserId) -> Self {
        Self {
            pk: term_partition(tenant),
            sk: format!("{term}#{user}"),
        }
    }

    /// The receipt of an erasure, outside of the user's partition.
    pub(super) fn erasure(user: UserKey) -> Self {
        Self {
            pk: format!("{}#ERASED", user.tenant()),
            sk: user.id().to_string(),
        }
    }

    pub(super) fn attributes(&self) -> Attributes {
        [(PK.to_owned(), string(&self.pk)), (SK.to_owned(), string(&self.sk))].into()
    }

    pub(super) fn into_attributes(self) -> Attributes {
        [
            (PK.to_owned(), AttributeValue::S(self.pk)),
            (SK.to_owned(), AttributeValue::S(self.sk)),
        ]
        .into()
    }
}

const PROFILE: &str = "PROFILE";

/// The prefix of the sort keys of credit reports. Their ids follow, which sort by time.
pub(super) const REPORT_PREFIX: &str = "REPORT#";

/// The partition of a login, its sign-in counters and its known networks. `email` in lower case.
pub(super) fn login_partition(email: &str) -> String {
    format!("LOGIN#{email}")
}

pub(super) fn user_partition(user: UserKey) -> String {
    format!("{}#USER#{}", user.tenant(), user.id())
}

pub(super) fn term_partition(tenant: Tenant) -> String {
    format!("{tenant}#TERMS")
}

/// The prefix of the sort keys of shapes; their ids follow.
pub(super) const SHAPE_PREFIX: &str = "SHAPE#";

/// The shapes of a tenant in a month. The operator's tool names tenants that a scan of the table found.
pub(super) fn shapes_partition(tenant: &str, month: Month) -> String {
    format!("{tenant}#SHAPES#{month}")
}

/// Partition key in the index of users by time of creation.
pub(super) fn users_partition(tenant: Tenant) -> String {
    format!("{tenant}#USERS")
}

/// Sort key in the index of users by time of creation.
pub(super) fn users_sort_key(created_at: Timestamp, user: UserId) -> String {
    format!("{created_at}#{user}")
}

const PAGE_PREFIX: &str = "PAGE#";
const PAGE_LIST_SUFFIX: &str = "#PAGES";

pub(super) fn page_sort_key(start: Timestamp) -> String {
    format!("{PAGE_PREFIX}{start}")
}

/// The start of the page with this sort key; `None` for the sort key of another item.
pub(super) fn page_start(sort_key: &str) -> Option<Timestamp> {
    sort_key.strip_prefix(PAGE_PREFIX)?.parse().ok()
}

/// The month of the page list with this sort key; `None` for the sort key of another item.
pub(super) fn page_list_month(sort_key: &str) -> Option<Month> {
    let start = page_start(sort_key.strip_suffix(PAGE_LIST_SUFFIX)?)?;
    Some(start.month())
}

/// The first and the last possible sort key of a page of the month.
pub(super) fn page_sort_keys(month: Month) -> (String, String) {
    (
        page_sort_key(month.start()),
        page_sort_key(month.end().plus_seconds(-1)),
    )
}
