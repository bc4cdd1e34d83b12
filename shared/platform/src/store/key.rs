//! Partition and sort keys.
//!
//! Every key of tenant data starts with the tenant, which only the verifier of tokens can make; so one tenant's request
//! cannot name another tenant's item.

use aws_sdk_dynamodb::types::AttributeValue;

use daftari_domain::{Month, Timestamp};

use super::items::{Attributes, string};
use super::reports::ReportId;
use crate::identity::{Network, OrganizationId, Tenant, UserId, UserKey};

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

/// The primary key of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) pk: String,
    pub(super) sk: String,
}

impl Key {
    /// Of no item.
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

    /// `email` in lower case.
    pub(super) fn login(email: &str) -> Self {
        Self {
            pk: login_partition(email),
            sk: "LOGIN".to_owned(),
        }
    }

    /// Sign-ins with an email from everywhere.
    pub(super) fn attempts(email: &str) -> Self {
        Self {
            pk: login_partition(email),
            sk: "ATTEMPTS".to_owned(),
        }
    }

    /// Sign-ins with an email from a network.
    pub(super) fn attempts_from(email: &str, network: Network) -> Self {
        Self {
            pk: login_partition(email),
            sk: format!("ATTEMPTS#{network}"),
        }
    }

    /// That the login of an email has signed in from a network.
    pub(super) fn known_network(email: &str, network: Network) -> Self {
        Self {
            pk: login_partition(email),
            sk: format!("NETWORK#{network}"),
        }
    }

    /// Sign-ins with any email from a network.
    pub(super) fn network_attempts(network: Network) -> Self {
        Self {
            pk: format!("IP#{network}"),
            sk: "ATTEMPTS".to_owned(),
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

    /// The list of a month's pages, among them: behind the first one.
    pub(super) fn page_list(user: UserKey, month: Month) -> Self {
        Self {
            pk: user_partition(user),
            sk: format!("{}{PAGE_LIST_SUFFIX}", page_sort_key(month.start())),
        }
    }

    /// How much room the months of a ledger have taken.
    pub(super) fn ledger(user: UserKey) -> Self {
        Self {
            pk: user_partition(user),
            sk: "LEDGER".to_owned(),
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

    /// How many shapes a month has, beside them.
    pub(super) fn shapes_room(tenant: Tenant, month: Month) -> Self {
        Self {
            pk: shapes_partition(&tenant.to_string(), month),
            sk: "ROOM".to_owned(),
        }
    }

    pub(super) fn phone(tenant: Tenant, digits: &str) -> Self {
        Self::phone_of_scanned(&tenant.to_string(), digits)
    }

    /// For the operator's tool, of a tenant that a scan of the table found.
    pub(super) fn phone_of_scanned(tenant: &str, digits: &str) -> Self {
        Self {
            pk: format!("{tenant}#PHONE#{digits}"),
            sk: "PHONE".to_owned(),
        }
    }

    /// For the operator's tool, of a tenant that a scan of the table found.
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

    /// A receipt that a user was erased, outside of the user's own partition.
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

/// What the sort keys of credit reports start with; their ids follow, which sort by time.
pub(super) const REPORT_PREFIX: &str = "REPORT#";

/// Of a login and of what is known of sign-ins with its email, in lower case.
pub(super) fn login_partition(email: &str) -> String {
    format!("LOGIN#{email}")
}

pub(super) fn user_partition(user: UserKey) -> String {
    format!("{}#USER#{}", user.tenant(), user.id())
}

pub(super) fn term_partition(tenant: Tenant) -> String {
    format!("{tenant}#TERMS")
}

/// What the sort keys of shapes start with; their ids follow.
pub(super) const SHAPE_PREFIX: &str = "SHAPE#";

/// Of the shapes of a tenant in a month. The operator's tool names tenants that a scan of the table found.
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

/// The start of the page that a sort key is of.
pub(super) fn page_start(sort_key: &str) -> Option<Timestamp> {
    sort_key.strip_prefix(PAGE_PREFIX)?.parse().ok()
}

/// The month whose list of pages a sort key is of.
pub(super) fn page_list_month(sort_key: &str) -> Option<Month> {
    let start = page_start(sort_key.strip_suffix(PAGE_LIST_SUFFIX)?)?;
    Some(start.month())
}

/// The first and last sort key a page of the month can have.
pub(super) fn page_sort_keys(month: Month) -> (String, String) {
    (
        page_sort_key(month.start()),
        page_sort_key(month.end().plus_seconds(-1)),
    )
}
