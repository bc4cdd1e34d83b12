//! Finds users whose stored phone number is wrong. Reads the whole table: for the operator's tool only.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;

use daftari_domain::ids::{OrganizationId, UserId};

use crate::phone::{BadPhoneNumber, PhoneNumber};
use crate::store::attributes::{Attributes, string};
use crate::store::items::ItemReader;
use crate::store::operation::Scan;
use crate::store::primary_key::{Key, PK};
use crate::store::user_items::ERASING;
use crate::store::{Store, StoreError};

/// Most users and number claims checked: some 200 MB.
const MAX_CHECKED: usize = 1_000_000;

/// The result of checking the users' numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberCheck {
    /// Number of users checked.
    pub users: usize,
    /// The faults, by tenant.
    pub faults: Vec<NumberFault>,
}

/// A fault in a user's number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberFault {
    /// The tenant of the user: organization and environment.
    pub tenant: String,
    /// The fault.
    pub kind: NumberFaultKind,
}

/// The kinds of faults in a user's number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberFaultKind {
    /// The stored number is not in its canonical spelling, or is not a phone number.
    Odd {
        /// The user.
        user: UserId,
        /// Its number as stored.
        stored: String,
        /// The canonical spelling, or why the number is invalid.
        spelling: Result<String, BadPhoneNumber>,
    },
    /// Several users have the same number.
    Same {
        /// The number in its canonical spelling.
        number: String,
        /// The users, two or more.
        users: Vec<UserId>,
    },
    /// No claim links the number to its user: a search by number does not find the user, and a registration creates
    /// another one.
    Unclaimed {
        /// The user.
        user: UserId,
        /// Its number as stored.
        stored: String,
        /// The user that the claim names.
        holder: Option<UserId>,
    },
    /// A claim names a user who does not exist or has another number: nobody can register with this number.
    Dangling {
        /// The number.
        number: String,
        /// The user that the claim names.
        holder: UserId,
    },
}

/// The users and the claims of numbers of one tenant.
#[derive(Debug, Default)]
struct Directory {
    numbers: BTreeMap<UserId, String>,
    claims: BTreeMap<String, UserId>,
}

impl Store {
    /// Checks the numbers of all users, or of an organization's users. Reads the whole table. A registration or erasure
    /// in progress looks like a fault, so each fault is read again before it counts.
    pub async fn check_numbers(&self, organization: Option<OrganizationId>) -> Result<NumberCheck, StoreError> {
        let mut check = NumberCheck {
            users: 0,
            faults: Vec::new(),
        };
        for (tenant, directory) in self.scan_directories(organization).await? {
            check.users += directory.numbers.len();
            for kind in directory.faults() {
                if self.is_still_so(&tenant, &kind).await? {
                    let tenant = tenant.clone();
                    check.faults.push(NumberFault { tenant, kind });
                }
            }
        }
        Ok(check)
    }

    async fn scan_directories(
        &self,
        organization: Option<OrganizationId>,
    ) -> Result<BTreeMap<String, Directory>, StoreError> {
        let mut scan = Scan::default()
            .filter("#type IN (:user, :phone)")
            .project("#pk, #type, #uuid, phone_number, #erasing")
            .name("#pk", PK)
            .name("#type", "type")
            .name("#uuid", "uuid")
            .name("#erasing", ERASING)
            .value(":user", string("user"))
            .value(":phone", string("phone"));
        if let Some(organization) = organization {
            scan = scan
                .filter("#type IN (:user, :phone) AND begins_with(#pk, :organization)")
                .value(":organization", string(format!("{organization}#")));
        }
        let mut directories = BTreeMap::<String, Directory>::new();
        let mut count = 0;
        let visit = |items: Vec<Attributes>| {
            count += items.len();
            if count > MAX_CHECKED {
                return Err(StoreError::Refused(format!(
                    "more than {MAX_CHECKED} users and numbers: name an organization"
                )));
            }
            for item in items {
                let (tenant, entry) = Entry::read(&ItemReader::new(item))?;
                directories.entry(tenant).or_default().add(entry);
            }
            Ok(ControlFlow::Continue(()))
        };
        self.table.scan(scan, visit).await?;
        Ok(directories)
    }

    /// A scan is not a snapshot: a user may have been registered or erased while it ran.
    async fn is_still_so(&self, tenant: &str, kind: &NumberFaultKind) -> Result<bool, StoreError> {
        let (number, user) = match kind {
            NumberFaultKind::Odd { .. } | NumberFaultKind::Same { .. } => return Ok(true),
            NumberFaultKind::Unclaimed { user, stored, .. } => (stored, user),
            NumberFaultKind::Dangling { number, holder } => (number, holder),
        };
        let claim = self.table.get(Key::phone_of_scanned(tenant, number)).await?;
        let holder = claim.map(|item| item.parsed("uuid")).transpose()?;
        let profile = self.table.get(Key::profile_of_scanned(tenant, *user)).await?;
        let has_number = match profile {
            Some(item) => !item.has(ERASING) && item.string("phone_number")? == number,
            None => false,
        };
        Ok(match kind {
            NumberFaultKind::Dangling { .. } => holder == Some(*user) && !has_number,
            _ => holder != Some(*user) && has_number,
        })
    }
}

/// An item that the scan found.
enum Entry {
    User(UserId, String),
    Erased,
    Claim(String, UserId),
}

impl Entry {
    fn read(item: &ItemReader) -> Result<(String, Self), StoreError> {
        let key = item.string(PK)?;
        let id = item.parsed("uuid")?;
        if let Some((tenant, digits)) = key.split_once("#PHONE#") {
            return Ok((tenant.to_owned(), Self::Claim(digits.to_owned(), id)));
        }
        let (tenant, _) = key.split_once("#USER#").ok_or_else(|| item.corrupt(PK))?;
        let entry = if item.has(ERASING) {
            Self::Erased
        } else {
            Self::User(id, item.string("phone_number")?.to_owned())
        };
        Ok((tenant.to_owned(), entry))
    }
}

impl Directory {
    fn add(&mut self, entry: Entry) {
        match entry {
            Entry::User(id, number) => drop(self.numbers.insert(id, number)),
            Entry::Claim(number, id) => drop(self.claims.insert(number, id)),
            Entry::Erased => {}
        }
    }

    fn faults(&self) -> Vec<NumberFaultKind> {
        let mut faults = Vec::new();
        let mut by_number = HashMap::<String, BTreeSet<UserId>>::new();
        for (&user, stored) in &self.numbers {
            let spelling = PhoneNumber::parse(stored).map(|number| number.digits().to_owned());
            let number = spelling.as_ref().unwrap_or(stored).clone();
            by_number.entry(number).or_default().insert(user);
            if spelling.as_ref() != Ok(stored) {
                let stored = stored.clone();
                faults.push(NumberFaultKind::Odd { user, stored, spelling });
            }
        }
        let same = by_number.into_iter().filter(|(_, users)| users.len() > 1);
        let mut same: Vec<_> = same.collect();
        same.sort();
        faults.extend(same.into_iter().map(|(number, users)| NumberFaultKind::Same {
            number,
            users: users.into_iter().collect(),
        }));
        for (&user, stored) in &self.numbers {
            let holder = self.claims.get(stored).copied();
            if holder != Some(user) {
                let stored = stored.clone();
                faults.push(NumberFaultKind::Unclaimed { user, stored, holder });
            }
        }
        for (number, &holder) in &self.claims {
            if self.numbers.get(&holder) != Some(number) {
                let number = number.clone();
                faults.push(NumberFaultKind::Dangling { number, holder });
            }
        }
        faults
    }
}
