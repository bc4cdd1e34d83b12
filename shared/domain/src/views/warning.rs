//! Hints beside an answer that is correct but may not be the intended one.

use std::borrow::Cow;

use serde::Serialize;

crate::described! { "WarningCode";
    /// Why an answer may not be the intended one.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    #[serde(rename_all = "snake_case")]
    pub enum WarningCode {
        /// The institution is not in the directory, and no record in the requested time has it. It may be misspelt, or
        /// an id of the lender's own without records yet.
        UnknownInstitution,
        /// No institution of the user's country uses the sender of a message that was not read. The hint names the
        /// countries where it is used, and the similar senders of the user's country.
        UnknownSender,
        /// A search text without result was read as a phone number in the national form of the organization's country.
        /// Numbers of other countries are found with their country code.
        NationalNumber,
    }
}

/// A parameter or a field that may be misspelt. The answer is correct for the request as sent, so a client may ignore
/// this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = AnswerWarning)]
pub struct Warning {
    /// The kind of hint, for programs.
    pub code: WarningCode,
    /// The name of the parameter, or the JSON pointer to the field of the body.
    pub pointer: Cow<'static, str>,
    /// The hint, for people.
    pub detail: String,
}
