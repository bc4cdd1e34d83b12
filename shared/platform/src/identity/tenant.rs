//! Tenants, and the users in them.

use std::fmt;

use daftari_domain::ids::{OrganizationId, UserId};
use serde::{Deserialize, Serialize};

daftari_domain::described! { "Environment";
    /// One of the two data sets of an organization.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    pub enum Environment {
        /// Real customers.
        Production,
        /// Test data.
        Test,
    }
}

impl Environment {
    /// Both environments.
    pub const ALL: [Self; 2] = [Self::Production, Self::Test];

    /// `production` or `test`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Test => "test",
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An organization in one environment, whose data a request may access.
///
/// For a request only the token verifier creates a tenant, so a tenant proves that its token was verified. All keys of
/// tenant data are built from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tenant {
    organization: OrganizationId,
    environment: Environment,
}

impl Tenant {
    pub(super) const fn from_verified_claims(organization: OrganizationId, environment: Environment) -> Self {
        Self {
            organization,
            environment,
        }
    }

    /// For the operator's tool, for new organizations and for work on a schedule, never for a request.
    pub const fn of_operator(organization: OrganizationId, environment: Environment) -> Self {
        Self {
            organization,
            environment,
        }
    }

    /// The organization.
    pub const fn organization(self) -> OrganizationId {
        self.organization
    }

    /// The environment.
    pub const fn environment(self) -> Environment {
        self.environment
    }

    /// The key of a user of this tenant. The user need not exist.
    pub const fn user(self, id: UserId) -> UserKey {
        UserKey { tenant: self, id }
    }
}

impl fmt::Display for Tenant {
    /// `<organization uuid>#<environment>`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.organization, self.environment)
    }
}

/// A user of a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UserKey {
    tenant: Tenant,
    id: UserId,
}

impl UserKey {
    /// The tenant of the user.
    pub const fn tenant(self) -> Tenant {
        self.tenant
    }

    /// The user's uuid.
    pub const fn id(self) -> UserId {
        self.id
    }
}
