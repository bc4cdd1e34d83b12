//! Invented people to try the service with: six personas in six countries, and Mercy, whom the examples of the
//! reference name. Their histories end yesterday.
//!
//! [`personas`] is a pure function of the date, on every machine: it uses no clock and no library for random numbers. A
//! persona's history starts at [`FIRST_DAY`], and the date only selects the part that is shown. So a record has the
//! same id and the same values in the histories of all dates that include its day. Histories of different dates can
//! therefore be stored one after the other, without duplicates or contradictions.
//!
//! - `persona`: a person with a history;
//! - `people`: who they are, and the plans of their lives;
//! - `plan`: the parameters of a life;
//! - `life`: one person's money, day by day; `work`, `spending`, `loans`: parts of a day;
//! - `means`: sums in proportion to a person's money;
//! - `book`: accounts whose balances follow from their records;
//! - `day`: the calendar;
//! - `reference`: the two records of the public reference page;
//! - `random`: the random number generator;
//! - `seed`: storing them.

mod book;
mod day;
mod life;
mod loans;
mod means;
mod people;
mod persona;
mod plan;
mod random;
mod reference;
mod seed;
mod spending;
mod work;

pub use life::{FIRST_DAY, HISTORY_DAYS};
pub use persona::{Persona, mercy, people, person, personas};
pub use seed::{Absent, Outcome, Registered, SeedError, Seeded, seed};
