//! The personas with their histories.

use daftari_domain::ids::UserId;
use daftari_domain::{Record, Timestamp};
use daftari_platform::identity::Tenant;
use uuid::Uuid;

use crate::book::known;
use crate::day;
use crate::people::{MERCY, PERSONAS, Person};
use crate::reference;

/// An invented person with a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Persona {
    /// The name of the scenario, in a word, such as `late-payer`. It is unique.
    pub key: &'static str,
    /// The uuid, if it is the same in every tenant.
    fixed_id: Option<UserId>,
    /// With country code, digits only.
    pub phone_number: &'static str,
    /// Typical of the country.
    pub first_name: &'static str,
    /// The scenario in a sentence.
    pub last_name: &'static str,
    /// May be empty.
    pub email: &'static str,
    /// The lender's own id of the person.
    pub external_id: Option<&'static str>,
    /// The phone's id; may be empty.
    pub device_id: &'static str,
    /// Whether the lender has verified the person's identity.
    pub is_kyc_verified: bool,
    /// The registration time in a table that has no other users.
    pub registered_at: Timestamp,
    /// The ledger, oldest first.
    pub records: Vec<Record>,
}

impl Persona {
    /// The uuid of the person in a tenant. It is the same in every run.
    pub fn id(&self, tenant: Tenant) -> UserId {
        let name = format!("sandbox/{}/{}", tenant.environment(), self.key);
        self.fixed_id
            .unwrap_or_else(|| UserId(Uuid::new_v5(&tenant.organization().0, name.as_bytes())))
    }

    fn of(person: &Person, today: i64) -> Self {
        Self {
            key: person.key,
            fixed_id: person.uuid.map(|text| UserId(known(text))),
            phone_number: person.phone_number,
            first_name: person.first_name,
            last_name: person.last_name,
            email: person.email,
            external_id: person.external_id,
            device_id: person.device_id,
            is_kyc_verified: person.is_kyc_verified,
            registered_at: known(person.registered_at),
            records: person.life.as_ref().map(|life| life.records(today)).unwrap_or_default(),
        }
    }
}

/// The six personas as of a UTC date, given as any instant of it. Their histories end on the day before and go back
/// [`HISTORY_DAYS`](crate::HISTORY_DAYS) days, but not before [`FIRST_DAY`](crate::FIRST_DAY). One of them has no
/// records at all.
pub fn personas(today: Timestamp) -> Vec<Persona> {
    PERSONAS
        .iter()
        .map(|person| Persona::of(person, day::number_of(today)))
        .collect()
}

/// The persona or Mercy with this key as of a UTC date, if there is one. Only this history is computed.
pub fn person(key: &str, today: Timestamp) -> Option<Persona> {
    if key == MERCY.key {
        return Some(mercy(today));
    }
    let person = PERSONAS.iter().find(|person| person.key == key)?;
    Some(Persona::of(person, day::number_of(today)))
}

/// All people of the sandbox as of a UTC date: the personas, and Mercy.
pub fn people(today: Timestamp) -> Vec<Persona> {
    let mut people = personas(today);
    people.push(mercy(today));
    people
}

/// Mercy, the user of the public reference page, as of a UTC date. Her ledger begins with the two records of that page,
/// of 2021. After them it has a history like those of the personas.
pub fn mercy(today: Timestamp) -> Persona {
    let mut mercy = Persona::of(&MERCY, day::number_of(today));
    mercy.records.splice(0..0, reference::records());
    mercy
}
