//! Ids of institutions in requests.

use daftari_domain::InstitutionId;
use daftari_domain::views::directory;

use crate::fields::suggestion;
use crate::shown;
use crate::wording::Shown;

/// An id of an institution. The refusal of a text that cannot be one names the nearest ids of the directory: `MPESA` is
/// a common mistake.
pub fn read_institution(text: &str) -> Result<InstitutionId, Shown> {
    text.parse().map_err(|error| {
        let known: Vec<&str> = directory::all().iter().map(|institution| institution.id).collect();
        match suggestion(text, &known) {
            Some(question) => shown!("{}: {}", error, question),
            None => Shown::new(error),
        }
    })
}
