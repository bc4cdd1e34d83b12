//! Hints beside an answer that is correct but may not be the intended one.

use serde::Serialize;

crate::described! { "WarningCode";
    /// Why an answer may not be the intended one.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    #[serde(rename_all = "snake_case")]
    pub enum WarningCode {
        /// The institution is not in the directory, and no record in the requested time has it. It may be misspelt, or
        /// an id of the lender's own without records yet.
        UnknownInstitution,
    }
}

/// A parameter that may be misspelt. The answer is correct for the parameter as sent, so a client may ignore this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = AnswerWarning)]
pub struct Warning {
    /// The kind of hint, for programs.
    pub code: WarningCode,
    /// The name of the parameter.
    pub pointer: &'static str,
    /// The hint, for people.
    pub detail: String,
}
