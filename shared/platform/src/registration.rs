//! The rules for registering a user, for the API and for the operator's import.

use crate::email::{MAX_EMAIL_CHARS, is_email};
use crate::error::FieldError;
use crate::phone::{self, PhoneNumber};
use crate::shown;
use crate::store::UserChanges;
use crate::wording::Shown;

/// Limit of a name, in characters.
pub const MAX_NAME_CHARS: usize = 100;
/// Limit of an external id or device id, in characters.
pub const MAX_ID_CHARS: usize = 128;

/// A phone number; or digits that cannot be registered, with the reason.
pub type Number = Result<PhoneNumber, (String, FieldError)>;

/// The number and the changes of a registration, with white space around values removed. Otherwise the faults, with
/// JSON pointers.
pub fn check(phone_number: &str, changes: UserChanges) -> Result<(Number, UserChanges), Vec<FieldError>> {
    let mut errors = Vec::new();
    let number = PhoneNumber::parse(phone_number).map_err(|error| FieldError::new("/phone_number", error));
    let digits = phone::digits(phone_number);
    if let (Err(refusal), None) = (&number, &digits) {
        errors.push(refusal.clone());
    }
    let mut text = |name: &str, value: Option<String>, most: usize| {
        let value = value.map(|value| value.trim().to_owned())?;
        if let Some(fault) = fault_of(&value, most) {
            errors.push(FieldError::new(format!("/{name}"), fault));
        }
        Some(value)
    };
    let email = text("email", changes.email, MAX_EMAIL_CHARS);
    // An empty value removes it.
    let is_faulty = email
        .as_ref()
        .is_some_and(|email| !email.is_empty() && !is_email(email));
    let changes = UserChanges {
        first_name: text("first_name", changes.first_name, MAX_NAME_CHARS),
        last_name: text("last_name", changes.last_name, MAX_NAME_CHARS),
        email,
        device_id: text("device_id", changes.device_id, MAX_ID_CHARS),
        external_id: changes
            .external_id
            .map(|id| text("external_id", id, MAX_ID_CHARS).filter(|id| !id.is_empty())),
        is_kyc_verified: changes.is_kyc_verified,
    };
    if is_faulty && errors.iter().all(|error| error.pointer != "/email") {
        errors.push(FieldError::new(
            "/email",
            "must be an email address such as mercy@example.org",
        ));
    }
    if errors.is_empty() {
        let number = number.map_err(|refusal| (digits.unwrap_or_default(), refusal));
        return Ok((number, changes));
    }
    if let (Err(refusal), Some(_)) = (number, digits) {
        errors.insert(0, refusal);
    }
    Err(errors)
}

fn fault_of(value: &str, most: usize) -> Option<Shown> {
    if value.chars().count() > most {
        Some(shown!("must have at most {} characters", most))
    } else if value.chars().any(char::is_control) {
        Some(Shown::new("must not hold control characters"))
    } else {
        None
    }
}
